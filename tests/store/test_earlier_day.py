"""The history brings back every day as it was: replayed days against copies kept while they lasted."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pandas as pd

from gnetics import settings as settings_module
from gnetics.actions.leads import save_lead
from gnetics.clock import fixed
from gnetics.domain.fields import IN_JOURNAL
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.domain.statuses import LABELS
from gnetics.metrics.earlier import frames_on, moment_after
from gnetics.metrics.past import leads_on
from gnetics.store.crm import Crm, open_crm

FIRST, DAYS = date(2026, 11, 2), 8
FIELDS = [
    "real", "status", "amount", "probability", "owner", "source", "source_fold", "score", "lost_reason", "next_follow_up", "last_contact",
    "expected_close", "created_at", "closed_at", "status_since", "previous_status",
]  # fmt: skip


def _on(crm: Crm, day: date, hour: int) -> Crm:
    return replace(crm, clock=fixed(datetime(day.year, day.month, day.day, hour, tzinfo=UTC), crm.region.zone))


def _changes(rng: random.Random, day: date) -> dict[str, Any]:
    values: dict[str, Any] = {
        "status": rng.choice(LABELS),
        "amount": rng.choice([None, 0, 700, 10**12]),
        "probability": rng.choice([None, 0, 30]),
        "owner": rng.choice([None, "Ana", "Sam"]),
        "source": rng.choice([None, "Salon", "Réseau"]),
        "score": rng.choice([None, 0, 55]),
        "lost_reason": rng.choice([None, "Prix"]),
        "next_follow_up": rng.choice([None, day + timedelta(days=5)]),
        "last_contact": rng.choice([None, day]),
        "expected_close": rng.choice([None, day + timedelta(days=50)]),
    }
    return {name: values[name] for name in rng.sample(sorted(values), rng.randrange(1, 6))}


def test_each_day_comes_back_as_it_was(crm: Crm) -> None:
    rng, kept = random.Random(3), {}
    for number in range(DAYS):
        day = FIRST + timedelta(days=number)
        for hour in (6, 9, 22):  # 22 h UTC is still the same day in Paris in winter
            today = _on(crm, day, hour)
            snapshot = today.snapshot()
            save_lead(today, "Ana", None, {"name": f"Lead {number} {hour}", **_changes(rng, day)}, None, snapshot)
            for key in rng.sample(snapshot.leads.index.tolist(), min(4, len(snapshot.leads))):
                save_lead(today, "Ana", key, _changes(rng, day), None, snapshot)
        kept[day] = crm.snapshot().leads
    with _on(crm, FIRST + timedelta(days=DAYS), 9).write("Ana", Verb.SAVE_LEAD) as work:
        work.delete("leads", 1)
        work.delete("leads", 2)
        work.commit()
    snapshot = crm.snapshot()
    for day, then in kept.items():
        end = datetime(day.year, day.month, day.day, 23, tzinfo=UTC)  # midnight in Paris
        found = frames_on(snapshot, snapshot.changes_after(end), day, FIRST + timedelta(days=DAYS), crm.region.zone)
        pd.testing.assert_frame_equal(found.leads[FIELDS], then.drop(index=[1, 2])[FIELDS])
        assert snapshot.deleted_after(end) == 2


def test_the_journal_brings_the_headline_of_a_day_back_as_all_the_lines_do(copy_of_demo: Callable[[], str]) -> None:
    """What the base of the headline is made of, and what « État au » shows, on the demo, where leads have no line of what they were."""
    crm = open_crm(replace(settings_module.load({}), database_url=copy_of_demo()))
    snapshot, today, zone = crm.snapshot(), crm.clock.today(), crm.region.zone
    assert snapshot.history_since is not None
    first, without = snapshot.history_since.tz_convert(zone).date(), 0
    for ago in (0, 1, 7, 30, 60, (today - first).days):
        day = today - timedelta(days=ago)
        shown = frames_on(snapshot, snapshot.changes_after(moment_after(day, zone)), day, today, zone).leads
        base = leads_on(snapshot, snapshot.journal, day, today, zone)
        columns = ["real", *IN_JOURNAL]
        pd.testing.assert_frame_equal(base[columns], shown[columns])
        moved = base["status"].ne(snapshot.leads["status"].loc[base.index]) & ~base.index.isin(snapshot.journal["entity_key"])
        without += int(moved.sum())
    crm.close()
    assert without, "no lead of the demo lacks the line of a move: the test has lost its subject"


def test_a_snapshot_is_not_told_of_changes_it_does_not_show(crm: Crm) -> None:
    earlier = datetime(2026, 11, 1, tzinfo=UTC)
    save_lead(crm, "Ana", None, {"name": "Zoé", "owner": "Ana"}, None, crm.snapshot())
    snapshot, other = crm.snapshot(), crm.snapshot()
    save_lead(crm, "Sam", 1, {"owner": "Sam", "notes": "Rappeler"}, None, other)
    assert snapshot.changes_after(earlier).empty
    assert set(other.changes_after(earlier)["field"]) == {"notes", "owner"}
    assert other.changes_after(crm.clock.now() + timedelta(seconds=1)).empty


def test_a_lead_that_came_back_is_not_missing(crm: Crm) -> None:
    earlier = datetime(2026, 11, 1, tzinfo=UTC)
    save_lead(crm, "Ana", None, {"name": "Zoé"}, None, crm.snapshot())
    with crm.write("Ana", Verb.SAVE_LEAD) as work:
        work.delete("leads", 1)
        work.commit()
    assert crm.snapshot().deleted_after(earlier) == 1
    with crm.write("Ana", Verb.SAVE_LEAD) as work:
        row = work.rows("leads", [1])[1]
        work.update_many("leads", [(row, {"deleted": False})], Action.IMPORTED)
        work.commit()
    assert crm.snapshot().deleted_after(earlier) == 0
