"""Rows of the Leads sheet, made ready for the store."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from gnetics.domain import emails, phones
from gnetics.domain.leads import derive, is_real
from gnetics.domain.sheets import FOREIGN, FOREIGN_KEYS, ORIGIN
from gnetics.domain.statuses import BY_LABEL
from gnetics.errors import Unreadable
from gnetics.imports.fingerprints import Fingerprints
from gnetics.imports.reading import Row, SheetReading, Tick
from gnetics.imports.shapes import PROGRAMS
from gnetics.store.foreign_keys import ForeignKey, parse
from gnetics.store.schema import leads

StoreRow = dict[str, Any]
MOST_WORDS = 200  # status words counted: a column with more says something else


class LeadRow(NamedTuple):
    """A row ready for the store, its derived columns, which also find the lead it speaks of, and what other programs call it."""

    line: int
    values: StoreRow
    kept: StoreRow
    foreign: tuple[ForeignKey, ...] = ()


Identity = str | ForeignKey  # an ID Lead, or the number of a known program


def read(reading: SheetReading, shift_days: int, tick: Tick, take: Callable[[LeadRow], None]) -> dict[Identity, int]:
    """Give `take` every row to write, in order; the line of each identity that one row only may have."""
    lines: dict[Identity, int] = {}
    fingerprints, source, exported = Fingerprints(), reading.layout.numbered_by, reading.layout.exported
    for row in reading.rows(tick):
        _join_first_name(row)
        lead_id, origin = row.values.get("lead_id"), row.values.pop(ORIGIN.key, None)
        foreign = _foreign_keys(row, source) if FOREIGN.key in row.values or FOREIGN_KEYS.key in row.values else ()
        if lead_id and lines.setdefault(lead_id, row.line) != row.line:
            _refuse_repeated(reading, row.line, "ID Lead", lead_id, lines[lead_id])
            continue
        if repeated := next((each for each in foreign if each[0] in PROGRAMS and lines.setdefault(each, row.line) != row.line), None):
            _refuse_repeated(reading, row.line, FOREIGN.label, repeated[1], lines[repeated])
            continue
        values = _store_row(row, shift_days)
        kept = derive(values, reading.region)
        if kept["name_fold"] is None and "name" in values and not exported:  # a word of absence alone: with a first name, it is a surname
            row.nothing["name"] = row.values.pop("name")
            reading.blank("Nom", values.pop("name"))
            kept = derive(values, reading.region)
            if not (values or foreign):
                reading.report.blank += 1
                continue
        _translate_status(reading, values)
        if not lead_id:
            row.nothing.pop(FOREIGN.key, None)
            values["origin"] = origin or fingerprints.of(row.values, row.unread | row.nothing)
            reading.report.set_aside += not is_real(row.values)
        _warn(reading, row.line, values, kept)
        take(LeadRow(row.line, values, kept, foreign))
    return lines


def _refuse_repeated(reading: SheetReading, line: int, column: str, text: str, before: int) -> None:
    reading.refuse(line, column, text, f"{column} «\u00a0{text}\u00a0»\u00a0: déjà à la ligne {before}, cette ligne n’est pas prise.")


def _foreign_keys(row: Row, source: str) -> tuple[ForeignKey, ...]:
    number, others = row.values.pop(FOREIGN.key, None), row.values.pop(FOREIGN_KEYS.key, None)
    own = ((source, number),) if number else ()
    return (*own, *parse(others)) if others else own


def _join_first_name(row: Row) -> None:
    """A name of which one half says nothing, or could not be read, is the other half; the report says so."""
    first = row.values.pop("first_name", None)
    if row.nothing:
        typed = (first or row.nothing.pop("first_name", None), row.values.get("name") or row.nothing.pop("name", None))
        if first is None or "name" not in row.values:
            row.nothing["name"] = " ".join(filter(None, typed))
    if first:
        row.values["name"] = f"{first} {row.values['name']}" if "name" in row.values else first
    if row.unread:
        unread = [raw for key in ("first_name", "name") if (raw := row.unread.pop(key, None))]
        if unread and "name" not in row.values:
            row.unread["name"] = " ".join(unread)


def _translate_status(reading: SheetReading, values: StoreRow) -> None:
    """A word of the file gives way to the status of ours that stands for it; both are counted."""
    word = values.get("status")
    if word is None or word in BY_LABEL:
        return
    ours, counts = reading.layout.statuses.ours(word), reading.report.words
    if ours:
        values["status"] = ours
    if (word, ours) in counts or len(counts) < MOST_WORDS:
        counts[word, ours] += 1


def _warn(reading: SheetReading, line: int, values: StoreRow, kept: StoreRow) -> None:
    """Values that are kept as they are, and still have something wrong."""
    status, email, phone = (values.get(key) for key in ("status", "email", "phone"))
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
