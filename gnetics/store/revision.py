"""Which schema the store has, without loading alembic."""

from __future__ import annotations

from sqlalchemy import Connection, text

from gnetics.errors import NotAStore, SchemaMismatch
from gnetics.store.engine import place_of
from gnetics.store.schema import REVISION

# plain SQL: asked whenever a store is opened or written to, while SQLAlchemy's inspector makes a cache and a compiler for it
_THERE = {
    "sqlite": text("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"),
    "postgresql": text("SELECT to_regclass('alembic_version')"),
}
_REVISION = text("SELECT version_num FROM alembic_version")


def stored_revision(connection: Connection) -> str | None:
    """None when the store is empty."""
    there = connection.execute(_THERE[connection.dialect.name]).scalar()
    return connection.execute(_REVISION).scalar() if there else None


def check_revision(connection: Connection) -> None:
    """Raises SchemaMismatch unless the schema is the one this version was written for."""
    revision, place = stored_revision(connection), place_of(connection.engine.url)
    if revision is None:
        advice = "n’est pas une base de CRM GNETICS\u00a0: créez-la avec «\u00a0gnetics import CLASSEUR\u00a0»"
        raise NotAStore(f"La base «\u00a0{place}\u00a0» {advice}.")
    if revision > REVISION:
        advice = "a été faite par une version plus récente de CRM GNETICS\u00a0: mettez le programme à jour"
    elif revision < REVISION:
        advice = "vient d’une version plus ancienne\u00a0: relancez «\u00a0gnetics serve\u00a0», qui la met à niveau"
    else:
        return
    raise SchemaMismatch(f"La base «\u00a0{place}\u00a0» {advice}.")
