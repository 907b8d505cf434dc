"""The two views of Contacts beside its cards: the table and the pipeline."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from gnetics.domain import money
from gnetics.domain.fields import CHOICES
from gnetics.domain.statuses import LABELS, OPEN
from gnetics.metrics.population import Population, exact_sum
from gnetics.pages.contacts import list_rows, table_rows
from gnetics.pages.contacts.facets import Ints
from gnetics.pages.contacts.lead_edits import LeadEdits
from gnetics.pages.contacts.shown import ContactFilters, ContactIndex
from gnetics.pages.contacts.sorts import turned
from gnetics.pages.contacts.widgets.leads_table import LeadsTable
from gnetics.pages.contacts.widgets.pipeline import Pipeline, PipelineColumn
from gnetics.widgets import lead_rows
from gnetics.widgets.lead_rows import Row

if TYPE_CHECKING:
    from gnetics.pages.app import App

OFFERED = ("source", "owner", "lost_reason", "company")  # fields whose known values are offered while typing
MOST_OFFERED = 200
CARDS, MORE = 12, 24  # cards of a column: at first, and at each « Voir la suite »


class TableView:
    """Implements TableHandler; `on_filter` receives the order or the columns asked for."""

    size = 50

    def __init__(
        self,
        app: App,
        edits: LeadEdits,
        on_open: Callable[[str], None],
        on_filter: Callable[[dict[str, Any]], None],
        on_pick: Callable[[list[str], bool, bool], None],
    ) -> None:
        self._app, self._edits = app, edits
        self._on_open, self._on_filter, self._on_pick = on_open, on_filter, on_pick
        self._filters = ContactFilters()
        self._offered = -1  # the version of the data whose values are offered
        self.widget = LeadsTable(self, fields=[{"key": c["key"], "label": c["label"]} for c in list_rows.columns()])

    def show(self, rows: list[Row], index: ContactIndex, filters: ContactFilters) -> None:
        """A page of the contacts of `index`, in their order."""
        self._filters = filters
        today, region, keys = self._app.today(), self._app.region, filters.columns
        with self.widget.hold_sync():
            self.widget.columns = table_rows.columns(keys)
            self.widget.rows = [table_rows.table_row(row, keys, today, region) for row in rows]
            self.widget.sort = {"column": filters.order.column, "ascending": filters.order.ascending}
            if self._offered != self._app.snapshot.version:
                self._offered = self._app.snapshot.version
                self.widget.options = self._options(index)

    def open(self, ref: str) -> None:
        self._on_open(ref)

    def sort(self, column: str) -> None:
        self._on_filter({"sort": turned(self._filters.order, column)})

    def pick(self, refs: list[str], on: bool, through: bool) -> None:
        self._on_pick(refs, on, through)

    def show_columns(self, columns: list[str]) -> None:
        known = [column["key"] for column in list_rows.columns()]
        if kept := [key for key in columns if key in known]:
            self._on_filter({"columns": kept})

    def edit(self, ref: str, field: str, text: str) -> str:
        if field not in table_rows.INLINE:
            raise ValueError(f"not edited in a row: {field}")
        return self._edits.edit(ref, field, text)

    @staticmethod
    def _options(index: ContactIndex) -> dict[str, list[str]]:
        """Statuses and other choices, and the most used values of some fields."""
        used = {key: index.known(key, MOST_OFFERED) for key in OFFERED}
        return {"status": list(LABELS)} | {key: list(choices) for key, choices in CHOICES.items()} | used


class PipelineView:
    """Implements PipelineHandler."""

    def __init__(self, app: App, edits: LeadEdits, on_open: Callable[[str], None]) -> None:
        self._app, self._edits, self._on_open = app, edits, on_open
        self._wanted: dict[str, int] = {}  # cards asked for beyond the first ones, by status
        self._moved: int | None = None  # the key of the card moved last, which stays in sight
        self._shown: tuple[ContactIndex, Population, Ints] | None = None
        self.widget = Pipeline(self, statuses=list(LABELS))

    def show(self, index: ContactIndex, people: Population, places: Ints) -> None:
        """The contacts at these places of `index`, in that order; a column of known statuses stays when it is empty."""
        self._shown = index, people, places
        coded = index.coded("statut")
        ranks = coded.codes[places]
        self.widget.columns = [
            self._column(index, people, places[ranks == rank], status)
            for rank, status in enumerate(coded.values)
            if status in LABELS or np.any(ranks == rank)
        ]

    def _column(self, index: ContactIndex, people: Population, places: Ints, status: str) -> PipelineColumn:
        today, region = self._app.today(), self._app.region
        total = exact_sum(people.amount[places])
        most = self._wanted.get(status, CARDS)
        moved = places[most:][index.real.index[places[most:]] == self._moved]
        cards = list_rows.records(index, index.real.iloc[np.concatenate([places[:most], moved])])
        return {
            "status": status,
            "known": status in LABELS,
            "open": status in OPEN,
            "count": len(places),
            "sum": money.short(total, region),
            "exact": money.show(total, region),
            "cards": [list_rows.card(row, today, region) for row in cards],
        }

    def open(self, ref: str) -> None:
        self._on_open(ref)

    def move(self, ref: str, status: str) -> None:
        if status not in LABELS:
            raise ValueError(f"not a status: {status}")
        self._moved = lead_rows.key_of(self._app.snapshot.leads, ref)
        self._edits.set_status(ref, status)

    def more(self, status: str) -> None:
        self._wanted[status] = self._wanted.get(status, CARDS) + MORE
        if self._shown:
            self.show(*self._shown)
