"""Rows of the sheets Événements, Automations Log, Inbox Log and Historique, made ready for the store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from gnetics.domain import events as event_rules
from gnetics.domain import values as field_values
from gnetics.domain.fields import LEAD_FIELDS
from gnetics.domain.history import Action
from gnetics.domain.regions import Region
from gnetics.domain.sheets import header_key
from gnetics.errors import Unreadable
from gnetics.imports.fingerprints import Fingerprints
from gnetics.imports.reading import Row, SheetReading, Tick
from gnetics.store import schema
from gnetics.store.unit_of_work import UnitOfWork

StoreRow = dict[str, Any]
IDENTITY = {"events": "uid", "messages": "message_id", "runs": "idempotency_key"}
_FIELD_BY_LABEL = {header_key(text): each for each in LEAD_FIELDS for text in (each.label, each.key)}


def read(reading: SheetReading, shift_days: int, tick: Tick) -> list[StoreRow]:
    """Rows with their `lead_id` still to be resolved, and their `line`."""
    kind = reading.layout.table.kind
    build = {"events": _event, "history": _history_line}.get(kind, _plain)
    fingerprints = Fingerprints("import-")
    seen: dict[str, int] = {}
    found = []
    for row in _built(reading, build, tick):
        if identity := IDENTITY.get(kind):
            # asked before any shift, so that a later import of the same file finds the same row
            row.values.setdefault(identity, fingerprints.of(row.values, row.unread))
            given = row.values[identity]
            if given in seen:
                reading.refuse(
                    row.line,
                    _title(reading, identity),
                    given,
                    f"Même identifiant qu’à la ligne {seen[given]}\u00a0: cette ligne n’est pas prise.",
                )
                continue
            seen[given] = row.line
        found.append(_shifted(row.values, shift_days, reading.region) | {"line": row.line})
    return found


def _built(reading: SheetReading, build: Any, tick: Tick) -> Iterator[Row]:
    for row in reading.rows(tick):
        if build(reading, row):
            yield row


def _title(reading: SheetReading, key: str) -> str:
    return next(column.label for column in reading.layout.table.columns if column.key == key)


def _plain(reading: SheetReading, row: Row) -> bool:
    return True


def _shifted(values: Mapping[str, Any], shift_days: int, region: Region) -> StoreRow:
    """Hours of the day stay the same across a change of summer time."""
    shift = timedelta(days=shift_days)

    def move(value: Any) -> Any:
        if isinstance(value, datetime):
            local = value.astimezone(region.zone)
            return (local.replace(tzinfo=None) + shift).replace(tzinfo=region.zone)
        return value + shift if isinstance(value, date) else value

    return {key: move(value) for key, value in values.items()}


def _event(reading: SheetReading, row: Row) -> bool:
    """Start and end from a day and hours, or from whole moments; all day when no hour is given."""
    values, region = row.values, reading.region
    link = values.get("video_url")
    if link and not event_rules.safe_link(link):
        reading.problem(row.line, "Lien visio", values.pop("video_url"), "Ce n’est pas un lien http(s)\u00a0: il n’est pas importé.")
    day, end_day = values.pop("day", None), values.pop("end_day", None)
    start, end = values.pop("starts", None), values.pop("ends", None)
    if {"day", "starts", "ends", "end_day"} & row.unread.keys():
        reading.refused(row.line)
        return False
    try:
        values["starts_at"] = _at(start, day, region)
        values["ends_at"] = _at(end, end_day or day or (values["starts_at"] and values["starts_at"].date()), region)
    except Unreadable as refusal:
        reading.refuse(row.line, "Début", "", str(refusal))
        return False
    if values.get("all_day") or (values["starts_at"] is None and day):
        first = day or values["starts_at"].date()
        last = end_day or (values["ends_at"] and values["ends_at"].date()) or first
        values |= {"all_day": True, "starts_at": _midnight(first, region), "ends_at": _midnight(last + timedelta(days=1), region)}
    if sentences := event_rules.check(values):
        reading.refuse(row.line, "", str(values.get("title", "")), " ".join(sentences.values()))
        return False
    return True


def _midnight(day: date, region: Region) -> datetime:
    return datetime.combine(day, time(), region.zone)


def _at(given: Any, day: date | None, region: Region) -> datetime | None:
    if isinstance(given, time):
        if day is None:
            raise Unreadable("Une heure est donnée sans date\u00a0: complétez la colonne «\u00a0Date\u00a0».")
        return datetime.combine(day, given, region.zone)
    return given if isinstance(given, datetime) else None


def _history_line(reading: SheetReading, row: Row) -> bool:
    """Values before and after are read as the field's own, and kept as the history writes them."""
    name = row.values["field"]
    field = _FIELD_BY_LABEL.get(header_key(name))
    if field is None:
        reading.refuse(row.line, "Champ", name, "Ce champ n’existe pas\u00a0: écrivez le nom d’une colonne de la feuille Leads.")
        return False
    if "lead_id" not in row.values:
        reading.refuse(row.line, "ID Lead", "", "«\u00a0ID Lead\u00a0» est vide\u00a0: complétez-le.")
        return False
    row.values["field"] = field.key
    for key, label in (("before", "Avant"), ("after", "Après")):
        try:
            row.values[key] = field_values.parse(field.kind, row.values.get(key) or "", reading.region)
        except Unreadable as refusal:
            reading.refuse(row.line, label, row.values[key], str(refusal))
            return False
    return True


def resolve_leads(reading: SheetReading, rows: list[StoreRow], keys: Mapping[str, int]) -> None:
    """`lead_id` becomes `lead_key`; an unknown one is reported, and the row kept without its lead."""
    for row in rows:
        lead_id = row.pop("lead_id", None)
        row["lead_key"] = keys.get(lead_id) if lead_id else None
        if lead_id and row["lead_key"] is None:
            reading.problem(row["line"], "ID Lead", lead_id, "Aucun contact n’a cet ID Lead\u00a0: la ligne n’est liée à personne.")


def history_lines(reading: SheetReading, rows: list[StoreRow], uow: UnitOfWork) -> list[StoreRow]:
    """Lines the history does not have yet; those of unknown leads are refused."""
    wanted = []
    for row in rows:
        if row["lead_key"] is None:
            reading.refused(row["line"])
            continue
        kind = next(each.kind for each in LEAD_FIELDS if each.key == row["field"])
        wanted.append(
            {
                "at": row["at"],
                "who": row.get("who") or "Inconnu",
                "action": Action.CHANGED,
                "entity": "lead",
                "entity_key": row["lead_key"],
                "field": row["field"],
                "before": field_values.encode(kind, row["before"]),
                "after": field_values.encode(kind, row["after"]),
            }
        )
    columns = [schema.history.c[name] for name in ("entity_key", "at", "field", "before", "after")]
    stored = (
        {tuple(line) for line in uow.connection.execute(select(*columns).where(schema.history.c.entity == "lead"))} if wanted else set()
    )
    new = [line for line in wanted if tuple(line[column.name] for column in columns) not in stored]
    reading.report.taken += len(new)
    reading.report.unchanged += len(wanted) - len(new)
    return new
