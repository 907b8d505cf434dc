"""Which contacts the page shows, in which order and how: filters, their counts, and the rows they keep."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

import numpy as np
import pandas as pd
import traitlets as tl

from gnetics.domain.fields import BY_KEY
from gnetics.domain.folding import fold
from gnetics.domain.quoting import shortened
from gnetics.domain.regions import Region
from gnetics.pages.contacts.facets import COLUMNS as FACET_COLUMNS
from gnetics.pages.contacts.facets import (
    DOUBT,
    DOUBT_COLUMNS,
    DOUBTS,
    DUPLICATE,
    FACETS,
    Coded,
    FacetValue,
    Finder,
    Ints,
    Mask,
    coded,
    of_doubts,
)  # fmt: skip
from gnetics.pages.contacts.sorts import DEFAULT, Sort, column_of, order, sort_of
from gnetics.state import address
from gnetics.state.search import holding

PAGE_SIZE = 24
VIEWS: tuple[tuple[str, str], ...] = (("cartes", "Cartes"), ("table", "Table"), ("pipeline", "Pipeline"))
ONE_NAME = {"source": "source", "owner": "responsable"}  # fields shown by one spelling, and the facet that knows it
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

    def named(self, index: ContactIndex) -> str:
        """A name for what they keep, « En suivi, Salon »; "" when they keep all."""
        labels = [index.label(facet, value) for facet, _ in FACETS for value in self.chosen.get(facet, [])]
        return shortened(", ".join(filter(None, [self.text.strip(), *labels])))

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

    def __init__(self, real: pd.DataFrame, finder: Finder, today: date, region: Region, earlier: ContactIndex | None = None) -> None:
        self.real = real
        self._finder = finder
        self._today, self._region = today, region
        self._coded: dict[str, Coded] = {}
        self._doubted: dict[str, Mask] = {}
        self._orders: dict[Sort, Ints] = {}
        self._texts: tuple[str, Mask] = "", np.ones(len(real), bool)
        if earlier and earlier._today == today and len(earlier.real) == len(real):
            self._keep(earlier)

    def _keep(self, earlier: ContactIndex) -> None:
        facets = [facet for facet in earlier._coded if facet != DOUBT]
        columns = [*(FACET_COLUMNS[facet] for facet in facets), *(DOUBT_COLUMNS[key] for key in earlier._doubted)]
        watched = set(map(column_of, earlier._orders)).union(*columns)
        same = {name for name in watched if self.real[name].array.equals(earlier.real[name].array)}
        self._coded = {facet: earlier._coded[facet] for facet in facets if same.issuperset(FACET_COLUMNS[facet])}
        self._orders = {sort: each for sort, each in earlier._orders.items() if column_of(sort) in same}
        if all(now is then for now, then in zip(self._finder.beside, earlier._finder.beside, strict=True)):
            self._doubted = {key: mask for key, mask in earlier._doubted.items() if same.issuperset(DOUBT_COLUMNS[key])}

    def coded(self, facet: str) -> Coded:
        if facet not in self._coded:
            self._coded[facet] = self._made(facet)
        return self._coded[facet]

    def _made(self, facet: str) -> Coded:
        if facet == DOUBT:
            return of_doubts({key: self._doubt(key) for key in DOUBTS})
        return coded(facet, self.real, self._today, self._region)

    def _doubt(self, key: str) -> Mask:
        if key not in self._doubted:
            self._doubted[key] = self._finder.find(key)
        return self._doubted[key]

    def doubled(self, keys: pd.Index) -> list[bool]:
        """Whether each of these contacts réels may be a duplicate."""
        found: list[bool] = self._doubt(DUPLICATE)[self.real.index.get_indexer(keys)].tolist()
        return found

    def one_name(self, field: str, text: str | None) -> str | None:
        """How a source or a person is written wherever it is shown: by its most frequent spelling."""
        folded = fold(text)
        return self.coded(ONE_NAME[field]).label_of.get(folded, text) if folded else text

    def known(self, field: str, most: int) -> list[str]:
        """The most used values of a field, each once."""
        if field in ONE_NAME:
            used = self.coded(ONE_NAME[field]).counted(np.ones(len(self.real), bool), [])
            return [each.label for each in used if each.value == fold(each.value)][:most]  # a blank is called by a word that is not folded
        return [str(value) for value in self.real[field].value_counts().head(most).index]

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
