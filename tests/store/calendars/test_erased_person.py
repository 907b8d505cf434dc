"""Somebody who was erased leaves the calendars of other programs too, and comes back by none."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from gnetics.actions.erasing_people import erase_person
from gnetics.actions.leads import save_lead
from gnetics.calendars.syncing import sync
from gnetics.domain.accesses import COMMAND
from gnetics.settings.calendar import CalendarAccount
from gnetics.store.crm import Crm
from gnetics.store.schema import collection_objects, history
from tests.radicale import Client
from tests.store.calendars.test_syncing import change, made, only, quiet, session, text, there

pytestmark = pytest.mark.costly


def test_their_events_are_removed_there_and_do_not_come_back(crm: Crm, account: CalendarAccount, phone: Client) -> None:
    zoe = save_lead(crm, "Ana", None, {"name": "Zoé Client", "email": "zoe@client.example"}, None, session(crm)).key
    for title in ("Réunion d’équipe", "Point", "Revue"):
        made(crm, title)
    made(crm, "Visite chez Zoé", lead_key=zoe)
    sync(crm, account)
    theirs = next(each for each in phone.all().values() if "Visite" in each)

    erase_person(crm, "Ana", "zoe@client.example", COMMAND)
    with crm.read() as connection:
        assert "Visite" not in str(connection.execute(select(collection_objects)).all())
    assert sync(crm, account).removed == 1
    assert len(phone.all()) == 3 and "Visite" not in str(phone.all())
    assert quiet(crm, account)

    phone.put("revenu.ics", theirs.replace("Visite", "Autre visite"))
    (why,) = sync(crm, account).refused
    assert "Son contact a été effacé à sa demande" in why
    with crm.read() as connection:
        assert "Autre visite" not in str(connection.execute(select(collection_objects)).all())
    phone.put("autre.ics", text("autre@x", "Autre réunion"))
    assert sync(crm, account).came == 1


def test_what_was_changed_there_meanwhile_is_told_and_does_not_come_back(crm: Crm, account: CalendarAccount, phone: Client) -> None:
    zoe = save_lead(crm, "Ana", None, {"name": "Zoé Client", "email": "zoe@client.example"}, None, session(crm)).key
    for title in ("Réunion d’équipe", "Point", "Revue"):
        made(crm, title)
    sync(crm, account)
    others = set(phone.names())
    made(crm, "Visite chez Zoé", lead_key=zoe)
    sync(crm, account)
    (name,) = set(phone.names()) - others
    erase_person(crm, "Ana", "zoe@client.example", COMMAND)
    phone.edit(name, "Visite chez Zoé", "Visite déplacée chez Zoé")
    tally = sync(crm, account)
    assert (tally.came, tally.changed) == (0, 0)
    (why,) = tally.refused
    assert "Son contact a été effacé à sa demande" in why
    with crm.read() as connection:
        assert "Visite" not in str(connection.execute(select(collection_objects)).all())


def test_who_comes_to_an_event_of_others_comes_back_by_no_change_of_it_and_leaves_it_there(
    crm: Crm, account: CalendarAccount, phone: Client
) -> None:
    save_lead(crm, "Ana", None, {"name": "Zoé Client", "email": "zoe@client.example"}, None, session(crm))
    people = ("ATTENDEE;CN=Zoé Client;PARTSTAT=ACCEPTED:mailto:Zoe@client.example", "ATTENDEE;CN=Paul:mailto:paul@autre.example")
    phone.put("a.ics", text("a@x", "Réunion", *people))
    sync(crm, account)
    assert len(json.loads(there(crm)["Réunion"]["participants"])) == 2
    erase_person(crm, "Ana", "zoe@client.example", COMMAND)

    phone.edit("a.ics", "SUMMARY:Réunion", "SUMMARY:Réunion déplacée")
    assert sync(crm, account).clashes == 0
    row = there(crm)["Réunion déplacée"]
    assert json.loads(row["participants"]) == [["paul@autre.example", "Paul", "NEEDS-ACTION"]]
    with crm.read() as connection:
        assert "zoe" not in str([connection.execute(select(table)).all() for table in (collection_objects, history)]).lower()

    session(crm).catch_up()
    change(crm, row["key"], title="Réunion à Lyon")
    assert sync(crm, account).sent == 1
    assert "zoe" not in only(phone).lower() and "mailto:paul@autre.example" in only(phone)
    assert quiet(crm, account)
