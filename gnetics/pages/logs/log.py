"""What somebody looks at in a log: filters, order and page, as the address says them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import traitlets as tl

from gnetics.state import address

NEWEST = "at"  # the order by default, latest first
LEAD = "lead"  # the facet of a lead, named by its ID Lead or ~key
PERIODS: dict[str, str] = {"1": "Aujourd’hui", "7": "7 derniers jours", "30": "30 derniers jours", "90": "90 derniers jours"}


class LogFilters(tl.HasTraits):
    """`chosen` holds at most one value per facet (the log's own, a lead), `days` the length of the period ("" for all)."""

    text = tl.Unicode()
    chosen = tl.Dict(key_trait=tl.Unicode(), value_trait=tl.Unicode())
    days = tl.Unicode()
    sort = tl.Unicode(NEWEST)
    ascending = tl.Bool(False)
    page = tl.Int(1)

    def __init__(self, facets: Iterable[str], sorts: Iterable[str]) -> None:
        super().__init__()
        self._facets, self._sorts = tuple(facets), frozenset(sorts)

    def choose(self, facet: str, value: str) -> None:
        """Keep that value only; "" keeps them all again."""
        if facet in self._facets:
            self.chosen = {name: kept for name, kept in self.chosen.items() if name != facet} | ({facet: value} if value else {})
            self.page = 1

    def order(self, column: str) -> None:
        """A click on a column's title: its natural order, then the other way round."""
        if column in self._sorts:
            self.ascending = not self.ascending if column == self.sort else column != NEWEST
            self.sort, self.page = column, 1

    def clear(self) -> None:
        self.text, self.chosen, self.days, self.page = "", {}, "", 1

    @property
    def active(self) -> bool:
        return bool(self.text.strip() or self.chosen or self.days)

    def to_query(self) -> dict[str, str]:
        """The filters as an address; defaults are left out."""
        query = dict(self.chosen)
        if self.text.strip():
            query["q"] = self.text.strip()
        if self.days:
            query["jours"] = self.days
        if (self.sort, self.ascending) != (NEWEST, False):
            query["tri"] = self.sort if self.ascending else f"-{self.sort}"
        if self.page > 1:
            query["p"] = str(self.page)
        return query

    def from_query(self, query: Mapping[str, str]) -> None:
        """Follow an address; what it does not name goes back to its default."""
        self.text = query.get("q", "")
        self.chosen = {facet: query[facet] for facet in self._facets if query.get(facet)}
        self.days = query["jours"] if query.get("jours") in PERIODS else ""
        asked = query.get("tri", "")
        known = asked.removeprefix("-") in self._sorts
        self.sort, self.ascending = (asked.removeprefix("-"), not asked.startswith("-")) if known else (NEWEST, False)
        self.page = address.page(query.get("p", ""))
