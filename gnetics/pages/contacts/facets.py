"""The facets contacts are filtered by: each column as small integers, so that filtering and counting take milliseconds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from gnetics import texts
from gnetics.domain.fields import BY_KEY
from gnetics.domain.folding import fold
from gnetics.domain.journey import QUIET_DAYS
from gnetics.domain.regions import Region
from gnetics.domain.spellings import names
from gnetics.domain.statuses import LABELS, OPEN, UNKNOWN

Ints = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
NO_SOURCE = "Non renseignée"
NO_TAG = "Sans étiquette"
NOT_TOLD = "Non renseigné"

DOUBT, DUPLICATE, BASIS = "verifier", "doublon", "base"
DOUBTS = {DUPLICATE: "Doublon possible", "email": "Email à corriger", "silence": "Sans nouvelles (3 ans)", BASIS: "Sans base légale"}
DOUBT_COLUMNS: dict[str, tuple[str, ...]] = {
    DUPLICATE: ("email_fold", "phone_e164", "name_fold", "company_fold"),
    "email": ("email_check",),
    "silence": ("status", "last_contact", "created_at"),
    BASIS: ("legal_basis", "erased_at"),
}  # what each is found from, with what stands beside the leads

FACETS: tuple[tuple[str, str], ...] = (
    ("statut", "Statut"),
    ("relance", "Prochaine relance"),
    (DOUBT, "À vérifier"),
    ("source", "Source"),
    ("responsable", "Responsable"),
    ("etiquette", "Étiquettes"),
    ("montant", "Montant estimé"),
    ("score", "Score"),
    ("cloture", "Clôture prévue"),
    ("contact", "Dernier contact"),
    ("cree", "Création"),
    ("consentement", "Consentement"),
    ("base", "Base légale"),
)
TITLES = dict(FACETS)
_AMOUNTS = (0, 1_000, 5_000, 20_000, 100_000)  # lower bounds, in the region's currency
_SCORES = (0, 25, 50, 75)
_DAYS = (7, 30, 90)


class Finder(Protocol):
    """Finds the contacts réels of a doubt; `beside` is what it looks at beside them: another object is another state."""

    @property
    def beside(self) -> tuple[object, ...]: ...
    def find(self, key: str) -> Mask: ...


@dataclass(frozen=True)
class FacetValue:
    """One value of a facet, and how many contacts it would show under the other filters."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, eq=False)
class Coded:
    """`codes` are places in `values` (as in addresses) and `labels`; one per contact, or one per contact of `rows` when given.

    `ranked`: values are in an order of their own; otherwise the most frequent come first. `always`: shown even when none.
    """

    codes: Ints
    values: list[str]
    labels: list[str]
    rows: Ints | None = None
    ranked: bool = True
    always: int = 0

    @cached_property
    def label_of(self) -> dict[str, str]:
        return dict(zip(self.values, self.labels, strict=True))

    def having(self, chosen: Iterable[str], size: int) -> Mask:
        """The contacts with one of the chosen values."""
        wanted = np.isin(self.values, list(chosen))[self.codes] if self.values else np.zeros(0, bool)
        if self.rows is None:
            return wanted
        mask = np.zeros(size, bool)
        mask[self.rows[wanted]] = True
        return mask

    def counted(self, kept: Mask, chosen: Iterable[str]) -> list[FacetValue]:
        """The values of the kept contacts; chosen ones stay in view."""
        counts = np.bincount(self.codes[kept if self.rows is None else kept[self.rows]], minlength=len(self.values))
        shown = [
            FacetValue(value, label, int(count))
            for place, (value, label, count) in enumerate(zip(self.values, self.labels, counts, strict=True))
            if count or place < self.always or value in chosen
        ]
        return shown if self.ranked else sorted(shown, key=lambda each: (-each.count, each.label))


def coded(facet: str, real: pd.DataFrame, today: date, region: Region) -> Coded:
    """The contacts réels by the values of a facet, relative dates being those of `today`."""
    return _CODINGS[facet](real, today, region)


def of_doubts(found: Mapping[str, Mask]) -> Coded:
    """« À vérifier »: a contact has as many values as doubts."""
    rows = [np.flatnonzero(mask) for mask in found.values()]
    codes = np.repeat(np.arange(len(rows)), [len(each) for each in rows])
    return Coded(codes, list(found), [DOUBTS[key] for key in found], rows=np.concatenate(rows), always=len(rows))


def _by_text(column: pd.Series, value_of: Callable[[str], str]) -> tuple[Ints, list[str], list[str]]:
    """(codes, values, labels): spellings with one `value_of` are one value, called by the name that all pages give it; a blank is ""."""
    found, spellings = pd.factorize(column.fillna(""))
    counts = np.bincount(found, minlength=len(spellings))
    called = names((str(spelling), int(count)) for spelling, count in zip(spellings, counts, strict=True))
    labels: dict[str, str] = {}
    value_by_spelling = [value_of(str(spelling)) for spelling in spellings]
    for place in np.argsort(-counts, kind="stable"):
        labels.setdefault(value_by_spelling[place], called.get(fold(str(spellings[place])) or "", ""))
    ranks = {value: rank for rank, value in enumerate(labels)}
    return np.array([ranks[value] for value in value_by_spelling], np.int64)[found], list(labels), list(labels.values())


def _text(name: str, blank: str) -> Callable[[pd.DataFrame, date, Region], Coded]:
    def made(real: pd.DataFrame, _today: date, _region: Region) -> Coded:
        codes, values, labels = _by_text(real[name], lambda spelling: fold(spelling) or blank)
        return Coded(codes, values, [label or blank for label in labels], ranked=False)

    return made


def _choices(name: str, blank: str) -> Callable[[pd.DataFrame, date, Region], Coded]:
    """In the order of the field's choices."""
    ranks = {value: rank for rank, value in enumerate((*BY_KEY[name].choices, blank))}

    def made(real: pd.DataFrame, _today: date, _region: Region) -> Coded:
        codes, values, _ = _by_text(real[name], lambda spelling: spelling if spelling in ranks else blank)
        return Coded(np.array([ranks[value] for value in values], np.int64)[codes], list(ranks), list(map(str.capitalize, ranks)))

    return made


def _statuses(real: pd.DataFrame, _today: date, _region: Region) -> Coded:
    codes, values, _ = _by_text(real["status"], lambda spelling: spelling if spelling in LABELS else UNKNOWN)
    ranks = {label: rank for rank, label in enumerate((*LABELS, UNKNOWN))}
    return Coded(np.array([ranks[value] for value in values], np.int64)[codes], list(ranks), list(ranks), always=len(LABELS))


def _tags(real: pd.DataFrame, _today: date, _region: Region) -> Coded:
    """A contact has as many values as tags."""
    found, texts = pd.factorize(real["tags"].fillna(""))
    labels: dict[str, str] = {}
    lists = []
    for text in texts:
        tags = {fold(tag) or NO_TAG: tag.strip() for tag in str(text).split(",") if tag.strip()} or {NO_TAG: NO_TAG}
        lists.append(sorted(tags))
        labels = tags | labels
    ranks = {value: rank for rank, value in enumerate(labels)}
    ends = np.cumsum([0, *map(len, lists)])
    flat = np.array([ranks[value] for each in lists for value in each], np.int64)
    sizes = np.diff(ends)[found] if len(lists) else np.zeros(0, np.int64)
    rows = np.repeat(np.arange(len(found)), sizes)
    within = np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    codes = flat[np.repeat(ends[found], sizes) + within] if len(rows) else flat
    return Coded(codes, list(labels), list(labels.values()), rows=rows, ranked=False)


def _days(real: pd.DataFrame, name: str) -> npt.NDArray[np.datetime64]:
    return np.asarray(real[name].to_numpy(), dtype="datetime64[D]")


def _open(real: pd.DataFrame) -> Mask:
    return real["status"].isin(OPEN).to_numpy(dtype=bool)


def _follow_ups(real: pd.DataFrame, today: date, region: Region) -> Coded:
    """Of open leads, late as their cards say: past the planned day, or a week without news when none is planned."""
    planned, last, day = _days(real, "next_follow_up"), _days(real, "last_contact"), np.datetime64(today, "D")
    week_end = np.datetime64(today + timedelta(days=6 - (today.weekday() - region.first_weekday) % 7), "D")
    late = (planned < day) | (np.isnat(planned) & (day - last > np.timedelta64(QUIET_DAYS, "D")))
    codes = np.select([~_open(real), late, planned == day, planned <= week_end, planned > week_end], [4, 0, 1, 2, 3], 4)
    values = ["retard", "aujourdhui", "semaine", "plus-tard", "aucune"]
    return Coded(codes, values, ["En retard", "Aujourd’hui", "Cette semaine", "Plus tard", "Aucune"], always=4)


def _closings(real: pd.DataFrame, today: date, _region: Region) -> Coded:
    """Of open leads, by whole months, late being before today: as the forecast counts them."""
    planned = _days(real, "expected_close")
    months = (planned.astype("datetime64[M]") - np.datetime64(today, "M")).astype(np.int64)
    late = planned < np.datetime64(today, "D")
    codes = np.select([~_open(real) | np.isnat(planned), late, months == 0, months == 1], [4, 0, 1, 2], 3)
    values = ["retard", "mois", "prochain", "plus-tard", "aucune"]
    return Coded(codes, values, ["En retard", "Ce mois-ci", "Le mois prochain", "Plus tard", "Aucune"], always=4)


def _ages(real: pd.DataFrame, name: str, today: date) -> Ints:
    """0 to 3: within 7, 30, 90 days, older; 4 when unknown."""
    days = _days(real, name)
    ages = (np.datetime64(today, "D") - days).astype(np.int64)
    return np.where(np.isnat(days), len(_DAYS) + 1, np.searchsorted(_DAYS, ages)).astype(np.int64)


_AGE_VALUES = ["7j", "30j", "90j", "avant"]
_AGE_LABELS = ["7 derniers jours", "Il y a 8 à 30 jours", "Il y a 31 à 90 jours", "Plus ancien"]


def _contacts(real: pd.DataFrame, today: date, _region: Region) -> Coded:
    ages = _ages(real, "last_contact", today)
    codes = np.where(ages <= len(_DAYS), ages + 1, np.where(_open(real), 0, len(_DAYS) + 2))
    return Coded(codes, ["jamais", *_AGE_VALUES, "inconnu"], ["Sans contact", *_AGE_LABELS, "Non renseigné"], always=1)


def _creations(real: pd.DataFrame, today: date, _region: Region) -> Coded:
    return Coded(_ages(real, "created_at", today), [*_AGE_VALUES, "inconnu"], [*_AGE_LABELS, "Non renseignée"])


def _numbers(real: pd.DataFrame, name: str, bounds: Iterable[int]) -> Ints:
    """0 when missing, else the place from 1 of the last bound reached."""
    column = real[name]
    amounts = column.to_numpy(dtype=np.int64, na_value=0)
    return np.where(column.isna(), 0, np.searchsorted(np.array(list(bounds)), amounts, side="right")).astype(np.int64)


def _amounts(real: pd.DataFrame, _today: date, region: Region) -> Coded:
    """Values are « 1000- » lower bounds, so an address does not depend on how many there are."""
    shown = [f"{bound:,}".replace(",", "\u202f") for bound in _AMOUNTS]
    between = [f"{low} à {high}\u00a0{region.symbol}" for low, high in pairwise(shown[1:])]
    labels = [
        texts.NO_AMOUNT.capitalize(),
        f"Moins de {shown[1]}\u00a0{region.symbol}",
        *between,
        f"{shown[-1]}\u00a0{region.symbol} et plus",
    ]
    codes = _numbers(real, "amount", (100 * bound for bound in _AMOUNTS))
    return Coded(codes, ["aucun", *map(str, _AMOUNTS)], labels)


def _scores(real: pd.DataFrame, _today: date, _region: Region) -> Coded:
    labels = [f"{low} à {high - 1}" for low, high in pairwise(_SCORES)]
    codes = _numbers(real, "any_score", _SCORES)
    return Coded(codes, ["aucun", *map(str, _SCORES)], ["Non noté", *labels, f"{_SCORES[-1]} à 100"])


COLUMNS: dict[str, tuple[str, ...]] = {
    "statut": ("status",),
    "relance": ("status", "next_follow_up", "last_contact"),
    DOUBT: tuple(dict.fromkeys(name for columns in DOUBT_COLUMNS.values() for name in columns)),
    "source": ("source",),
    "responsable": ("owner",),
    "etiquette": ("tags",),
    "montant": ("amount",),
    "score": ("any_score",),
    "cloture": ("status", "expected_close"),
    "contact": ("status", "last_contact"),
    "cree": ("created_at",),
    "consentement": ("consent",),
    "base": ("legal_basis",),
}  # what each facet is made from
_CODINGS: dict[str, Callable[[pd.DataFrame, date, Region], Coded]] = {
    "statut": _statuses,
    "relance": _follow_ups,
    "source": _text("source", NO_SOURCE),
    "responsable": _text("owner", texts.NO_OWNER),
    "etiquette": _tags,
    "montant": _amounts,
    "score": _scores,
    "cloture": _closings,
    "contact": _contacts,
    "cree": _creations,
    "consentement": _choices("consent", NOT_TOLD),
    "base": _choices("legal_basis", NO_SOURCE),
}
