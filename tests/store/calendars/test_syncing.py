"""The store and a calendar of a real server become the same: what one has the other has, changed in one it is changed in the other."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

import pytest
from sqlalchemy import select

from gnetics.actions.events import delete_event, save_event
from gnetics.actions.leads import save_lead
from gnetics.actions.series import mark_occurrence_done
from gnetics.calendars import syncing
from gnetics.calendars.syncing import sync
from gnetics.calendars.taking import units_of
from gnetics.errors import CalendarError
from gnetics.settings.calendar import CalendarAccount
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot
from gnetics.store.reading.calendar import calendar_rows
from gnetics.store.schema import events, history
from gnetics.store.unit_of_work import Row, UnitOfWork
from tests.radicale import Client, Radicale
from tests.store.calendars.conftest import account_of

pytestmark = pytest.mark.costly

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
TIMES = "DTSTART;TZID=Europe/Paris:20261203T100000\r\nDTEND;TZID=Europe/Paris:20261203T110000\r\n"


def text(uid: str, title: str, *more: str, times: str = TIMES) -> str:
    inside = "".join(f"{line}\r\n" for line in more)
    return (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//autre//FR\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261101T080000Z\r\n"
        f"{times}SUMMARY:{title}\r\n{inside}END:VEVENT\r\nEND:VCALENDAR\r\n"
    )


@lru_cache(maxsize=1)
def session(crm: Crm) -> Snapshot:
    """The open page of whoever changes something here."""
    return crm.snapshot()


def made(crm: Crm, title: str, **values: Any) -> int:
    asked = {"title": title, "starts_at": START, "ends_at": START + timedelta(hours=1), **values}
    return save_event(crm, "Ana", None, asked, None, session(crm)).key


def change(crm: Crm, key: int, **values: Any) -> None:
    save_event(crm, "Ana", key, values, None, session(crm))


def there(crm: Crm) -> dict[str, Any]:
    """Events by title."""
    with crm.read() as connection:
        return {row["title"]: row for row in calendar_rows(connection)}


def quiet(crm: Crm, account: CalendarAccount) -> bool:
    """Whether both sides have nothing to say to each other."""
    tally = sync(crm, account)
    return not tally.any and not tally.refused


def only(phone: Client) -> str:
    (found,) = phone.all().values()
    return re.sub(r"\r?\n[ \t]", "", found)


def test_what_a_client_makes_comes_and_what_is_changed_here_goes_back_with_all_that_is_unknown_to_us(
    crm: Crm, account: CalendarAccount, phone: Client
) -> None:
    unknown = ("X-APPLE-TRAVEL-ADVISORY-BEHAVIOR;ACKNOWLEDGED=20261101T080000Z:AUTOMATIC", "GEO:45.75;4.85", "PRIORITY:3", "TRANSP:OPAQUE")
    phone.put("a.ics", text("a@x", "Visite", *unknown, "LOCATION:Lyon", "SEQUENCE:4"))
    assert sync(crm, account).came == 1
    row = there(crm)["Visite"]
    assert (row["place"], row["sequence"], row["uid"], row["wall_start"]) == ("Lyon", 4, "a@x", "2026-12-03T10:00:00")
    change(crm, row["key"], title="Visite du site", starts_at=START, ends_at=START + timedelta(hours=2))
    assert sync(crm, account).sent == 1
    seen = only(phone)
    assert all(line in seen for line in unknown) and "SUMMARY:Visite du site" in seen and "20261201T100000" in seen and "SEQUENCE:4" in seen
    assert quiet(crm, account)


def test_deletions_go_both_ways(crm: Crm, account: CalendarAccount, phone: Client) -> None:
    for number in range(4):
        phone.put(f"{number}.ics", text(f"{number}@x", f"Réunion {number}"))
    sync(crm, account)
    phone.delete("0.ics")
    delete_event(crm, "Ana", there(crm)["Réunion 1"]["key"], session(crm))
    tally = sync(crm, account)
    assert (tally.went, tally.removed) == (1, 1)
    assert sorted(there(crm)) == ["Réunion 2", "Réunion 3"] and phone.names() == ["2.ics", "3.ics"]
    assert quiet(crm, account)


def test_different_fields_changed_on_both_sides_are_both_kept(crm: Crm, account: CalendarAccount, phone: Client) -> None:
    key = made(crm, "Démo", place="Lyon", description="Apporter le devis")
    sync(crm, account)
    (name,) = phone.names()
    phone.edit(name, "LOCATION:Lyon", "LOCATION:Paris")
    change(crm, key, description="Apporter la plaquette")
    tally = sync(crm, account)
    assert (tally.changed, tally.sent, tally.clashes) == (1, 1, 0)
    assert there(crm)["Démo"]["place"] == "Paris" and "DESCRIPTION:Apporter la plaquette" in only(phone) and "LOCATION:Paris" in only(phone)
    assert quiet(crm, account)


def test_one_field_changed_on_both_sides_is_ours_and_theirs_stands_in_the_history(
    crm: Crm, account: CalendarAccount, phone: Client
) -> None:
    key = made(crm, "Démo", place="Lyon")
    sync(crm, account)
    (name,) = phone.names()
    phone.edit(name, "LOCATION:Lyon", "LOCATION:Paris")
    change(crm, key, place="Nantes")
    assert sync(crm, account).clashes == 1
    assert there(crm)["Démo"]["place"] == "Nantes" and "LOCATION:Nantes" in only(phone)
    with crm.read() as connection:
        lines = connection.execute(
            select(history.c.before, history.c.after).where(history.c.field == "place").order_by(history.c.key)
        ).all()
    assert [tuple(line) for line in lines] == [("Lyon", "Nantes"), ("Nantes", "Paris"), ("Paris", "Nantes")]
    assert quiet(crm, account)


def test_a_change_outlives_a_deletion_on_the_other_side(crm: Crm, account: CalendarAccount, phone: Client) -> None:
    kept, other = made(crm, "Gardé ici"), made(crm, "Gardé là-bas")
    for number in range(8):
        made(crm, f"Autre {number}")
    sync(crm, account)
    names = {phone.read(name).partition("SUMMARY:")[2].partition("\r\n")[0]: name for name in phone.names()}
    phone.delete(names["Gardé ici"])
    change(crm, kept, place="Lyon")
    phone.edit(names["Gardé là-bas"], "SUMMARY:Gardé là-bas", "SUMMARY:Gardé là-bas\r\nLOCATION:Paris")
    delete_event(crm, "Ana", other, session(crm))
    sync(crm, account)
    assert (there(crm)["Gardé ici"]["key"], there(crm)["Gardé là-bas"]["key"]) == (kept, other)
    assert there(crm)["Gardé là-bas"]["place"] == "Paris" and len(phone.names()) == 10
    assert any("LOCATION:Lyon" in each for each in phone.all().values())
    assert quiet(crm, account)


def test_an_event_that_both_have_is_joined_and_not_doubled(crm: Crm, account: CalendarAccount, phone: Client) -> None:
    made(crm, "Démo", place="Lyon")
    sync(crm, account)
    (name,) = phone.names()
    other = Client(phone.url.replace("agenda-", "autre-"))
    other.make()
    other.put(name, phone.read(name).replace("LOCATION:Lyon\r\n", "").replace("SUMMARY:Démo", "SUMMARY:Démo finale"))
    tally = sync(crm, account_of(other.url, "second"))
    assert (tally.came, tally.changed, tally.sent) == (0, 1, 1)
    assert list(there(crm)) == ["Démo finale"] and "LOCATION:Lyon" in only(other), (
        "what a server leaves empty is filled, the rest is its own"
    )
    sync(crm, account)
    assert "SUMMARY:Démo finale" in only(phone), "one calendar tells the other through the store"


def test_a_first_time_changes_nothing_of_what_a_server_has_and_asks_it_to_write_to_nobody(
    crm: Crm, account: CalendarAccount, phone: Client
) -> None:
    people = ("ORGANIZER:mailto:bob@autre.example", "ATTENDEE;CN=Ana;PARTSTAT=TENTATIVE;X-NUM-GUESTS=0:mailto:ana@x.example", "SEQUENCE:3")
    phone.put("a.ics", text("a@x", "Invitation", *people))
    before = phone.all()
    made(crm, "À nous", participants='[["zoe@client.example", "Zoé", "ACCEPTED"]]')
    sync(crm, account)
    after = phone.all()
    assert after["a.ics"] == before["a.ics"]
    (ours,) = (re.sub(r"\r?\n ", "", each) for name, each in after.items() if name != "a.ics")
    assert "ORGANIZER" not in ours and "SCHEDULE-AGENT=CLIENT" in ours and "PARTSTAT=ACCEPTED" in ours
    change(crm, there(crm)["Invitation"]["key"], title="Invitation lue")
    sync(crm, account)
    assert all(line in only_of(phone, "a.ics") for line in ("X-NUM-GUESTS=0", "PARTSTAT=TENTATIVE", "SEQUENCE:3", "ORGANIZER:mailto:bob"))


def only_of(phone: Client, name: str) -> str:
    return re.sub(r"\r?\n[ \t]", "", phone.read(name))


def test_an_occurrence_changed_by_a_client_and_given_back_to_its_series(crm: Crm, account: CalendarAccount, phone: Client) -> None:
    lead = save_lead(crm, "Ana", None, {"name": "Zoé Client"}, None, session(crm)).key
    key = made(crm, "Point", recurrence="FREQ=WEEKLY;COUNT=6", lead_key=lead)
    sync(crm, account)
    (name,) = phone.names()
    plain = phone.read(name)
    override = (
        "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261101T080000Z\r\nRECURRENCE-ID;TZID=Europe/Paris:20261208T100000\r\n"
        "DTSTART;TZID=Europe/Paris:20261209T140000\r\nDTEND;TZID=Europe/Paris:20261209T150000\r\nSUMMARY:Point décalé\r\nEND:VEVENT\r\n"
    ).format(uid=there(crm)["Point"]["uid"])
    phone.put(name, plain.replace("END:VCALENDAR", f"{override}END:VCALENDAR"))
    sync(crm, account)
    moved = there(crm)["Point décalé"]
    assert (moved["series_key"], moved["occurrence"], moved["lead_key"]) == (key, "2026-12-08T10:00:00", lead)
    sync(crm, account)
    phone.put(name, plain)
    sync(crm, account)
    assert list(there(crm)) == ["Point"]
    assert quiet(crm, account)


def test_what_was_done_in_a_series_stays_when_a_client_gives_it_back_and_changes_it_once_more(
    crm: Crm, account: CalendarAccount, phone: Client
) -> None:
    override = (
        "BEGIN:VEVENT\r\nUID:s@x\r\nDTSTAMP:20261101T080000Z\r\nRECURRENCE-ID;TZID=Europe/Paris:20261210T100000\r\n"
        "DTSTART;TZID=Europe/Paris:20261210T140000\r\nSUMMARY:Décalé\r\nEND:VEVENT\r\n"
    )
    plain = text("s@x", "Point", "RRULE:FREQ=WEEKLY;COUNT=6")
    phone.put("s.ics", plain.replace("END:VCALENDAR", f"{override}END:VCALENDAR"))
    sync(crm, account)
    change(crm, there(crm)["Décalé"]["key"], done=True)
    phone.put("s.ics", plain)
    sync(crm, account)
    assert there(crm)["Décalé"]["done"] and there(crm)["Décalé"]["series_key"] is None and len(phone.names()) == 2
    phone.put("s.ics", plain.replace("END:VCALENDAR", f"{override.replace('Décalé', 'Encore')}END:VCALENDAR"))
    sync(crm, account)
    assert there(crm)["Encore"]["series_key"] == there(crm)["Point"]["key"] and there(crm)["Décalé"]["done"]
    assert quiet(crm, account)


def test_a_series_moved_by_a_client_keeps_what_was_done_in_it(crm: Crm, account: CalendarAccount, phone: Client) -> None:
    key = made(crm, "Point", recurrence="FREQ=WEEKLY;COUNT=6")
    done = mark_occurrence_done(crm, "Ana", key, "2026-12-08T10:00:00", session(crm)).key
    sync(crm, account)
    (name,) = phone.names()
    phone.put(name, re.sub(r"(:202612\d\dT)1([01])0000", lambda found: f"{found[1]}1{int(found[2]) + 1}0000", phone.read(name)))
    sync(crm, account)
    with crm.read() as connection:
        rows = {row["key"]: row for row in calendar_rows(connection)}
    assert rows[key]["wall_start"] == "2026-12-01T11:00:00"
    assert (rows[done]["occurrence"], rows[done]["done"]) == ("2026-12-08T11:00:00", True)
    assert quiet(crm, account)


def test_a_lost_token_on_either_side_doubles_and_loses_nothing(crm: Crm, account: CalendarAccount, phone: Client, caldav: Radicale) -> None:
    keys = [made(crm, f"Réunion {number}") for number in range(6)]
    sync(crm, account)
    forget: list[Callable[[], None]] = [caldav.forget_tokens, lambda: forget_ours(crm)]
    for number, lose in enumerate(forget):
        change(crm, keys[number], place="Lyon")
        phone.edit(phone.names()[number], "STATUS:CONFIRMED", f"STATUS:CONFIRMED\r\nDESCRIPTION:Là-bas {number}")
        lose()
        sync(crm, account)
        assert len(there(crm)) == len(phone.names()) == 6
    assert sum("LOCATION:Lyon" in each for each in phone.all().values()) == 2
    assert sorted(row["description"] for row in there(crm).values() if row["description"]) == ["Là-bas 0", "Là-bas 1"]
    assert quiet(crm, account)


def forget_ours(crm: Crm) -> None:
    with crm.engine.begin() as connection:
        connection.exec_driver_sql("update collections set token = 'http://radicale.org/ns/sync/inconnu'")


@pytest.mark.parametrize("few", [1, 6])
def test_a_calendar_that_comes_back_empty_or_loses_many_stops_and_asks(crm: Crm, account: CalendarAccount, phone: Client, few: int) -> None:
    for number in range(6):
        made(crm, f"Réunion {number}")
    sync(crm, account)
    for name in phone.names()[: 3 if few == 1 else 6]:
        phone.delete(name)
    for _ in range(2):
        with pytest.raises(CalendarError, match=r"ne sont plus sur le serveur.*gnetics calendar sync pro --confirm"):
            sync(crm, account)
        assert len(there(crm)) == 6
    assert sync(crm, account, confirm=True).went == (3 if few == 1 else 6)
    assert len(there(crm)) == len(phone.names()) == (3 if few == 1 else 0)


def test_what_leaves_the_store_at_once_is_not_taken_from_the_server_unasked(crm: Crm, phone: Client) -> None:
    for number in range(6):
        made(crm, f"Réunion {number}", owner="Ana" if number < 2 else "Bruno")
    sync(crm, account_of(phone.url))
    with pytest.raises(CalendarError, match="ne sont plus dans le CRM"):
        sync(crm, account_of(phone.url, owner="Ana"))
    assert len(phone.names()) == 6
    sync(crm, account_of(phone.url, owner="Ana"), confirm=True)
    assert len(phone.names()) == 2 and len(there(crm)) == 6


def test_a_calendar_of_one_person_carries_their_events_and_touches_no_other(crm: Crm, phone: Client) -> None:
    snapshot = session(crm)
    ana, bruno = (
        save_lead(crm, "Ana", None, {"name": name, "owner": owner}, None, snapshot).key
        for name, owner in (("Zoé Client", "Ana"), ("Léo Autre", "Bruno"))
    )
    made(crm, "De Zoé", lead_key=ana)
    theirs = made(crm, "De Léo", lead_key=bruno)
    made(crm, "De Bruno", owner="Bruno")
    account = account_of(phone.url, owner="ana")
    assert sync(crm, account).sent == 1
    assert "SUMMARY:De Zoé" in only(phone)
    phone.put("n.ics", text("n@x", "Nouveau"))
    phone.put("v.ics", text(there(crm)["De Léo"]["uid"], "Pris à Bruno"))
    tally = sync(crm, account)
    assert tally.came == 1 and "d’un autre responsable" in tally.refused[0]
    rows = there(crm)
    assert rows["Nouveau"]["owner"] == "ana" and rows["De Léo"]["key"] == theirs
    assert "Pris à Bruno" in only_of(phone, "v.ics")


def test_what_cannot_be_read_is_told_left_alone_and_stops_nothing_else(crm: Crm, account: CalendarAccount, phone: Client) -> None:
    phone.put("h.ics", text("h@x", "Chaque heure", "RRULE:FREQ=HOURLY"))
    phone.put("b.ics", text("b@x", "Bon"))
    tally = sync(crm, account)
    assert tally.came == 1 and list(there(crm)) == ["Bon"] and "chaque heure" in tally.refused[0]
    assert quiet(crm, account) and len(phone.names()) == 2
    phone.edit("b.ics", "SUMMARY:Bon", "SUMMARY:Bon\r\nRRULE:FREQ=MINUTELY")
    assert sync(crm, account).refused
    change(crm, there(crm)["Bon"]["key"], place="Lyon")
    assert quiet(crm, account), "what is not understood any more is not written over"
    assert "FREQ=MINUTELY" in phone.read("b.ics")
    phone.edit("b.ics", "RRULE:FREQ=MINUTELY\r\n", "")
    sync(crm, account)
    assert there(crm)["Bon"]["place"] == "Lyon" and "LOCATION:Lyon" in phone.read("b.ics")


def test_a_preview_says_what_would_be_done_and_does_nothing(crm: Crm, account: CalendarAccount, phone: Client) -> None:
    made(crm, "Ici")
    phone.put("b.ics", text("b@x", "Là-bas"))
    tally = sync(crm, account, preview=True)
    assert (tally.came, tally.sent) == (1, 1)
    assert list(there(crm)) == ["Ici"] and phone.names() == ["b.ics"]


def test_a_line_that_is_cut_loses_nothing_and_what_waits_goes_later(
    crm: Crm, account: CalendarAccount, phone: Client, caldav: Radicale
) -> None:
    key = made(crm, "Ici")
    sync(crm, account)
    for number in range(5):
        made(crm, f"Réunion {number}")
    sent = 0

    def cut() -> bool:
        nonlocal sent
        sent += 1
        if sent == 3:
            caldav.stop()
        return False

    try:
        with pytest.raises(CalendarError, match="ne répond pas"):
            sync(crm, account, stopping=cut)
        change(crm, key, place="Lyon")
        with pytest.raises(CalendarError):
            sync(crm, account)
    finally:
        caldav.start()
    assert sync(crm, account).sent == 4
    assert len(phone.names()) == len(there(crm)) == 6
    assert quiet(crm, account)


def test_what_was_sent_and_not_noted_is_recognised(crm: Crm, account: CalendarAccount, phone: Client) -> None:
    made(crm, "Ici", place="Lyon")
    sync(crm, account)
    with crm.engine.begin() as connection:
        connection.exec_driver_sql("delete from collection_objects")
    tally = sync(crm, account)
    assert (tally.came, tally.changed, tally.sent) == (0, 0, 0) and len(phone.names()) == len(there(crm)) == 1
    with crm.read() as connection:
        assert len(connection.execute(select(events.c.key)).all()) == 1


def test_an_address_that_changes_is_the_same_event(crm: Crm, account: CalendarAccount, phone: Client) -> None:
    for number in range(3):
        phone.put(f"{number}.ics", text(f"{number}@x", f"Réunion {number}"))
    sync(crm, account)
    keys = {row["key"] for row in there(crm).values()}
    content = phone.read("0.ics")
    phone.delete("0.ics")
    phone.put("ailleurs.ics", content)
    sync(crm, account)
    assert {row["key"] for row in there(crm).values()} == keys and len(phone.names()) == 3
    assert quiet(crm, account)


def test_with_nothing_new_no_event_is_read_and_whatever_moves_is_seen(
    crm: Crm, account: CalendarAccount, phone: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = save_lead(crm, "Ana", None, {"name": "Zoé Martin"}, None, session(crm)).key
    key = made(crm, "Démo", lead_key=lead)
    phone.put("a.ics", text("a@x", "Visite"))
    sync(crm, account)
    assert quiet(crm, account)
    read = list[str]()

    def reading(uow: UnitOfWork, owner: str) -> dict[int, list[Row]]:
        read.append(owner)
        return units_of(uow, owner)

    monkeypatch.setattr(syncing, "units_of", reading)

    def resting() -> bool:
        read.clear()
        assert quiet(crm, account)
        return not read

    assert resting()
    save_lead(crm, "Ana", lead, {"name": "Zoé Durand"}, None, session(crm))
    assert sync(crm, account).sent == 1 and "Zoé Durand" in "".join(phone.all().values())
    phone.edit("a.ics", "SUMMARY:Visite", "SUMMARY:Visite du site")
    assert sync(crm, account).changed == 1 and resting()
    change(crm, key, place="Lyon")
    assert sync(crm, account).sent == 1 and not resting() and resting()
    phone.delete("a.ics")
    assert sync(crm, account).went == 1 and resting()
    read.clear()
    assert sync(crm, replace(account, owner="Personne")).removed == 1 and read  # other settings, other events
