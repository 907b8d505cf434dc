"""Which schema the store has, without loading alembic."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text

from gnetics.errors import SchemaMismatch
from gnetics.store.engine import place_of
from gnetics.store.schema import REVISION


def stored_revision(connection: Connection) -> str | None:
    """None when the store is empty."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def check_revision(connection: Connection) -> None:
    """Raises SchemaMismatch unless the schema is the one this version was written for."""
    revision, place = stored_revision(connection), place_of(connection.engine.url)
    if revision is None:
        raise SchemaMismatch(f"« {place} » n’est pas une base de CRM GNETICS\u00a0: créez-la avec « gnetics import CLASSEUR ».")
    if revision > REVISION:
        raise SchemaMismatch(f"La base « {place} » a été faite par une version plus récente de CRM GNETICS\u00a0: mettez le programme à jour.")
    if revision < REVISION:
        raise SchemaMismatch(f"La base « {place} » vient d’une version plus ancienne\u00a0: relancez « gnetics serve », qui la met à niveau.")
