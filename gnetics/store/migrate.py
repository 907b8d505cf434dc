"""Creates a store, and upgrades an older one under its write lock after a backup copy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, insert, text

from gnetics.clock import Clock
from gnetics.store import about, correspondence, happenings, log_counts
from gnetics.store.copying import copy, private_file
from gnetics.store.duplicates import settle_all_pairs
from gnetics.store.engine import address, make_engine
from gnetics.store.failures import translated
from gnetics.store.lineage import latest_rev, leave_mark
from gnetics.store.revision import stored_revision
from gnetics.store.schema import REVISION, counters
from gnetics.store.scores import settle_all

MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x474E4554  # any number: one PostgreSQL advisory lock for our migrations


def create(url: str, kind: str, clock: Clock) -> None:
    """Make the store when its file or database is empty; upgrade it when it is older."""
    place = address(url)
    if place.get_backend_name() == "sqlite":
        path = Path(str(place.database))
        path.parent.mkdir(parents=True, exist_ok=True)
        private_file(path)
    engine = make_engine(url)
    try:
        with translated(engine.url):
            upgrade(engine, clock, kind)
    finally:
        engine.dispose()


def upgrade(engine: Engine, clock: Clock, kind: str | None = None) -> None:
    """Bring the schema to ours; an empty store is filled only when its `kind` is given."""
    with engine.connect() as connection:
        # SQLite rebuilds a table by dropping it, which would delete the rows pointing to it
        _foreign_keys(connection, "OFF")
        try:
            _upgrade(connection, engine, clock, kind)
        finally:
            connection.rollback()
            _foreign_keys(connection, "ON")


def _upgrade(connection: Connection, engine: Engine, clock: Clock, kind: str | None) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    revision = stored_revision(connection)  # read under the lock: another process may just have upgraded
    if (revision is None and kind is None) or (revision is not None and revision >= REVISION):
        return
    if revision is not None:
        _back_up(engine, clock, revision)
    command.upgrade(alembic_config(connection), "head")
    if revision is None:
        connection.execute(insert(counters), [{"name": name, "value": 0} for name in ("rev", "lead_id", "pairs")])
        about.write(connection, "sync", "on")
        about.write(connection, "kind", kind)
        leave_mark(connection, 0)
    else:
        settle_all(connection)  # this version may weigh the score in another way, or be the first to have one
        settle_all_pairs(connection)  # nor be as good at near spellings
        correspondence.settle_all(connection)
        for log in log_counts.LOGS:
            log_counts.settle_all(connection, log)
    happenings.follow(connection, latest_rev(connection))
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RuntimeError("the migration left a row pointing nowhere")
    connection.commit()


def alembic_config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def _foreign_keys(connection: Connection, state: str) -> None:
    if connection.dialect.name == "sqlite":
        raw: Any = connection.connection.driver_connection  # inside a transaction, which SQLAlchemy would open, the pragma does nothing
        raw.execute(f"PRAGMA foreign_keys={state}")


def _back_up(engine: Engine, clock: Clock, revision: str) -> None:
    """A copy beside the SQLite file; a PostgreSQL server has its own backups."""
    if engine.dialect.name != "sqlite":
        return
    path = Path(str(engine.url.database))
    with engine.connect() as connection:
        copy(connection, path.with_name(f"{path.stem}-avant-{revision}-{clock.now():%Y%m%d-%H%M%S}{path.suffix}"))
