"""What the two log pages do alike: filters in the address, counters, one page of rows, a detail that Back closes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

import ipyvuetify as v
import pandas as pd

from gnetics.domain.quoting import shortened
from gnetics.pages.logs import log_rows
from gnetics.pages.logs.log import PAGE_SIZE, PERIODS, LogFilters, LogIndex
from gnetics.pages.logs.log_rows import Row
from gnetics.pages.logs.widgets.details import LogDetail
from gnetics.pages.logs.widgets.log_table import LogTable
from gnetics.state.address import number
from gnetics.widgets import codec, lead_rows

if TYPE_CHECKING:
    from gnetics.pages.app import App


class LogPage(ABC):
    """The address carries the filters, and `detail_name` (a key) when an entry is open. Nothing here writes."""

    key: str
    detail_name: str
    missing: str  # said when the entry named by the address does not exist
    counted: str  # the facet of the counters

    def __init__(self, app: App, filters: LogFilters, detail: type[LogDetail], **traits: Any) -> None:
        self.app = app
        self.filters = filters
        self.index: LogIndex  # made by the first refresh, which comes before the first visit
        self.opened: int | None = None
        self.detail = detail(self)
        self.table = LogTable(self, counted=self.counted, **traits)
        self.widget = v.Html(tag="div", class_="g-page", children=[self.table, self.detail])

    # each log's own

    @abstractmethod
    def build_index(self) -> LogIndex: ...
    @abstractmethod
    def counters(self, counts: dict[str, int]) -> list[Row]:
        """Tiles whose first is the total; `counts` are those under the other filters."""

    @abstractmethod
    def selects(self) -> list[Row]:
        """The drop-down filters, the period apart."""

    @abstractmethod
    def rows(self, pairs: list[tuple[Row, Row]]) -> list[Row]:
        """Those of the table, each from the store's line and the index's."""

    @abstractmethod
    def show_detail(self, key: int) -> None:
        """Fill the panel with an entry that exists."""

    @abstractmethod
    def lines(self) -> pd.DataFrame:
        """The store's frame behind the index."""

    @abstractmethod
    def facts(self) -> str:
        """The grey words beside the page's title."""

    # the page

    def visit(self, query: dict[str, str]) -> None:
        before = self.filters.to_query()
        self.filters.from_query(query)
        if self.filters.to_query() != before:
            self._show()
        wanted = query.get(self.detail_name, "")
        key = number(wanted)
        if key not in self.lines().index:
            key = None
        if wanted and key is None:
            self.app.notify(self.missing.format(ref=shortened(wanted)), "warning")
        self._show_entry(key)

    def refresh(self) -> None:
        self.index = self.build_index()
        self.app.say_facts(self.key, self.facts())
        self._show()
        self._show_entry(self.opened if self.opened in self.lines().index else None)

    def count_by(self, facet: str) -> dict[str, int]:
        return self.index.counts(facet, self.filters, self.app.today(), self.app.region.zone)

    def select(self, facet: str, title: str, every: str, order: tuple[str, ...] = ()) -> Row:
        """A drop-down filter: values in `order` then the others by name, each with its count."""
        counts = self.count_by(facet)
        chosen = self.filters.chosen.get(facet, "")
        values = [value for value in order if value in counts] + sorted(counts.keys() - set(order), key=str.casefold)
        if chosen and chosen not in counts:
            values.append(chosen)
        options = [{"value": value, "label": log_rows.capital(value), "count": counts.get(value, 0)} for value in values]
        return {"key": facet, "title": title, "all": every, "value": chosen, "options": options}

    def lead(self, key: Any) -> Row | None:
        """The lead of a row, as plain values; None when there is none (any more)."""
        return codec.record(self.app.snapshot.leads, key)

    def line(self, key: int) -> tuple[Row, Row]:
        """One entry: the store's line and the index's."""
        return codec.records(self.lines().loc[[key]])[0], codec.records(self.index.rows.loc[[key]])[0]

    def _show(self) -> None:
        filters, app = self.filters, self.app
        keys = self.index.select(filters, app.today(), app.region.zone)
        pages = max(1, -(-len(keys) // PAGE_SIZE))
        filters.page = min(filters.page, pages)
        start = (filters.page - 1) * PAGE_SIZE
        shown = keys[start : start + PAGE_SIZE]
        pairs = list(zip(codec.records(self.lines().loc[shown]), codec.records(self.index.rows.loc[shown]), strict=True))
        with self.table.hold_sync():
            self.table.text = filters.text
            self.table.rows = self.rows(pairs)
            self.table.count, self.table.total, self.table.first = len(keys), self.index.total, start + 1
            self.table.page, self.table.pages = filters.page, pages
            self.table.sort, self.table.ascending, self.table.filtered = filters.sort, filters.ascending, filters.active
            self.table.counters = self.counters(self.count_by(self.counted))
            self.table.selects = [*self.selects(), self._period()]
            self.table.chips = self._chips()

    def _period(self) -> Row:
        options = [{"value": value, "label": label, "count": None} for value, label in PERIODS.items()]
        return {"key": "jours", "title": "Période", "all": "Toutes les dates", "value": self.filters.days, "options": options}

    def _chips(self) -> list[Row]:
        """One per active filter; the counters and the search field show theirs themselves."""
        chips = []
        titles = {each["key"]: each["title"] for each in self.table.selects}
        for facet, value in self.filters.chosen.items():
            if facet == "lead":
                chips.append({"facet": facet, "label": log_rows.lead_chip(value, self._named(value))})
            elif facet != self.counted:
                chips.append({"facet": facet, "label": f"{titles[facet]}\u00a0: {value}"})
        return chips + ([{"facet": "jours", "label": PERIODS[self.filters.days]}] if self.filters.days else [])

    def _named(self, ref: str) -> Row | None:
        """The lead an address names, by its ID Lead or ~key."""
        return self.lead(lead_rows.key_of(self.app.snapshot.leads, ref))

    def filter(self, asked: dict[str, Any]) -> None:
        filters = self.filters
        if asked.get("clear"):
            filters.clear()
        elif "text" in asked:
            filters.text, filters.page = str(asked["text"]), 1
        elif "choose" in asked:
            filters.choose(*map(str, asked["choose"]))
        elif "days" in asked:
            filters.days, filters.page = (str(asked["days"]) if asked["days"] in PERIODS else ""), 1
        elif "sort" in asked:
            filters.order(str(asked["sort"]))
        elif "page" in asked:
            filters.page = max(1, int(asked["page"]))
        self._show()
        self._write_address("replace")

    def open(self, key: int) -> None:
        if key not in self.lines().index:
            self.app.notify(self.missing.format(ref=key), "warning")
        elif key != self.opened:
            self._show_entry(key)
            self._write_address("push")

    def close(self) -> None:
        self._show_entry(None)
        self._write_address("push")

    def _show_entry(self, key: int | None) -> None:
        self.opened = key
        self.table.selected = key or 0
        if key is not None:
            self.show_detail(key)
        self.detail.shown = key is not None

    def _write_address(self, how: str) -> None:
        opened = {self.detail_name: str(self.opened)} if self.opened is not None else {}
        self.app.set_query(self.key, self.filters.to_query() | opened, how)

    def go(self, page: str, query: dict[str, str]) -> None:
        self.app.go(page, **query)
