"""Block D, second half: what each owner has, does and wins."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from gnetics import texts
from gnetics.metrics.definitions import NO_CLOSING, NO_CONTACT_DATE, NO_CREATION, UNCONTACTED
from gnetics.metrics.figure import Figure, Keys, Row, Selection, Table
from gnetics.metrics.measures import Groups, count, cycle_median, left_out, median, money, percentile_90, ratio, statistic
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
    owners: pd.Series  # missing for nobody


def sent_by_people(messages: pd.DataFrame) -> pd.DataFrame:
    """Outgoing messages that no automation sent: {at, lead_key}."""
    wanted = (messages["direction"] == "envoyé") & (messages["kind"] == "message") & ~messages["automatic"]
    return messages[["at", "lead_key"]][wanted]  # a message's text is wide: it must not be copied


def _events_done(population: Population, events: pd.DataFrame) -> _Done:
    done = events[["kind", "starts_at", "lead_key", "owner"]][events["done"]]
    kinds = pd.Index(KINDS).get_indexer(pd.Index(done["kind"]))
    kinds[kinds < 0] = KINDS.index("Autre")
    leads = population.locate(done["lead_key"])
    return _Done("events", done.index.to_numpy(np.int64), kinds.astype(np.int64), instants(done["starts_at"]), leads, done["owner"])


def _mail_sent(population: Population, messages: pd.DataFrame) -> _Done:
    """A message is its lead's owner's; one without lead is nobody's and is left to the Outreach block."""
    sent = sent_by_people(messages)
    leads = population.locate(sent["lead_key"])
    sent, leads = sent[leads >= 0], leads[leads >= 0]
    kinds = np.full(len(sent), ACTIVITIES.index(EMAIL))
    return _Done(
        "messages",
        sent.index.to_numpy(np.int64),
        kinds,
        instants(sent["at"]),
        leads,
        population.leads["owner"].iloc[population.rows[leads]],
    )


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
    codes, names = population.owners
    busy = sorted({str(name) for each in done for name in each.owners.dropna().unique()} - set(names)) if population.owner is None else []
    nobody = len(names) - 1 + len(busy)  # owners without a lead, but not without work, come before nobody
    names = [*names[:-1], *busy, None]
    groups = Groups(np.where(codes == len(names) - 1 - len(busy), nobody, codes), len(names))
    delays = _Delays.of(population, done, window, zone)
    activities = _activities(done, names, window, zone)
    return [
        {
            "owner": name or texts.NO_OWNER,
            **_results(population, groups[code], window),
            **delays.of_owner(population, groups[code], window),
            **activities[code],
        }
        for code, name in enumerate(names)
    ]


def _activities(done: list[_Done], names: list[str | None], window: Window, zone: ZoneInfo) -> list[Row]:
    counts: list[Row] = [{} for _ in names]
    for each in done:
        owners = pd.Index(names[:-1], dtype=object).get_indexer(pd.Index(each.owners, dtype=object))
        owners = np.where(each.owners.isna().to_numpy(), len(names) - 1, owners)
        inside = window.holds_instants(each.moments, zone) & (owners >= 0)
        groups = Groups(owners * len(ACTIVITIES) + each.kinds, len(names) * len(ACTIVITIES), inside)
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
