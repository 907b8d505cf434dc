"""One change for many contacts: one transaction, the rules of each, one undo that keeps what was edited since."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from gnetics.actions.bin import restore_lead
from gnetics.actions.leads import save_lead
from gnetics.actions.lots import change_leads, delete_leads, tag_leads, undo_lot
from gnetics.clock import Clock
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.errors import NotFound, Refused
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot
from gnetics.store.reading.bin import binned
from gnetics.store.reading.history import history_of
from gnetics.store.reading.lots import recent_lots
from gnetics.store.schema import history

PEOPLE = (
    {"name": "Zoé", "status": "Nouveau", "tags": "VIP, salon", "owner": "Ana"},
    {"name": "Ali", "status": "Clos", "amount": 500, "tags": "export"},
    {"name": "Noé", "status": "Perdu", "lost_reason": "Prix"},
)


@pytest.fixture
def snapshot(crm: Crm) -> Snapshot:
    snapshot = crm.snapshot()
    for lead in PEOPLE:
        save_lead(crm, "ana", None, lead, None, snapshot)
    return snapshot


def column(snapshot: Snapshot, name: str) -> list[object]:
    return [snapshot.lead(key)[name] for key in snapshot.leads.index]


def test_a_status_given_to_many_follows_the_rules_of_each_and_is_undone_at_once(crm: Crm, snapshot: Snapshot) -> None:
    before = [snapshot.lead(key) for key in (1, 2, 3)]
    lot = change_leads(crm, "sam", [1, 2, 3], {"status": "Clos"}, snapshot)
    assert (lot.count, column(snapshot, "status")) == (2, ["Clos"] * 3)  # one already was
    assert column(snapshot, "previous_status") == ["Nouveau", None, "Perdu"]
    assert column(snapshot, "closed_at") == [date(2026, 11, 24)] * 3 and column(snapshot, "probability") == [100] * 3
    with crm.read() as connection:
        assert connection.execute(select(func.count(history.c.rev.distinct())).where(history.c.who == "sam")).scalar() == 1
    assert lot.rev is not None and undo_lot(crm, "sam", lot.rev, snapshot) == []
    after = [snapshot.lead(key) for key in (1, 2, 3)]
    moving = {"rev", "updated_at"}
    assert [{k: v for k, v in lead.items() if k not in moving} for lead in after] == [
        {k: v for k, v in lead.items() if k not in moving} for lead in before
    ]


def test_what_was_edited_since_is_kept_and_named(crm: Crm, snapshot: Snapshot) -> None:
    lot = change_leads(crm, "sam", [1, 2, 3], {"owner": "Sam"}, snapshot)
    save_lead(crm, "ana", 2, {"owner": "Ana", "amount": 7}, {}, snapshot)
    assert lot.rev is not None
    assert [str(each) for each in undo_lot(crm, "sam", lot.rev, snapshot)] == ["Ali\u00a0: Responsable"]
    assert column(snapshot, "owner") == ["Ana", "Ana", None] and snapshot.lead(2)["amount"] == 7


def test_lots_are_listed_for_30_days_with_what_they_did_and_undone_once(crm: Crm, snapshot: Snapshot) -> None:
    change_leads(crm, "sam", [1, 2, 3], {"status": "Perdu", "lost_reason": "Budget"}, snapshot)
    tag_leads(crm, "ana", [1, 2], "salon; 2026", True, snapshot)
    assert delete_leads(crm, "ana", [3], snapshot).count == 1
    save_lead(crm, "ana", 1, {"amount": 7}, {}, snapshot)  # a save is no lot
    lots = recent_lots(crm, "sam")
    assert [(lot.what, lot.who, lot.count, lot.undone) for lot in lots] == [
        ("Suppression", "ana", 1, False),
        ("Étiquettes ajoutées\u00a0: salon, 2026", "ana", 2, False),
        ("Statut\u00a0: Perdu, Motif de perte\u00a0: Budget", "sam", 3, False),
    ]
    assert undo_lot(crm, "sam", lots[0].rev, snapshot) == [] and 3 in snapshot.leads.index
    assert [str(each) for each in undo_lot(crm, "sam", lots[2].rev, snapshot)] == []
    assert column(snapshot, "status") == ["Nouveau", "Clos", "Perdu"] and snapshot.lead(1)["amount"] == 7
    assert [lot.undone for lot in recent_lots(crm, "sam")] == [True, False, True]
    with pytest.raises(Refused, match="déjà annulée"):
        undo_lot(crm, "ana", lots[0].rev, snapshot)
    later = replace(crm, clock=Clock(crm.region.zone, lambda: lots[1].at + timedelta(days=30, seconds=1)))
    assert recent_lots(later, "sam") == []
    with pytest.raises(NotFound, match="30 jours"):
        undo_lot(later, "sam", lots[1].rev, snapshot)
    with pytest.raises(NotFound):
        undo_lot(crm, "sam", lots[2].rev + 3, snapshot)  # a transaction, but not of a lot


def test_lost_asks_for_a_reason(crm: Crm, snapshot: Snapshot) -> None:
    with pytest.raises(Refused, match="pourquoi"):
        change_leads(crm, "sam", [1, 2], {"status": "Perdu"}, snapshot)
    change_leads(crm, "sam", [1, 2], {"status": "Perdu", "lost_reason": "Budget"}, snapshot)
    assert column(snapshot, "lost_reason") == ["Budget", "Budget", "Prix"]


def test_tags_are_added_and_removed_whatever_their_spelling(crm: Crm, snapshot: Snapshot) -> None:
    tag_leads(crm, "sam", [1, 2, 3], "vip, Été", True, snapshot)
    assert column(snapshot, "tags") == ["VIP, salon, Été", "export, vip, Été", "vip, Été"]
    lot = tag_leads(crm, "sam", [1, 2, 3], "ETE; Vip", False, snapshot)
    assert column(snapshot, "tags") == ["salon", "export", None]
    assert lot.rev is not None
    undo_lot(crm, "sam", lot.rev, snapshot)
    assert column(snapshot, "tags") == ["VIP, salon, Été", "export, vip, Été", "vip, Été"]
    with pytest.raises(Refused, match="étiquette"):
        tag_leads(crm, "sam", [1], " , ", True, snapshot)
    with pytest.raises(Refused, match="maximum est 500"):
        tag_leads(crm, "sam", [1, 2, 3], ", ".join(f"étiquette {n}" for n in range(50)), True, snapshot)
    assert column(snapshot, "tags")[2] == "vip, Été"  # all or nothing


def test_a_follow_up_is_given_and_taken_away(crm: Crm, snapshot: Snapshot) -> None:
    change_leads(crm, "sam", [1, 3], {"next_follow_up": date(2026, 12, 1)}, snapshot)
    assert column(snapshot, "next_follow_up") == [date(2026, 12, 1), None, date(2026, 12, 1)]
    change_leads(crm, "sam", [1, 2], {"next_follow_up": None}, snapshot)
    assert column(snapshot, "next_follow_up") == [None, None, date(2026, 12, 1)]


def test_many_deleted_are_in_the_bin_and_come_back_together(crm: Crm, snapshot: Snapshot) -> None:
    lot = delete_leads(crm, "sam", [1, 2, 3], snapshot)
    assert (lot.count, len(snapshot.leads), binned(crm, "ana", 9)[1]) == (3, 0, 3)
    restore_lead(crm, "ana", 2, snapshot)
    save_lead(crm, "ana", 2, {"amount": 9}, {}, snapshot)
    assert lot.rev is not None
    undo_lot(crm, "sam", lot.rev, snapshot)
    assert snapshot.leads.index.tolist() == [1, 2, 3] and snapshot.lead(2)["amount"] == 9
    assert history_of(crm, 2)["action"].tolist().count("restauration") == 1  # it had come back by itself


def test_a_contact_that_is_gone_is_passed_over(crm: Crm, snapshot: Snapshot) -> None:
    delete_leads(crm, "ana", [2], snapshot)
    assert change_leads(crm, "sam", [1, 2, 99], {"source": "Salon"}, snapshot).count == 1
    with pytest.raises(NotFound):
        change_leads(crm, "sam", [2, 99], {"source": "Salon"}, snapshot)
    assert change_leads(crm, "sam", [1], {"source": "Salon"}, snapshot).rev is None


def test_without_synchronisation_nothing_is_changed(crm: Crm, snapshot: Snapshot) -> None:
    crm.set_sync(False, "admin")
    with pytest.raises(Refused, match="inactive"):
        change_leads(crm, "sam", [1], {"owner": "Sam"}, snapshot)
    with pytest.raises(Refused, match="inactive"):
        delete_leads(crm, "sam", [1], snapshot)
    assert column(snapshot, "owner") == ["Ana", None, None]


def test_thousands_change_in_one_transaction(crm: Crm, snapshot: Snapshot) -> None:
    with crm.write("import", Verb.IMPORT) as uow:
        keys = uow.insert_many("leads", [{"name": f"Contact {n}"} for n in range(1_200)], Action.IMPORTED)
        uow.commit()
    snapshot.refresh()
    lot = change_leads(crm, "sam", keys, {"owner": "Sam"}, snapshot)
    assert lot.count == 1_200 and crm.latest_rev() == lot.rev
    assert lot.rev is not None
    undo_lot(crm, "sam", lot.rev, snapshot)
    assert snapshot.leads["owner"].notna().sum() == 1
