"""An event and a series go to a real server, are changed there by another client, and come back: on both databases."""

from __future__ import annotations

from sqlalchemy import select

from gnetics.actions.series import delete_occurrence, mark_occurrence_done, save_occurrence
from gnetics.calendars.syncing import sync
from gnetics.domain.series_changes import Scope
from gnetics.settings.calendar import CalendarAccount
from gnetics.store.crm import Crm
from gnetics.store.reading.calendar import calendar_rows
from gnetics.store.schema import history
from tests.radicale import Client
from tests.store.calendars.test_syncing import made, only, quiet, session, there


def test_an_event_made_here_is_seen_by_another_client_changed_there_and_comes_back(
    crm: Crm, account: CalendarAccount, phone: Client
) -> None:
    key = made(crm, "Démo chez Zoé", place="Lyon", kind="Rendez-vous", reminder=15)
    assert sync(crm, account).sent == 1
    seen = only(phone)
    assert "SUMMARY:Démo chez Zoé" in seen and "LOCATION:Lyon" in seen and "TRIGGER:-PT15M" in seen
    (name,) = phone.names()
    phone.edit(name, "LOCATION:Lyon", "LOCATION:Villeurbanne")
    assert sync(crm, account).changed == 1
    row = there(crm)["Démo chez Zoé"]
    assert (row["key"], row["place"], row["kind"], row["reminder"]) == (key, "Villeurbanne", "Rendez-vous", 15)
    assert quiet(crm, account)
    with crm.read() as connection:
        who = connection.execute(select(history.c.who).where(history.c.field == "place").order_by(history.c.key.desc())).scalar()
    assert who == "Agenda «\u00a0pro\u00a0»"


def test_a_series_goes_and_comes_with_the_occurrences_that_were_changed(crm: Crm, account: CalendarAccount, phone: Client) -> None:
    key = made(crm, "Point", recurrence="FREQ=WEEKLY;COUNT=6")
    first, second, third, fourth = (f"2026-12-{day:02d}T10:00:00" for day in (1, 8, 15, 22))
    save_occurrence(crm, "Ana", key, second, Scope.ONE, {"place": "Lyon"}, None, session(crm))
    delete_occurrence(crm, "Ana", key, third, Scope.ONE, session(crm))
    assert sync(crm, account).sent == 1
    seen = only(phone)
    assert seen.count("BEGIN:VEVENT") == 2 and "RRULE:FREQ=WEEKLY;COUNT=6" in seen
    assert "RECURRENCE-ID;TZID=Europe/Paris:20261208T100000" in seen and "EXDATE;TZID=Europe/Paris:20261215T100000" in seen
    (name,) = phone.names()
    phone.edit(name, "LOCATION:Lyon", "LOCATION:Paris")
    sync(crm, account)
    with crm.read() as connection:
        (changed,) = [row for row in calendar_rows(connection) if row["series_key"] == key]
    assert (changed["occurrence"], changed["place"]) == (second, "Paris")
    mark_occurrence_done(crm, "Ana", key, fourth, session(crm))
    save_occurrence(crm, "Ana", key, first, Scope.ALL, {"title": "Point hebdo"}, None, session(crm))
    sync(crm, account)
    assert only(phone).count("BEGIN:VEVENT") == 3 and "SUMMARY:Point hebdo" in only(phone) and "LOCATION:Paris" in only(phone)
    assert quiet(crm, account)
