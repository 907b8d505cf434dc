"""Which leads look like one person: over the whole base, and for a few leads, kept or being typed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import combinations, groupby
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from gnetics.domain import companies, emails
from gnetics.domain.duplicates import CERTAIN, SHARED, Verdict, near_pairs, verdict

_COLUMNS = ["email_fold", "phone_e164", "name_fold", "company_fold", "email_domain", "lead_id", "deal_of"]
_ONE: dict[str, Callable[[str], str]] = {"email_fold": emails.mailbox, "company_fold": companies.plain}  # what makes two values one
_MAILBOX, _COMPANY = "mailbox", "company"  # the columns of what they give
_BLOCKS = ([_MAILBOX], ["phone_e164"], ["name_fold", _COMPANY])
MOST = 60  # leads of one block that are all compared; more have a telephone or an address that says little
CROWD = 2_000  # leads of one « company »; more, as in « Particulier », and two names alike say nothing
BESIDE = 5  # in a larger block, those compared with each, in the order of their names


@dataclass(frozen=True, slots=True)
class Pair:
    low: int
    high: int
    verdict: Verdict


@dataclass(frozen=True)
class Twin:
    """A lead that looks like another; `verdict` says why."""

    key: int
    verdict: Verdict


def pairs(real: pd.DataFrame, near: pd.DataFrame) -> list[Pair]:
    """Pairs of the contacts réels, the certain ones first; `near` are the near spellings that the store keeps (low, high)."""
    candidates = set(zip(near["low"].tolist(), near["high"].tolist(), strict=True))
    whole, real = real, real[_COLUMNS].assign(mailbox=_each(real["email_fold"]), company=_each(real["company_fold"]))
    for columns in _BLOCKS:
        known = real[list(dict.fromkeys([*columns, "name_fold"]))].dropna(subset=columns)
        for block in _blocks(known[known.duplicated(columns, keep=False)], columns):
            candidates.update((min(pair), max(pair)) for pair in _within(block))
    for names in _colleagues(real):
        candidates.update(near_pairs(names, names.keys()))
    involved = sorted({key for pair in candidates for key in pair} & set(real.index))
    rows = _rows(whole.loc[involved, _COLUMNS])
    judged = (
        Pair(low, high, found)
        for low, high in candidates
        if low in rows and high in rows and (found := verdict(rows[low], rows[high])) is not None
    )
    return sorted(judged, key=lambda pair: (_rank(pair.verdict), pair.low, pair.high))


def twins(real: pd.DataFrame, leads: Sequence[Mapping[str, Any]]) -> dict[int, list[Twin]]:
    """By key of each of `leads` (their folded columns; a key not in `real` for one being typed), those that look like it, surest first."""
    mine = {lead["key"]: lead for lead in leads}
    named = [lead for lead in leads if lead["name_fold"]]
    same = {column: _by_value(leads, column) for column in ("email_fold", "phone_e164", "name_fold")}
    beside = {column: _by_value(named, column) for column in ("email_domain", "company_fold")}
    looked_at = np.zeros(len(real), bool)
    for column, values in (*same.items(), *beside.items()):
        if values:
            looked_at |= _having(real, column, values.keys())
    rows = _rows(real.loc[looked_at, _COLUMNS])
    candidates: dict[int, set[int]] = defaultdict(set)
    for column, by_value in same.items():
        for other, row in rows.items():
            for key in by_value.get(_value(row, column), ()):
                candidates[key].add(other)
    for column, by_value in beside.items():
        near: dict[str | None, dict[int, str]] = {value: {} for value in by_value}
        for other, row in rows.items():
            if row["name_fold"] and (value := _value(row, column)) in near:
                near[value][other] = row["name_fold"]
        for value, keys in by_value.items():
            if column == "company_fold" and len(near[value]) > CROWD:
                continue
            for key in keys:
                names = near[value] | {key: mine[key]["name_fold"]}
                candidates[key].update(low if high == key else high for low, high in near_pairs(names, {key}))
    return {key: _surest(lead, ((other, rows[other]) for other in candidates[key] - {key})) for key, lead in mine.items()}


def _each(column: pd.Series) -> pd.Series:
    """What makes its values one, of each text once."""
    one = _ONE[str(column.name)]
    known: dict[str, str] = {text: one(text) for text in column.dropna().unique()}
    return column.map(known, na_action="ignore")


def namesakes(real: pd.DataFrame, name_fold: str | None) -> list[int]:
    """Leads of that folded name, whatever else they have."""
    return real.index[real["name_fold"] == name_fold].tolist() if name_fold else []


def _by_value(leads: Sequence[Mapping[str, Any]], column: str) -> dict[str | None, list[int]]:
    """The keys of the leads that have each value."""
    found: dict[str | None, list[int]] = defaultdict(list)
    for lead in leads:
        if value := _value(lead, column):
            found[value].append(lead["key"])
    return found


def _value(lead: Mapping[str, Any], column: str) -> str | None:
    text: str | None = lead[column]
    return _ONE[column](text) if text and column in _ONE else text


def _having(real: pd.DataFrame, column: str, wanted: AbstractSet[str | None]) -> npt.NDArray[np.bool_]:
    """The leads of which `_value` is one of these, asked of those only that may have it."""
    texts = real[column]
    found = texts.isin(list(wanted)).to_numpy(dtype=bool, copy=True)
    if column in _ONE:
        may = _may_have(texts, [value for value in wanted if value])
        places = np.flatnonzero(may.fillna(False).to_numpy(dtype=bool) & ~found)
        hits = zip(places.tolist(), texts.iloc[places].tolist(), strict=True)
        found[[place for place, text in hits if _ONE[column](text) in wanted]] = True
    return found


def _may_have(texts: pd.Series, wanted: list[str]) -> pd.Series:
    """A mailbox begins as its addresses do, but for a sign; the longest words of a company are in each of its writings."""
    if texts.name == "email_fold":
        signs = {f"{value[0]}{sign}" for value in wanted for sign in ".+" if value.endswith(emails.GMAIL) or value[1] == "@"}
        return texts.str.startswith(tuple(signs | {value[:2] for value in wanted}))
    words = [sorted(value.split(), key=len)[-2:] for value in wanted]
    if len(words) > 1:
        return texts.str.contains("|".join({re.escape(each[-1]) for each in words}))
    first, *others = (texts.str.contains(word, regex=False) for word in words[0])
    return first & others[0] if others else first


def _surest(lead: Mapping[str, Any], others: Iterable[tuple[int, Mapping[str, Any]]]) -> list[Twin]:
    judged = [Twin(key, found) for key, row in others if (found := verdict(lead, row)) is not None]
    return sorted(judged, key=lambda twin: (_rank(twin.verdict), twin.key))


def _rank(found: Verdict) -> int:
    return 0 if found.kind == CERTAIN else 2 if found.kind == SHARED else 1


def _blocks(leads: pd.DataFrame, columns: list[str]) -> Iterator[list[int]]:
    """Keys of the leads that have the same values, in the order of their names."""
    ordered = leads.sort_values([*columns, "name_fold"]) if "name_fold" not in columns else leads.sort_values(columns)
    block: list[int] = []
    last: Any = None
    for key, *values in ordered[columns].itertuples(name=None):
        if values != last:
            yield block
            block, last = [], values
        block.append(key)
    yield block


def _colleagues(real: pd.DataFrame) -> Iterator[dict[int, str]]:
    """The folded names of the leads of each company."""
    known = real[[_COMPANY, "name_fold"]].dropna()
    sizes = known.groupby(_COMPANY)["name_fold"].transform("size")
    known = known[(sizes > 1) & (sizes <= CROWD)].sort_values(_COMPANY)
    employers, names, keys = known[_COMPANY].tolist(), known["name_fold"].tolist(), known.index.tolist()
    for _, places in groupby(range(len(known)), employers.__getitem__):
        yield {keys[place]: names[place] for place in places}


def _within(block: list[int]) -> Iterator[tuple[int, int]]:
    if len(block) <= MOST:
        yield from combinations(block, 2)
    else:
        for step in range(1, BESIDE + 1):
            yield from zip(block, block[step:], strict=False)


def _rows(leads: pd.DataFrame) -> dict[int, Mapping[str, Any]]:
    """The folded columns by key; None where missing."""
    columns = [
        [None if missing else value for value, missing in zip(leads[name].tolist(), leads[name].isna().tolist(), strict=True)]
        for name in _COLUMNS
    ]
    return {key: dict(zip(_COLUMNS, values, strict=True)) for key, *values in zip(leads.index.tolist(), *columns, strict=True)}
