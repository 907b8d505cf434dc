"""Which contacts the page shows, in which order and how: filters, their counts, and the rows they keep."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
import traitlets as tl

from gnetics.domain.fields import BY_KEY
from gnetics.domain.regions import Region
from gnetics.pages.contacts.facets import COLUMNS as FACET_COLUMNS
from gnetics.pages.contacts.facets import FACETS, Coded, FacetValue, Ints, Mask, coded
from gnetics.pages.contacts.sorts import DEFAULT, Sort, column_of, order, sort_of
from gnetics.state import address
from gnetics.state.search import holding

PAGE_SIZE = 24
VIEWS: tuple[tuple[str, str], ...] = (("cartes", "Cartes"), ("table", "Table"), ("pipeline", "Pipeline"))
COLUMNS: tuple[str, ...] = ("name", "company", "status", "amount", "next_follow_up", "last_contact", "owner", "email", "phone")


class ContactFilters(tl.HasTraits):
    """`chosen` holds the values kept per facet; none means all. `columns` are the fields of the table view."""

    text = tl.Unicode()
    chosen = tl.Dict()
    sort = tl.Unicode(DEFAULT.key)
    page = tl.Int(1)
    view = tl.Unicode("cartes")
    columns = tl.List(tl.Unicode(), default_value=list(COLUMNS))

    def toggle(self, facet: str, value: str) -> None:
        kept = list(self.chosen.get(facet, []))
        kept.remove(value) if value in kept else kept.append(value)
        self.chosen = {**self.chosen, facet: kept}
        self.page = 1

    def clear(self) -> None:
        self.text, self.chosen, self.page = "", {}, 1

    @property
    def active(self) -> bool:
        return bool(self.text.strip() or any(self.chosen.values()))

    @property
    def order(self) -> Sort:
        return sort_of(self.sort) or DEFAULT

    def to_query(self) -> dict[str, str]:
        """The filters as an address; defaults are left out."""
        query = {facet: _joined(self.chosen[facet]) for facet, _ in FACETS if self.chosen.get(facet)}
        said = {
            "q": self.text.strip(),
            "tri": self.sort if self.sort != DEFAULT.key else "",
            "vue": self.view if self.view != VIEWS[0][0] else "",
            "col": _joined(self.columns) if tuple(self.columns) != COLUMNS else "",
            "p": str(self.page) if self.page > 1 else "",
        }
        return query | {name: text for name, text in said.items() if text}

    def to_view(self) -> dict[str, str]:
        """What a saved view keeps: the address without the page."""
        return {name: text for name, text in self.to_query().items() if name != "p"}

    def from_query(self, query: Mapping[str, str]) -> None:
        """Follow an address; what it does not name, or names wrongly, goes back to its default."""
        self.text = query.get("q", "")
        self.chosen = {facet: _parted(query[facet]) for facet, _ in FACETS if query.get(facet)}
        self.sort = query["tri"] if sort_of(query.get("tri", "")) else DEFAULT.key
        self.view = query["vue"] if query.get("vue") in dict(VIEWS) else VIEWS[0][0]
        self.columns = [key for key in dict.fromkeys(_parted(query.get("col", ""))) if key in BY_KEY] or list(COLUMNS)
        self.page = address.page(query.get("p", ""))


def _joined(values: list[str]) -> str:
    """« a|b »; a bar inside a value is doubled by a backslash."""
    return "|".join(re.sub(r"([|\\])", r"\\\1", value) for value in values)


def _parted(text: str) -> list[str]:
    return [re.sub(r"\\([|\\])", r"\1", value) for value in re.findall(r"(?:[^|\\]|\\.)+", text)]


class ContactIndex:
    """The real contacts prepared for filtering: made once per version of the data, each part when first needed.

    What `earlier`, the index of another version, made from columns that did not change is kept.
    """

    def __init__(self, real: pd.DataFrame, today: date, region: Region, earlier: ContactIndex | None = None) -> None:
        self.real = real
        self._today, self._region = today, region
        self._coded: dict[str, Coded] = {}
        self._orders: dict[Sort, Ints] = {}
        self._texts: tuple[str, Mask] = "", np.ones(len(real), bool)
        if earlier and earlier._today == today and len(earlier.real) == len(real):
            watched = set(map(column_of, earlier._orders)).union(*(FACET_COLUMNS[facet] for facet in earlier._coded))
            same = {name for name in watched if real[name].array.equals(earlier.real[name].array)}
            self._coded = {facet: each for facet, each in earlier._coded.items() if same.issuperset(FACET_COLUMNS[facet])}
            self._orders = {sort: each for sort, each in earlier._orders.items() if column_of(sort) in same}

    def coded(self, facet: str) -> Coded:
        if facet not in self._coded:
            self._coded[facet] = coded(facet, self.real, self._today, self._region)
        return self._coded[facet]

    def matching(self, filters: ContactFilters, leave_out: str = "") -> Mask:
        """The rows kept; the facet `leave_out` is not applied."""
        kept = self._holding(filters.text)
        for facet, _ in FACETS:
            if facet != leave_out and filters.chosen.get(facet):
                kept = kept & self.coded(facet).having(filters.chosen[facet], len(self.real))
        return kept

    def select(self, filters: ContactFilters) -> pd.Index:
        """Keys of the contacts to show, sorted; those without the sorted value come last."""
        return self.real.index[self.places(filters, self.matching(filters))]

    def places(self, filters: ContactFilters, kept: Mask) -> Ints:
        """Places in `real` of the kept rows, sorted."""
        sort = filters.order
        if sort not in self._orders:
            self._orders[sort] = order(self.real, sort)
        ordered = self._orders[sort]
        return ordered[kept[ordered]]

    def facet(self, facet: str, filters: ContactFilters) -> list[FacetValue]:
        """The values of a facet with their counts: statuses in funnel order, ranges in theirs, the rest by count."""
        return self.coded(facet).counted(self.matching(filters, facet), filters.chosen.get(facet, []))

    def facets(self, filters: ContactFilters, kept: Mask) -> dict[str, list[FacetValue]]:
        """All facets, `kept` being the rows of `matching`: only a facet with chosen values needs rows of its own."""
        chosen = filters.chosen
        return {facet: self.facet(facet, filters) if chosen.get(facet) else self.coded(facet).counted(kept, []) for facet, _ in FACETS}

    def label(self, facet: str, value: str) -> str:
        """How a facet's value reads on its chip."""
        return self.coded(facet).label_of.get(value, value)

    def _holding(self, text: str) -> Mask:
        if self._texts[0] != text:
            self._texts = text, holding(text, self.real["search"])
        return self._texts[1]
