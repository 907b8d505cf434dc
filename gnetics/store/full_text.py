"""Full-text search in the logs, alike on both databases: SQLite's FTS5, a GIN index of PostgreSQL.

The column `search` holds a row's words, each once, without punctuation (domain/searching.py); a word is found by its beginning.
What is said of its lead stands in the lead: a row is also found by the keys of the leads that have a word.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Connection, Table, any_, bindparam, column, exists, func, select, text
from sqlalchemy import table as lightweight

from gnetics.domain.searching import Word, tokens

MOST = 2_000  # rows found, the newest: a word that more have finds nothing in particular
MOST_LEADS = 2_000
REWRITTEN = 500  # pages of the index, at once
SHORTEST = 2  # letters, from which a word is found by its beginning
_LEAD = "lead:"  # no word has a colon
_LEXEMES = f"array_to_tsvector(array_remove(string_to_array(search || ' ' || coalesce('{_LEAD}' || lead_key, ''), ' '), ''))"


def create(connection: Connection, table: str) -> None:
    """The index of a log that has none, over what it holds; to be made again by a migration that makes the table anew."""
    for statement in _CREATED[connection.dialect.name]:
        connection.execute(text(statement.format(table=table)))


def drop(connection: Connection, table: str) -> None:
    """Before its table is made anew."""
    for statement in _DROPPED[connection.dialect.name]:
        connection.execute(text(statement.format(table=table)))


_DROPPED = {
    "sqlite": ("DROP TRIGGER {table}_words_new", "DROP TRIGGER {table}_words_changed", "DROP TABLE {table}_words"),
    "postgresql": ("DROP INDEX ix_{table}_words",),
}
_CREATED = {
    "sqlite": (
        "CREATE VIRTUAL TABLE {table}_words USING fts5(search, lead_key, content='{table}', content_rowid='key', "
        "tokenize='unicode61 remove_diacritics 0', prefix='2 3', detail='column')",
        "INSERT INTO {table}_words({table}_words) VALUES ('rebuild')",
        "CREATE TRIGGER {table}_words_new AFTER INSERT ON {table} BEGIN "
        "INSERT INTO {table}_words(rowid, search, lead_key) VALUES (new.key, new.search, new.lead_key); END",
        "CREATE TRIGGER {table}_words_changed AFTER UPDATE OF search, lead_key ON {table} BEGIN "
        "INSERT INTO {table}_words({table}_words, rowid, search, lead_key) VALUES ('delete', old.key, old.search, old.lead_key); "
        "INSERT INTO {table}_words(rowid, search, lead_key) VALUES (new.key, new.search, new.lead_key); END",
    ),
    "postgresql": (f"CREATE INDEX ix_{{table}}_words ON {{table}} USING gin (({_LEXEMES}))",),
}


def rewrite_some(connection: Connection, table: str, begun: bool) -> bool:
    """A step of writing the index anew without the words that are in no row any more, which SQLite keeps until then; whether more is to do.

    PostgreSQL does so by itself.
    """
    if connection.dialect.name != "sqlite":
        return False
    raw: Any = connection.connection.driver_connection
    before = raw.total_changes
    pages = REWRITTEN if begun else -REWRITTEN  # the first step takes on all of the index, the next ones go on
    connection.execute(text(f"INSERT INTO {table}_words({table}_words, rank) VALUES ('merge', {pages})"))  # noqa: S608 - names of ours
    return bool(raw.total_changes - before >= 2)  # so SQLite tells that it did something


def found(
    connection: Connection, table: Table, words: Sequence[tuple[Word, Collection[int]]], mine: Sequence[ColumnElement[bool]] = ()
) -> list[int]:
    """Keys of the newest rows, MOST at most, that have each of these words themselves or are about one of the leads given beside it.

    `mine` are the conditions of whoever does not see all rows: the others' are not even counted among the newest.
    """
    said = {"sqlite": _fts, "postgresql": _tsquery}[connection.dialect.name]
    groups = [alternatives for word, leads in words if (alternatives := said(word, [key for key in leads if key > 0]))]
    if len(groups) < len(words):
        return []  # a word without letters nor digits
    if connection.dialect.name == "sqlite":
        indexed = lightweight(f"{table.name}_words", column("rowid"))
        asked = " AND ".join(f"({' OR '.join(group)})" for group in groups)
        # a question per row found: joined, SQLite would rather look for the words in each row of mine
        which = [exists().where(table.c.key == indexed.c.rowid, *mine)] if mine else []
        hits = select(key := indexed.c.rowid).where(text(f"{table.name}_words MATCH :asked"), *which)
    else:
        asked = " & ".join(f"({' | '.join(group)})" for group in groups)
        hits = select(key := table.c.key).where(text(f"{_LEXEMES} @@ CAST(:asked AS tsquery)"), *mine)
    return list(connection.execute(hits.order_by(key.desc()).limit(MOST), {"asked": asked}).scalars())


def _writings(word: Word) -> list[list[str]]:
    return [split for written in word if (split := tokens(written))]


def _fts(word: Word, leads: Collection[int]) -> list[str]:
    def said(token: str) -> str:
        return f'search: "{token}"' + ("*" if len(token) >= SHORTEST else "")

    return [f"({' AND '.join(map(said, split))})" for split in _writings(word)] + [f'lead_key: "{key}"' for key in leads]


def _tsquery(word: Word, leads: Collection[int]) -> list[str]:
    def said(token: str) -> str:
        return f"'{token}'" + (":*" if len(token) >= SHORTEST else "")

    return [f"({' & '.join(map(said, split))})" for split in _writings(word)] + [f"'{_LEAD}{key}'" for key in leads]


def among(connection: Connection, key: ColumnElement[Any], keys: Sequence[int]) -> ColumnElement[bool]:
    """Whether a column is one of thousands of keys, which would take longer to be given one by one than to be found."""
    if connection.dialect.name == "sqlite":
        return key.in_(select(func.json_each(json.dumps(keys)).table_valued("value").c.value))
    return key == any_(bindparam(None, keys, ARRAY(BigInteger)))
