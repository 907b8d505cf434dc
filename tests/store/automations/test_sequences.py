"""Follow-ups go on at working hours until the lead answers, or something else ends them; the log says why."""

from __future__ import annotations

import email
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest

from gnetics.actions.accounts import set_disabled
from gnetics.actions.sequences import stop
from gnetics.automations.switching import disable
from gnetics.domain.rights import Verb
from gnetics.domain.sequences import State
from gnetics.errors import NotFound, Refused
from gnetics.mail import suppressions
from gnetics.mail.answering import send
from gnetics.mail.composing import Draft
from gnetics.mail.delivery import Fate
from gnetics.store.reading import sequences as reading
from gnetics.store.reading.sequences import Standing
from tests.store.automations.conftest import TUESDAY, ZOE, Team

pytestmark = pytest.mark.costly
DAY = date(2026, 11, 24)


def message(content: bytes) -> EmailMessage:
    found = email.message_from_bytes(content, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def standing(team: Team, key: int) -> Standing:
    """Without when it ended."""
    found = reading.standing(team.crm, key)
    assert found
    return replace(found, ended_at=None)


def each_day(team: Team, days: int) -> None:
    for _ in range(days):
        team.after(days=1)
        team.work()


@pytest.fixture
def zoe(team: Team) -> int:
    """Was written to once."""
    key = team.add(name="Zoé Client", email=ZOE, next_follow_up=DAY)
    team.enable("relance")
    team.work()
    return key


def test_three_follow_ups_leave_in_one_thread_four_then_seven_days_apart_and_then_it_is_a_persons_turn(team: Team, zoe: int) -> None:
    assert standing(team, zoe) == Standing("relance", State.RUNNING, 1, 3, date(2026, 11, 30), "", None)  # the 28th is a Saturday
    each_day(team, 15)
    mails = [message(content) for content in team.left]
    assert [mail["Subject"] for mail in mails] == ["Où en êtes-vous ?", "Re: Où en êtes-vous ?", "Re: Où en êtes-vous ?"]
    ids = [str(mail["Message-ID"]).strip() for mail in mails]
    assert [str(mail["References"] or "").split() for mail in mails] == [[], ids[:1], ids[:2]]
    assert {str(mail["Auto-Submitted"]) for mail in mails} == {"auto-generated"}
    assert all("https://crm.gnetics.example/desinscription?a=" in mail["List-Unsubscribe"] for mail in mails)
    assert [run["ended_at"].date() for run in team.runs()] == [date(2026, 11, 24), date(2026, 11, 30), date(2026, 12, 7)]
    assert standing(team, zoe) == Standing("relance", State.OVER, 3, 3, None, "toutes les relances sont parties", None)
    assert team.lead(zoe)["next_follow_up"] == date(2026, 12, 14)
    assert team.lead(zoe)["last_contact"] == date(2026, 12, 7)


Ending = Callable[[Team, int], Any]


def answers(team: Team, key: int, text: str = "Bonjour, oui.", **headers: Any) -> None:
    team.mailbox.put(team.now[0], f"Zoé <{ZOE}>", text, **headers)
    team.mailbox.fetched(team.crm)


def bounces(team: Team, key: int) -> None:
    said = f"<{ZOE}>: host mx said: 550 5.1.1 user unknown"
    team.mailbox.put(team.now[0], "MAILER-DAEMON@mx.example", said, subject="Undelivered Mail Returned to Sender")
    team.mailbox.fetched(team.crm)


def is_deleted(team: Team, key: int) -> None:
    with team.crm.write("Bruno", Verb.DELETE_LEAD) as uow:
        uow.delete("leads", key)
        uow.commit()


def is_written_to(team: Team, key: int) -> None:
    send(team.crm, "Ana", key, None, Draft((ZOE,), (), "Bonjour", "Je reviens vers vous."), "clic")
    team.work()


@pytest.mark.parametrize(
    ("ends", "reason"),
    [
        (answers, "le contact a répondu"),
        (
            lambda team, key: answers(team, key, "Désinscrivez-moi, merci."),
            "rien ne lui est envoyé\u00a0: désinscription",
        ),
        (bounces, "rien ne lui est envoyé\u00a0: rejet"),
        (lambda team, key: team.change(key, status="Clos"), "le statut est passé à «\u00a0Clos\u00a0»"),
        (is_deleted, "le contact a été retiré"),
        (is_written_to, "Ana lui a écrit"),
        (lambda team, key: suppressions.suppress(team.crm, "Chef", ZOE, "à sa demande"), "rien ne lui est envoyé\u00a0: à sa demande"),
        (lambda team, key: team.change(key, consent="refusé"), "rien ne lui est envoyé\u00a0: le contact a refusé son consentement"),
        (
            lambda team, key: team.add(name="Zoé bis", email=ZOE, consent="retiré"),
            "rien ne lui est envoyé\u00a0: le contact a retiré son consentement",
        ),
        (lambda team, key: stop(team.crm, "Ana", key), "arrêtée par Ana"),
    ],
)
def test_what_the_lead_does_ends_it_and_the_log_says_which_one_does_not_come(team: Team, zoe: int, ends: Ending, reason: str) -> None:
    team.after(days=1)
    ends(team, zoe)
    each_day(team, 6)
    assert standing(team, zoe) == Standing("relance", State.STOPPED, 1, 3, None, reason, None)
    automatic = [content for content in team.left if message(content)["Auto-Submitted"]]
    assert len(automatic) == 1
    last = team.runs()[-1]
    assert (last["status"], last["reason"], last["subject"]) == ("annulé", f"{reason[0].upper()}{reason[1:]}.", "Relance 2 sur 3")


def test_an_automatic_answer_ends_nothing_and_holds_the_next_one_until_the_lead_is_back(team: Team, zoe: int) -> None:
    team.after(days=1)
    answers(team, zoe, "Je suis absente jusqu’au 9 décembre inclus.", Auto_Submitted="auto-replied", Subject="Absence")
    each_day(team, 10)
    assert len(team.left) == 1
    assert team.runs()[-1]["reason"] == "Attend\u00a0: le contact est absent."
    each_day(team, 6)
    assert [run["ended_at"].date() for run in team.runs(status="réussi")] == [date(2026, 11, 24), date(2026, 12, 10)]


@pytest.mark.parametrize(
    ("moment", "leaves"),
    [
        (datetime(2026, 11, 24, 5, tzinfo=UTC), datetime(2026, 11, 24, 7, 30, tzinfo=UTC)),  # 6:00, before the day begins
        (datetime(2026, 11, 24, 20, tzinfo=UTC), datetime(2026, 11, 25, 7, 30, tzinfo=UTC)),
        (datetime(2026, 11, 28, 10, tzinfo=UTC), datetime(2026, 11, 30, 7, 30, tzinfo=UTC)),  # a Saturday
        (datetime(2026, 12, 25, 10, tzinfo=UTC), datetime(2026, 12, 28, 7, 30, tzinfo=UTC)),  # Christmas, a Friday
    ],
)
def test_nothing_leaves_at_night_at_week_ends_and_on_public_holidays(team: Team, moment: datetime, leaves: datetime) -> None:
    team.go_to(moment)
    key = team.add(next_follow_up=moment.date())
    team.enable("relance", existing=True)
    while not team.left and team.now[0] < moment + timedelta(days=5):
        team.work()
        team.after(minutes=30)
    assert team.now[0] - timedelta(minutes=30) == leaves
    assert [status for status, _ in team.said(key)] == ["réussi"]


def test_a_follow_up_that_we_wrote_begins_no_other_sequence_and_that_of_a_person_does(team: Team, zoe: int) -> None:
    each_day(team, 21)
    assert len(team.left) == 3
    team.change(zoe, next_follow_up=team.today + timedelta(days=2))
    each_day(team, 5)
    assert len(team.left) == 4
    assert standing(team, zoe).step == 1


def test_the_next_one_waits_while_nothing_says_whether_the_last_one_left(team: Team) -> None:
    team.fate = Fate.UNKNOWN
    key = team.add(email=ZOE, next_follow_up=DAY)
    team.enable("relance")
    team.work()
    team.fate = Fate.SENT
    each_day(team, 8)
    assert (team.left, standing(team, key).step) == ([], 1)
    assert team.runs()[-1]["reason"] == "Attend\u00a0: rien ne dit si le message précédent est parti."


def test_an_answer_that_comes_while_the_next_one_waits_to_leave_keeps_it_back(team: Team, zoe: int) -> None:
    from gnetics.automations.working import work

    team.go_to(datetime(2026, 11, 30, 8, tzinfo=UTC))
    work(team.crm)
    assert [post.state for post in team.posts()] == ["envoyé", "à faire"]
    answers(team, zoe)
    team.work()
    assert [post.state for post in team.posts()] == ["envoyé", "annulé"]
    assert len(team.left) == 1
    assert standing(team, zoe).reason == "le contact a répondu"


def test_the_owner_who_leaves_ends_it_with_the_reason(team: Team, zoe: int) -> None:
    set_disabled(team.crm, "Chef", "Ana", True)
    each_day(team, 8)
    assert standing(team, zoe).state == State.STOPPED
    assert "Ana" in standing(team, zoe).reason


def test_a_sequence_of_a_rule_that_is_switched_off_goes_no_further(team: Team, zoe: int) -> None:
    disable(team.crm, "Chef", "relance")
    each_day(team, 7)
    assert len(team.left) == 1


def test_stopping_is_for_who_may_send_and_only_once(team: Team, zoe: int) -> None:
    stop(team.crm, "Ana", zoe)
    with pytest.raises(NotFound, match="déjà terminée"):
        stop(team.crm, "Ana", zoe)
    team.crm.set_sync(False, "Chef")
    with pytest.raises(Refused):
        stop(team.crm, "Ana", zoe)


def test_a_mail_of_a_rule_is_in_the_log_of_mail_as_automatic(team: Team, zoe: int) -> None:
    from sqlalchemy import select

    from gnetics.store.schema import messages

    with team.crm.read() as connection:
        (mail,) = connection.execute(select(messages)).mappings()
    assert (mail["automatic"], mail["lead_key"], mail["direction"], mail["colleague"]) == (True, zoe, "envoyé", None)
    assert team.runs()[0]["message_id"] == mail["message_id"]
    assert team.runs()[0]["ended_at"] == TUESDAY
