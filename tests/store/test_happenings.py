"""What happened is told once to each consumer, whole or not at all, and goes when nobody waits for it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from gnetics.actions.bin import restore_leads
from gnetics.domain.happenings import Consumer, What
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.store.crm import Crm
from gnetics.store.happenings import Happening, has_read, next_of
from gnetics.store.schema import consumers, happenings
from gnetics.store.unit_of_work import UnitOfWork

ME, OTHER = Consumer.PROPOSALS, Consumer.AUTOMATIONS
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)


def mail(name: str, **columns: Any) -> dict[str, Any]:
    return {"message_id": name, "direction": "reçu", "at": AT, **columns}


def told(crm: Crm, *wanted: What) -> list[Happening]:
    """All that is not read yet, read now."""
    found: list[Happening] = []
    while True:
        with crm.write("", Verb.TASKS) as uow:
            some = next_of(uow.connection, ME, wanted or tuple(What))
            if not some:
                return found
            has_read(uow.connection, ME, some[0].rev)
            uow.commit_private()
        found += some


def waiting(crm: Crm) -> int:
    with crm.read() as connection:
        return connection.execute(select(func.count()).select_from(happenings)).scalar_one()


def test_a_lead_that_comes_changes_goes_and_comes_back_is_told_at_each_step_with_who_did_it(crm: Crm) -> None:
    with crm.write("ana", Verb.SAVE_LEAD) as uow:
        key = uow.insert("leads", {"name": "Zoé", "status": "Nouveau"})
        uow.commit()
    with crm.write("bruno", Verb.SAVE_LEAD) as uow:
        uow.update("leads", key, {"status": "Contacté", "notes": "rappeler"})
        uow.commit()
    with crm.write("ana", Verb.DELETE_LEAD) as uow:
        uow.delete("leads", key)
        uow.commit()
    restore_leads(crm, "ana", [key], crm.snapshot())
    found = told(crm)
    assert [(each.what, each.who, each.keys) for each in found] == [
        (What.LEAD_CREATED, "ana", (key,)),
        (What.LEAD_CHANGED, "bruno", (key,)),
        (What.STATUS_CHANGED, "bruno", (key,)),
        (What.LEAD_DELETED, "ana", (key,)),
        (What.LEAD_RESTORED, "ana", (key,)),
    ]
    assert (found[2].before, found[2].after) == ("Nouveau", "Contacté")
    assert found[4].action == Action.RESTORED


def test_an_import_is_one_row_whatever_its_size_and_a_lot_one_for_each_status_left(crm: Crm) -> None:
    with crm.write("ana", Verb.IMPORT) as uow:
        rows = [{"name": f"Contact {n}", "status": "Nouveau" if n % 2 else "Perdu"} for n in range(3_000)]
        keys = uow.insert_many("leads", rows, Action.IMPORTED)
        uow.commit()
    assert waiting(crm) == 1
    with crm.write("ana", Verb.SAVE_LEAD) as uow:
        uow.update_many("leads", [(row, {"status": "Clos"}) for row in uow.rows("leads", keys).values()], Action.CHANGED)
        uow.commit()
    created, changed, *statuses = told(crm)
    assert created.keys == changed.keys == tuple(keys)
    assert sorted((str(each.before), str(each.after), len(each.keys)) for each in statuses) == [
        ("Nouveau", "Clos", 1_500),
        ("Perdu", "Clos", 1_500),
    ]


def test_events_done_and_mails_that_come_leave_or_are_attached_are_told(crm: Crm) -> None:
    with crm.write("ana", Verb.SAVE_LEAD) as uow:
        lead = uow.insert("leads", {"name": "Zoé"})
        event = uow.insert("events", {"uid": "e", "title": "Appel", "starts_at": AT, "ends_at": AT})
        uow.insert("messages", mail("a"))
        loose = uow.insert("messages", mail("b"))
        uow.insert("messages", mail("c", direction="envoyé"))
        uow.commit()
    with crm.write("ana", Verb.SAVE_LEAD) as uow:
        uow.update("events", event, {"done": True})
        uow.update("messages", loose, {"lead_key": lead})
        uow.commit()
    found = {each.what: each.keys for each in told(crm)}
    assert found[What.EVENT_DONE] == found[What.EVENT_CREATED] == (event,)
    assert found[What.MESSAGE_RECEIVED] == (loose - 1, loose)
    assert found[What.MESSAGE_SENT] == (loose + 1,)
    assert found[What.MESSAGE_ATTACHED] == (loose,)


def test_what_was_not_committed_did_not_happen(crm: Crm) -> None:
    with crm.write("ana", Verb.SAVE_LEAD) as uow:
        uow.insert("leads", {"name": "Zoé"})
    assert told(crm) == []
    with crm.write("ana", Verb.SAVE_LEAD) as uow:
        key = uow.insert("leads", {"name": "Zoé"})
        uow.commit()
    with crm.write("ana", Verb.SAVE_LEAD) as uow:
        uow.update("leads", key, {"name": "Zoé"})
        uow.commit()
    assert [each.what for each in told(crm)] == [What.LEAD_CREATED]


def test_a_consumer_that_dies_before_its_commit_is_told_again_and_one_that_commits_never(crm: Crm) -> None:
    with crm.write("ana", Verb.SAVE_LEAD) as uow:
        uow.insert("leads", {"name": "Zoé"})
        uow.commit()

    def read(uow: UnitOfWork) -> list[Happening]:
        found = next_of(uow.connection, ME, [What.LEAD_CREATED])
        has_read(uow.connection, ME, uow.rev)
        return found

    with crm.write("", Verb.TASKS) as uow:
        assert read(uow)
    with crm.write("", Verb.TASKS) as uow:
        assert read(uow), "it was undone"
        uow.commit_private()
    with crm.write("", Verb.TASKS) as uow:
        assert not read(uow)


def test_only_what_is_wanted_is_told_and_the_rest_goes_with_it(crm: Crm) -> None:
    with crm.write("ana", Verb.SAVE_LEAD) as uow:
        uow.insert("leads", {"name": "Zoé"})
        uow.commit()
    with crm.write("ana", Verb.SAVE_LEAD) as uow:
        uow.insert("messages", mail("a"))
        uow.commit()
    with crm.write("", Verb.TASKS) as uow:
        has_read(uow.connection, OTHER, uow.rev)
        uow.commit_private()
    assert [each.what for each in told(crm, What.MESSAGE_RECEIVED)] == [What.MESSAGE_RECEIVED]
    assert waiting(crm) == 0


def test_what_a_slower_consumer_has_not_read_stays(crm: Crm) -> None:
    for name in ("a", "b"):
        with crm.write("ana", Verb.SAVE_LEAD) as uow:
            uow.insert("messages", mail(name))
            uow.commit()
    assert len(told(crm)) == 2
    assert waiting(crm) == 2
    with crm.write("", Verb.TASKS) as uow:
        has_read(uow.connection, OTHER, 1)
        uow.commit_private()
    assert waiting(crm) == 1


def test_a_store_that_is_upgraded_tells_what_happens_from_then_on(upgraded_from: Any) -> None:
    upgraded = upgraded_from("0013")
    with upgraded.read() as connection:
        assert dict(connection.execute(select(consumers.c.name, consumers.c.rev)).all()) == dict.fromkeys(Consumer, upgraded.latest_rev())
    assert told(upgraded) == []
