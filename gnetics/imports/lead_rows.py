"""Rows of the Leads sheet, made ready for the store."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from gnetics.domain import emails, phones
from gnetics.domain.fields import BY_KEY
from gnetics.domain.folding import fold
from gnetics.domain.leads import identified
from gnetics.domain.sheets import CURRENCY, DEAL, FIRST_NAME, FOREIGN, FOREIGN_KEYS, FULL_NAME, ORIGIN
from gnetics.domain.statuses import BY_LABEL
from gnetics.errors import Unreadable
from gnetics.imports import consents
from gnetics.imports.fingerprints import Fingerprints
from gnetics.imports.joined_rows import continued, joined
from gnetics.imports.people import first_of, without_address
from gnetics.imports.programs import PROGRAMS
from gnetics.imports.reading import Row, SheetReading, Tick
from gnetics.store.duplicates import chunks
from gnetics.store.foreign_keys import ForeignKey, parse
from gnetics.store.schema import leads

StoreRow = dict[str, Any]
MOST_WORDS = 200  # status words counted: a column with more says something else
NUMBER_ALONE = "Rien que le numéro d’un autre programme\u00a0: cette ligne n’est pas un contact."
EQUAL = "Cette ligne est la même que la ligne {}\u00a0: c’est un seul contact."
ADDRESS_IN_NAME = "Ce nom contient une adresse\u00a0: il est gardé tel quel, corrigez-le sur la fiche."
_CLOSED = ("Clos", "Perdu")


class LeadRow(NamedTuple):
    """A row ready for the store, its derived columns, which also find the lead it speaks of, and what other programs call it.

    `beside`: the lines of its notes that are to be added to those of the lead, when the file has none of its own. `answered`: the
    dates of which a person said the order, which are written over what the same row was once read as.
    """

    line: int
    values: StoreRow
    kept: StoreRow
    foreign: tuple[ForeignKey, ...] = ()
    beside: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()

    def corrected(self) -> LeadRow:
        """The row with nothing but what a person answered since it was first read."""
        return self._replace(values={name: self.values[name] for name in self.answered if name in self.values}, beside=())


Identity = str | ForeignKey  # an ID Lead, or the number of a known program


def read(
    reading: SheetReading, shift_days: int, tick: Tick, owners: dict[str | None, str], take: Callable[[LeadRow], None]
) -> dict[Identity, int]:
    """Give `take` every row to write, in order; the line of each identity that one row only may have.

    `owners` are salespeople as they are written {folded: text}; those of the sheet are added to them.
    """
    lines: dict[Identity, int] = {}
    fingerprints, source, exported = Fingerprints(), reading.layout.numbered_by, reading.layout.exported
    consenting = consents.tell(reading)
    for row in _rows(reading, tick):
        if consenting:
            consents.settle(row, consenting)
        if (owner := row.values.get("owner")) and not exported:
            row.values["owner"] = owners.setdefault(fold(owner), owner)
        lead_id, origin = row.values.get("lead_id"), row.values.pop(ORIGIN.key, None)
        foreign = _foreign_keys(row, source) if FOREIGN.key in row.values or FOREIGN_KEYS.key in row.values else ()
        if lead_id and lines.setdefault(lead_id, row.line) != row.line:
            _refuse_repeated(reading, row.line, "ID Lead", lead_id, lines[lead_id])
            continue
        if repeated := next((each for each in foreign if each[0] in PROGRAMS and lines.setdefault(each, row.line) != row.line), None):
            _refuse_repeated(reading, row.line, FOREIGN.label, repeated[1], lines[repeated])
            continue
        values = _store_row(row, shift_days)
        beside = _note_aside(reading, row, values) if row.aside else ()
        kept = identified(values, reading.region)
        if kept["name_fold"] is None and "name" in values and not exported:  # a word of absence alone: with a first name, it is a surname
            row.nothing["name"] = row.values.pop("name")
            reading.blank("Nom", values.pop("name"))
            kept = identified(values, reading.region)
            if not (values or foreign):
                reading.report.blank += 1
                continue
        if not values and foreign and foreign[0][0] not in PROGRAMS:
            reading.report.apart += 1
            reading.problem(row.line, "", foreign[0][1], NUMBER_ALONE)
            continue
        _translate_status(reading, values)
        if not lead_id:
            row.nothing.pop(FOREIGN.key, None)
            fingerprint, before = fingerprints.look(row.identity, row.unread | row.nothing, row.line)
            if before is not None and not (origin or foreign) and kept["real"]:
                reading.report.joined += 1
                reading.problem(row.line, "", "", EQUAL.format(before))
                continue
            values["origin"] = origin or fingerprint
        _warn(reading, row.line, values, kept)
        take(LeadRow(row.line, values, kept, foreign, beside, tuple(row.typed) if reading.dates else ()))
    return lines


def _rows(reading: SheetReading, tick: Tick) -> Iterator[Row]:
    """The rows of contacts, once what several columns or several rows say of one is put together."""
    full_names = bool(reading.layout.places(FULL_NAME.key))
    rows: Iterator[Row] = (_settled(reading, row, full_names) for row in reading.rows(tick))
    if reading.layout.continued:
        rows = continued(reading, rows)
    return joined(reading, rows) if reading.layout.joined else rows


def _settled(reading: SheetReading, row: Row, full_names: bool) -> Row:
    whose = FULL_NAME.key if full_names else "name"
    name = row.values.get(whose)
    if name and "@" in name and (person := first_of(name)):
        row.values[whose] = person.name
        row.values.setdefault("email", person.email)
        if person.others:
            row.aside.append(f"Autres contacts\u00a0: {person.others}")
    if full_names:
        _join_full_name(reading, row)
    else:
        _join_first_name(row)
    owner = row.values.get("owner")
    if owner and "@" in owner:
        row.values["owner"] = without_address(owner)
    if title := row.values.pop(DEAL.key, None):
        row.aside.append(f"Affaire\u00a0: {title}")
    row.values.pop(CURRENCY.key, None)  # the reading has heeded it
    return row


def _refuse_repeated(reading: SheetReading, line: int, column: str, text: str, before: int) -> None:
    reading.refuse(line, column, text, f"{column} «\u00a0{text}\u00a0»\u00a0: déjà à la ligne {before}, cette ligne n’est pas prise.")


def _foreign_keys(row: Row, source: str) -> tuple[ForeignKey, ...]:
    number, others = row.values.pop(FOREIGN.key, None), row.values.pop(FOREIGN_KEYS.key, None)
    own = ((source, number),) if number else ()
    return (*own, *parse(others)) if others else own


def _join_full_name(reading: SheetReading, row: Row) -> None:
    """A first name and a name are one; where one of them is missing, the full name says both. Nothing of them is lost."""
    full = _take(row, FULL_NAME.key)
    if full and not (FIRST_NAME.key in row.values and "name" in row.values):
        half = " ".join(filter(None, [row.values.pop(FIRST_NAME.key, None), row.values.pop("name", None)]))
        for said in (row.nothing, row.unread):
            for key in (FIRST_NAME.key, "name"):
                said.pop(key, None)
        row.values["name"] = full
        full = half
    _join_first_name(row)
    if full and not set((fold(full) or "").split()) <= set((fold(row.values.get("name")) or "").split()):
        row.aside.append(f"{FULL_NAME.label}\u00a0: {full}")


def _take(row: Row, key: str) -> str | None:
    """The value of the field, which is no longer among those of the row; what says nothing or cannot be read is the name's."""
    for said in (row.nothing, row.unread):
        if text := said.pop(key, None):
            said.setdefault("name", text)
    full: str | None = row.values.pop(key, None)
    return full


def _join_first_name(row: Row) -> None:
    """A name of which one half says nothing, or could not be read, is the other half; the report says so."""
    first = row.values.pop(FIRST_NAME.key, None)
    if row.nothing:
        typed = (first or row.nothing.pop(FIRST_NAME.key, None), row.values.get("name") or row.nothing.pop("name", None))
        if first is None or "name" not in row.values:
            row.nothing["name"] = " ".join(filter(None, typed))
    if first:
        row.values["name"] = f"{first} {row.values['name']}" if "name" in row.values else first
    if row.unread:
        unread = [raw for key in (FIRST_NAME.key, "name") if (raw := row.unread.pop(key, None))]
        if unread and "name" not in row.values:
            row.unread["name"] = " ".join(unread)


def _translate_status(reading: SheetReading, values: StoreRow) -> None:
    """A word of the file gives way to the status of ours that stands for it; both are counted."""
    word = values.get("status")
    if word is None and (stage := values.get("stage")) and reading.layout.program and reading.layout.statuses.ours(stage) in _CLOSED:
        word = stage  # a deal says by its stage that it is over
        values["status"] = word
    if word is None or word in BY_LABEL:
        return
    ours, counts = reading.layout.statuses.ours(word), reading.report.words
    if ours:
        values["status"] = ours
    if (word, ours) in counts or len(counts) < MOST_WORDS:
        counts[word, ours] += 1


def _warn(reading: SheetReading, line: int, values: StoreRow, kept: StoreRow) -> None:
    """Values that are kept as they are, and still have something wrong."""
    name, status, email, phone = values.get("name"), values.get("status"), values.get("email"), values.get("phone")
    if name is not None and "@" in name:
        reading.problem(line, "Nom", name, ADDRESS_IN_NAME)
    if status is not None and status not in BY_LABEL:
        reading.problem(line, "Statut", status, "Statut inconnu\u00a0: il est gardé tel quel, choisissez-en un sur la fiche.")
    if email is not None and kept["email_check"] == "invalide":
        reading.problem(line, "Email", email, _refusal(lambda: emails.parse(email)))
    if phone is not None and kept["phone_e164"] is None:
        reading.problem(line, "Téléphone", phone, _refusal(lambda: phones.parse(phone, reading.region)))


def _refusal(parse: Callable[[], str]) -> str:
    try:
        return parse()
    except Unreadable as refusal:
        return str(refusal)


def _note_aside(reading: SheetReading, row: Row, values: StoreRow) -> tuple[str, ...]:
    """Write what no field takes under the notes; the lines of it when the row has no notes of its own."""
    lines = tuple(row.aside)
    typed = values.get("notes")
    values["notes"], lost = with_lines(typed, lines)
    for line in lost:
        reading.problem(row.line, "Notes", line, "Les notes sont pleines\u00a0: cette valeur n’est pas gardée.")
    return () if typed else lines


def with_lines(notes: str | None, lines: Iterable[str]) -> tuple[str | None, list[str]]:
    """The notes with the lines that they do not have, and those for which there is no room."""
    lost = []
    for line in lines:
        longer = f"{notes}\n{line}" if notes else line
        if line in (notes or ""):
            continue
        if len(longer) > BY_KEY["notes"].limit:
            lost.append(line)
        else:
            notes = longer
    return notes, lost


def notes_of(connection: Connection, keys: Iterable[int]) -> dict[int, str | None]:
    """The stored notes of leads, by key."""
    found: dict[int, str | None] = {}
    for chunk in chunks(list(keys)):
        found.update((key, text) for key, text in connection.execute(select(leads.c.key, leads.c.notes).where(leads.c.key.in_(chunk))))
    return found


def _store_row(row: Row, shift_days: int) -> StoreRow:
    values = dict(row.values)
    if shift_days:
        shift = timedelta(days=shift_days)
        values = {key: value + shift if isinstance(value, date) else value for key, value in values.items()}
    if row.unread:
        values["unread"] = json.dumps(row.unread, ensure_ascii=False, sort_keys=True)
    return values


def unread_of(connection: Connection) -> dict[int, dict[str, str]]:
    """What could not be read of the stored leads, by key."""
    stored = select(leads.c.key, leads.c.unread).where(leads.c.unread.is_not(None))
    return {key: json.loads(text) for key, text in connection.execute(stored)}


def merge_unread(row: StoreRow, before: dict[str, str]) -> StoreRow:
    """A field that is readable now is no longer unread; one this file does not give stays so."""
    after = {key: raw for key, raw in before.items() if key not in row} | json.loads(row.get("unread", "{}"))
    return row | {"unread": json.dumps(after, ensure_ascii=False, sort_keys=True) if after else None}
