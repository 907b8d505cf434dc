"""Merging leads of one person, and taking the merge back: nothing is lost, whatever happens in between."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from gnetics.actions.bin import delete_lead, empty_bin, restore_lead
from gnetics.actions.imports import import_rows
from gnetics.actions.leads import save_lead
from gnetics.actions.merging import Merged, Moved, merge_leads, undo_merge
from gnetics.clock import fixed
from gnetics.domain.fields import BY_KEY
from gnetics.domain.history import Action
from gnetics.domain.merging import BOTH
from gnetics.domain.rights import Verb
from gnetics.errors import GneticsError, NotFound, Refused
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot
from gnetics.store.nights import KEPT_DAYS
from gnetics.store.reading import logs
from gnetics.store.reading.bin import binned
from gnetics.store.reading.history import history_of
from gnetics.store.reading.merges import survivor_of, undoable_merges
from gnetics.store.schema import duplicate_pairs, events, history, leads, messages, runs
from tests.conftest import live
from tests.store import workers as jobs
from tests.store.workers import Workers

pytestmark = pytest.mark.costly

ONE = {
    "name": "Zoé Lefèvre",
    "email": "zoe@lumen-exemple.fr",
    "status": "Contacté",
    "amount": 100,
    "tags": "salon, VIP",
    "notes": "Vue au salon",
}
TWO = {"name": "Lefevre Zoe", "email": "z.lefevre@lumen-exemple.fr", "phone": "06 12 34 56 78", "status": "Qualifié", "tags": "vip, 2026"}
MOMENT = datetime(2026, 11, 3, 9, tzinfo=UTC)
WRITTEN = {"rev", "updated_at", "search"}  # the order of the words of `search` does not matter


def two(crm: Crm, snapshot: Snapshot, one: Mapping[str, Any] = ONE, other: Mapping[str, Any] = TWO) -> tuple[int, int]:
    first, second = (save_lead(crm, "ana", None, lead, None, snapshot).key for lead in (one, other))
    with crm.write("ana", Verb.IMPORT) as uow:
        uow.insert_many(
            "events",
            [{"uid": f"e{key}", "title": "Appel", "starts_at": MOMENT, "ends_at": MOMENT, "lead_key": key} for key in (first, second)],
            Action.IMPORTED,
        )
        uow.insert_many(
            "messages",
            [{"message_id": f"m{key}", "direction": "reçu", "at": MOMENT, "lead_key": key} for key in (first, second)],
            Action.IMPORTED,
        )
        uow.insert_many(
            "runs",
            [{"idempotency_key": f"r{key}", "rule": "Relance", "status": "réussi", "lead_key": key} for key in (first, second)],
            Action.IMPORTED,
        )
        uow.commit()
    snapshot.catch_up()
    return first, second


def merge(crm: Crm, snapshot: Snapshot, *keys: int, **choice: int) -> Merged:
    return merge_leads(crm, "ana", keys, choice, {key: snapshot.lead(key) for key in keys}, snapshot)


def later(crm: Crm, days: int) -> Crm:
    return replace(crm, clock=fixed(crm.clock.now() + timedelta(days=days), crm.region.zone))


def stored(crm: Crm) -> dict[str, Any]:
    """Everything the store says of its rows, but who wrote them last."""
    with crm.read() as connection:
        found: dict[str, Any] = {
            table.name: [
                {name: value for name, value in row.items() if name not in WRITTEN}
                for row in connection.execute(select(table).order_by(table.c.key)).mappings()
            ]
            for table in (leads, events, messages, runs)
        }
        return found | {"pairs": sorted(connection.execute(select(duplicate_pairs)).all())}


def test_the_survivor_has_the_chosen_values_and_everything_of_both(crm: Crm) -> None:
    snapshot = crm.snapshot()
    first, second = two(crm, snapshot)
    save_lead(crm, "sam", second, {"last_contact": date(2026, 11, 20)}, {}, snapshot)
    merge(crm, snapshot, first, second, status=second, email=first)
    assert snapshot.leads.index.tolist() == [first]
    lead = snapshot.lead(first)
    assert {name: lead[name] for name in ("name", "email", "phone", "status", "amount", "lead_id", "previous_status")} == {
        "name": "Zoé Lefèvre",
        "email": "zoe@lumen-exemple.fr",
        "phone": "06 12 34 56 78",
        "status": "Qualifié",
        "amount": 100,
        "lead_id": "L-000001",
        "previous_status": None,
    }
    assert (lead["tags"], lead["notes"], lead["last_contact"]) == ("salon, VIP, 2026", "Vue au salon", date(2026, 11, 20))
    for frame in (snapshot.events, snapshot.messages):
        assert frame["lead_key"].tolist() == [first, first]
    assert logs.about(crm, "ana", logs.RUNS, first, 9)[1] == 2
    about = history_of(crm, first)
    assert set(about["entity_key"]) == {first, second}  # the history of both, told apart
    assert about[about["action"].eq("fusion") & about["field"].eq("")]["after"].tolist() == ["Lefevre Zoe"]
    assert lead["score_activity"] == crm.snapshot().lead(first)["score_activity"] > 0


def test_notes_and_tags_may_be_taken_from_one_side(crm: Crm) -> None:
    snapshot = crm.snapshot()
    first, second = two(crm, snapshot, ONE, TWO | {"notes": "Rappelée en mars"})
    merge(crm, snapshot, first, second, notes=second, tags=BOTH)
    lead = snapshot.lead(first)
    assert (lead["notes"], lead["tags"]) == ("Rappelée en mars", "salon, VIP, 2026")


def test_a_merged_lead_is_not_in_the_bin_and_cannot_be_restored_from_it(crm: Crm) -> None:
    snapshot = crm.snapshot()
    first, second = two(crm, snapshot)
    merge(crm, snapshot, first, second)
    assert binned(crm, "ana", 10) == ([], 0)
    with pytest.raises(NotFound):
        restore_lead(crm, "ana", second, snapshot)


def test_the_number_of_a_merged_lead_leads_to_its_survivor(crm: Crm) -> None:
    snapshot = crm.snapshot()
    first, second = two(crm, snapshot)
    third = save_lead(crm, "ana", None, {"name": "Zoé L."}, None, snapshot).key
    merge(crm, snapshot, first, second)
    merge(crm, snapshot, third, first)
    assert survivor_of(crm, "L-000002") == third
    assert set(history_of(crm, third)["entity_key"]) == {first, second, third}
    delete_lead(crm, "ana", third, snapshot)
    assert survivor_of(crm, "L-000002") is None


LEAD = st.fixed_dictionaries(
    {"name": st.sampled_from(["Zoé Lefèvre", "Lefevre Zoé", "Zoé"])},
    optional={
        "email": st.sampled_from(["zoe@lumen-exemple.fr", "z@lumen-exemple.fr", "ZOE@Lumen-Exemple.fr"]),
        "phone": st.sampled_from(["06 12 34 56 78", "+33612345678"]),
        "status": st.sampled_from(["Nouveau", "Qualifié", "Clos", "Perdu", "À corriger"]),
        "amount": st.integers(0, 10**9),
        "tags": st.sampled_from(["a", "b, A", "c"]),
        "notes": st.sampled_from(["Une note", "Deux\nlignes"]),
        "next_follow_up": st.dates(date(2026, 1, 1), date(2027, 1, 1)),
        "last_contact": st.dates(date(2026, 1, 1), date(2026, 11, 24)),
        "source": st.sampled_from(["LinkedIn", "Salon"]),
        "score": st.integers(0, 100),
    },
)


@settings(
    max_examples=settings().max_examples // 16,  # 0.3 s each: a store emptied, filled, merged and taken back
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(people=st.lists(LEAD, min_size=2, max_size=3), seed=st.randoms(use_true_random=False))
def test_a_merge_taken_back_leaves_the_store_as_it_was(crm: Crm, people: list[dict[str, Any]], seed: Any) -> None:
    snapshot = crm.snapshot()
    with crm.write("remise à zéro", Verb.IMPORT) as uow:
        for table in (leads, events, messages, runs, duplicate_pairs):
            uow.connection.execute(table.delete())
        uow.insert_many("leads", [{"name": "Autre", "email": "zoe@lumen-exemple.fr"}], Action.IMPORTED)
        uow.commit()
    snapshot = crm.snapshot()
    keys = list(two(crm, snapshot, *people[:2]))
    keys += [save_lead(crm, "ana", None, lead, None, snapshot).key for lead in people[2:]]
    before = stored(crm)
    choice = {field: seed.choice([*keys, BOTH]) for field in ("name", "email", "phone", "status", "amount", "tags", "notes", "score")}
    done = merge(crm, snapshot, *keys, **choice)
    assert stored(crm) != before
    assert undo_merge(crm, "sam", keys[0], done.rev, snapshot) == []
    assert stored(crm) == before


def test_what_was_edited_since_stays_and_is_named(crm: Crm) -> None:
    snapshot = crm.snapshot()
    first, second = two(crm, snapshot)
    done = merge(crm, snapshot, first, second, status=second, name=second)
    save_lead(crm, "sam", first, {"status": "En suivi", "name": "Zoé L."}, {}, snapshot)
    added = save_lead(crm, "sam", first, {"job_title": "Directrice"}, {}, snapshot)
    (kept,) = undo_merge(crm, "ana", first, done.rev, snapshot)
    assert (kept.title, set(kept.what.split(", "))) == ("Zoé L.", {"Nom", "Statut"})
    lead = snapshot.lead(first)
    assert (lead["status"], lead["name"], lead["job_title"], lead["phone"], lead["tags"]) == (
        "En suivi",
        "Zoé L.",
        "Directrice",
        None,
        "salon, VIP",
    )
    assert (lead["previous_status"], lead["probability"]) == ("Qualifié", 75)  # they follow the status that stays
    assert snapshot.lead(second)["phone"] == TWO["phone"] and snapshot.lead(second)["lead_id"] == "L-000002"
    assert added.rev and set(snapshot.events["lead_key"]) == {first, second}


def test_an_event_given_to_another_lead_since_stays_there(crm: Crm) -> None:
    snapshot = crm.snapshot()
    first, second = two(crm, snapshot)
    third = save_lead(crm, "ana", None, {"name": "Autre"}, None, snapshot).key
    done = merge(crm, snapshot, first, second)
    with crm.write("sam", Verb.IMPORT) as uow:
        uow.update("events", 2, {"lead_key": third})
        uow.commit()
    undo_merge(crm, "ana", first, done.rev, snapshot)
    assert snapshot.events["lead_key"].tolist() == [first, third]
    assert snapshot.messages["lead_key"].tolist() == [first, second]


def test_a_merge_is_undone_once_and_within_its_days(crm: Crm) -> None:
    snapshot = crm.snapshot()
    first, second = two(crm, snapshot)
    done = merge(crm, snapshot, first, second)
    assert undoable_merges(crm, first) == {done.rev}
    late = later(crm, KEPT_DAYS + 1)
    assert undoable_merges(late, first) == set()
    with pytest.raises(NotFound, match="30 jours"):
        undo_merge(late, "ana", first, done.rev, snapshot)
    undo_merge(crm, "ana", first, done.rev, snapshot)
    assert undoable_merges(crm, first) == set()
    with pytest.raises(NotFound):
        undo_merge(crm, "ana", first, done.rev, snapshot)


def test_of_two_merges_in_a_row_the_last_is_undone_first(crm: Crm) -> None:
    snapshot = crm.snapshot()
    first, second = two(crm, snapshot)
    third = save_lead(crm, "ana", None, {"name": "Zoé L."}, None, snapshot).key
    one = merge(crm, snapshot, first, second)
    other = merge(crm, snapshot, third, first)
    with pytest.raises(Refused, match="restaurez-la"):
        undo_merge(crm, "ana", first, one.rev, snapshot)
    assert undoable_merges(crm, third) == {other.rev}
    undo_merge(crm, "ana", third, other.rev, snapshot)
    undo_merge(crm, "ana", first, one.rev, snapshot)
    assert sorted(snapshot.leads.index) == [first, second, third]


def test_the_history_of_a_merged_lead_outlives_the_bin_and_goes_with_its_survivor(crm: Crm) -> None:
    snapshot = crm.snapshot()
    first, second = two(crm, snapshot)
    bystander = save_lead(crm, "ana", None, {"name": "Autre"}, None, snapshot).key
    merge(crm, snapshot, first, second)
    for days, left in ((KEPT_DAYS + 1, {first, second}), (2 * KEPT_DAYS + 2, set())):
        live(later(crm, days), KEPT_DAYS)
        delete_lead(later(crm, days), "ana", first if left else bystander, snapshot)
        empty_bin(later(crm, days))
        assert set(history_of(crm, first)["entity_key"]) == left
    with crm.read() as connection:
        erased = connection.execute(select(leads.c.name, leads.c.lead_id).where(leads.c.key == second)).one()
    assert tuple(erased) == (None, "L-000002")


def test_a_lead_changed_since_it_was_read_is_not_merged_blindly(crm: Crm) -> None:
    mine, theirs = crm.snapshot(), crm.snapshot()
    first, second = two(crm, mine)
    theirs.refresh()
    save_lead(crm, "sam", second, {"phone": "06 99 99 99 99"}, {}, theirs)
    before = stored(crm)
    with pytest.raises(Moved, match="relisez"):
        merge(crm, mine, first, second)
    assert stored(crm) == before
    mine.refresh()
    merge(crm, mine, first, second)
    assert mine.lead(first)["phone"] == "06 99 99 99 99"


def test_of_two_people_who_merge_at_once_one_is_told(crm: Crm) -> None:
    snapshot = crm.snapshot()
    first, second = two(crm, snapshot)
    sessions, said = [crm.snapshot() for _ in range(4)], []

    def work(number: int, session: Snapshot) -> None:
        try:
            keys = (first, second) if number % 2 else (second, first)
            merge(crm, session, *keys)
        except GneticsError as refusal:
            said.append(str(refusal))

    threads = [threading.Thread(target=work, args=each) for each in enumerate(sessions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(said) == 3 and all("n’existe plus" in sentence or "relisez" in sentence for sentence in said)
    snapshot.refresh()
    assert len(snapshot.leads) == 1 and snapshot.events["lead_key"].nunique() == 1


def test_importing_a_merged_lead_again_changes_nothing(crm: Crm) -> None:
    snapshot = crm.snapshot()
    first, second = two(crm, snapshot)
    merge(crm, snapshot, first, second)
    with crm.write("import", Verb.IMPORT) as uow:
        done = import_rows(uow, "leads", [{"lead_id": "L-000002", "name": "Zoe", "phone": "06 12 34 56 78"}])
        uow.commit()
    snapshot.refresh()
    assert (done.unchanged, done.updated, snapshot.leads.index.tolist()) == (1, 0, [first])


def test_a_save_of_a_merged_lead_is_refused(crm: Crm) -> None:
    mine, theirs = crm.snapshot(), crm.snapshot()
    first, second = two(crm, mine)
    theirs.refresh()
    merge(crm, mine, first, second)
    with pytest.raises(NotFound):
        save_lead(crm, "sam", second, {"phone": "06 99 99 99 99"}, {}, theirs)


def test_a_contact_in_the_bin_is_neither_merged_nor_edited(crm: Crm) -> None:
    mine, theirs = crm.snapshot(), crm.snapshot()
    first, second = two(crm, mine)
    theirs.refresh()
    delete_lead(crm, "ana", second, mine)
    rev = crm.latest_rev()
    for keys in ((first, second), (second, first)):
        with pytest.raises(NotFound, match="n’existe plus"):
            merge_leads(crm, "sam", keys, {}, {}, theirs)
    with pytest.raises(NotFound):
        save_lead(crm, "sam", second, {"phone": "06 99 99 99 99"}, {}, theirs)
    assert crm.latest_rev() == rev
    assert [row["key"] for row in binned(crm, "ana", 9)[0]] == [second]


def test_merging_is_refused_clearly(crm: Crm) -> None:
    snapshot = crm.snapshot()
    first, second = two(crm, snapshot, ONE | {"notes": "x" * 3000}, TWO | {"notes": "y" * 3000})
    with pytest.raises(Refused, match="maximum est 5000"):
        merge(crm, snapshot, first, second)
    with pytest.raises(Refused, match="deux fiches"):
        merge(crm, snapshot, first, first)
    crm.set_sync(False, "admin")
    with pytest.raises(Refused, match="inactive"):
        merge(crm, snapshot, first, second)


def test_unread_texts_come_back_with_the_rest(crm: Crm) -> None:
    snapshot = crm.snapshot()
    first, second = two(crm, snapshot, {"name": "Zoé"}, {"name": "Zoé", "amount": 700})
    with crm.write("import", Verb.IMPORT) as uow:
        uow.update("leads", first, {"unread": '{"amount": "beaucoup"}'}, Action.IMPORTED)
        uow.commit()
    snapshot.refresh()
    done = merge(crm, snapshot, first, second)
    assert (snapshot.lead(first)["amount"], snapshot.lead(first)["unread"]) == (700, None)
    undo_merge(crm, "ana", first, done.rev, snapshot)
    assert (snapshot.lead(first)["amount"], snapshot.lead(first)["unread"]) == (None, '{"amount": "beaucoup"}')


@pytest.mark.costly
def test_a_kill_in_the_middle_of_a_merge_leaves_both_leads_or_one(crm: Crm, store_url: str, workers: Workers) -> None:
    two(crm, crm.snapshot())
    *before, done = workers.run(jobs.killed_merges, store_url)
    assert len(before) > 5 and set(before) == {"1:1 2:2"}
    assert done == "1:1 1:1"
    with crm.read() as connection:
        assert connection.execute(select(history.c.key).where(history.c.action == "fusion", history.c.field == "")).all()


@pytest.mark.soak
def test_merges_killed_at_any_moment_are_done_or_not(crm: Crm, store_url: str, workers: Workers) -> None:
    seen = workers.run(jobs.merges_killed_at_random, store_url)
    untouched, done = (f"{gone} {gone} [('{owner}', {jobs.MEETINGS})] {gone}" for gone, owner in ((False, "seconde"), (True, "première")))
    assert len(seen) == jobs.MOMENTS and set(seen) <= {untouched, done}
    assert untouched in seen  # some were stopped in time
    snapshot = crm.snapshot()
    assert merge(crm, snapshot, *two(crm, snapshot)).rev == crm.latest_rev()  # no lock is left behind


def test_every_editable_field_can_be_chosen(crm: Crm) -> None:
    snapshot = crm.snapshot()
    first, second = two(crm, snapshot, {"name": "A"}, {"name": "B", "company": "Lumen", "stage": "Découverte", "next_action": "Appeler"})
    merge(crm, snapshot, first, second, company=first, name=second)
    lead = snapshot.lead(first)
    assert (lead["name"], lead["company"], lead["stage"], lead["next_action"]) == ("B", None, "Découverte", "Appeler")
    assert BY_KEY.keys() >= {"stage", "next_action"}
