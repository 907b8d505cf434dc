"""The form of an event being filled: days and hours as typed, the instants they mean, and why it cannot be saved yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import traitlets as tl

from gnetics.domain import dates, events, participants, series, values
from gnetics.domain.event_words import last_day
from gnetics.domain.recurrence import clock
from gnetics.domain.regions import Region
from gnetics.errors import Unreadable
from gnetics.pages.calendrier.event_repeat import FIELDS as REPEAT
from gnetics.pages.calendrier.event_repeat import repeat_form, rule_of

FIELDS = (
    "title",
    "day",
    "all_day",
    "start",
    "end",
    "end_day",
    "kind",
    "lead",
    "video_url",
    "description",
    "place",
    "participants",
    "category",
    "reminder",
    *REPEAT,
)
TEXTS = ("title", "video_url", "description", "kind", "place", "category")
YES = "oui"  # a ticked box
_BEGINNING, _ENDING = ("day", "start", "all_day"), ("day", "end", "end_day", "all_day")


class EventDraft(tl.HasTraits):
    """`form` is the text typed by field, `errors` the sentence beside each field ("" for the whole form).

    `lead_of(reference)` gives the key of the contact chosen, None when there is none of that name.
    """

    form = tl.Dict(key_trait=tl.Unicode(), value_trait=tl.Unicode())
    errors = tl.Dict(key_trait=tl.Unicode(), value_trait=tl.Unicode())
    dirty = tl.Bool(False)

    def __init__(self, region: Region, lead_of: Callable[[str], int | None]) -> None:
        super().__init__()
        self._region = region
        self._lead_of = lead_of
        self._opened: dict[str, str] = {}
        self._event: Mapping[str, Any] | None = None

    def open(self, form: Mapping[str, str], event: Mapping[str, Any] | None) -> None:
        """Start from an event and the texts that show it, or from the first texts of a new one (`event` None)."""
        self._opened, self._event = dict.fromkeys(FIELDS, "") | dict(form), event
        self.form, self.dirty = dict(self._opened), False
        self.errors = self.blockers()

    def close(self) -> None:
        self._opened, self._event = {}, None
        self.form, self.errors, self.dirty = {}, {}, False

    def type(self, typed: Mapping[str, str]) -> None:
        """Take what was typed; the sentences follow."""
        self.form = self.form | {key: text for key, text in typed.items() if key in self._opened}
        self.dirty = self._differs(*self.form)
        self.errors = self.blockers()

    def blockers(self) -> dict[str, str]:
        """Why it cannot be saved, by field of the form; empty when it can."""
        return self._read()[1]

    def changes(self) -> dict[str, Any]:
        """The event's values that differ from the stored ones; meant for a draft without blockers."""
        read = self._read()[0]
        return read if self._event is None else {name: value for name, value in read.items() if value != self._event.get(name)}

    def seen(self, names: Iterable[str]) -> dict[str, Any] | None:
        """What those values were when the form opened; None for a new event."""
        return None if self._event is None else {name: self._event.get(name) for name in names}

    def field_of(self, name: str) -> str:
        """The field of the form to mend when the event's value `name` is refused."""
        last = "end_day" if self.form.get("all_day") or self._text("end_day") not in ("", self._text("day")) else "end"
        return {"starts_at": "start", "ends_at": last, "lead_key": "lead", "recurrence": "repeat"}.get(name, name if name in FIELDS else "")

    def _text(self, key: str) -> str:
        return str(self.form.get(key, "")).strip()

    def _differs(self, *keys: str) -> bool:
        return any(self._text(key) != self._opened.get(key, "").strip() for key in keys)

    def _read(self) -> tuple[dict[str, Any], dict[str, str]]:
        """(the event's values, sentences by field)."""
        sentences: dict[str, str] = {}
        read: dict[str, Any] = {key: values.clean(self.form.get(key, ""), lines=key == "description") or None for key in TEXTS}
        read["lead_key"] = self._lead(self._text("lead"), sentences)
        reminder = self._text("reminder")
        read["reminder"] = int(reminder) if reminder.isdecimal() else None  # chosen in a list
        read["participants"] = self._participants(sentences)
        read["all_day"] = bool(self.form.get("all_day"))
        read |= self._times(sentences)
        if read["starts_at"] and read["ends_at"]:
            read["recurrence"] = self._rule(read, sentences)
        for name, sentence in events.check(read).items():
            if name in TEXTS or (read["starts_at"] and read["ends_at"] and "end_day" not in sentences):
                sentences.setdefault(self.field_of(name), sentence)
        return read, sentences

    def _lead(self, ref: str, sentences: dict[str, str]) -> int | None:
        if self._event is not None and not self._differs("lead"):
            kept: int | None = self._event["lead_key"]  # even one that was deleted since: it may come back
            return kept
        key = self._lead_of(ref) if ref else None
        if ref and key is None:
            sentences["lead"] = "Ce contact n’existe pas\u00a0: choisissez-le dans la liste, ou videz le champ."
        return key

    def _participants(self, sentences: dict[str, str]) -> str | None:
        kept: str | None = self._event.get("participants") if self._event is not None else None
        if not self._differs("participants"):
            return kept
        try:
            return participants.read(self._text("participants"), kept)
        except Unreadable as error:
            sentences["participants"] = str(error)
        return kept

    def _rule(self, read: dict[str, Any], sentences: dict[str, str]) -> str | None:
        event = self._event or {}
        if not self._differs(*REPEAT):
            return event.get("recurrence")  # one that the form cannot say, or that follows the day by itself
        zone = series.zone_of(event.get("zone"), self._region)
        form = {key: self._text(key) for key in REPEAT}
        day = clock(read["starts_at"], zone).date()
        rule = rule_of(form, day, read["all_day"], self._region, zone, sentences)
        row = {**read, "recurrence": rule, "excluded": None, "zone": event.get("zone"), "done": event.get("done", False)}
        row["series_key"] = event.get("series_key")
        if not any(field in sentences for field in REPEAT):
            sentences |= {self.field_of(name): sentence for name, sentence in series.check(row, self._region).items()}
        return rule

    def _times(self, sentences: dict[str, str]) -> dict[str, Any]:
        if self._event is not None and not self._differs(*_BEGINNING, *_ENDING):
            return {name: self._event[name] for name in ("starts_at", "ends_at")}
        first = self._day("day", sentences, "Indiquez la date.")
        last = self._day("end_day", sentences) if self._text("end_day") else first
        if first and last and last < first:
            sentences["end_day"] = "La date de fin vient avant le début\u00a0: corrigez-la."
        if self.form.get("all_day"):
            whole = None if last is None else last + timedelta(days=1)
            return {"starts_at": self._moment(first, time(), 0), "ends_at": self._moment(whole, time(), 0)}
        starts = self._hour("start", first, sentences, "Indiquez l’heure de début.")
        ends = self._hour("end", last, sentences, "Indiquez l’heure de fin.", after=starts)
        if self._event is not None and not self._differs(*_BEGINNING):
            starts = self._event["starts_at"]  # kept to the second, and on its side of a clock change
        return {"starts_at": starts, "ends_at": ends}

    def _day(self, key: str, sentences: dict[str, str], blank: str = "") -> date | None:
        text = self._text(key)
        try:
            if text:
                return dates.parse(text, self._region)
            sentences[key] = blank
        except Unreadable as error:
            sentences[key] = str(error)
        return None

    def _hour(self, key: str, day: date | None, sentences: dict[str, str], blank: str, after: datetime | None = None) -> datetime | None:
        text = self._text(key)
        try:
            if not text:
                sentences[key] = blank
                return None
            hour = dates.parse_time(text)
            moment = self._moment(day, hour, 0)
            if moment and after and moment <= after:
                moment = self._moment(day, hour, 1)  # the second 02:30 of the night when clocks go back
            return moment
        except Unreadable as error:
            sentences[key] = str(error)
        return None

    def _moment(self, day: date | None, hour: time, fold: int) -> datetime | None:
        return None if day is None else dates.moment(day, hour, self._region, fold)


def event_form(event: Mapping[str, Any], region: Region, lead: str) -> dict[str, str]:
    """An event as the texts of its form; `lead` is its contact's reference."""
    starts, ends = (event[name].astimezone(region.zone) for name in ("starts_at", "ends_at"))
    last = last_day(event, region)
    texts = {key: str(event.get(key) or "") for key in TEXTS}
    hours = {"start": "", "end": ""} if event["all_day"] else {"start": f"{starts:%H:%M}", "end": f"{ends:%H:%M}"}
    if not event["all_day"] and ends.date() > last:
        last = ends.date()  # « 00:00 » belongs to the day after
    return (
        texts
        | hours
        | {
            "day": dates.show(starts.date(), region),
            "end_day": dates.show(last, region) if last != starts.date() else "",
            "all_day": YES if event["all_day"] else "",
            "lead": lead,
            "participants": participants.written(event.get("participants")),
            "reminder": "" if event.get("reminder") is None else str(event["reminder"]),
        }
        | repeat_form(event, region)
    )
