"""The automatic score in the store: points kept at write, and what sources have given.

Three parts are kept with each lead (`score_fit`, `score_activity`, `score_source`); the fourth, recency, follows from the
day and the last contact, so it is computed when a frame is shown (scored.py) and is never out of date.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from sqlalchemy import Connection, and_, bindparam, delete, func, insert, or_, select, update

from gnetics.domain import score
from gnetics.domain.events import MET
from gnetics.domain.score import Exchanges, Rate
from gnetics.domain.statuses import LOST, WON
from gnetics.store.duplicates import chunks
from gnetics.store.schema import events, leads, messages, source_rates

Rates = dict[str, Rate]  # by folded source
Progress = Callable[[int, int], None]
_JUDGED = [leads.c[name] for name in ("email_check", "email_domain", "phone_e164", "company", "job_title", "amount", "source_fold")]
_KEPT = [leads.c[name] for name in ("score_fit", "score_activity", "score_source")]


def read_rates(connection: Connection) -> Rates:
    """As measured by the last import or `gnetics score`; a source without decided leads has none."""
    query = select(source_rates.c.source_fold, source_rates.c.won, source_rates.c.decided)
    return {fold: Rate(won, decided) for fold, won, decided in connection.execute(query)}


def exchanges_of(connection: Connection, keys: Collection[int] | None = None) -> dict[int, Exchanges]:
    """Meetings that took place and mails, by lead (all leads when `keys` is None); a lead without any has no entry."""
    met = and_(events.c.done, ~events.c.cancelled, ~events.c.deleted, events.c.kind.in_(MET), events.c.lead_key.is_not(None))
    there = or_(~messages.c.deleted, messages.c.erased)
    wrote = and_(messages.c.kind == "message", there, messages.c.drop_reason.is_(None), messages.c.lead_key.is_not(None))
    counts: dict[int, dict[str, int]] = {}
    for chunk in [None] if keys is None else chunks(sorted(keys)):
        meetings = select(events.c.lead_key, func.count()).where(met).group_by(events.c.lead_key)
        mails = select(messages.c.lead_key, messages.c.direction, func.count()).where(wrote)
        mails = mails.group_by(messages.c.lead_key, messages.c.direction)
        if chunk is not None:
            meetings, mails = meetings.where(events.c.lead_key.in_(chunk)), mails.where(messages.c.lead_key.in_(chunk))
        for key, count in connection.execute(meetings):
            counts.setdefault(key, {})["meetings"] = count
        for key, direction, count in connection.execute(mails):
            counts.setdefault(key, {})["received" if direction == "reçu" else "sent"] = count
    return {key: Exchanges(**each) for key, each in counts.items()}


def settle(connection: Connection, rev: int, keys: Collection[int]) -> None:
    """Count the activity of these leads anew, after something happened with them."""
    found = exchanges_of(connection, keys)
    writes = []
    for chunk in chunks(sorted(keys)):
        for key, kept in connection.execute(select(leads.c.key, leads.c.score_activity).where(leads.c.key.in_(chunk))):
            points = score.activity(found.get(key, Exchanges()))
            if points != kept:
                writes.append({"gnetics_key": key, "score_activity": points, "rev": rev})
    if writes:
        connection.execute(update(leads).where(leads.c.key == bindparam("gnetics_key")), writes)


def settle_all(connection: Connection, rev: int | None = None, progress: Progress | None = None) -> tuple[int, int]:
    """Measure the sources and every lead anew: (leads whose points changed, leads). `rev` None leaves each row its own."""
    rates = _measure_sources(connection)
    writes = list(_differing(connection, rates, exchanges_of(connection), {} if rev is None else {"rev": rev}))
    done = 0
    for chunk in chunks(writes):
        connection.execute(update(leads).where(leads.c.key == bindparam("gnetics_key")), chunk)
        done += len(chunk)
        if progress:
            progress(done, len(writes))
    return len(writes), connection.execute(select(func.count()).select_from(leads).where(~leads.c.deleted)).scalar_one()


def settle_sources(connection: Connection, rev: int) -> bool:
    """Measure the sources anew, and give their points to the leads of those that changed; whether any did."""
    before, after = read_rates(connection), _measure_sources(connection)
    changed = [fold for fold in before.keys() | after.keys() if before.get(fold) != after.get(fold)]
    by_points: dict[int, list[str]] = {}
    for fold in changed:
        by_points.setdefault(score.source(after.get(fold)), []).append(fold)
    for points, folds in by_points.items():
        for chunk in chunks(folds):
            stale = (leads.c.source_fold.in_(chunk), ~leads.c.deleted, leads.c.score_source.is_distinct_from(points))
            connection.execute(update(leads).where(*stale).values(score_source=points, rev=rev))
    return bool(changed)


def _measure_sources(connection: Connection) -> Rates:
    won, lost = leads.c.status == WON, leads.c.status == LOST
    query = select(leads.c.source_fold, func.count().filter(won), func.count()).where(won | lost, leads.c.real, ~leads.c.deleted)
    found = [
        {"source_fold": fold, "won": wins, "decided": decided}
        for fold, wins, decided in connection.execute(query.where(leads.c.source_fold.is_not(None)).group_by(leads.c.source_fold))
    ]
    connection.execute(delete(source_rates))
    if found:
        connection.execute(insert(source_rates), found)
    return {row["source_fold"]: Rate(row["won"], row["decided"]) for row in found}


def _differing(connection: Connection, rates: Rates, exchanges: dict[int, Exchanges], more: dict[str, Any]) -> Iterator[dict[str, Any]]:
    brought = {fold: score.source(rate) for fold, rate in rates.items()}
    for row in connection.execute(select(leads.c.key, *_KEPT, *_JUDGED).where(~leads.c.deleted)).mappings().all():
        points = {
            "score_fit": score.fit(dict(row)),
            "score_activity": score.activity(exchanges.get(row["key"], Exchanges())),
            "score_source": brought.get(row["source_fold"] or "", score.SOURCE_NEUTRAL),
        }
        if any(row[name] != value for name, value in points.items()):
            yield {"gnetics_key": row["key"], **points, **more}
