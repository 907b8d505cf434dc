"""Which contacts the page shows, in which order: filters, their counts, and the rows they keep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
import traitlets as tl

from gnetics.domain.folding import fold
from gnetics.domain.statuses import LABELS, UNKNOWN
from gnetics.state.search import holding

PAGE_SIZE = 24
NO_SOURCE = "Non renseignée"
NO_OWNER = "Non attribué"


@dataclass(frozen=True)
class Sort:
    """An order of the cards, stated in words."""

    key: str
    words: str
    column: str
    ascending: bool = True


SORTS: tuple[Sort, ...] = (
    Sort("relance", "relance la plus ancienne", "next_follow_up"),
    Sort("nom", "nom de A à Z", "name_fold"),
    Sort("montant", "montant le plus élevé", "amount", ascending=False),
    Sort("contact", "dernier contact le plus ancien", "last_contact"),
    Sort("creation", "création la plus récente", "created_at", ascending=False),
    Sort("score", "score le plus élevé", "any_score", ascending=False),
)
SORT_BY_KEY = {sort.key: sort for sort in SORTS}

FACETS: tuple[tuple[str, str], ...] = (("statut", "Statut"), ("source", "Source"), ("responsable", "Responsable"))


class ContactFilters(tl.HasTraits):
    """`chosen` holds the values kept per facet (statut, source, responsable); none means all."""

    text = tl.Unicode()
    chosen = tl.Dict()
    sort = tl.Unicode("relance")
    page = tl.Int(1)

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

    def to_query(self) -> dict[str, str]:
        """The filters as an address; defaults are left out."""
        query = {facet: "|".join(self.chosen[facet]) for facet, _ in FACETS if self.chosen.get(facet)}
        if self.text.strip():
            query["q"] = self.text.strip()
        if self.sort != "relance":
            query["tri"] = self.sort
        if self.page > 1:
            query["p"] = str(self.page)
        return query

    def from_query(self, query: Mapping[str, str]) -> None:
        """Follow an address; what it does not name goes back to its default."""
        self.text = query.get("q", "")
        self.chosen = {facet: query[facet].split("|") for facet, _ in FACETS if query.get(facet)}
        self.sort = query["tri"] if query.get("tri") in SORT_BY_KEY else "relance"
        self.page = int(query["p"]) if query.get("p", "").isdecimal() and int(query["p"]) > 0 else 1


@dataclass(frozen=True)
class FacetValue:
    """One value of a facet, and how many contacts it would show under the other filters."""

    value: str
    label: str
    count: int


class ContactIndex:
    """The real contacts prepared for filtering: built once per version of the data."""

    def __init__(self, real: pd.DataFrame) -> None:
        self.real = real
        self._search = real["search"]
        status = real["status"].where(real["status"].isin(LABELS), UNKNOWN)
        source, self._source_labels = _folded(real["source"], NO_SOURCE)
        owner, self._owner_labels = _folded(real["owner"], NO_OWNER)
        self._columns = {"statut": pd.Categorical(status), "source": pd.Categorical(source), "responsable": pd.Categorical(owner)}

    def matching(self, filters: ContactFilters, leave_out: str = "") -> pd.Series:
        """Boolean series of the rows kept; the facet `leave_out` is not applied."""
        kept = pd.Series(holding(filters.text, self._search), index=self.real.index)
        for facet, _ in FACETS:
            if facet != leave_out and filters.chosen.get(facet):
                kept &= self._columns[facet].isin(filters.chosen[facet])
        return kept

    def select(self, filters: ContactFilters) -> pd.Index:
        """Keys of the contacts to show, sorted; those without the sorted value come last."""
        sort = SORT_BY_KEY[filters.sort]
        kept = self.real.loc[self.matching(filters), sort.column]
        ordered: pd.Index = kept.sort_values(ascending=sort.ascending, kind="stable", na_position="last").index
        return ordered

    def facet(self, facet: str, filters: ContactFilters) -> list[FacetValue]:
        """The values of a facet with their counts: statuses in funnel order, the rest by count."""
        counts = self._columns[facet][self.matching(filters, facet).to_numpy()].value_counts()
        chosen = filters.chosen.get(facet, [])
        found = {str(value): int(count) for value, count in counts.items() if count or value in chosen}
        if facet == "statut":
            order = [*LABELS, *([UNKNOWN] if found.get(UNKNOWN) else [])]
            return [FacetValue(label, label, found.get(label, 0)) for label in order]
        labels = self._source_labels if facet == "source" else self._owner_labels
        return sorted(
            (FacetValue(value, labels[value], count) for value, count in found.items()), key=lambda each: (-each.count, each.label)
        )

    def label(self, facet: str, value: str) -> str:
        """How a facet's value reads on its chip."""
        labels = {"source": self._source_labels, "responsable": self._owner_labels}.get(facet, {})
        return labels.get(value, value)


def _folded(column: pd.Series, blank: str) -> tuple[pd.Series, dict[str, str]]:
    """(folded values, folded value → its most frequent spelling); blanks under their own name."""
    text = column.fillna("").str.strip()
    counts = text.value_counts()
    folds = {spelling: fold(spelling) or blank for spelling in counts.index}
    labels: dict[str, str] = {}
    for spelling in counts.index:  # most frequent first
        labels.setdefault(folds[spelling], spelling or blank)
    return text.map(folds).astype(object), labels
