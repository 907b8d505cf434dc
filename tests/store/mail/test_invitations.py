"""People are invited, hear what changed and that it is called off when somebody presses the button, those concerned only; what they answer
becomes their answer."""

from __future__ import annotations

import email
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select

from gnetics.actions.events import call_off, save_event
from gnetics.actions.leads import save_lead
from gnetics.actions.series import save_occurrence
from gnetics.domain.consent import REASONS, Consent
from gnetics.domain.outbox import State
from gnetics.domain.series_changes import Scope
from gnetics.errors import Forbidden, Refused
from gnetics.mail import outbox, suppressions
from gnetics.mail.delivery import Delivery, Fate
from gnetics.mail.fetching import Fetch
from gnetics.mail.invitations import invite, offered
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot
from gnetics.store.schema import events
from gnetics.store.schema import outbox as outgoing
from tests.store.mail.conftest import ANA, CLIENT, mails

START = datetime(2026, 12, 1, 9, tzinfo=UTC)
OTHER = "max@autre.example"
pytestmark = pytest.mark.costly
Fetched = Callable[[], Fetch]


@pytest.fixture
def team(team: Crm) -> Crm:
    return replace(team, settings=replace(team.settings, mail_invitations=True))


@pytest.fixture
def session(team: Crm) -> Snapshot:
    return team.snapshot()


@pytest.fixture
def key(team: Crm, session: Snapshot) -> int:
    values = {"title": "Démo", "starts_at": START, "ends_at": START + timedelta(hours=1), "lead_key": 1, "place": "Lyon"}
    return save_event(team, "Ana", None, values | {"description": "Prix plancher 900 €"}, None, session).key


def change(crm: Crm, key: int, session: Snapshot, **values: Any) -> None:
    save_event(crm, "Ana", key, values, None, session)


def press(crm: Crm, key: int, user: str = "Ana") -> int:
    return invite(crm, user, key, offered(crm, user, key))


def sent(crm: Crm) -> list[tuple[str, str, str, Any]]:
    """(to whom, subject, what is said in words, the event) of each mail, the oldest first."""
    found = []
    with crm.read() as connection:
        contents = connection.execute(select(outgoing.c.content).order_by(outgoing.c.key)).scalars().all()
    for content in contents:
        message = email.message_from_bytes(content, policy=policy.default)
        words, calendar = message.get_body(("plain",)), list(message.iter_parts())[1]
        assert isinstance(words, EmailMessage) and isinstance(calendar, EmailMessage) and calendar.get_content_type() == "text/calendar"
        read = Calendar.from_ical(calendar.get_content())
        assert read["METHOD"] == calendar.get_param("method")
        found.append((str(message["To"]), str(message["Subject"]), words.get_content(), read))
    return found


def row(crm: Crm, key: int) -> Any:
    with crm.read() as connection:
        return connection.execute(select(events).where(events.c.key == key)).mappings().one()


def test_a_contact_is_invited_once_and_is_a_participant_from_then_on(team: Crm, key: int) -> None:
    assert offered(team, "Ana", key) == f"Inviter\u00a0: {CLIENT}"
    assert press(team, key) == 1
    ((to, subject, words, calendar),) = sent(team)
    assert (to, subject) == (CLIENT, "Invitation\u00a0: Démo")
    assert "mardi 1er décembre 2026, 10:00 – 11:00" in words and "Lieu\u00a0: Lyon" in words and "CRM GNETICS" in words
    (event,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["UID"], event["SEQUENCE"]) == ("REQUEST", row(team, key)["uid"], 0)
    assert event["ORGANIZER"] == f"mailto:{ANA}"
    assert event["ATTENDEE"] == f"mailto:{CLIENT}" and event["ATTENDEE"].params["RSVP"] == "TRUE"
    assert "plancher" not in words + str(calendar.to_ical()) and "CONTACT" not in event, "what only we say of it stays here"
    assert row(team, key)["participants"] == f'[["{CLIENT}", "", "NEEDS-ACTION"]]'
    assert offered(team, "Ana", key) == ""
    with pytest.raises(Refused, match="rien à leur envoyer"):
        invite(team, "Ana", key, "")


def test_a_change_is_told_in_words_to_who_knew_and_others_are_invited(team: Crm, key: int, session: Snapshot) -> None:
    press(team, key)
    participants = f'[["{CLIENT}", "", "ACCEPTED"], ["{OTHER}", "Max", "NEEDS-ACTION"], ["{ANA}", "", "ACCEPTED"]]'
    change(team, key, session, starts_at=START + timedelta(hours=2), ends_at=START + timedelta(hours=3), participants=participants)
    assert offered(team, "Ana", key) == f"Inviter\u00a0: {OTHER} · Prévenir du changement\u00a0: {CLIENT}"
    assert press(team, key) == 2
    _, (new, invited, _, _), (told, changed, words, calendar) = sent(team)
    assert (new, invited, told, changed) == (OTHER, "Invitation\u00a0: Démo", CLIENT, "Modification\u00a0: Démo")
    assert "12:00 – 13:00 (1\u00a0h) (avant\u00a0: mardi 1er décembre 2026, 10:00" in words.replace("\n", " ")
    assert calendar.walk("VEVENT")[0]["SEQUENCE"] == row(team, key)["sequence"] == 1
    assert '"ACCEPTED"' not in row(team, key)["participants"], "nobody has answered for the new hour"
    change(team, key, session, description="Prix plancher 800 €")
    assert offered(team, "Ana", key) == "", "what they are not told is no change"


def test_a_contact_taken_off_the_participants_still_hears_what_changed(team: Crm, key: int, session: Snapshot) -> None:
    press(team, key)
    change(team, key, session, place="Paris", participants=None)
    assert offered(team, "Ana", key) == f"Prévenir du changement\u00a0: {CLIENT}"
    assert press(team, key) == 1
    to, subject, _, calendar = sent(team)[-1]
    assert (to, subject) == (CLIENT, "Modification\u00a0: Démo") and calendar.walk("VEVENT")[0]["ATTENDEE"] == f"mailto:{CLIENT}"
    assert row(team, key)["participants"] == f'[["{CLIENT}", "", "NEEDS-ACTION"]]'


def test_calling_off_and_leaving_out_is_told_to_those_alone_and_it_may_take_place_after_all(team: Crm, key: int, session: Snapshot) -> None:
    change(team, key, session, participants=f'[["{OTHER}", "Max", "NEEDS-ACTION"]]')
    press(team, key)
    change(team, key, session, participants=f'[["{CLIENT}", "", "NEEDS-ACTION"]]')
    assert offered(team, "Ana", key) == f"Prévenir de l’annulation\u00a0: {OTHER}"
    press(team, key)
    to, subject, words, calendar = sent(team)[-1]
    (event,) = calendar.walk("VEVENT")
    assert (to, subject, calendar["METHOD"], event["STATUS"]) == (OTHER, "Annulation\u00a0: Démo", "CANCEL", "CANCELLED")
    assert event["ATTENDEE"] == f"mailto:{OTHER}" and "se tient sans vous" in words
    call_off(team, "Ana", key, session)
    assert offered(team, "Ana", key) == f"Prévenir de l’annulation\u00a0: {CLIENT}"
    assert press(team, key) == 1 and offered(team, "Ana", key) == "" and row(team, key)["sequence"] == 1
    call_off(team, "Ana", key, session, cancelled=False)
    assert offered(team, "Ana", key) == f"Inviter\u00a0: {CLIENT}"
    press(team, key)
    assert sent(team)[-1][3].walk("VEVENT")[0]["SEQUENCE"] == 2


def test_of_a_series_the_whole_is_told_with_what_is_apart(team: Crm, key: int, session: Snapshot) -> None:
    change(team, key, session, recurrence="FREQ=WEEKLY;COUNT=4")
    apart = save_occurrence(team, "Ana", key, "2026-12-08T10:00:00", Scope.ONE, {"place": "Paris"}, None, session).key
    press(team, key)
    _, _, words, calendar = sent(team)[0]
    assert "Répétition\u00a0: chaque semaine" in words and "Dates à part\u00a0: mardi 8 décembre" in words
    assert len(calendar.walk("VEVENT")) == 2 and offered(team, "Ana", apart) == ""


def test_what_another_calendar_brought_is_its_organizer_s_to_invite_to(team: Crm, key: int) -> None:
    with team.engine.begin() as connection:
        connection.execute(events.update().values(uid="a@autre.example"))
    assert offered(team, "Ana", key) == ""
    with pytest.raises(Refused, match="son organisateur"):
        invite(team, "Ana", key, f"Inviter\u00a0: {CLIENT}")


def test_nobody_is_written_to_who_said_no_where_it_is_off_or_by_who_may_not(team: Crm, key: int, session: Snapshot) -> None:
    off = replace(team, settings=replace(team.settings, mail_invitations=False))
    assert offered(off, "Ana", key) == ""
    words = offered(team, "Ana", key)
    with pytest.raises(Refused, match="pas activé"):
        invite(off, "Ana", key, words)
    with pytest.raises(Refused, match="a changé entre-temps"):
        invite(team, "Ana", key, "Inviter\u00a0: quelqu’un")
    with pytest.raises(Refused, match="pas d’adresse email"):
        invite(team, "Chef", key, words)
    asked = replace(team, trusted=False)
    with team.engine.begin() as connection:
        connection.exec_driver_sql("update users set own_leads = true where name = 'Bruno'")
    with pytest.raises(Forbidden):
        invite(asked, "Bruno", key, words)
    suppressions.suppress(team, "Chef", CLIENT, "à sa demande")
    with pytest.raises(Refused, match=CLIENT):
        invite(team, "Ana", key, words)
    assert sent(team) == [] and row(team, key)["participants"] is None
    team.set_sync(False, "Chef")
    assert offered(team, "Ana", key) == ""


def test_who_said_no_is_left_out_by_name_and_holds_up_nobody_else(team: Crm, key: int, session: Snapshot) -> None:
    change(team, key, session, participants=f'[["{OTHER}", "Max", "NEEDS-ACTION"]]')
    save_lead(team, "Ana", 1, {"consent": "refusé"}, {}, session)
    assert offered(team, "Ana", key) == f"Inviter\u00a0: {OTHER} · Rien à {CLIENT}\u00a0: {REASONS[Consent.REFUSED]}"
    assert press(team, key) == 1 and [to for to, *_ in sent(team)] == [OTHER]
    assert outbox.send_due(team, lambda *_: Delivery(Fate.SENT)) == 1
    with team.read() as connection:
        assert connection.execute(select(outgoing.c.state, outgoing.c.lead_key)).one() == (State.SENT, None)
    assert offered(team, "Ana", key) == f"Inviter\u00a0: {CLIENT}"
    with pytest.raises(Refused, match=CLIENT):
        press(team, key)


def reply(crm: Crm, key: int, answer: str, attendee: str = CLIENT, sequence: int = 0) -> str:
    event = [f"UID:{row(crm, key)['uid']}", f"SEQUENCE:{sequence}", f"ATTENDEE;PARTSTAT={answer}:mailto:{attendee}"]
    return "\r\n".join(["BEGIN:VCALENDAR", "METHOD:REPLY", "BEGIN:VEVENT", *event, "END:VEVENT", "END:VCALENDAR", ""])


def answer(folder: Path, sender: str, calendar: str) -> None:
    number = len(list(folder.iterdir()))
    message = EmailMessage()
    for name, value in (("From", sender), ("To", ANA), ("Subject", "Accepté : Démo"), ("Message-ID", f"<{number}@x>")):
        message[name] = value
    message.set_content("Accepté")
    message.add_alternative(calendar.encode(), "text", "calendar", params={"method": "REPLY"}, cte="base64")
    (folder / f"{number}.eml").write_bytes(message.as_bytes())


def test_an_answer_by_mail_is_that_of_its_author_and_of_what_was_last_told(team: Crm, key: int, folder: Path, fetched: Fetched) -> None:
    press(team, key)
    answer(folder, OTHER, reply(team, key, "DECLINED"))  # in the name of somebody else
    fetched()
    assert '"NEEDS-ACTION"' in row(team, key)["participants"]
    answer(folder, CLIENT.upper(), reply(team, key, "ACCEPTED"))
    fetched()
    assert '"ACCEPTED"' in row(team, key)["participants"]
    with team.engine.begin() as connection:
        connection.execute(events.update().values(sequence=3))
    answer(folder, CLIENT, reply(team, key, "DECLINED", sequence=2))
    fetched()
    assert '"ACCEPTED"' in row(team, key)["participants"], "it answers what is not so any more"


def test_who_was_not_reached_is_offered_again(team: Crm, key: int) -> None:
    press(team, key)
    (waiting,) = outbox.waiting(team)
    assert outbox.cancel(team, "Ana", waiting.key).subject == "Invitation\u00a0: Démo"
    assert offered(team, "Ana", key) == f"Inviter\u00a0: {CLIENT}"
    press(team, key)
    outbox.send_due(team, lambda *_: Delivery(Fate.SENT, "250 ok"))
    assert offered(team, "Ana", key) == ""
    (mail,) = mails(team)
    assert (mail["subject"], mail["lead_key"]) == ("Invitation\u00a0: Démo", 1) and "vous êtes invité" in mail["text"].lower()
