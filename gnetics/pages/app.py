"""The app of one session: store, snapshot, frame, and the pages it has shown."""

from __future__ import annotations

import importlib
import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Protocol

from IPython.display import display
from ipywidgets import DOMWidget

from gnetics import texts
from gnetics.domain import leads as lead_rules
from gnetics.domain import rights
from gnetics.domain.accesses import PAGE, Access
from gnetics.domain.regions import Region
from gnetics.domain.typography import spaced
from gnetics.errors import Forbidden, StoreError, StoreReplaced
from gnetics.pages.frame import Found, Frame
from gnetics.pages.reminders import Reminders
from gnetics.state import address
from gnetics.state.request import Request
from gnetics.state.search import holding
from gnetics.state.session import Session
from gnetics.state.sidebar import MODULES, PAGES
from gnetics.store import access_log, memory
from gnetics.store.analyses import published
from gnetics.store.crm import Crm
from gnetics.store.frames import Changes
from gnetics.store.people.accounts import Standing
from gnetics.widgets import codec, guard, lead_rows
from gnetics.widgets.announcing import Unheard

log = logging.getLogger(__name__)


LASTING = timedelta(minutes=5)  # a page tells what is over, late or next: with the hour it is no longer true
AHEAD = ("dashboard", "contacts", "dash_data")  # the pages longest to show are made while the first one is read


class Page(Protocol):
    """A page of the app: built once and filled by `refresh`, then told of visits and of new data."""

    widget: DOMWidget

    def visit(self, query: dict[str, str]) -> None:
        """The address now names this page with this query (first visit, move, Back, deep link)."""

    def refresh(self) -> None:
        """The snapshot changed; called when the page is on screen, or at its next visit."""


class App:
    """One per kernel. Pages read `crm`, `snapshot`, `session`, and call `go`, `notify`, `changed`."""

    def __init__(self, crm: Crm, user: str = "", libraries: Unheard | None = None) -> None:
        self.crm = crm
        self.snapshot = crm.snapshot(user)
        self.session = Session(user=user, demo=crm.kind == "demo")
        self.frame = Frame(self.session, [{"key": p.key, "title": p.title, "icon": p.icon} for p in PAGES], AHEAD, self)
        self._pages: dict[str, Page] = {}
        self._undo: Callable[[], None] | None = None
        self._cut = False  # the address says less than the page shows
        self._filled: dict[str, tuple[int, datetime]] = {}  # the snapshot's version that each page shows, and since when
        self._unheard = Unheard()
        self._libraries = libraries or Unheard()  # what they made at their import
        self._said_replaced = False
        self._in_lab = False
        guard.report_to(self.notify, self.check_rights)
        self._reminders = Reminders(self)
        self._note_freshness()

    @property
    def user(self) -> str:
        return self.session.user

    @property
    def region(self) -> Region:
        return self.crm.region

    def today(self) -> date:
        return self.crm.clock.today()

    def hand_over(self, what: Access, name: str, rows: int | None = None) -> None:
        """Tell the access log of a file before its person has it; raises StoreError."""
        access_log.note(self.crm, what, self.user, place=PAGE, rows=rows, detail=name)

    def show(self, key: str, request: Request) -> None:
        """Open the frame at a page; what a warm kernel loaded earlier is brought up to date first.

        Raises Forbidden when it was made for everybody's eyes, and this person sees only their own leads.
        """
        self.session.user, self._in_lab = request.user, request.page is None
        if self._note_standing().own_leads and self.snapshot.user != request.user:
            raise Forbidden(texts.RIGHTS_JUST_CHANGED)
        self._libraries.announce("")
        self._unheard.announce("")
        self.snapshot.user = request.user
        self._reread()
        self._note_freshness()
        self._note_analyses()
        self._note_reminders()
        self.frame.route = key
        self.moved(key, request.query)
        memory.give_back()
        display(self.frame)  # type: ignore[no-untyped-call]

    def go(self, page: str, *, how: str = "push", **query: str) -> None:
        """Move to a page, as a click in the sidebar would; how is push, replace or none."""
        self.set_query(page, query, how)
        self.moved(page, query)

    def set_query(self, page: str, query: dict[str, str], how: str = "replace") -> None:
        """Write the address of what the page already shows, or as much as fits; how is push (Back comes here again) or replace."""
        kept = address.fitting(query)
        self.frame.navigate(page, kept, how)
        if kept != query and not self._cut:
            self.notify(texts.ADDRESS_TOO_LONG, "warning")
        self._cut = kept != query

    def notify(self, text: str, kind: str = "info", undo: Callable[[], None] | None = None) -> None:
        """A sentence at the bottom; with `undo`, it offers « Annuler » until the next one."""
        self._undo = undo
        self.frame.say(spaced(text), kind, undo is not None)

    def undo(self) -> None:
        """« Annuler » in the last notice; once only."""
        undo, self._undo = self._undo, None
        if undo:
            undo()

    def say_facts(self, key: str, facts: str) -> None:
        """The grey words beside a page's title."""
        self.frame.facts = self.frame.facts | {key: facts}

    def page(self, key: str) -> Page:
        """The page: at its first use built and filled, unless it was inherited; `moved` mounts it."""
        if key not in self._pages:
            made: Page = importlib.import_module(MODULES[key]).build(self)
            self._fill(key, made)
            self._pages[key] = made
            memory.give_back()
        self._unheard.announce(key)
        return self._pages[key]

    def make_all(self) -> None:
        """Make every page, for the kernels that will be forked from this process; each is announced where it is first used."""
        self._unheard.take("")
        self.crm.standing(self.user)  # a first time costs a compilation of its queries, which kernels inherit
        published(self.crm)
        self._reminders.look_ahead()
        for key in MODULES:
            try:
                self.page(key)
            except Exception:  # the kernel that shows this page will make it itself, and say what is wrong
                log.exception("%s cannot be made ahead", key)
            self._unheard.take(key)

    def refill(self) -> None:
        """Fill again what was made and is no longer true; the pages stay unknown to the browser."""
        for key, page in self._pages.items():
            if not self._true(key):
                self._fill(key, page)
        self._reminders.look_ahead()
        memory.give_back()

    def moved(self, page: str, query: dict[str, str]) -> None:
        """The browser shows `page` (an unknown name shows Accueil); of an address longer than any of ours, the page follows a part."""
        key = page if page in MODULES else "accueil"
        shown = self._fresh(key)
        self.session.page = key
        followed = address.fitting(query)
        try:
            shown.visit(followed)
        finally:  # mounted last: a template never meets empty data, nor a chart new data while its view is being made
            self.frame.add_slot(key, shown.widget)
            self.frame.arrived += 1
        if followed != query:
            self.frame.navigate(key, followed, "replace")
            self.notify(texts.ADDRESS_NOT_FOLLOWED, "warning")

    def _fresh(self, key: str) -> Page:
        page = self.page(key)
        if not self._true(key):
            self._fill(key, page)
        return page

    def _fill(self, key: str, page: Page) -> None:
        page.refresh()
        self._filled[key] = self.snapshot.version, self.crm.clock.instant()

    def _true(self, key: str) -> bool:
        version, since = self._filled[key]
        return version == self.snapshot.version and abs(self.crm.clock.instant() - since) < LASTING

    def prepare(self, key: str) -> None:
        """Mount a page that nobody asked for yet, hidden: its first visit is then as quick as the others."""
        if key in AHEAD and not self.frame.mounted(key):
            made = self._fresh(key)
            made.visit({})
            self.frame.add_slot(key, made.widget)

    def refresh(self) -> None:
        """« Rafraîchir »: reread the store, drop session-only changes, update what is on screen."""
        demo, changes = self.session.demo, self._reread()
        self._spread()
        if changes.replaced and demo and not self.session.demo:
            self.notify(texts.OWN_STORE_READ, "success")
        elif changes.replaced:
            self.notify(texts.ANOTHER_STORE_READ, "warning")
        elif changes.dropped:
            self.notify(texts.DROPPED.format(count=changes.dropped), "warning")
        elif count := sum(changes.rows.values()):
            self.notify(texts.REFRESHED_CHANGES.format(count=count), "success")
        else:
            self.notify(texts.NOTHING_NEW, "info")

    def changed(self) -> None:
        """After an action: show what it wrote (and what others wrote before it); session-only changes stay."""
        self.snapshot.catch_up()
        self._spread()

    def check_newer(self) -> None:
        """Every 30 s: does the store hold something newer than the screen, and is all of that still this person's to see?

        A demo that gave way to the team's own store is left at once.
        """
        try:
            self.session.newer, replaced = self.snapshot.is_behind(), False
        except StoreReplaced:
            if self.session.demo and self.crm.kind == "real":
                self.refresh()
                replaced = False
            else:
                self.session.newer = replaced = True
        if replaced and not self._said_replaced:
            self.notify(texts.ANOTHER_STORE, "warning")
        self._said_replaced = replaced
        self.session.sync_active = self.crm.sync_active()
        self._note_analyses()
        self.check_rights()
        self._note_reminders()

    def check_rights(self) -> None:
        """Before all that the browser asks: raises Forbidden for whoever may enter no more; a limit that is new counts at once."""
        try:
            standing = self._note_standing()
        except StoreError:  # nothing is read then but what is here already, as this person may see it
            return
        if standing.refusal:
            raise Forbidden(standing.refusal)
        if standing.own_leads != self.snapshot.limited:
            try:
                self.snapshot.catch_up()
            except StoreReplaced:
                self._reread()
            self.refill()
            self.frame.contacts = []
            self._note_freshness()
            self.notify(texts.RIGHTS_CHANGED, "warning")

    def find(self, text: str, *, erased: bool = True) -> list[Found]:
        """Contacts for the palette, or without those who were `erased` for what is given to one: at most 8 that hold every word."""
        real = self.snapshot.real
        if not erased:
            real = real[real["erased_at"].isna()]
        rows = codec.records(real[holding(text, real["search"])].head(8)) if text else []
        return [
            {
                "page": "contacts",
                "query": {"lead": lead_rows.reference(row)},
                "ref": lead_rows.reference(row),
                "title": lead_rules.title(row),
                "detail": " · ".join(part for part in (row["company"], row["status"]) if part),
                "icon": "mdi-account-outline",
            }
            for row in rows
        ]

    def _reread(self) -> Changes:
        changes = self.snapshot.refresh()
        if changes.replaced:
            self.session.demo = self.crm.kind == "demo"
            self.session.stores += 1
        return changes

    def recalled(self, ref: str, answer: str) -> None:
        self._reminders.answer(ref, answer)
        self._note_reminders()

    def _note_reminders(self) -> None:
        self.frame.recalled = self._reminders.now()

    def _spread(self) -> None:
        self._note_freshness()
        self._note_reminders()
        shown = self.session.page
        if shown in self._pages:
            self._fill(shown, self._pages[shown])
        memory.give_back()

    def _note_standing(self) -> Standing:
        """What the person sees of their role; what they may do is read again by each action."""
        standing = self.crm.standing(self.user)
        with self.frame.hold_sync():
            self.session.role = standing.role + texts.OWN_LEADS * standing.own_leads if standing.account else ""
            self.session.own_door = standing.account and not self.crm.settings.proxy_user_header
            refusal = texts.NAME_IN_LAB if self._in_lab and standing.refusal else standing.refusal
            self.session.locked = refusal or (texts.READ_ONLY if standing.role == rights.READER else "")
        return standing

    def _note_analyses(self) -> None:
        self.frame.analyses = [{"name": each.name, "title": each.title} for each in published(self.crm)]

    def _note_freshness(self) -> None:
        session = self.session
        session.refreshed_at = texts.REFRESHED.format(time=self.crm.clock.now().strftime("%H:%M"))
        session.newer = False
        session.sync_active = self.crm.sync_active()
        session.unsaved = self.snapshot.unsaved
