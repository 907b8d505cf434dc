"""What the two log pages do alike: filters in the address, counters, one page of rows, a detail that Back closes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import ipyvuetify as v
import pandas as pd

from gnetics.domain.dates import first_instant
from gnetics.domain.quoting import shortened
from gnetics.domain.searching import Word, wanted
from gnetics.domain.typography import capital
from gnetics.domain.typography import number as figure
from gnetics.pages.logs import log_rows
from gnetics.pages.logs.log import LEAD, PERIODS, LogFilters
from gnetics.pages.logs.log_rows import Row
from gnetics.pages.logs.widgets.details import LogDetail
from gnetics.pages.logs.widgets.log_table import FilterChip, LogRow, LogTable, Select, SelectOption, Tile
from gnetics.state.address import number
from gnetics.state.search import having
from gnetics.store import full_text
from gnetics.store.reading import logs
from gnetics.store.reading.erased import gone_from
from gnetics.store.reading.logs import PAGE_SIZE, Asked, Group, Log, Shown
from gnetics.widgets import codec, lead_rows

if TYPE_CHECKING:
    from gnetics.pages.app import App

VAGUE = "Ces mots sont dans plus de {most} lignes\u00a0: seules les {most} plus récentes sont montrées et comptées."


class LogPage(ABC):
    """The address carries the filters, and `detail_name` (a key) when an entry is open. Nothing here writes."""

    key: str
    log: Log
    detail_name: str
    missing: str  # said when the entry named by the address does not exist
    gone: tuple[str, str]  # said of what was erased, with its {day}: of one row, of several

    def __init__(self, app: App, detail: type[LogDetail], **traits: Any) -> None:
        self.app = app
        self.filters = LogFilters((self.log.counted, self.log.facet, LEAD), self.log.sorts)
        self.opened: int | None = None
        self.detail = detail(self)
        self.table = LogTable(self, counted=self.log.counted, **traits)
        self.widget = v.Html(tag="div", class_="g-page", children=[self.table, self.detail])

    # each log's own

    @abstractmethod
    def counters(self, counts: Counter[str], shown: Shown) -> list[Tile]:
        """Tiles whose first is the total; `counts` are those under the other filters."""

    @abstractmethod
    def selects(self, counts: Counter[str]) -> list[Select]:
        """The drop-down filters, the period apart."""

    @abstractmethod
    def rows(self, lines: list[Row], leads: Mapping[int, Row]) -> list[LogRow]:
        """Those of the table, each from the store's line; `leads` are those still there."""

    @abstractmethod
    def show_detail(self, line: Row, lead: Row | None) -> None:
        """Fill the panel with an entry."""

    @abstractmethod
    def show_around(self) -> None:
        """Fill what stands above the log, which no revision tells of: at each visit."""

    @abstractmethod
    def facts(self, every: Counter[Group]) -> str:
        """The grey words beside the page's title."""

    # the page

    def visit(self, query: dict[str, str]) -> None:
        self.show_around()
        before = self.filters.to_query()
        self.filters.from_query(query)
        if self.filters.to_query() != before:
            self._show()
        ref = query.get(self.detail_name, "")
        if not self._show_entry(number(ref)) and ref:
            self.app.notify(self.missing.format(ref=shortened(ref)), "warning")

    def refresh(self) -> None:
        self.show_around()
        self._show()
        self._show_entry(self.opened)

    def select(self, title: str, every: str, counts: Counter[str], order: tuple[str, ...] = ()) -> Select:
        """A drop-down filter: values in `order` then the others by name, each with its count."""
        facet = self.log.facet
        chosen = self.filters.chosen.get(facet, "")
        values = [value for value in order if value in counts] + sorted(counts.keys() - set(order), key=str.casefold)
        if chosen and chosen not in counts:
            values.append(chosen)
        options: list[SelectOption] = [{"value": value, "label": capital(value), "count": counts.get(value, 0)} for value in values]
        return {"key": facet, "title": title, "all": every, "value": chosen, "options": options}

    def _show(self) -> None:
        filters, app, log = self.filters, self.app, self.log
        leads = app.snapshot.leads
        shown = logs.read(app.crm, app.user, log, asked(filters, log, leads, app.today(), app.region.zone))
        filters.page = shown.page
        named = leads.index.intersection([line["lead_key"] for line in shown.rows if line["lead_key"] is not None])
        by_key = {row["key"]: row for row in codec.records(leads.loc[named])}  # together: one by one they cost 3 ms each
        gone = gone_from(app.crm, app.user, log.name)
        app.say_facts(self.key, self.facts(shown.every))
        with self.table.hold_sync():
            self.table.text = filters.text
            self.table.rows = self.rows(shown.rows, by_key)
            self.table.count, self.table.total, self.table.first = shown.count, shown.total, (shown.page - 1) * PAGE_SIZE + 1
            self.table.page, self.table.pages = shown.page, shown.pages
            self.table.sort, self.table.ascending, self.table.filtered = filters.sort, filters.ascending, filters.active
            self.table.note = VAGUE.format(most=figure(full_text.MOST)) if shown.vague else ""
            self.table.erased = log_rows.erased(gone, *self.gone, app.region)
            self.table.counters = self.counters(shown.by_counted, shown)
            self.table.selects = [*self.selects(shown.by_facet), self._period()]
            self.table.chips = self._chips()

    def _period(self) -> Select:
        options: list[SelectOption] = [{"value": value, "label": label, "count": None} for value, label in PERIODS.items()]
        return {"key": "jours", "title": "Période", "all": "Toutes les dates", "value": self.filters.days, "options": options}

    def _chips(self) -> list[FilterChip]:
        """One per active filter; the counters and the search field show theirs themselves."""
        chips: list[FilterChip] = []
        titles = {each["key"]: each["title"] for each in self.table.selects}
        for facet, value in self.filters.chosen.items():
            if facet == LEAD:
                chips.append({"facet": facet, "label": log_rows.lead_chip(value, self._named(value))})
            elif facet != self.log.counted:
                chips.append({"facet": facet, "label": f"{titles[facet]}\u00a0: {value}"})
        if self.filters.days:
            chips.append({"facet": "jours", "label": PERIODS[self.filters.days]})
        return chips

    def _named(self, ref: str) -> Row | None:
        """The lead an address names, by its ID Lead or ~key."""
        leads = self.app.snapshot.leads
        return codec.record(leads, lead_rows.key_of(leads, ref))

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
        if key == self.opened:
            return
        if self._show_entry(key):
            self._write_address("push")
        else:
            self.app.notify(self.missing.format(ref=key), "warning")

    def close(self) -> None:
        self._show_entry(None)
        self._write_address("push")

    def _show_entry(self, key: int | None) -> bool:
        """Whether there is such an entry; else none is open."""
        app = self.app
        line = None if key is None else logs.entry(app.crm, app.user, self.log, key)
        self.opened = None if line is None else key
        self.table.selected = self.opened or 0
        if line is not None:
            self.show_detail(line, codec.record(app.snapshot.leads, line["lead_key"]))
        self.detail.shown = line is not None
        return line is not None

    def _write_address(self, how: str) -> None:
        opened = {self.detail_name: str(self.opened)} if self.opened is not None else {}
        self.app.set_query(self.key, self.filters.to_query() | opened, how)

    def go(self, page: str, query: dict[str, str]) -> None:
        self.app.go(page, **query)


def asked(filters: LogFilters, log: Log, leads: pd.DataFrame, today: date, zone: ZoneInfo) -> Asked:
    """The filters as a question to the store."""
    chosen = filters.chosen
    lead = lead_rows.key_of(leads, chosen[LEAD]) if LEAD in chosen else None
    return Asked(
        counted=chosen.get(log.counted, ""),
        facet=chosen.get(log.facet, ""),
        lead=(-1 if lead is None else lead) if LEAD in chosen else None,
        since=first_instant(today - timedelta(days=int(filters.days) - 1), zone) if filters.days else None,
        words=[(word, _leads_having(word, leads)) for word in wanted(filters.text)],
        sort=filters.sort,
        ascending=filters.ascending,
        page=filters.page,
    )


def _leads_having(word: Word, leads: pd.DataFrame) -> list[int]:
    """The leads whose mails and runs a word finds too; none when it is in so many that it names none."""
    found = leads.index[having(word, leads["search"])]
    return found.tolist() if len(found) <= full_text.MOST_LEADS else []
