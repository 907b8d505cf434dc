"""SQL over one's own frames, by DuckDB, which reaches nothing else: no file, no network, no write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from threading import Timer
from typing import Any

import duckdb
import pandas as pd

from gnetics.errors import Refused

SECONDS = 30.0
MEMORY = "1GB"
_CLOSED: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "allow_community_extensions": "false",
    "autoinstall_known_extensions": "false",
    "python_enable_replacements": "false",  # a frame of the notebook would be read by its variable's name
    "memory_limit": MEMORY,
    "temp_directory": "",
    "threads": "2",
}


def run(frames: Mapping[str, pd.DataFrame], query: str, params: Sequence[Any], limit: int, seconds: float = SECONDS) -> pd.DataFrame:
    """At most `limit` rows of one SELECT; `attrs["cut"]` says whether there were more.

    Raises Refused, in a sentence, for what is no single SELECT, takes longer than `seconds` or more memory than MEMORY.
    """
    with closing(duckdb.connect(config=_CLOSED)) as connection:
        for name, frame in frames.items():
            connection.register(name, frame.reset_index())
        connection.execute("SET lock_configuration = true")
        statement = _one_select(connection, query)
        stop = Timer(seconds, connection.interrupt)
        stop.start()
        try:
            found = connection.execute(f"SELECT * FROM (\n{statement}\n) LIMIT {int(limit) + 1}", params).df()  # noqa: S608 - their own query
        except duckdb.InterruptException:
            raise Refused({"": f"La requête dépasse {seconds:.0f} secondes : elle est arrêtée."}) from None
        except duckdb.OutOfMemoryException:
            raise Refused({"": f"La requête demande plus de {MEMORY} de mémoire : elle est arrêtée."}) from None
        except duckdb.Error as error:
            raise Refused({"": f"Requête refusée : {str(error).splitlines()[0]}"}) from None
        finally:
            stop.cancel()
    cut = found.iloc[:limit]
    cut.attrs["cut"] = len(found) > limit
    return cut


def _one_select(connection: duckdb.DuckDBPyConnection, query: str) -> str:
    try:
        statements = connection.extract_statements(query)
    except duckdb.Error as error:
        raise Refused({"": f"Requête refusée : {str(error).splitlines()[0]}"}) from None
    if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
        raise Refused({"": "Une requête est un seul SELECT sur leads, events ou messages."})
    return statements[0].query.strip().rstrip(";")
