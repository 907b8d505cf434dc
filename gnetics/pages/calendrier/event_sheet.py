"""The panel of one event on Calendrier: opening, modifying, adding, finishing, deleting, conflicts."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from gnetics import texts
from gnetics.actions import events as actions
from gnetics.actions.events import SavedEvent
from gnetics.actions.series import delete_occurrence, save_occurrence
from gnetics.domain import dates, event_words, leads, participants, reminders, series
from gnetics.domain.calm_hours import working_days_after
from gnetics.domain.events import KINDS
from gnetics.domain.quoting import shortened
from gnetics.domain.series_changes import Scope, occurrence_row
from gnetics.domain.typography import counted
from gnetics.errors import Conflict, NotFound, Refused
from gnetics.mail import invitations
from gnetics.mail.proposals.slots import AHEAD, LASTS, free_moments
from gnetics.pages.calendrier import marking, overlaps, rows
from gnetics.pages.calendrier.event_draft import EventDraft, event_form
from gnetics.pages.calendrier.widgets.event_form import EventForm, Slot
from gnetics.state.address import number
from gnetics.state.open_row import OpenRow
from gnetics.store.occurrence_frames import in_frame
from gnetics.store.reading.merges import survivor_of
from gnetics.widgets import codec, lead_rows
from gnetics.widgets.conflict import ConflictDialog
from gnetics.widgets.given import NOTHING
from gnetics.widgets.lead_rows import Row

if TYPE_CHECKING:
    from gnetics.pages.app import App

LABELS = {
    "title": "Titre", "starts_at": "Début", "ends_at": "Fin", "all_day": "Toute la journée", "kind": "Type", "done": "Fait",
    "cancelled": "Annulé", "place": "Lieu", "category": "Catégorie",
    "description": "Description", "video_url": "Lien visio", "lead_key": "Contact", "owner": "Responsable", "recurrence": "Répétition",
    "reminder": "Rappel", "participants": "Participants",
}  # fmt: skip
MORNING = 9 * 60  # minute at which a new event starts on another day


class EventSheet:
    """Implements EventHandler.

    `on_address(event query)` tells the page what the address should name, `on_saved(day, ref)` which day to show,
    `on_done(key)` what took place.
    """

    def __init__(
        self,
        app: App,
        on_address: Callable[[dict[str, str]], None],
        on_saved: Callable[[date, str], None],
        on_done: Callable[[int], None],
    ) -> None:
        self._app = app
        self._on_address = on_address
        self._on_saved = on_saved
        self._on_done = on_done
        self._wall = ""  # of an occurrence of the series that is open
        self._event = OpenRow(
            app.session, self._read, lambda event: event["uid"], unknown=texts.UNKNOWN_EVENT, other=texts.EVENT_OF_ANOTHER_STORE
        )
        self._scope = Scope.ONE  # the answer to what of the series is meant
        self._chosen = ("", "")  # the contact of the form: its reference, and who that was
        self._draft = EventDraft(app.region, self._lead_of)
        self.conflict = ConflictDialog(self._resolve)
        region = app.region
        self.widget = EventForm(
            self,
            kinds=list(KINDS),
            date_format=region.date_format,
            date_hint=region.date_hint,
            first_day=(region.first_weekday + 1) % 7,
        )
        self._draft.observe(self._follow_draft, ["errors", "dirty"])
        app.session.observe(self._look_at_contact, "stores")

    @property
    def ref(self) -> str:
        """The event or occurrence on screen, "" for none."""
        return series.ref(self._event.key, self._wall) if self._event.key is not None and self.widget.shown else ""

    @property
    def key(self) -> int:
        """Of the event on screen, or of the series whose occurrence it is; 0 for none."""
        return self._event.key or 0 if self.widget.shown else 0

    @property
    def editing(self) -> bool:
        return self.widget.shown and self.widget.mode != "read"

    @property
    def dirty(self) -> bool:
        return self.editing and (self.widget.typing or self._draft.dirty)

    def typed_first(self) -> bool:
        """Whether a form being typed must be finished first; says so."""
        if self.dirty:
            self._app.notify(texts.FINISH_FORM, "warning")
        return self.dirty

    def find(self, ref: str) -> str:
        """What an address names, by key or by uid, with the occurrence: of a series alone its next one; raises NotFound."""
        frame = self._app.snapshot.events
        name, wall = series.split(ref)
        key = number(name)
        if key is None or key not in frame.index:
            found = frame.index[frame["uid"] == name]
            if not len(found):
                raise NotFound(texts.UNKNOWN_EVENT)
            key = int(found[0])
        changed = frame.index[frame["series_key"].eq(key).fillna(False) & frame["occurrence"].eq(wall)]
        if len(changed):  # a row of its own by now
            return series.ref(int(changed[0]))
        row = self._app.snapshot.event(key)
        if wall and self._occurrence(row, wall) is None:
            raise NotFound(texts.UNKNOWN_EVENT)
        return series.ref(key, wall or self._next(row))

    def row(self, ref: str) -> Row:
        """The event or the occurrence of that name, which `find` gave."""
        name, wall = series.split(ref)
        row = self._app.snapshot.event(int(name))
        return self._occurrence(row, wall) or row

    def day_of(self, ref: str) -> date:
        starts: datetime = self.row(ref)["starts_at"]
        return starts.astimezone(self._app.region.zone).date()

    def show(self, ref: str) -> None:
        if self.ref != ref:
            name, wall = series.split(ref)
            self._open(int(name), wall)
            self._show_read()

    def _open(self, key: int | None, wall: str = "") -> None:
        self._wall = wall
        self._event.open(key)

    def hide(self) -> None:
        self._open(None)
        self._draft.close()
        self.widget.shown = False

    def refresh(self) -> None:
        """The data changed: follow it, except in a form being filled, which keeps what was typed."""
        if not self.widget.shown or self.editing or self._event.key is None:
            return
        if self._event.here:
            self._show_read()
        else:
            self.hide()
            self._on_address({})

    def start_new(self, day: date, minute: int | None = None, until: int | None = None, lead: str = "") -> None:
        """A new event on that day, at that minute or at a likely hour, until that minute or for an hour, with that contact."""
        if self.typed_first():
            return
        app = self._app
        self._open(None)
        start = datetime.combine(day, datetime.min.time()) + timedelta(minutes=self._likely(day) if minute is None else minute)
        lasts = timedelta(hours=1) if minute is None or until is None else timedelta(minutes=until - minute)
        end = min(start + lasts, datetime.combine(day, datetime.max.time()).replace(second=0, microsecond=0))
        key = self._lead_of(lead) if lead else None
        title = f"Rendez-vous avec {leads.title(app.snapshot.lead(key))}" if key is not None else ""
        form = {
            "title": title,
            "day": dates.show(day, app.region),
            "start": f"{start:%H:%M}",
            "end": f"{end:%H:%M}",
            "kind": KINDS[0],
        }
        self._start_form("new", form | {"lead": lead if key is not None else ""}, None)
        if key is not None:
            owner = app.snapshot.lead(key)["owner"]
            self.widget.free_for = owner if owner and owner != app.user else ""
            self.widget.slots = self._slots({app.user, owner or app.user})
        if lead and key is None:
            app.notify(texts.UNKNOWN_LEAD.format(ref=shortened(lead)), "warning")

    def edit(self) -> None:
        event = self._event.row()
        lead = self._lead(event)
        self._start_form("edit", event_form(event, self._app.region, lead_rows.reference(lead) if lead else ""), event)

    def cancel(self) -> None:
        """« Annuler » or Esc: a form goes back to the event, an event closes."""
        if self.widget.mode == "edit" and self._event.here:
            self._draft.close()
            self._show_read()
        else:
            self.hide()
            self._on_address({})

    def typed(self, form: dict[str, str]) -> None:
        if self.editing:
            self._draft.type(form)
            self._note_chosen()
            self.widget.errors = self._draft.errors  # a refusal of the store goes with the words it refused

    def save(self, form: dict[str, str]) -> None:
        self._draft.type(form)
        if self._draft.blockers():
            return
        changes = self._draft.changes()
        if self._event.key is None:
            changes |= {"owner": self._app.user or None}
        if self._wall and changes:  # the answer saves
            scopes = [str(scope) for scope in Scope if scope is not Scope.ONE or "recurrence" not in changes]
            self.widget.which = {"title": self.widget.head["title"], "repeats": self.widget.head["repeats"], "scopes": scopes}
        else:
            self._write(changes, self._draft.seen(changes))

    def choose(self, scope: str) -> None:
        """« Cet événement », « celui-ci et les suivants » or « tous » of the series, or none of them (""): the form goes on."""
        self.widget.which = NOTHING
        if scope and self.editing:
            self._scope = Scope(scope)
            changes = self._draft.changes()
            self._write(changes, self._draft.seen(changes))

    def delete(self, scope: str) -> None:
        event, app = self._event.row(), self._app
        if self._wall:
            rev = delete_occurrence(app.crm, app.user, event["key"], self._wall, Scope(scope), app.snapshot)
        else:
            rev = actions.delete_event(app.crm, app.user, event["key"], app.snapshot)
        self.hide()
        self._on_address({})
        app.changed()
        said = texts.EVENT_DELETED_IN_SESSION if rev is None else texts.EVENT_DELETED
        app.notify(said.format(title=event["title"]), "warning" if rev is None else "success", marking.undo_of(app, rev))

    def finish(self, done: bool) -> None:
        """« Marquer comme fait », or back to do."""
        marking.finish(self._app, self._event.row()["key"], self._wall, done, self._finished if done else self._open)

    def _finished(self, key: int, wall: str) -> None:
        self._on_done(key)
        self._open(key, wall)

    def call_off(self, cancelled: bool) -> None:
        """« Marquer comme annulé », or back."""
        marking.call_off(self._app, self._event.row()["key"], self._wall, cancelled, self._open)

    def invite(self) -> None:
        """« Inviter », as the button says it: the participants are told by mail."""
        app = self._app
        count = invitations.invite(app.crm, app.user, self._event.row()["key"], self.widget.head["invite"])
        app.snapshot.catch_up()
        self._show_read()
        app.changed()
        app.notify(texts.INVITED.format(count=counted(count, "message")))

    def postpone(self, ref: str) -> None:
        """The form of an event that did not take place, on the next working day: the person says which day it is."""
        if self.typed_first():
            return
        self.show(ref)
        self.edit()
        if not self._draft.form["end_day"]:
            self._draft.type({"day": dates.show(working_days_after(self._app.today(), 1, self._app.region), self._app.region)})
        with self.widget.hold_sync():
            self.widget.form = dict(self._draft.form)
            self.widget.opened += 1

    def search(self, text: str) -> None:
        found = self._app.find(text.strip(), erased=False)
        self.widget.contacts = [{"ref": row["ref"], "title": row["title"], "detail": row["detail"]} for row in found]

    def open_lead(self, ref: str) -> None:
        self._app.go("contacts", lead=ref)

    def _write(self, changes: dict[str, Any], seen: dict[str, Any] | None) -> None:
        app = self._app
        self._event.require_same()
        if self._event.key is not None and not changes:
            self.cancel()
            app.notify(texts.NOTHING_CHANGED)
            return
        try:
            saved = self._saved(changes, seen)
        except Refused as refusal:
            self.widget.errors = {self._draft.field_of(name): sentence for name, sentence in refusal.sentences.items()}
            return
        except Conflict as conflict:
            self.conflict.ask(conflict.fields, lambda name: LABELS[name], self._text)
            return
        new = self._event.key is None
        title = app.snapshot.event(saved.key)["title"]
        self._draft.close()
        if new and not invitations.offered(app.crm, app.user, saved.key):
            self.hide()
        else:
            self._open(saved.key, saved.wall)
            self._show_read()
        app.changed()
        ref = self.find(series.ref(saved.key, saved.wall)) if saved.wall or not new else self._first(saved.key)
        self._on_saved(self.day_of(ref), ref)
        sentence = texts.SAVED_IN_SESSION if saved.session_only else texts.SAVED_MERGED if saved.merged else texts.SAVED
        clash = overlaps.said(app.snapshot, ref, self.row(ref), app.region)
        level = "warning" if saved.session_only or clash else "success"
        app.notify(sentence.format(title=title) + clash, level, marking.undo_of(app, saved.rev))

    def _saved(self, changes: dict[str, Any], seen: dict[str, Any] | None) -> SavedEvent:
        app, key = self._app, self._event.key
        if key is not None and self._wall:
            return save_occurrence(app.crm, app.user, key, self._wall, self._scope, changes, seen, app.snapshot)
        return actions.save_event(app.crm, app.user, key, changes, seen, app.snapshot)

    def _resolve(self, kept: dict[str, Any], stored: dict[str, Any]) -> None:
        """The choices of the conflict dialog, saved with the rest of the form."""
        changes = (self._draft.changes() if self.editing else {}) | kept
        seen = (self._draft.seen(changes) or {}) | stored
        self._write({name: value for name, value in changes.items() if name not in stored or value != stored[name]}, seen)

    def _text(self, name: str, value: Any) -> str:
        """A value in the conflict dialog."""
        if isinstance(value, datetime):
            return lead_rows.when(value, self._app.region)
        if isinstance(value, bool):
            return "oui" if value else "non"
        if name == "lead_key" and value in self._app.snapshot.leads.index:
            return leads.title(self._app.snapshot.lead(value))
        if name == "recurrence" and value:
            return event_words.repeats(self._event.row() | {"recurrence": value}, self._app.region)
        if name == "reminder" and value is not None:
            return reminders.words(value)
        if name == "participants":
            return participants.written(value)
        return "" if value is None else str(value)

    def _note_chosen(self) -> None:
        ref = self._draft.form["lead"]
        if ref != self._chosen[0]:
            self._chosen = ref, self._name_of(ref)

    def _name_of(self, ref: str) -> str:
        """Who the reference names in the store that is read now; "" for nobody."""
        key = self._lead_of(ref) if ref else None
        row = codec.record(self._app.snapshot.leads, key)
        return leads.title(row) if row else ""

    def _look_at_contact(self, _change: Any) -> None:
        """In another store the reference in the form may name somebody else: the contact is to be chosen again."""
        if self.editing and self._name_of(self._chosen[0]) != self._chosen[1]:
            self._draft.type({"lead": ""})
            self._note_chosen()
            with self.widget.hold_sync():
                self.widget.chosen, self.widget.form = NOTHING, dict(self._draft.form)
                self.widget.opened += 1
                self.widget.errors = self._draft.errors | {"lead": texts.CONTACT_OF_ANOTHER_STORE}

    def _read(self, key: int) -> dict[str, Any] | None:
        snapshot = self._app.snapshot
        if key not in snapshot.events.index:
            return None
        row = snapshot.event(key)
        return self._occurrence(row, self._wall) if self._wall else row

    def _occurrence(self, row: Row, wall: str) -> Row | None:
        """A series as that occurrence shows it; None when it is none of the series' (any more)."""
        whole = series.readable(row, self._app.region)
        try:
            there = whole is not None and bool(wall) and whole.has(wall, self._app.snapshot.changed_occurrences.get(row["key"], ()))
        except ValueError:  # a wall clock of an address
            return None
        return occurrence_row(row, whole, wall) if whole is not None and there else None

    def _next(self, row: Row) -> str:
        """The occurrence that a series alone is shown by: the next one, else the last; "" of an event that does not repeat."""
        taken = self._app.snapshot.changed_occurrences.get(row["key"], ())
        found = series.next_or_last(row, self._app.crm.clock.now(), self._app.region, taken)
        return found.wall if found else ""

    def _first(self, key: int) -> str:
        """What shows an event just added: of a series its first occurrence."""
        row = self._app.snapshot.event(key)
        return series.ref(key, row["wall_start"] if row["recurrence"] else None)

    def _lead(self, event: Row) -> Row | None:
        """The event's contact, None when it has none (any more)."""
        return codec.record(self._app.snapshot.leads, event["lead_key"])

    def _lead_of(self, ref: str) -> int | None:
        """The lead of that reference, or the one that took it over."""
        found = lead_rows.key_of(self._app.snapshot.leads, ref)
        return found if found is not None else survivor_of(self._app.crm, ref)

    def _likely(self, day: date) -> int:
        """The next whole hour today, nine o’clock another day or before it."""
        now = self._app.crm.clock.now()
        return min(max((now.hour + 1) * 60, MORNING), 23 * 60) if day == now.date() else MORNING

    def _show_read(self) -> None:
        event = self._event.row()
        with self.widget.hold_sync():
            self.widget.head = {
                **rows.head(event, self._lead(event), self._app.region, self._app.crm.clock.now()),
                "invite": invitations.offered(self._app.crm, self._app.user, event["key"]),
                "invited": ", ".join(invitations.invited(self._app.crm, event["key"])),
            }
            self.widget.mode = "read"
            self.widget.shown = True

    def _slots(self, people: Collection[str]) -> list[Slot]:
        """When these people may propose to meet."""
        app, region = self._app, self._app.region
        events, now = app.snapshot.events, app.crm.clock.now()
        theirs = events[events["owner"].isin(people) & ~events["cancelled"]]
        planned = in_frame(theirs, app.snapshot.changed_occurrences, now, now + timedelta(days=AHEAD + 2), region)
        free = free_moments([*zip(planned["starts_at"], planned["ends_at"], strict=True)], now, region)
        return [
            {
                "day": dates.show(each.date(), region),
                "start": f"{each:%H:%M}",
                "end": f"{each + LASTS:%H:%M}",
                "words": f"{dates.near(each.date(), app.today(), region)} à {each:%H:%M}",
            }
            for each in free
        ]

    def _start_form(self, mode: str, form: dict[str, str], event: Row | None) -> None:
        self._draft.open(form, event)
        self._chosen = form["lead"], self._name_of(form["lead"])
        with self.widget.hold_sync():
            self.widget.chosen = {"ref": form["lead"], "title": self._chosen[1]} if self._chosen[1] else NOTHING
            self.widget.contacts, self.widget.slots = [], []
            self.widget.reminders = rows.reminder_choices(event)
            self.widget.categories = list(rows.categories(self._app.snapshot.events))
            self.widget.form = dict(self._draft.form)
            self.widget.errors = dict(self._draft.errors)
            self.widget.which = NOTHING
            self.widget.mode = mode
            self.widget.opened += 1
            self.widget.shown = True

    def _follow_draft(self, _change: Any) -> None:
        self.widget.errors = self._draft.errors
        self._app.frame.note_typing("event", self._draft.dirty)
