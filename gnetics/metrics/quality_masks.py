"""What the quality rules look at: a mask per fact, over the contacts réels, each computed at most once.

Folded keys, checks and near-spelling pairs are kept at write time; here they are only counted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from gnetics.domain import companies, emails
from gnetics.metrics.population import Days, Ints, Mask, Population
from gnetics.metrics.window import instants, local_days, month_start

SILENT_YEARS = 3


def years_before(day: date, years: int) -> date:
    """29 February becomes 1 March."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 3, 1)


def _repeated(codes: Ints, people: Ints) -> Mask:
    """Codes that several people have; −1, missing, repeats nothing."""
    someone = np.zeros(codes.max(initial=-1) + 2, dtype=np.int64)  # who has each, the last place standing for −1
    someone[codes] = people
    several = np.zeros(len(someone), dtype=bool)
    several[codes[people != someone[codes]]] = True
    several[-1] = False
    return several[codes]


@dataclass(frozen=True, eq=False)
class QualityMasks:
    """`pairs` holds the near spellings: lead keys `low` and `high`."""

    population: Population
    messages: pd.DataFrame
    pairs: pd.DataFrame
    zone: ZoneInfo

    @cached_property
    def everyone(self) -> Mask:
        return np.ones(self.population.size, dtype=bool)

    @cached_property
    def known(self) -> Mask:
        """All but those who were erased."""
        return self.population.missing("erased_at")

    def has(self, field: str) -> Mask:
        return ~self.population.missing(field)

    @cached_property
    def invalid_email(self) -> Mask:
        return self.population.says("email_check", "invalide")

    @cached_property
    def invalid_phone(self) -> Mask:
        return self.has("phone") & self.population.missing("phone_e164")

    @cached_property
    def unreachable(self) -> Mask:
        """Neither a valid email nor a valid phone."""
        return (self.invalid_email | self.population.missing("email")) & self.population.missing("phone_e164")

    @cached_property
    def same_identity(self) -> Mask:
        emailed = self._one("email_fold", emails.mailbox, emails.CHANGING)
        return _repeated(emailed, self.people) | _repeated(self.population.codes("phone_e164")[0], self.people)

    @cached_property
    def people(self) -> Ints:
        """Whose deal each is: a lead is its own person unless it was said to be a new deal of another."""
        people = np.arange(self.population.size)
        deals = np.flatnonzero(self.has("deal_of"))
        of, named = pd.factorize(self.population.leads["deal_of"].iloc[self.population.rows[deals]])
        persons = deals[np.unique(of, return_index=True)[1]]  # the first deal of each, for want of the lead itself
        ids = self.population.leads["lead_id"].iloc[self.population.rows]
        there = np.flatnonzero(ids.isin(named))
        persons[named.get_indexer(pd.Index(ids.iloc[there]))] = there
        people[deals] = persons[of]
        return people

    @cached_property
    def near_identity(self) -> Mask:
        """Same folded name and company, or one of the near spellings kept by the store."""
        names, employers = self.population.codes("name_fold")[0], self._one("company_fold", companies.plain, companies.CHANGING)
        same = np.zeros(self.population.size, dtype=bool)
        known = np.flatnonzero(_repeated(names, self.people) & _repeated(employers, self.people))  # no others can have both the same
        both, _ = pd.factorize(names[known] * (employers.max(initial=0) + 1) + employers[known])
        same[known] = _repeated(both, self.people[known])
        found = self.population.locate(pd.concat([self.pairs["low"], self.pairs["high"]]).astype("Int64"))
        low, high = np.split(found, 2)
        living = (low >= 0) & (high >= 0)
        low, high = low[living], high[living]
        two = self.people[low] != self.people[high]
        same[low[two]] = same[high[two]] = True
        return same

    def _one(self, column: str, function: Callable[[str], str], changing: str) -> Ints:
        """Its codes, the same where `function` makes two texts one; it changes no text but those that `changing` finds."""
        codes, texts = self.population.codes(column)
        places = np.flatnonzero(texts.str.contains(changing, regex=True))
        ones = [function(text) for text in texts[places].tolist()]
        there = np.flatnonzero(texts.isin(set(ones))) if ones else places
        known = dict(zip(texts[there].tolist(), there.tolist(), strict=True))
        merged = np.arange(len(texts) + 1)
        for place, one in zip(places.tolist(), ones, strict=True):
            merged[place] = known.setdefault(one, place)
        return np.where(codes < 0, -1, merged[codes])

    def unread(self, *fields: str) -> Mask:
        """Rows whose kept raw texts, JSON {field: text}, name one of the fields; each text is read once, however many rows have it."""
        codes, texts = self.population.codes("unread")
        named = [texts.str.contains(f'"{field}":', regex=False) for field in fields]
        return np.append(np.logical_or.reduce(named), False)[codes]

    @cached_property
    def closed_before_created(self) -> Mask:
        return self.population.cycle[2]

    @cached_property
    def both_dates(self) -> Mask:
        return self.has("created_at") & self.has("closed_at")

    def future(self, field: str) -> Mask:
        return self.population.days(field) > self.population.day

    @cached_property
    def future_dates(self) -> Mask:
        return self.future("created_at") | self.future("closed_at") | self.future("status_since")

    @cached_property
    def overdue_close(self) -> Mask:
        return self.population.open & (self.population.days("expected_close") < np.datetime64(month_start(self.population.today)))

    @cached_property
    def last_news(self) -> Days:
        """Latest of last contact and message received, or else the creation."""
        last = self.population.days("last_contact").copy()
        wanted = (self.messages["direction"] == "reçu") & (self.messages["kind"] == "message")
        received = self.messages[["at", "lead_key"]][wanted]
        places = self.population.locate(received["lead_key"])
        linked = places >= 0
        np.fmax.at(last, places[linked], local_days(instants(received["at"])[linked], self.zone))
        return np.where(np.isnat(last), self.population.days("created_at"), last)

    @cached_property
    def silent(self) -> Mask:
        return self.last_news < np.datetime64(years_before(self.population.today, SILENT_YEARS))

    @cached_property
    def negative_amount(self) -> Mask:
        return self.population.has_amount & (self.population.amount < 0)
