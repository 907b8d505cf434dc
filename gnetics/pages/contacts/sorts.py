"""The orders contacts are shown in, each stated in words."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from gnetics.domain.fields import BY_KEY, Field
from gnetics.domain.folding import fold
from gnetics.domain.statuses import LABELS

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Sort:
    """An order of the contacts; `key` is its name in addresses."""

    key: str
    words: str
    column: str
    ascending: bool = True


SORTS: tuple[Sort, ...] = (
    Sort("relance", "relance la plus ancienne", "next_follow_up"),
    Sort("nom", "nom de A à Z", "name"),
    Sort("montant", "montant le plus élevé", "amount", ascending=False),
    Sort("contact", "dernier contact le plus ancien", "last_contact"),
    Sort("creation", "création la plus récente", "created_at", ascending=False),
    Sort("score", "score le plus élevé", "score", ascending=False),
)
DEFAULT = SORTS[0]
SORT_BY_KEY = {sort.key: sort for sort in SORTS}
_UNSORTED = {"stage", "next_action"}  # derived unless set by hand: their column is not what is shown
SORTABLE: tuple[str, ...] = tuple(key for key in BY_KEY if key not in _UNSORTED)
# the column that orders a field, when it is not its own
_ORDERED_BY = {"name": "name_fold", "company": "company_fold", "email": "email_fold", "source": "source_fold", "score": "any_score"}
_AS_IT_IS = {"phone", *_ORDERED_BY.values()}  # nothing to fold
_WORDS = {"date": (", ancien d’abord", ", récent d’abord"), "status": (" dans l’ordre du parcours", " à rebours du parcours")}
_NUMBER, _DIGITS = re.compile(r"[0-9]+"), 20
_OF_NUMBERS = (" croissant", " décroissant")
_OF_TEXTS = (" de A à Z", " de Z à A")


def sort_of(key: str) -> Sort | None:
    """A named order, or that of a field (« company », « -company »); None when the address names neither."""
    field = BY_KEY.get(key.removeprefix("-"))
    if key in SORT_BY_KEY:
        return SORT_BY_KEY[key]
    return _field_sort(field, key) if field and field.key not in _UNSORTED else None


def _field_sort(field: Field, key: str) -> Sort:
    backwards = key.startswith("-")
    words = _WORDS.get(field.kind, _OF_NUMBERS if field.kind in ("money", "percent", "score") else _OF_TEXTS)[backwards]
    label = field.label if field.key == "lead_id" else field.label[0].lower() + field.label[1:]
    return Sort(key, f"{label}{words}", field.key, not backwards)


def turned(current: Sort, column: str) -> str:
    """The key of the order a click on a table's header asks for: ascending first, then the other way."""
    ascending = not current.ascending if current.column == column else True
    for sort in SORTS:
        if (sort.column, sort.ascending) == (column, ascending):
            return sort.key
    return column if ascending else f"-{column}"


def column_of(sort: Sort) -> str:
    """The column of frames that the order is made from."""
    return _ORDERED_BY.get(sort.column, sort.column)


def order(real: pd.DataFrame, sort: Sort) -> Ints:
    """Places of all rows in that order; those without the value come last."""
    column = real[column_of(sort)]
    if column.name == "lead_id":
        column = _numbered(column)
    elif column.dtype == "str" and column.name not in _AS_IT_IS:
        column = _ranks(column)
    places = column.array.argsort(ascending=sort.ascending, kind="stable", na_position="last")
    return np.asarray(places, dtype=np.int64)


def _numbered(column: pd.Series) -> pd.Series:
    """Texts whose numbers compare as numbers are read: L-2 before L-10."""
    return column.str.replace(_NUMBER, lambda found: found[0].zfill(_DIGITS), regex=True)


def _ranks(column: pd.Series) -> pd.Series:
    """Texts as numbers in alphabetical order, statuses in that of the funnel; folding only the distinct ones."""
    found, texts = pd.factorize(column)
    if column.name == "status":
        keys = [(LABELS.index(text) if text in LABELS else len(LABELS), text) for text in texts]
    else:
        keys = [(0, fold(text) or "") for text in texts]
    ranks = {key: rank for rank, key in enumerate(sorted(set(keys)))}
    numbers = np.array([*(float(ranks[key]) for key in keys), np.nan])
    return pd.Series(numbers[found])
