"""Rows of the Leads sheet, made ready for the store."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from gnetics.domain import emails, phones
from gnetics.domain.leads import derive, is_real
from gnetics.domain.statuses import BY_LABEL
from gnetics.errors import Unreadable
from gnetics.exchange.fingerprints import Fingerprints
from gnetics.exchange.reading import Row, SheetReading, Tick
from gnetics.exchange.sheets import ORIGIN
from gnetics.store.schema import leads

StoreRow = dict[str, Any]
MOST_WORDS = 200  # status words counted: a column with more says something else


class LeadRow(NamedTuple):
    """A row ready for the store, and its derived columns, which also find the lead it speaks of."""

    line: int
    values: StoreRow
    kept: StoreRow


def read(reading: SheetReading, shift_days: int, tick: Tick, take: Callable[[LeadRow], None]) -> dict[str, int]:
    """Give `take` every row to write, in order; the line of each ID Lead, as it is stored."""
    lines: dict[str, int] = {}
    fingerprints = Fingerprints()
    for row in reading.rows(tick):
        _join_first_name(row)
        lead_id, origin = row.values.get("lead_id"), row.values.pop(ORIGIN.key, None)
        if lead_id and lines.setdefault(lead_id, row.line) != row.line:
            reason = f"L’ID Lead «\u00a0{lead_id}\u00a0» est déjà à la ligne {lines[lead_id]}\u00a0: cette ligne n’est pas prise."
            reading.refuse(row.line, "ID Lead", lead_id, reason)
            continue
        values = _store_row(row, shift_days)
        _translate_status(reading, values)
        if lead_id:
            values["lead_id"] = reading.layout.prefix + lead_id
        else:
            values["origin"] = origin or fingerprints.of(row.values, row.unread)
            reading.report.set_aside += not is_real(row.values)
        kept = derive(values, reading.region)
        _warn(reading, row.line, values, kept)
        take(LeadRow(row.line, values, kept))
    return {reading.layout.prefix + lead_id: line for lead_id, line in lines.items()}


def _join_first_name(row: Row) -> None:
    """A name of which one half could not be read is the other half; the report says so."""
    if first := row.values.pop("first_name", None):
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
