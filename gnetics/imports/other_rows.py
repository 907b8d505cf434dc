"""Rows of the sheets Événements, Automations Log, Inbox Log and Historique, made ready for the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import select

from gnetics.domain import events as event_rules
from gnetics.domain import values as field_values
from gnetics.domain.fields import LEAD_FIELDS
from gnetics.domain.folding import fold
from gnetics.domain.history import Action
from gnetics.domain.quoting import quote
from gnetics.domain.regions import Region
from gnetics.domain.sheets import header_key
from gnetics.errors import Unreadable
from gnetics.imports.contacts_named import ContactsNamed, Named
from gnetics.imports.fingerprints import Fingerprints
from gnetics.imports.reading import Row, SheetReading, Tick
from gnetics.store import schema
from gnetics.store.unit_of_work import UnitOfWork

StoreRow = dict[str, Any]
Build = Callable[[SheetReading, Row], StoreRow | None]  # what to write beside its values, which tell its identity; None of one refused
NAMED = "named"  # of a row of the file, what says whom it is about beside an ID Lead
_WHEN = frozenset({"day", "starts", "start_time", "end_day", "ends", "end_time"})
IDENTITY = {"events": "uid", "messages": "message_id", "runs": "idempotency_key"}
_FIELD_BY_LABEL = {header_key(text): each for each in LEAD_FIELDS for text in (each.label, each.key)}


def read(reading: SheetReading, shift_days: int, tick: Tick) -> list[StoreRow]:
    """Rows with their `lead_id` still to be resolved, and their `line`."""
    kind = reading.layout.table.kind
    build = {"events": _Events(reading).read, "history": _history_line}.get(kind, _plain)
    fingerprints = Fingerprints("import-")
    seen: dict[str, int] = {}
    found = []
    for row, further in _built(reading, build, tick):
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
        found.append(_shifted(row.values | further, shift_days, reading.region) | {"line": row.line})
    return found


def _built(reading: SheetReading, build: Build, tick: Tick) -> Iterator[tuple[Row, StoreRow]]:
    for row in reading.rows(tick):
        if (further := build(reading, row)) is not None:
            yield row, further


def _title(reading: SheetReading, key: str) -> str:
    return next(column.label for column in reading.layout.table.columns if column.key == key)


def _plain(reading: SheetReading, row: Row) -> StoreRow | None:
    return {}


def _shifted(values: Mapping[str, Any], shift_days: int, region: Region) -> StoreRow:
    """Hours of the day stay the same across a change of summer time."""
    shift = timedelta(days=shift_days)

    def move(value: Any) -> Any:
        if isinstance(value, datetime):
            local = value.astimezone(region.zone)
            return (local.replace(tzinfo=None) + shift).replace(tzinfo=region.zone)
        return value + shift if isinstance(value, date) else value

    return {key: move(value) for key, value in values.items()}


class _Events:
    """Start and end from days and hours, or from whole moments; all day when no hour is given."""

    def __init__(self, reading: SheetReading) -> None:
        self._reading, self._region, self._program = reading, reading.region, reading.layout.program
        self._supposed = False

    def read(self, reading: SheetReading, row: Row) -> StoreRow | None:
        values = row.values
        link = values.get("video_url")
        if link and not event_rules.safe_link(link):
            reading.problem(row.line, "Lien visio", values.pop("video_url"), "Ce n’est pas un lien http(s)\u00a0: il n’est pas importé.")
        if _WHEN & row.unread.keys():
            reading.refused(row.line)
            return None
        further = self._said_elsewhere(row)
        try:
            further |= self._times(row)
        except Unreadable as refusal:
            reading.refuse(row.line, "Début", "", str(refusal))
            return None
        if sentences := event_rules.check(values | further):
            reading.refuse(row.line, "", str(values.get("title", "")), " ".join(sentences.values()))
            return None
        return further

    def _times(self, row: Row) -> StoreRow:
        values, region = row.values, self._region
        day, start = _apart(values.pop("day", None), values.pop("starts", None), values.pop("start_time", None), region)
        end_day, end = _apart(values.pop("end_day", None), values.pop("ends", None), values.pop("end_time", None), region)
        lasts = values.pop("lasts", None)
        values["starts_at"] = _at(start, day, region)
        values["ends_at"] = _at(end, end_day or day or (values["starts_at"] and values["starts_at"].date()), region)
        if values["ends_at"] is None and values["starts_at"]:
            if isinstance(start, datetime) and start.astimezone(region.zone).time() == time():  # a day that nobody gave an hour
                values["all_day"] = True
            else:
                values["ends_at"] = values["starts_at"] + (self._lasting(row.line) if lasts in (None, time()) else _length(lasts))
        if not (values.get("all_day") or (values["starts_at"] is None and day)):
            return {}
        first = day or values["starts_at"].date()
        last = end_day or (values["ends_at"] and values["ends_at"].date()) or first
        values |= {"all_day": True, "starts_at": _midnight(first, region), "ends_at": _midnight(last + timedelta(days=1), region)}
        # an end at midnight, as Outlook writes it, is that of the day before
        return {"ends_at": _midnight(last, region)} if end == time() and last > first else {}

    def _lasting(self, line: int) -> timedelta:
        if not self._supposed:
            self._supposed = True
            self._reading.problem(line, "Fin", "", "Durée inconnue\u00a0: une heure est comptée, ici et plus bas où rien n’est dit.")
        return event_rules.USUAL

    def _said_elsewhere(self, row: Row) -> StoreRow:
        """What other programs say in their words; of no part in the identity of the row, which earlier versions read without it."""
        values = row.values
        found: StoreRow = {NAMED: Named(*(values.pop(key, None) for key in ("person_number", "person_email", "person")))}
        said = [values["description"]] if "description" in values else []
        if number := values.pop("number", None):
            values.setdefault("uid", f"{self._program}-{number}")
        if place := values.pop("place", None):
            said.append(f"Lieu\u00a0: {place}")
        if word := values.pop("activity", None):
            found["kind"] = event_rules.KIND_WORDS.get(fold(word) or "", event_rules.OTHER)
            said += [] if fold(word) in event_rules.KIND_WORDS else [f"Type\u00a0: {word}"]
        if word := values.pop("state", None):
            found["done"] = event_rules.DONE_WORDS.get(fold(word) or "")
            if found["done"] is None:
                self._reading.problem(row.line, "Fait", word, f"{quote(word)} n’est ni fait ni à faire\u00a0: l’événement reste à faire.")
                del found["done"]
        return found | ({"description": "\n".join(said)} if said else {})


def _apart(day: date | None, moment: Any, hour: Any, region: Region) -> tuple[date | None, Any]:
    """(day, hour or moment): a moment that is but a day when the hour has a column of its own."""
    if hour is None or moment is None or isinstance(moment, time):
        return day, moment if hour is None else hour
    return day or moment.astimezone(region.zone).date(), hour


def _length(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)


def _midnight(day: date, region: Region) -> datetime:
    return datetime.combine(day, time(), region.zone)


def _at(given: Any, day: date | None, region: Region) -> datetime | None:
    if isinstance(given, time):
        if day is None:
            raise Unreadable("Une heure est donnée sans date\u00a0: complétez la colonne «\u00a0Date\u00a0».")
        return datetime.combine(day, given, region.zone)
    return given if isinstance(given, datetime) else None


def _history_line(reading: SheetReading, row: Row) -> StoreRow | None:
    """Values before and after are read as the field's own, and kept as the history writes them."""
    name = row.values["field"]
    field = _FIELD_BY_LABEL.get(header_key(name))
    if field is None:
        reading.refuse(row.line, "Champ", name, "Ce champ n’existe pas\u00a0: écrivez le nom d’une colonne de la feuille Leads.")
        return None
    if "lead_id" not in row.values:
        reading.refuse(row.line, "ID Lead", "", "«\u00a0ID Lead\u00a0» est vide\u00a0: complétez-le.")
        return None
    row.values["field"] = field.key
    for key, label in (("before", "Avant"), ("after", "Après")):
        try:
            row.values[key] = field_values.parse(field.kind, row.values.get(key) or "", reading.region, field.choices)
        except Unreadable as refusal:
            reading.refuse(row.line, label, row.values[key], str(refusal))
            return None
    return {}


def resolve_leads(reading: SheetReading, rows: list[StoreRow], keys: Mapping[str, int], contacts: ContactsNamed) -> None:
    """`lead_id` becomes `lead_key`, as does what else names a contact; an unknown one is reported, and the row kept without its lead."""
    for row in rows:
        lead_id, named = row.pop("lead_id", None), row.pop(NAMED, None)
        row["lead_key"] = keys.get(lead_id) if lead_id else None
        if lead_id and row["lead_key"] is None:
            reading.problem(row["line"], "ID Lead", lead_id, "Aucun contact n’a cet ID Lead\u00a0: la ligne n’est liée à personne.")
        elif named and not lead_id:
            row["lead_key"], reason = contacts.find(named)
            if reason:
                reading.problem(row["line"], "Contact", named.shown, reason)


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
