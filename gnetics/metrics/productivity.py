"""Block D, second half: what each owner has, does and wins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from gnetics import texts
from gnetics.domain.folding import fold
from gnetics.domain.spellings import names
from gnetics.metrics.definitions import NO_CLOSING, NO_CONTACT_DATE, NO_CREATION, UNCONTACTED
from gnetics.metrics.figure import Figure, Keys, Row, Selection, Table
from gnetics.metrics.groups import Groups
from gnetics.metrics.measures import count, cycle_median, left_out, median, money, percentile_90, ratio, statistic
from gnetics.metrics.population import Days, Ints, Mask, Population
from gnetics.metrics.window import Window, instants, local_days

KINDS = ("Rendez-vous", "Appel", "Visio", "Autre")
EMAIL = "E-mail"  # the kind of activity that messages are
ACTIVITIES = (*KINDS, EMAIL)
_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class _Done:
    """What people did: one element per done event, or per message sent by a person. `kinds` are ranks in ACTIVITIES."""

    table: Table
    keys: Keys
    kinds: Ints
    moments: Days
    leads: Ints  # place in P, −1 for none
    owners: tuple[Ints, pd.Index[Any]]  # codes, −1 for nobody, and the text of each


def sent_by_people(messages: pd.DataFrame) -> pd.DataFrame:
    """Outgoing messages that no automation sent: {at, lead_key}."""
    wanted = (messages["direction"] == "envoyé") & (messages["kind"] == "message") & ~messages["automatic"]
    return messages[["at", "lead_key"]][wanted]  # a message's text is wide: it must not be copied


def _events_done(population: Population, events: pd.DataFrame) -> _Done:
    done = (events["done"] & ~events["cancelled"]).to_numpy(dtype=bool)
    (kinds, written), (owners, texts_) = pd.factorize(events["kind"]), pd.factorize(events["owner"])
    ranks = np.array([*(KINDS.index(text if text in KINDS else "Autre") for text in written), KINDS.index("Autre")])
    return _Done(
        "events",
        events.index.to_numpy(np.int64)[done],
        ranks[kinds[done]],
        instants(events["starts_at"])[done],
        population.locate(events["lead_key"])[done],
        (owners[done], texts_),
    )


def _mail_sent(population: Population, messages: pd.DataFrame) -> _Done:
    """A message is its lead's owner's; one without lead is nobody's and is left to the Outreach block."""
    sent = sent_by_people(messages)
    leads = population.locate(sent["lead_key"])
    there = leads >= 0
    leads = leads[there]
    owners, texts_ = population.codes("owner")
    kinds = np.full(len(leads), ACTIVITIES.index(EMAIL))
    return _Done("messages", sent.index.to_numpy(np.int64)[there], kinds, instants(sent["at"])[there], leads, (owners[leads], texts_))


def _first_contacts(population: Population, done: list[_Done], zone: ZoneInfo) -> Days:
    """Calendar day of the first human contact of each lead of P; NaT when none is recorded."""
    first = np.full(population.size, _NEVER)
    for each in done:
        linked = (each.leads >= 0) & ~np.isnat(each.moments)
        np.minimum.at(first, each.leads[linked], each.moments[linked].astype(np.int64))
    reached = np.flatnonzero(first < _NEVER)
    days = np.full(population.size, np.datetime64("NaT"), dtype="datetime64[D]")
    days[reached] = local_days(first[reached].astype("datetime64[us]"), zone)
    return days


def productivity(population: Population, events: pd.DataFrame, messages: pd.DataFrame, window: Window, zone: ZoneInfo) -> list[Row]:
    """Rows by owner, « Non attribué » last: {owner, leads, created, first_median, first_p90, uncontacted, won, won_amount, success, cycle}
    and a figure per kind of activity (ACTIVITIES), whose keys are of events or messages."""
    done = [_events_done(population, events), _mail_sent(population, messages)]
    codes, with_leads = population.named("owner")
    owners = with_leads | (_busy(done, with_leads) if population.owner is None else {})
    groups = Groups(np.where(codes == len(with_leads), len(owners), codes), len(owners) + 1)
    delays = _Delays.of(population, done, window, zone)
    activities = _activities(done, list(owners), window, zone)
    return [
        {
            "owner": name,
            **_results(population, groups[code], window),
            **delays.of_owner(population, groups[code], window),
            **activities[code],
        }
        for code, name in enumerate([*owners.values(), texts.NO_OWNER])
    ]


def first_contact(population: Population, events: pd.DataFrame, messages: pd.DataFrame, window: Window, zone: ZoneInfo) -> Figure:
    """Median days to the first human contact of all leads created in the window, whoever has them."""
    delays = _Delays.of(population, [_events_done(population, events), _mail_sent(population, messages)], window, zone)
    median_days: Figure = delays.of_owner(population, np.arange(population.size), window)["first_median"]
    return median_days


def _busy(done: list[_Done], with_leads: dict[str, str]) -> dict[str, str]:
    """Owners without a lead, but not without work."""
    counts = [(np.bincount(codes[codes >= 0], minlength=len(texts)), texts) for codes, texts in (each.owners for each in done)]
    found = names((str(text), int(count)) for each, texts in counts for count, text in zip(each, texts, strict=True) if count)
    return {folded: found[folded] for folded in sorted(found) if folded not in with_leads}


def _codes(owners: tuple[Ints, pd.Index[Any]], known: list[str]) -> Ints:
    """The place of each owner among the folded names, the one after the last of nobody, −1 of others."""
    found, written = owners
    ranks = {folded: rank for rank, folded in enumerate(known)}
    folds = [fold(str(text)) for text in written]
    return np.array([*(ranks.get(folded, -1) if folded else len(known) for folded in folds), len(known)], dtype=np.int64)[found]


def _activities(done: list[_Done], known: list[str], window: Window, zone: ZoneInfo) -> list[Row]:
    counts: list[Row] = [{} for _ in range(len(known) + 1)]
    for each in done:
        owners = _codes(each.owners, known)
        inside = window.holds_instants(each.moments, zone) & (owners >= 0)
        groups = Groups(owners * len(ACTIVITIES) + each.kinds, len(counts) * len(ACTIVITIES), inside)
        for kind in (EMAIL,) if each.table == "messages" else KINDS:
            for owner, row in enumerate(counts):
                counted = Selection(each.keys, groups[owner * len(ACTIVITIES) + ACTIVITIES.index(kind)])
                row[kind] = Figure("owner_activity", "count", len(counted), counted, len(each.keys), window, table=each.table)
    return counts


def _results(population: Population, leads: Ints, window: Window) -> Row:
    closed = population.days("closed_at")
    inside, decided = window.holds(closed[leads]), (population.won | population.lost)[leads]
    won = leads[population.won[leads] & inside]
    undated = () if window.is_everything else left_out(population, NO_CLOSING, leads[decided & np.isnat(closed[leads])])
    return {
        "leads": count(population, "owner_leads", leads),
        "won": count(population, "owner_won", won, window, undated),
        "won_amount": money(population, "owner_won_amount", won, window, undated),
        "success": ratio(population, "owner_success", won, leads[decided & inside], window, undated),
        "cycle": cycle_median(population, "owner_cycle", won, window),
    }


@dataclass(frozen=True, eq=False)
class _Delays:
    """Over leads created in the window: days to first contact of those reached, and those reached nobody knows when."""

    days: Ints
    created: Mask
    reached: Mask
    undated: Mask

    @classmethod
    def of(cls, population: Population, done: list[_Done], window: Window, zone: ZoneInfo) -> _Delays:
        first, born = _first_contacts(population, done, zone), population.days("created_at")
        created = window.holds(born)
        reached = created & ~np.isnat(first) & ~np.isnat(born)
        touched = ~population.missing("last_contact") | ~np.isnat(first)
        days = np.where(reached, np.maximum((first - born).astype(np.int64), 0), 0)
        return cls(days, created, reached, created & touched & ~reached)

    def of_owner(self, population: Population, leads: Ints, window: Window) -> Row:
        created, reached = leads[self.created[leads]], leads[self.reached[leads]]
        uncontacted = created[~(self.reached | self.undated)[created]]
        unborn = () if window.is_everything else left_out(population, NO_CREATION, leads[population.missing("created_at")[leads]])
        out = (
            *left_out(population, UNCONTACTED, uncontacted),
            *left_out(population, NO_CONTACT_DATE, leads[self.undated[leads]]),
        )
        return {
            "created": count(population, "owner_created", created, window, unborn),
            "first_median": statistic(population, "owner_first_contact", "days", median(self.days[reached]), reached, window, out),
            "first_p90": statistic(population, "owner_first_contact", "days", percentile_90(self.days[reached]), reached, window, out),
            "uncontacted": count(population, "owner_uncontacted", uncontacted, window),
        }
