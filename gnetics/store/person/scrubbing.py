"""What was erased leaves the bytes of the file too: SQLite only marks it as free, in its pages, its log and its index of words.

PostgreSQL's own VACUUM does so there.
"""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

from gnetics.store import about, full_text
from gnetics.store.crm import Crm
from gnetics.store.failures import said
from gnetics.store.log_counts import LOGS

log = logging.getLogger("gnetics.store")
_DUE = "scrub"  # of meta


def ask(connection: Connection) -> None:
    """There is something to scrub; the caller commits."""
    about.write(connection, _DUE, "due")


def scrub(crm: Crm) -> bool:
    """Whether nothing is left to scrub: while somebody holds the store for long, the night tries again."""
    with crm.read() as connection:
        if about.read(connection, _DUE) is None:
            return True
    if crm.engine.dialect.name == "sqlite":
        try:
            _rewrite(crm)
        except OperationalError as error:
            log.warning("the file could not be written anew", exc_info=error)
            return False
    with said(crm.engine), crm.engine.begin() as connection:
        about.write(connection, _DUE, None)
    return True


def _rewrite(crm: Crm) -> None:
    for name in LOGS:
        begun, more = False, True
        while more:  # a step a transaction: nobody waits for it
            with crm.engine.begin() as connection:
                more = full_text.rewrite_some(connection, name, begun)
            begun = True
    with crm.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        connection.rollback()
        raw.execute("PRAGMA query_only=OFF")
        raw.execute("VACUUM")
        busy, *_ = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    if busy:
        raise OperationalError("PRAGMA wal_checkpoint", None, Exception("a reader holds the log"))
