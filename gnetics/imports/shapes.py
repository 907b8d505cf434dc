"""The shape of another program’s export: its own headers, and which of our fields each is."""

from __future__ import annotations

from dataclasses import dataclass

from gnetics.imports.titles import title_key


@dataclass(frozen=True)
class Shape:
    """`signs` are headers that only this export has, all of them; `columns` is {header: field, "" for none}, preferred ones first.

    `program` is whose its numbers are, so that those of two programs are never taken for the same contact. `joined`: its rows are
    not contacts but deals, of which one may have several; `continued`: a row that names nobody goes on with the one above.
    """

    label: str
    signs: frozenset[str]
    columns: dict[str, str]
    program: str = ""
    joined: bool = False
    continued: bool = False

    def choices(self, headers: list[str]) -> dict[str, str]:
        """{header: field} of those it knows, in the order in which they are preferred."""
        by_key = {title_key(header): header for header in headers}
        return {by_key[key]: field for key, field in self.columns.items() if key in by_key}


def shape(label: str, signs: str, program: str = "", joined: bool = False, continued: bool = False, **fields: str) -> Shape:
    columns = {title_key(header): key for key, headers in fields.items() for header in headers.split("|")}
    names = {key: "" if key == "nothing" else key for key in fields}
    own = {header: names[key] for header, key in columns.items()}
    return Shape(label, frozenset(map(title_key, signs.split("|"))), own, program, joined, continued)
