"""Contacts: card grid, filters, the lead's sheet, and « Contacts par statut »; the page that writes leads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ipyvuetify as v
import numpy as np
import traitlets as tl

from gnetics import texts
from gnetics.domain import money
from gnetics.domain.quoting import shortened
from gnetics.domain.typography import number
from gnetics.errors import NotFound
from gnetics.metrics.population import Population, exact_sum
from gnetics.pages.app import App
from gnetics.pages.contacts import list_rows
from gnetics.pages.contacts.bin import Bin
from gnetics.pages.contacts.doubts import Doubts
from gnetics.pages.contacts.facets import DOUBT, FACETS, FacetValue, Mask
from gnetics.pages.contacts.import_dialog import Import
from gnetics.pages.contacts.lead_edits import LeadEdits
from gnetics.pages.contacts.lead_menu import Menu
from gnetics.pages.contacts.lead_sheet import Around, Sheet
from gnetics.pages.contacts.loose_mail import Attaching
from gnetics.pages.contacts.lots import Lots
from gnetics.pages.contacts.recent_lots import RecentLots
from gnetics.pages.contacts.saved_views import Views
from gnetics.pages.contacts.shown import PAGE_SIZE, VIEWS, ContactFilters, ContactIndex
from gnetics.pages.contacts.sorts import SORTS
from gnetics.pages.contacts.status_tables import ByStatus
from gnetics.pages.contacts.views import PipelineView, TableView
from gnetics.pages.contacts.widgets.contacts_grid import ContactsGrid, Facet, FacetOption, SelectionFigure
from gnetics.pages.opening import opener
from gnetics.state.address import number as whole
from gnetics.store.reading import logs
from gnetics.widgets import codec, lead_rows

OPEN_FACETS = ("statut", "relance", DOUBT, "source", "responsable")  # the others are unfolded by the person


class ContactsPage:
    """The page's address carries the filters, `lead` (a reference, or « nouveau ») when a sheet is open, and `message` (a key), which
    opens a mail on the sheet, or the dialog that attaches one that is nobody's; with `consigner`, the sheet opens on « Consigner »,
    with `importer` the dialog « Importer »."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._filters = ContactFilters()
        self._index: ContactIndex  # made by the first refresh, which comes before the first visit
        self._population: Population
        self._edits = LeadEdits(app)
        self._sheet = Sheet(app, self._write_address, self._around, self._edits)
        self._attaching = Attaching(app, self._closed_mail, self._add_known)
        self._bin = Bin(app)
        self._importing = Import(app)
        self._recent = RecentLots(app)
        self._lots = Lots(app, self._sheet.merging, self._show_picked, self._recent.undo)
        self._table_view = TableView(app, self._edits, self.open, self.filter, self.pick)
        self._pipeline_view = PipelineView(app, self._edits, self.open)
        self._views = Views(app, self._filters, self._follow_view)
        self._grid = ContactsGrid(
            self,
            views=[{"key": key, "label": label} for key, label in VIEWS],
            slots=[
                {"key": key, "widget": part.widget}
                for key, part in (
                    ("table", self._table_view),
                    ("pipeline", self._pipeline_view),
                    ("vues", self._views),
                    ("lot", self._lots),
                )
            ]
            + [{"key": "export", "widget": self._lots.exporter}],
        )
        for view in (self._table_view.widget, self._pipeline_view.widget):
            tl.dlink((self._grid, "selected"), (view, "selected"))
        self._menu = Menu(app, self._sheet.merging, self.open, self._pipeline_view.move, self._address)
        self._by_status = ByStatus(app, self.open)
        self._tables = self._by_status.widget
        parts = (
            self._menu.widget,
            self._sheet.widget,
            self._sheet.conflict,
            self._sheet.consigning.widget,
            self._sheet.consigning.conflict,
            self._sheet.merging.widget,
            self._attaching.widget,
            self._importing.widget,
            self._bin.widget,
            self._recent.widget,
            *self._edits.widgets,
        )
        self.widget = v.Html(tag="div", class_="g-page", children=[self._grid, self._tables, *parts])

    def visit(self, query: dict[str, str]) -> None:
        before = self._filters.to_query()
        self._filters.from_query(query)
        if self._filters.to_query() != before:
            self._lots.forget()
            self._show_grid()
        ref, message = query.get("lead", ""), query.get("message", "")
        if ref != self._grid.selected and self._typed_first():  # Back, Ctrl+K, a link: the address goes back to what is being typed
            self._app.set_query("contacts", self._address(self._grid.selected), how="push")
            return
        try:
            if ref:
                self._sheet.show(ref)
            else:
                self._sheet.hide()
        except NotFound as missing:
            self._sheet.hide()
            self._app.notify(str(missing), "warning")
        self._grid.selected = ref
        self._attaching.hide()
        if message:
            self._show_mail(message)
        if query.get("consigner"):  # said once: neither Back nor a reload asks for it again
            self._app.set_query("contacts", self._address(self._grid.selected))
            self._sheet.consign()
        elif query.get("importer"):
            self._app.set_query("contacts", self._address(self._grid.selected))
            self._importing.open()

    def _show_mail(self, message: str) -> None:
        """Where the mail of an address is read and answered: on the sheet of its contact, else in the dialog that finds one."""
        app, key = self._app, whole(message)
        mail = None if key is None else logs.entry(app.crm, app.user, logs.MAIL, key)
        if mail and mail["lead_key"] is not None and mail["lead_key"] not in app.snapshot.leads.index:
            app.changed()  # a contact that came with its mail
        if mail is None:
            app.notify(texts.UNKNOWN_MAIL.format(ref=shortened(message)), "warning")
        elif mail["lead_key"] is None:
            self._attaching.open(mail)
        elif self._sheet.lead_key is None and mail["lead_key"] in app.snapshot.leads.index:
            ref = lead_rows.reference(app.snapshot.lead(mail["lead_key"]))
            app.go("contacts", how="replace", **self._address(ref), message=message)
        elif self._sheet.lead_key == mail["lead_key"]:
            self._sheet.show_mail(mail["key"])
        else:
            app.notify(texts.MAIL_OF_ANOTHER, "warning")

    def _closed_mail(self) -> None:
        self._app.set_query("contacts", self._address(self._grid.selected), how="push")

    def _add_known(self, known: dict[str, str], then: Callable[[int], None]) -> None:
        """A new contact of whom something is known."""
        self._sheet.start_new(known, then)
        self._write_address("nouveau")

    def refresh(self) -> None:
        app = self._app
        snapshot, today = app.snapshot, app.today()
        doubts = Doubts(snapshot.real, snapshot.messages, snapshot.pairs, today, app.region.zone)
        self._index = ContactIndex(snapshot.real, doubts, today, app.region, getattr(self, "_index", None))
        self._population = Population.of(app.snapshot.leads, app.today())
        self._show_facts()
        self._show_grid()
        self._by_status.show(self._index)
        self._sheet.refresh()

    def _show_facts(self) -> None:
        count, aside = len(self._index.real), self._app.snapshot.set_aside
        plural = ("contacts réels" if count > 1 else "contact réel") + texts.OF_YOURS * self._app.snapshot.limited
        self._app.say_facts("contacts", f"{number(count)} {plural}" + (f" · {aside} écarté{'s' if aside > 1 else ''}" if aside else ""))

    def _show_grid(self) -> None:
        """The view on screen, with the facets, chips and figures around it."""
        filters, index = self._filters, self._index
        kept = index.matching(filters)
        places = index.places(filters, kept)
        self._listed = index.real.index[places]
        size = self._table_view.size if filters.view == "table" else PAGE_SIZE
        pages = max(1, -(-len(places) // size)) if filters.view != "pipeline" else 1
        filters.page = min(filters.page, pages)
        shown = index.real.iloc[places[(filters.page - 1) * size : filters.page * size]]
        self._shown = shown.index
        if filters.view == "table":
            self._table_view.show(list_rows.records(index, shown), index, filters)
        elif filters.view == "pipeline":
            self._pipeline_view.show(index, self._population, places)
        with self._grid.hold_sync():
            self._grid.text, self._grid.view = filters.text, filters.view
            if filters.view == "cartes":
                self._grid.cards = [list_rows.card(row, self._app.today(), self._app.region) for row in list_rows.records(index, shown)]
            self._grid.count, self._grid.total = len(places), len(index.real)
            self._grid.limited = self._app.snapshot.limited
            self._grid.page, self._grid.pages, self._grid.filtered = filters.page, pages, filters.active
            self._show_filters(kept)
            self._views.mark()
            self._views.suggest(filters.named(index))
        self._show_picked()

    def _show_picked(self) -> None:
        leads = self._app.snapshot.leads
        refs = [
            lead_rows.reference(row)
            for row in codec.records(leads.loc[self._lots.show(self._index, self._listed, self._shown)], ["lead_id"])
        ]
        self._grid.picked = self._table_view.widget.picked = refs

    def _show_filters(self, kept: Mask) -> None:
        filters, grid = self._filters, self._grid
        order = filters.order
        grid.sorts = [{"key": s.key, "words": s.words} for s in (*SORTS, *(() if order in SORTS else (order,)))]
        grid.sort = order.key
        values = self._index.facets(filters, kept)
        grid.facets = [self._facet(key, title, values[key]) for key, title in FACETS]
        grid.chips = [
            {"facet": key, "value": value, "label": f"{title}\u00a0: {self._index.label(key, value)}"}
            for key, title in FACETS
            for value in filters.chosen.get(key, [])
        ]
        grid.figures = self._figures(kept) if filters.active and kept.any() else []

    def _figures(self, kept: Mask) -> list[SelectionFigure]:
        """« Chiffres de la sélection »."""
        people, region = self._population, self._app.region
        without = int(np.count_nonzero(kept & people.missing("amount")))
        figures = {
            "Montant": money.show(exact_sum(people.amount[kept]), region),
            "Pondéré": money.show(exact_sum(people.weighted[kept]), region),
        } | ({texts.NO_AMOUNT.capitalize(): number(without)} if without else {})
        return [{"label": label, "text": text} for label, text in figures.items()]

    def _facet(self, key: str, title: str, values: list[FacetValue]) -> Facet:
        chosen = self._filters.chosen.get(key, [])
        options: list[FacetOption] = [{"value": v.value, "label": v.label, "count": v.count, "on": v.value in chosen} for v in values]
        return {"key": key, "title": title, "options": options, "open": key in OPEN_FACETS}

    def filter(self, asked: dict[str, Any]) -> None:
        filters = self._filters
        if asked.keys() & {"clear", "text", "toggle"}:
            self._lots.forget()
        if asked.get("clear"):
            filters.clear()
        elif "text" in asked:
            filters.text, filters.page = str(asked["text"]), 1
        elif "toggle" in asked:
            filters.toggle(*map(str, asked["toggle"]))
        elif "sort" in asked:
            filters.sort, filters.page = str(asked["sort"]), 1
        elif "view" in asked:
            filters.view, filters.page = str(asked["view"]), 1
        elif "columns" in asked:
            filters.columns = asked["columns"]
        elif "page" in asked:
            filters.page = int(asked["page"])
        self._show_grid()
        self._sheet.show_place()
        self._app.set_query("contacts", self._address(self._grid.selected))

    def _follow_view(self, query: dict[str, str]) -> None:
        """A saved view is a place of its own: Back leaves it."""
        self._filters.from_query(query)
        self._lots.forget()
        self._show_grid()
        self._sheet.show_place()
        self._app.set_query("contacts", self._address(self._grid.selected), how="push")

    def _around(self, key: int) -> Around:
        """Place in the list as filtered and sorted (from 1, 0 outside), length, and the keys before and after."""
        found = (self._listed == key).nonzero()[0]
        if not len(found):
            return 0, len(self._listed), None, None
        at, last = int(found[0]), len(self._listed) - 1
        return at + 1, last + 1, int(self._listed[at - 1]) if at else None, int(self._listed[at + 1]) if at < last else None

    def _typed_first(self) -> bool:
        """Whether a form or a note being typed must be finished first; says so."""
        if self._sheet.dirty:
            sheet = self._sheet
            self._app.notify(texts.FINISH_FORM if sheet.editing else texts.FINISH_MAIL if sheet.mailing else texts.FINISH_NOTE, "warning")
        return self._sheet.dirty

    def open(self, ref: str) -> None:
        if self._typed_first():
            return
        self._sheet.show(ref)
        self._write_address(ref)

    def add(self) -> None:
        if self._typed_first():
            return
        self._sheet.start_new()
        self._write_address("nouveau")

    def open_import(self) -> None:
        if not self._typed_first():
            self._importing.open()

    def open_bin(self) -> None:
        self._bin.open()

    def open_recent(self) -> None:
        self._recent.open()

    def compare(self, ref: str) -> None:
        self._menu.compare(ref)

    def pick(self, refs: list[str], on: bool, through: bool) -> None:
        self._lots.pick(refs, on, through)

    def _write_address(self, ref: str) -> None:
        if ref == self._grid.selected:
            return
        self._grid.selected = ref
        self._app.set_query("contacts", self._address(ref), how="push")

    def _address(self, ref: str) -> dict[str, str]:
        return self._filters.to_query() | ({"lead": ref} if ref else {})


def build(app: App) -> ContactsPage:
    return ContactsPage(app)


show = opener("contacts")
