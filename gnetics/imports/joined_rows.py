"""Several rows about one contact, made one: what a program wrote on the next line, a deal or an invoice a line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gnetics.domain import values
from gnetics.domain.fields import IDENTITY, LEAD_FIELDS
from gnetics.domain.folding import fold
from gnetics.domain.sheets import FOREIGN
from gnetics.imports.reading import Row, SheetReading

_NAMING = frozenset([*IDENTITY, FOREIGN.key])
_OF_THE_PERSON = frozenset([*IDENTITY, "phone", "job_title", "tags"])  # the rest is of the row's own matter
JOINED = "Cette ligne parle du contact de la ligne {}\u00a0: elle y est jointe."


def continued(reading: SheetReading, rows: Iterable[Row]) -> Iterator[Row]:
    """A row that names nobody goes on with the one above."""
    above: Row | None = None
    for row in rows:
        if above and not _NAMING & (row.values.keys() | row.unread.keys()):
            _add(reading, above, row)
            continue
        if above:
            yield above
        above = row
    if above:
        yield above


def joined(reading: SheetReading, rows: Iterable[Row]) -> Iterator[Row]:
    """One row a person, found by email, else by name and company; the others' matter is in its notes."""
    people: list[Row] = []
    by_email: dict[str | None, Row] = {}
    by_name: dict[tuple[str | None, str | None], Row] = {}
    for row in rows:
        email, name = fold(row.values.get("email")), (fold(row.values.get("name")), fold(row.values.get("company")))
        namesake = by_name.get(name) if any(name) else None
        if namesake and email and fold(namesake.values.get("email")) not in (None, email):
            namesake = None
        person = (by_email.get(email) if email else None) or namesake
        if person:
            _add(reading, person, row)
        else:
            people.append(row)
        by_name.setdefault(name, person or row)
        if email:
            by_email.setdefault(email, person or row)
    yield from people


def _add(reading: SheetReading, first: Row, row: Row) -> None:
    """What the row says more of its contact; the row's own matter, in one line, goes to the notes."""
    said = [notes] if (notes := row.values.get("notes")) and notes != first.values.get("notes") else []
    said += row.aside
    for field in LEAD_FIELDS:
        value, before = row.values.get(field.key), first.values.get(field.key)
        if value is None or value == before or field.key == "notes":
            continue
        if field.key == "tags" and before:
            first.values["tags"] = values.tags(f"{before},{value}")
        elif before is None and (field.key in _OF_THE_PERSON or reading.layout.continued):
            first.values[field.key] = value
        else:
            said.append(f"{field.label}\u00a0: {values.show(field.kind, value, reading.region)}")
    said += [f"{field.label}\u00a0: {row.unread[field.key]}" for field in LEAD_FIELDS if field.key in row.unread]
    if said:
        first.aside.append(" ; ".join(said))
    reading.report.joined += 1
    if not reading.layout.continued:
        reading.problem(row.line, "", "", JOINED.format(first.line))
