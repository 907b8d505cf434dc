"""Who is erased and who is not: homonyms, shared addresses, colleagues; and that nothing brings anybody back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, select

from gnetics.actions import accounts
from gnetics.actions.bin import delete_lead, empty_bin, restore_lead
from gnetics.actions.erasing_people import erase_lead, erase_person
from gnetics.actions.imports import import_rows
from gnetics.actions.leads import save_lead
from gnetics.actions.lots import change_leads, undo_lot
from gnetics.actions.merging import merge_leads, undo_merge
from gnetics.actions.past_imports import undo_import
from gnetics.clock import fixed
from gnetics.domain.accesses import COMMAND, PAGE
from gnetics.domain.rights import Verb
from gnetics.errors import Forbidden, NotFound, Refused
from gnetics.imports.importer import import_workbook
from gnetics.mail import barred, suppressions
from gnetics.store import access_log
from gnetics.store.crm import Crm
from gnetics.store.nights import KEPT_DAYS
from gnetics.store.people.writers import Writer
from gnetics.store.reading.person import held_of, held_of_lead
from gnetics.store.schema import history, leads, messages, outbox
from tests.conftest import live

pytestmark = pytest.mark.costly

JEAN, MARIE = "jean@x.fr", "marie-jean@x.fr"


def add(crm: Crm, **values: object) -> int:
    with crm.write("Ana", Verb.IMPORT) as uow:
        key = uow.insert("leads", {"lead_id": uow.next_lead_id(), "owner": "Ana", "status": "Contacté", **values})
        uow.commit()
    return key


@pytest.fixture
def crm(crm: Crm) -> Crm:
    return replace(crm, trusted=True)


@pytest.fixture
def jean(crm: Crm) -> int:
    return add(crm, name="Jean Élan", email=JEAN, phone="06 12 34 56 78", notes="Préfère le matin.")


def row_of(crm: Crm, key: int) -> dict[str, object]:
    with crm.read() as connection:
        return dict(connection.execute(select(leads).where(leads.c.key == key)).mappings().one())


def test_an_anonymous_lead_stays_with_what_figures_count(crm: Crm, jean: int) -> None:
    erase_person(crm, "Ana", JEAN, COMMAND)
    row = row_of(crm, jean)
    kept = ("lead_id", "name", "status", "owner", "email", "notes", "search", "email_fold", "deleted")
    values = [row[name] for name in kept]
    assert values == [
        "L-000001",
        "Personne effacée",
        "Contacté",
        "Ana",
        "Effacé",
        None,
        "personne effacee l-000001",
        None,
        False,
    ]
    with crm.read() as connection:
        assert access_log.lines(connection)[0].detail == "personne L-000001"


@pytest.mark.parametrize("asked", ["06 12 34 56 78", "+33612345678", "L-000001", "L-1", " JEAN@x.fr "])
def test_a_person_is_found_by_any_writing(crm: Crm, jean: int, asked: str) -> None:
    assert held_of(crm, "Ana", asked)[0].keys == [jean]


def test_two_people_on_one_address_are_asked_and_the_address_stays_the_others(crm: Crm, jean: int) -> None:
    other = add(crm, name="Léa Autre", email=JEAN, notes=f"écrire à {JEAN}")
    with pytest.raises(Refused, match=r"L-000001, Jean Élan ; L-000002, Léa Autre"):
        erase_person(crm, "Ana", JEAN, COMMAND)
    done = erase_person(crm, "Ana", "L-000001", COMMAND)
    assert done.shared == {JEAN: "Léa Autre (L-000002)"}
    assert row_of(crm, other)["notes"] == f"écrire à {JEAN}" and row_of(crm, other)["email_check"] == "valide"


def test_an_address_inside_another_and_a_homonym_are_left_and_listed(crm: Crm, jean: int) -> None:
    marie = add(crm, name="Marie", email=MARIE, notes=f"{MARIE} ou {JEAN}, le 06.12.34.56.78 ; jean elan le dit")
    homonym = add(crm, name="Jean Élan", email="autre@y.fr")
    done = erase_person(crm, "Ana", JEAN, COMMAND)
    assert row_of(crm, marie)["notes"] == f"{MARIE} ou [effacé], le [effacé] ; jean elan le dit"
    assert row_of(crm, marie)["email"] == MARIE and row_of(crm, homonym)["name"] == "Jean Élan"
    assert {place.row["key"] for place in done.places if place.table == "leads"} == {marie, homonym}


def test_a_colleague_or_a_responsable_is_refused_with_the_reason(crm: Crm, jean: int) -> None:
    accounts.add(crm, "Chef", "Chef", "administration", None)
    accounts.add(crm, "Chef", "Léo", "édition", None, Writer("leo@x.fr"))
    add(crm, name="Un autre", email="leo@x.fr")
    add(crm, name="ANA", email="ana@x.fr")
    for asked, why in (("leo@x.fr", "adresse de l’équipe"), ("ana@x.fr", "Responsable")):
        with pytest.raises(Refused, match=why):
            erase_person(crm, "Chef", asked, COMMAND)


def test_only_administrators_erase_and_whoever_sees_their_own_leads_is_given_nothing(crm: Crm, jean: int) -> None:
    accounts.add(crm, "Chef", "Chef", "administration", None)
    accounts.add(crm, "Chef", "Ana", "édition", None)
    crm = replace(crm, trusted=False)
    with pytest.raises(Forbidden):
        erase_lead(crm, "Ana", jean, "Jean Élan", PAGE)
    assert held_of_lead(crm, "Ana", jean)[0].keys == [jean]
    accounts.set_own_leads(crm, "Chef", "Ana", True)
    with pytest.raises(Forbidden):
        held_of_lead(crm, "Ana", jean)
    with pytest.raises(Refused, match="nom tapé"):
        erase_lead(crm, "Chef", jean, "Jean", PAGE)
    erase_lead(crm, "Chef", jean, "Jean Élan", PAGE)
    crm.set_sync(False, "Chef")
    with pytest.raises(Refused, match="synchronisation"):
        erase_lead(crm, "Chef", jean, "Jean Élan", PAGE)


def test_nobody_is_found_twice(crm: Crm, jean: int) -> None:
    erase_person(crm, "Ana", JEAN, COMMAND)
    with pytest.raises(NotFound, match="déjà"):
        erase_person(crm, "Ana", "L-000001", COMMAND)
    with pytest.raises(NotFound, match="Personne n’est connu"):
        erase_person(crm, "Ana", JEAN, COMMAND)


def test_all_deals_and_merged_contacts_of_the_person_go(crm: Crm, jean: int) -> None:
    deal = add(crm, name="Jean Élan", email=JEAN, deal_of="L-000001")
    twin = add(crm, name="J. Élan", email="j@x.fr")
    merge_leads(crm, "Ana", [jean, twin], {}, {}, crm.snapshot())
    erase_person(crm, "Ana", "L-000001", COMMAND)
    assert all(row_of(crm, key)["erased_at"] for key in (jean, deal, twin))


# nothing brings anybody back


def test_an_erased_contact_is_neither_edited_merged_nor_changed_by_a_lot(crm: Crm, jean: int) -> None:
    other, snapshot = add(crm, name="Léa"), crm.snapshot()
    erase_person(crm, "Ana", JEAN, COMMAND)
    with pytest.raises(Refused, match="effacée"):
        save_lead(crm, "Ana", jean, {"notes": "Il revient."}, {"notes": "Préfère le matin."}, snapshot)
    with pytest.raises(Refused, match="effacée"):
        merge_leads(crm, "Ana", [other, jean], {}, {}, snapshot)
    with pytest.raises(Refused, match="effacée"):
        delete_lead(crm, "Ana", jean, snapshot)
    assert change_leads(crm, "Ana", [jean, other], {"source": "Salon"}, snapshot).count == 1
    with crm.read() as connection:
        assert "effacée" in barred.why(connection, ["autre@y.fr"], jean)


def test_undoing_a_lot_a_merge_or_an_import_brings_nobody_back(crm: Crm) -> None:
    import_workbook(crm, "Ana", f"Nom;Email;Notes\nJean Élan;{JEAN};\nLéa;lea@y.fr;\n".encode(), "a.csv")
    second = import_workbook(crm, "Ana", f"Nom;Email;Notes\nJean Élan;{JEAN};vu au salon\nLéa;lea@y.fr;vue\n".encode(), "b.csv")
    snapshot = crm.snapshot()
    jean, lea = snapshot.leads.index
    lot = change_leads(crm, "Ana", [jean, lea], {"source": "Salon"}, snapshot)
    twin = add(crm, name="Jean Elan", email="j2@x.fr")
    merged = merge_leads(crm, "Ana", [jean, twin], {}, {}, crm.snapshot())
    erase_person(crm, "Ana", JEAN, COMMAND)
    assert second.number and lot.rev
    with pytest.raises(NotFound):
        undo_merge(crm, "Ana", jean, merged.rev, snapshot)
    undo_lot(crm, "Ana", lot.rev, snapshot)
    undo_import(crm, "Ana", second.number)
    assert row_of(crm, lea)["notes"] is None and row_of(crm, lea)["source"] is None
    assert [row_of(crm, key)["name"] for key in (jean, twin)] == ["Personne effacée"] * 2
    with crm.read() as connection:
        told = {text for row in connection.execute(select(history.c.before, history.c.after)) for text in row if text}
    assert not [text for text in told if "Jean" in text or JEAN in text]


def test_a_file_that_brings_the_person_back_is_told_and_refused_until_somebody_says_so(crm: Crm, jean: int) -> None:
    from gnetics.imports.plan import Asked

    erase_person(crm, "Ana", JEAN, COMMAND)
    content = f"Nom;Email\nJean Élan;{JEAN}\nLéa;lea@y.fr\n".encode()
    tried = import_workbook(crm, "Ana", content, "a.csv", dry_run=True)
    assert (tried.taken, tried.refused) == (1, 1) and "effacée le 24/11/2026" in tried.problems[0].reason
    assert [each.title for each in tried.likenesses] == ["une personne effacée le 24/11/2026"]
    same = Asked(persons={(tried.sheets[0].name, 2): True})
    assert import_workbook(crm, "Ana", content, "a.csv", dry_run=True, asked=same).refused == 1
    other = replace(same, persons={(tried.sheets[0].name, 2): False})
    assert import_workbook(crm, "Ana", content, "a.csv", asked=other).taken == 2
    by_id = import_workbook(crm, "Ana", "ID Lead;Nom;Notes\nL-000001;Jean Élan;revient\n".encode(), "b.csv")
    assert by_id.refused == 1 and row_of(crm, jean)["notes"] is None


def test_a_calendar_read_again_brings_neither_the_event_nor_the_participant(crm: Crm, jean: int) -> None:
    def event(uid: str, title: str) -> str:
        return (
            f"BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:{title}\r\nDTSTART:20261201T090000Z\r\nDTEND:20261201T100000Z\r\n"
            f"ATTENDEE;CN=Jean:mailto:{JEAN}\r\nATTENDEE;CN=Léa:mailto:lea@y.fr\r\nEND:VEVENT\r\n"
        )

    calendar = (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x\r\n{event('1@x', 'Chez Jean')}{event('2@x', 'Salon')}END:VCALENDAR\r\n".encode()
    )
    import_workbook(crm, "Ana", calendar, "a.ics")
    with crm.write("Ana", Verb.IMPORT) as uow:
        uow.update("events", 1, {"lead_key": jean})
        uow.commit()
    erase_person(crm, "Ana", JEAN, COMMAND)
    before = crm.snapshot().events
    assert before["title"].tolist() == ["Personne effacée", "Salon"] and JEAN not in str(before["participants"].tolist())
    report = import_workbook(crm, "Ana", calendar, "a.ics")
    assert report.refused == 1 and report.taken == 0
    after = crm.snapshot().events
    assert after["title"].tolist() == ["Personne effacée", "Salon"] and JEAN not in str(after["participants"].tolist())


# mail


def test_whoever_said_no_stays_barred_by_a_digest_alone(crm: Crm, jean: int) -> None:
    suppressions.suppress(crm, "Ana", JEAN, "à sa demande")
    erase_person(crm, "Ana", JEAN, COMMAND)
    with crm.read() as connection:
        assert suppressions.every(connection) == []
        assert suppressions.among(connection, ["Jean@X.fr", MARIE]) == {JEAN: suppressions.FORGOTTEN}
    suppressions.allow(crm, "Ana", JEAN)
    with crm.read() as connection:
        assert suppressions.among(connection, [JEAN]) == {}


@pytest.mark.parametrize(("lead", "state", "why"), [(True, "en cours", "en train"), (False, "à faire", "plusieurs"), (True, "à faire", "")])
def test_a_mail_on_its_way_is_waited_for_and_one_that_waits_does_not_leave(crm: Crm, jean: int, lead: bool, state: str, why: str) -> None:
    other, when = add(crm, name="Léa", email="lea@y.fr"), datetime(2026, 11, 24, tzinfo=UTC)
    row = {"click": "c", "state": state, "message_id": "<m>", "content": b"x", "sender": "ana@x.fr", "tries": 0, "said": ""}
    row |= {"recipients": f'["{JEAN}"]', "asked_by": "Ana", "asked_at": when, "due_at": when, "lead_key": jean if lead else other}
    with crm.engine.begin() as connection:
        connection.execute(insert(outbox).values(row))
    if why:
        with pytest.raises(Refused, match=why):
            erase_person(crm, "Ana", JEAN, COMMAND)
        assert row_of(crm, jean)["name"] == "Jean Élan"
    else:
        erase_person(crm, "Ana", JEAN, COMMAND)
        with crm.read() as connection:
            assert connection.execute(select(outbox)).first() is None


# the bin


def test_thirty_days_in_the_bin_end_the_same_way(crm: Crm, jean: int) -> None:
    lea = add(crm, name="Léa", email="lea@y.fr", notes=f"voir {JEAN}")
    with crm.write("Ana", Verb.IMPORT) as uow:
        mail = {"message_id": "<1>", "direction": "reçu", "sender": JEAN, "subject": "Secret", "lead_key": jean, "at": uow.now}
        import_rows(uow, "messages", [mail])
        uow.commit()
    delete_lead(crm, "Ana", jean, crm.snapshot())
    before = len(crm.snapshot().messages)
    later = replace(crm, clock=fixed(crm.clock.now() + timedelta(days=KEPT_DAYS + 1), crm.region.zone))
    live(later, KEPT_DAYS)
    assert empty_bin(later, trying=True) == 1 and row_of(crm, jean)["email"] == JEAN
    assert empty_bin(later) == 1
    with crm.read() as connection:
        assert connection.execute(select(messages.c.sender, messages.c.subject, messages.c.erased)).one() == (None, None, True)
    assert row_of(crm, lea)["notes"] == "voir [effacé]" and row_of(crm, jean)["name"] is None
    assert len(later.snapshot().messages) == before, "figures count the mail as they did"
    assert import_workbook(later, "Ana", f"Nom;Email\nJean Élan;{JEAN}\n".encode(), "a.csv").taken == 1, (
        "who was only deleted may come back"
    )


def test_the_mails_of_an_address_that_another_contact_has_stay_with_it(crm: Crm, jean: int) -> None:
    add(crm, name="Jean Élan", email=JEAN)
    with crm.write("Ana", Verb.IMPORT) as uow:
        import_rows(uow, "messages", [{"message_id": "<1>", "direction": "reçu", "sender": JEAN, "lead_key": jean, "at": uow.now}])
        uow.commit()
    delete_lead(crm, "Ana", jean, crm.snapshot())
    later = replace(crm, clock=fixed(crm.clock.now() + timedelta(days=KEPT_DAYS + 1), crm.region.zone))
    live(later, KEPT_DAYS)
    assert empty_bin(later) == 1
    with crm.read() as connection:
        assert connection.execute(select(messages.c.sender)).scalar_one() == JEAN


def test_what_is_in_the_bin_is_erased_too_and_cannot_be_restored(crm: Crm, jean: int) -> None:
    delete_lead(crm, "Ana", jean, crm.snapshot())
    erase_person(crm, "Ana", JEAN, COMMAND)
    with pytest.raises(NotFound):
        restore_lead(crm, "Ana", jean, crm.snapshot())


def test_many_whose_time_in_the_bin_is_over_go_together(crm: Crm) -> None:
    addresses = [f"p{number}@x.fr" for number in range(8)]
    keys = [add(crm, name=f"Personne {number}", email=address) for number, address in enumerate(addresses)]
    lea = add(crm, name="Léa", notes=f"voir {', '.join(addresses)}, et reste@x.fr")
    for key in keys:
        delete_lead(crm, "Ana", key, crm.snapshot())
    later = replace(crm, clock=fixed(crm.clock.now() + timedelta(days=KEPT_DAYS + 1), crm.region.zone))
    live(later, KEPT_DAYS)
    assert empty_bin(later) == 8
    assert row_of(crm, lea)["notes"] == f"voir {', '.join(['[effacé]'] * 8)}, et reste@x.fr"
