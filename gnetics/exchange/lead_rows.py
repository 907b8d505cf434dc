"""Rows of the Leads sheet, made ready for the store."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, select

from gnetics.domain import emails, phones
from gnetics.domain.leads import is_real
from gnetics.domain.statuses import BY_LABEL
from gnetics.errors import Unreadable
from gnetics.exchange.fingerprints import Fingerprints
from gnetics.exchange.reading import Row, SheetReading, Tick
from gnetics.exchange.sheets import ORIGIN
from gnetics.store.schema import leads

StoreRow = dict[str, Any]


@dataclass(frozen=True)
class LeadRows:
    """Everything to write, but for what depends on the store."""

    identified: list[StoreRow]
    anonymous: list[StoreRow]


def read(reading: SheetReading, shift_days: int, tick: Tick) -> LeadRows:
    identified: dict[str, tuple[int, StoreRow]] = {}
    anonymous: list[StoreRow] = []
    fingerprints = Fingerprints()
    for row in reading.rows(tick):
        _join_first_name(row)
        lead_id, origin = row.values.get("lead_id"), row.values.pop(ORIGIN.key, None)
        if lead_id in identified:
            reason = f"L’ID Lead «\u00a0{lead_id}\u00a0» est déjà à la ligne {identified[lead_id][0]}\u00a0: cette ligne n’est pas prise."
            reading.refuse(row.line, "ID Lead", lead_id, reason)
            continue
        _warn(reading, row)
        store_row = _store_row(row, shift_days)
        if lead_id:
            identified[lead_id] = (row.line, store_row)
        else:
            anonymous.append(store_row | {"origin": origin or fingerprints.of(row.values, row.unread)})
            reading.report.set_aside += not is_real(row.values)
    return LeadRows([store_row for _, store_row in identified.values()], anonymous)


def _join_first_name(row: Row) -> None:
    if first := row.values.pop("first_name", None):
        row.values["name"] = f"{first} {row.values['name']}" if "name" in row.values else first


def _warn(reading: SheetReading, row: Row) -> None:
    """Values that are kept as they are, and still have something wrong."""
    status, email, phone = (row.values.get(key) for key in ("status", "email", "phone"))
    if status is not None and status not in BY_LABEL:
        reading.problem(row.line, "Statut", status, "Statut inconnu\u00a0: il est gardé tel quel, choisissez-en un sur la fiche.")
    try:
        if email is not None:
            emails.parse(email)
    except Unreadable as refusal:
        reading.problem(row.line, "Email", email or "", str(refusal))
    try:
        if phone is not None:
            phones.parse(phone, reading.region)
    except Unreadable as refusal:
        reading.problem(row.line, "Téléphone", phone or "", str(refusal))


def _store_row(row: Row, shift_days: int) -> StoreRow:
    shift = timedelta(days=shift_days)
    values = {key: value + shift if isinstance(value, date) else value for key, value in row.values.items()}
    if row.unread:
        values["unread"] = json.dumps(row.unread, ensure_ascii=False, sort_keys=True)
    return values


def to_write(rows: LeadRows, connection: Connection) -> tuple[list[StoreRow], int]:
    """(rows to give to the store, rows it already has as they are).

    A row without ID Lead whose fingerprint is known has been imported once; whatever was changed since is kept.
    """
    known = set(connection.execute(select(leads.c.origin).where(leads.c.origin.is_not(None))).scalars()) if rows.anonymous else set()
    new = [row for row in rows.anonymous if row["origin"] not in known]
    stored = select(leads.c.lead_id, leads.c.unread).where(leads.c.unread.is_not(None), leads.c.lead_id.is_not(None))
    unread = {lead_id: json.loads(text) for lead_id, text in connection.execute(stored)}
    merged = [_merge_unread(row, unread[row["lead_id"]]) if row["lead_id"] in unread else row for row in rows.identified]
    return merged + new, len(rows.anonymous) - len(new)


def _merge_unread(row: StoreRow, before: dict[str, str]) -> StoreRow:
    """A field that is readable now is no longer unread; one this file does not give stays so."""
    after = {key: raw for key, raw in before.items() if key not in row} | json.loads(row.get("unread", "{}"))
    return row | {"unread": json.dumps(after, ensure_ascii=False, sort_keys=True) if after else None}
