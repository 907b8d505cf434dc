"""The sheet of one lead on Contacts: opening, modifying, saving, conflicts, history."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from gnetics import texts
from gnetics.actions import leads as actions
from gnetics.actions import notes
from gnetics.actions.deals import new_deal
from gnetics.domain import leads as rules
from gnetics.domain.fields import CHOICES, EDITABLE
from gnetics.domain.quoting import shortened
from gnetics.domain.statuses import FIRST, LABELS
from gnetics.errors import Conflict, NotFound, Refused
from gnetics.pages.contacts import duplicate_notes, sheet_rows
from gnetics.pages.contacts.consigning import Consigning
from gnetics.pages.contacts.draft import lead_draft, lead_form
from gnetics.pages.contacts.lead_edits import LeadEdits
from gnetics.pages.contacts.lead_saving import ask_which, open_lead, say_saved, still_to_write
from gnetics.pages.contacts.lead_timeline import KINDS, LeadTimeline
from gnetics.pages.contacts.lead_verbs import LeadVerbs
from gnetics.pages.contacts.mail_thread import Exchange
from gnetics.pages.contacts.merging import Merging, team_only
from gnetics.pages.contacts.person import PersonBehind
from gnetics.pages.contacts.widgets.lead_sheet import LeadSheet
from gnetics.store.reading import scores
from gnetics.store.reading.merges import living_lead, survivor_of
from gnetics.store.reading.sequences import standing
from gnetics.widgets import codec, lead_rows
from gnetics.widgets.conflict import ConflictDialog

if TYPE_CHECKING:
    from gnetics.pages.app import App

Around = tuple[int, int, int | None, int | None]
QUICK = ("name", "company", "email", "phone", "status", "source")  # what a new contact is first asked for
QUICK_DEAL = ("name", "company", "amount", "expected_close", "next_follow_up", "source")
OF_THE_PERSON = ("name", "company", "job_title", "email", "phone", "source", "owner")  # what a new deal begins with
NEW: dict[str, Any] = {field.key: None for field in EDITABLE} | {"status": FIRST}


class Sheet:
    """Implements SheetHandler; `on_address(ref | "nouveau" | "")` tells the page what the address should name.

    `around(key)` gives the lead's place in the current list (from 1, 0 outside), its length, and the keys before and after.
    """

    def __init__(self, app: App, on_address: Callable[[str], None], around: Callable[[int], Around], edits: LeadEdits) -> None:
        self._app = app
        self._on_address = on_address
        self._around = around
        self._lead = open_lead(app)
        self._draft = lead_draft(app.region)
        self._earlier: int | None = None  # the closed deal of which the form is a new one
        self._then: Callable[[int], None] | None = None  # told the key of the new contact, once it is saved
        self._exchange = Exchange(app, self._lead)
        self._person = PersonBehind(app, self._lead)
        self.conflict = ConflictDialog(self._resolve)
        self.merging = Merging(app, self._merged)
        self.consigning = Consigning(app, self._lead, self._written)
        self.widget = LeadSheet(
            self,
            LeadVerbs(app, self._lead, edits, self._written, self._closed),
            exchange=self._exchange.widget,
            person=self._person.widget,
            statuses=list(LABELS),
            timeline_kinds=list(KINDS),
            fields=sheet_rows.form_fields(EDITABLE, app.region),
            date_format=app.region.date_format,
            first_day=(app.region.first_weekday + 1) % 7,
        )
        self._timeline = LeadTimeline(app, self.widget)
        team_only(app, self.widget)
        self._draft.observe(self._follow_draft, ["errors", "dirty"])
        self.widget.observe(lambda change: app.frame.note_typing("note", change.new), "noting")

    @property
    def editing(self) -> bool:
        return self.widget.shown and self.widget.mode != "read"

    @property
    def dirty(self) -> bool:
        """Whether something typed, in the form, the note's box or a mail, would be lost by showing another lead."""
        return self.widget.noting or self.mailing or (self.editing and (self.widget.typing or self._draft.dirty))

    @property
    def mailing(self) -> bool:
        return self._exchange.typing

    @property
    def lead_key(self) -> int | None:
        """Of the contact shown."""
        return self._lead.key

    def show_mail(self, key: int) -> None:
        """A mail of the contact shown, which the address names."""
        self._exchange.show_mail(key)

    def show(self, ref: str) -> None:
        """Open the sheet the address names; an unknown reference raises NotFound."""
        if ref == "nouveau":
            self.start_new()
        elif (key := self._find(ref)) != self._lead.key or not self.widget.shown:
            self._open(key)

    def hide(self) -> None:
        self._lead.open(None)
        self._then = self._earlier = None
        self._draft.open({}, {})
        self._exchange.hide()
        self.consigning.hide()
        self.widget.noting = self.widget.shown = False

    def refresh(self) -> None:
        """The data changed: follow it, except in a form being filled, which keeps what was typed."""
        if not self.widget.shown or self._lead.key is None:
            return
        was, self._lead.key = self._lead.key, self._app.snapshot.drafts.stored_as("leads", self._lead.key)
        if self.editing:
            return
        if self._lead.here:
            self._show_read()
            if self._lead.key != was:
                self._on_address(self.widget_ref())
        elif self.widget.noting or self.mailing:
            return  # the lead went: what is written stays to be copied, or added to the one that took it over
        elif not self._lead.lost and (survivor := self._survivor()) is not None:
            self._follow_survivor(survivor)
        else:
            self._closed()

    def start_new(self, known: Mapping[str, str] | None = None, then: Callable[[int], None] | None = None) -> None:
        """`known`: texts that the form begins with; `then` is told the key of the contact once it is saved."""
        if self.widget.shown and self.widget.mode == "new" and known is None:
            return
        self._lead.open(None)
        self._exchange.hide()
        self._then, self._earlier = then, None
        blank = {field.key: "" for field in EDITABLE} | {"status": FIRST}
        self._start_form("new", blank, dict.fromkeys(NEW) | {"status": None}, known or {})

    def new_deal(self) -> None:
        """« Nouvelle affaire » of somebody whose deal is won or lost."""
        row = self._lead.row()
        form = lead_form(row, self._app.region)
        self.start_new({name: form[name] for name in OF_THE_PERSON if form[name]})
        self._earlier = row["key"]
        self.widget.of_whom, self.widget.quick = rules.title(row), list(QUICK_DEAL)
        self._on_address("nouveau")

    def edit(self) -> None:
        row = self._lead.row()
        self._start_form("edit", lead_form(row, self._app.region), row)

    def cancel(self) -> None:
        """« Annuler » or Esc: a form goes back to the sheet, a sheet closes."""
        if self.widget.mode == "edit" and self._lead.here:
            self._draft.open({}, {})
            self._show_read()
        else:
            self._closed()

    def typed(self, form: dict[str, str]) -> None:
        self._draft.type(form)
        self.widget.errors = self._draft.errors  # a refusal of the store goes with the words it refused
        snapshot = self._app.snapshot
        known = codec.record(snapshot.leads, self._lead.key) or self._of_whom()
        changes = self._draft.changes()
        self.widget.duplicates = duplicate_notes.while_typing(snapshot, known, changes, self._app.region)
        self.widget.hints = sheet_rows.automatic(NEW | known | changes, self._app.today())

    def save(self, form: dict[str, str]) -> None:
        self._draft.type(form)
        if self._draft.blockers():
            return
        changes = self._draft.changes()
        self._write(changes, self._draft.seen(changes) if self._lead.key is not None else None)

    def open(self, ref: str) -> None:
        self._open(self._find(ref))
        self._on_address(ref)

    def older(self) -> None:
        """« Afficher la suite » of the timeline."""
        self._timeline.more()
        self._timeline.show(self._shown_key())

    def show_line(self, kind: str) -> None:
        """« Tout », « Échanges » or « Modifications »."""
        self._timeline.choose(kind)
        self._timeline.show(self._shown_key())

    def consign(self) -> None:
        """« Consigner », of the contact read, for whoever may write, and unless it was erased."""
        if self.widget.shown and self.widget.mode == "read" and not (self._app.session.locked or self.widget.head["erased"]):
            self.consigning.open()

    def merge(self, ref: str) -> None:
        self.merging.open([self._shown_key(), self._find(ref)])

    def unmerge(self, rev: int) -> None:
        self.merging.undo(self._shown_key(), rev)

    def add_note(self, ref: str, text: str) -> None:
        """To the lead it was typed for, or the one that took it over meanwhile."""
        self._lead.require_same()
        saved = notes.add_note(self._app.crm, self._app.user, self._find(ref), text, self._app.snapshot)
        self.widget.noting = False
        self._written(saved)

    def follow(self, page: str, query: dict[str, str]) -> None:
        """To an event or a mail of the timeline, or to a new event with this contact."""
        self._app.go(page, **query)

    def copied(self, done: bool) -> None:
        self._app.notify(texts.COPIED if done else texts.NOT_COPIED, "info" if done else "warning")

    def _write(self, changes: dict[str, Any], seen: dict[str, Any] | None) -> None:
        app = self._app
        self._lead.require_same()
        if self._lead.key is not None and not changes:
            self.cancel()
            app.notify(texts.NOTHING_CHANGED)
            return
        try:
            if self._earlier is not None and self._lead.key is None:
                saved = new_deal(app.crm, app.user, self._earlier, changes, app.snapshot)
            else:
                saved = actions.save_lead(app.crm, app.user, self._lead.key, changes, seen, app.snapshot)
        except Refused as refusal:
            self.widget.errors = dict(refusal.sentences)
            return
        except Conflict as conflict:
            ask_which(self.conflict, conflict, app.region)
            return
        except NotFound:
            self._say_gone()
            return
        then, self._then, self._earlier = self._then, None, None
        self._draft.open({}, {})
        self._written(saved)
        if then:
            then(saved.key)

    def _of_whom(self) -> dict[str, Any]:
        """What a new contact says of itself before anything is typed."""
        earlier = codec.record(self._app.snapshot.leads, self._earlier)
        return {"deal_of": rules.person(earlier)} if earlier else {}

    def _say_gone(self) -> None:
        """The contact went while its form was open: what was typed stays, for the one that took it over, or until it is restored."""
        app, survivor = self._app, self._survivor()
        app.changed()
        if survivor is None:
            app.notify(texts.FORM_ORPHAN, "error")
            return
        self._lead.open(survivor)
        app.notify(texts.FORM_FOLLOWS.format(title=rules.title(self._lead.row())), "error")

    def _survivor(self) -> int | None:
        return living_lead(self._app.crm, self._shown_key())

    def _written(self, saved: actions.Saved, said: str = "") -> None:
        self._app.changed()
        if saved.key in self._app.snapshot.leads.index:
            self._follow_survivor(saved.key)
        else:
            self._closed()
        say_saved(self._app, saved, said)

    def _merged(self, key: int) -> None:
        """What is being typed stays on screen: it goes to the survivor once saved."""
        if not self.dirty:
            self._follow_survivor(key)

    def _follow_survivor(self, key: int) -> None:
        self._open(key)
        self._on_address(self.widget_ref())

    def _closed(self) -> None:
        self.hide()
        self._on_address("")

    def _resolve(self, kept: dict[str, Any], stored: dict[str, Any]) -> None:
        """The choices of the conflict dialog, saved with the rest of the form."""
        changes = self._draft.changes() | kept
        seen = self._draft.seen(changes) | stored
        self._write(still_to_write(changes, stored), seen)

    def widget_ref(self) -> str:
        return lead_rows.reference(self._lead.row())

    def _shown_key(self) -> int:
        self._lead.require_same()
        assert self._lead.key is not None  # these verbs are on the sheet of a lead
        return self._lead.key

    def _find(self, ref: str) -> int:
        """The lead of that reference, or the one it was merged into."""
        leads = self._app.snapshot.leads
        key = lead_rows.key_of(leads, ref)
        if key is None:
            key = survivor_of(self._app.crm, ref)
        if key is None or key not in leads.index:
            raise NotFound(texts.UNKNOWN_LEAD.format(ref=shortened(ref)))
        return key

    def _open(self, key: int) -> None:
        if key != self._lead.key:
            self.widget.noting = False
            self.consigning.hide()
            self._timeline.start()
        self._then = self._earlier = None
        self._lead.open(key)
        self._show_read()

    def _show_read(self) -> None:
        row, app = self._lead.row(), self._app
        today = app.today()
        unread = json.loads(row["unread"]) if row["unread"] else {}
        with self.widget.hold_sync():
            follow_ups = sheet_rows.follow_ups(standing(app.crm, row["key"]), app.crm.clock.now(), app.region)
            self.widget.head = sheet_rows.head(row, follow_ups, today)
            self.widget.sections = sheet_rows.sections(row, today, app.region, unread)
            self.widget.missing = rules.missing(row)[:3]
            self.widget.duplicates = duplicate_notes.notes(app.snapshot, row)
            self.widget.deals = sheet_rows.other_deals(app.snapshot.real, row, app.region)
            self._exchange.show()
            self._person.show()
            self._timeline.show(self._shown_key())
            self.show_place()
            self.widget.score = sheet_rows.score_parts(scores.explain(app.crm, row), row["score"] is not None)
            self.widget.mode = "read"
            self.widget.shown = True

    def show_place(self) -> None:
        """Where the lead is in the current list, and its neighbours there."""
        if self._lead.key is not None:
            place, length, before, after = self._around(self._lead.key)
            leads = self._app.snapshot.leads
            beside = leads.loc[[key for key in (before, after) if key is not None], ["lead_id"]]
            refs = {row["key"]: lead_rows.reference(row) for row in codec.records(beside)}
            self.widget.around = {"place": place, "length": length, "before": refs.get(before, ""), "after": refs.get(after, "")}

    def _start_form(self, mode: str, form: dict[str, str], original: dict[str, Any], known: Mapping[str, str] | None = None) -> None:
        self._draft.open(form, original)
        if mode == "new":
            self._draft.type({"status": FIRST, **(known or {})})
        with self.widget.hold_sync():
            self.widget.options = self._options()
            self.widget.hints = sheet_rows.automatic(NEW | original | self._draft.changes(), self._app.today())
            self.widget.duplicates = []
            self.widget.form = form | dict(known or {})
            self.widget.of_whom, self.widget.quick = "", list(QUICK)
            self.widget.errors = {}
            self.widget.mode = mode
            self.widget.opened += 1
            self.widget.shown = True

    def _options(self) -> dict[str, list[str]]:
        real = self._app.snapshot.real
        spellings = {
            key: sorted(real[key].dropna().str.strip().unique().tolist(), key=str.casefold)[:200]
            for key in ("source", "owner", "lost_reason")
        }
        return {"status": list(LABELS)} | {key: list(choices) for key, choices in CHOICES.items()} | spellings

    def _follow_draft(self, _change: Any) -> None:
        self.widget.errors = self._draft.errors
        self._app.frame.note_typing("lead", self._draft.dirty)
