"""What somebody decided to send leaves once, as it was shown, or is said not to be known to have left."""

from __future__ import annotations

import email
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from email import policy
from functools import partial
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select, update

from gnetics.clock import fixed
from gnetics.domain.outbox import State
from gnetics.domain.rights import Verb
from gnetics.errors import Forbidden, Refused
from gnetics.mail import outbox, suppressions
from gnetics.mail.answering import attach, reject, send
from gnetics.mail.composing import Draft
from gnetics.mail.delivery import Delivery, Fate, deliver
from gnetics.mail.drafts import keep as keep_draft
from gnetics.mail.drafts import kept as kept_draft
from gnetics.mail.drafts import writing
from gnetics.mail.fetching import Fetch
from gnetics.mail.proposals.by_template import ByTemplate
from gnetics.mail.proposals.proposing import propose_all
from gnetics.store import schema
from gnetics.store.crm import Crm
from gnetics.store.schema import messages, runs
from tests.server.mail_server import UNKNOWN, Box, mail_server
from tests.store.mail.conftest import ANA, CLIENT, Post, mails

pytestmark = pytest.mark.costly

ZOE = 1
DRAFT = Draft((CLIENT,), ("leo@autre.example",), "Réponse à « été » — 10 €", "Bonjour Zoé,\n\nVoici l’offre.\n\nAna")
Fetched = Callable[[], Fetch]
numbers = count()


def click() -> str:
    return f"click {next(numbers)}"


def rows(crm: Crm) -> list[Any]:
    with crm.read() as connection:
        return list(connection.execute(select(schema.outbox).order_by(schema.outbox.c.key)))


def states(crm: Crm) -> list[str]:
    return [row.state for row in rows(crm)]


def last_run(crm: Crm) -> Any:
    with crm.read() as connection:
        return connection.execute(select(runs).order_by(runs.c.key.desc())).first()


def later(crm: Crm, **time: int) -> Crm:
    return replace(crm, clock=fixed(crm.clock.instant() + timedelta(**time), crm.region.zone))


@pytest.fixture
def server() -> Any:
    with mail_server() as box:
        yield box


@pytest.fixture
def out(team: Crm, server: Box) -> Callable[..., int]:
    settings = replace(team.settings, smtp_url=f"smtp://127.0.0.1:{server.port}")
    return lambda crm=team: outbox.send_due(crm, partial(deliver, settings))


def test_what_is_sent_is_what_was_shown_with_its_recipients(team: Crm, server: Box, out: Callable[..., int]) -> None:
    send(team, "Ana", ZOE, None, DRAFT, click())
    assert out() == 1
    ((sender, people, content),) = server.taken
    assert (sender, people) == (ANA, [CLIENT, "leo@autre.example"])
    read = email.message_from_bytes(content, policy=policy.default)
    assert read.get_content().replace("\r\n", "\n").rstrip("\n") == DRAFT.text
    assert (read["Subject"], read["From"], read["To"], read["Cc"]) == (DRAFT.subject, f"Ana Lopès <{ANA}>", CLIENT, "leo@autre.example")
    assert "Auto-Submitted" not in read
    assert states(team) == [State.SENT]


def test_a_mail_that_left_stands_in_both_logs_with_who_decided_and_is_no_automatons(team: Crm, out: Callable[..., int]) -> None:
    send(team, "Ana", ZOE, None, DRAFT, click())
    out()
    (mail,) = mails(team)
    assert (mail["direction"], mail["lead_key"], mail["colleague"], mail["automatic"]) == ("envoyé", ZOE, "Ana", False)
    assert mail["text"] == DRAFT.text
    run = last_run(team)
    assert (run.rule, run.status, run.triggered_by, run.message_id) == (outbox.RULE, "réussi", "Ana", mail["message_id"])


def test_an_answer_goes_into_the_thread_and_the_mail_is_answered(
    team: Crm, post: Post, fetched: Fetched, server: Box, out: Callable[..., int]
) -> None:
    first = post("Combien ?")
    fetched()
    send(team, "Ana", ZOE, mails(team)[0]["key"], DRAFT, click())
    assert mails(team)[0]["answer"] == "approuvée"
    out()
    received, sent = mails(team)
    assert (received["answer"], received["reply_by"], received["reply_final"]) == ("envoyée", "Ana", DRAFT.text)
    read = email.message_from_bytes(server.taken[0][2], policy=policy.default)
    assert (read["In-Reply-To"], read["References"]) == (first, first)
    assert sent["thread"] == received["thread"]


def test_two_who_approve_at_once_send_one_mail_and_the_second_is_told_who(
    team: Crm, post: Post, fetched: Fetched, server: Box, out: Callable[..., int]
) -> None:
    post()
    fetched()
    key = mails(team)[0]["key"]
    send(team, "Ana", ZOE, key, DRAFT, click())
    with pytest.raises(Refused, match="Ana a déjà"):
        send(team, "Bruno", ZOE, key, DRAFT, click())
    out()
    assert len(server.taken) == 1


@pytest.mark.parametrize("proposed", [True, False])
def test_an_answer_that_was_refused_is_written_anew_in_its_thread_by_one_person(
    team: Crm, post: Post, fetched: Fetched, server: Box, out: Callable[..., int], proposed: bool
) -> None:
    first = post("Combien coûte la licence ?")
    fetched()
    if proposed:
        propose_all(team, ByTemplate(team.settings.data_dir / "modeles"))
    key = mails(team)[0]["key"]
    for times in (1, 2):  # all in one instant, as the clock stands here
        send(team, "Ana", ZOE, key, Draft((UNKNOWN,), (), "Réponse", "Bonjour"), click())
        out()
        (mail,) = mails(team)
        assert (states(team), mail["answer"]) == ([State.REFUSED] * times, "proposée" if proposed else "sans réponse")
        assert (mail["reply_by"], mail["reply_at"], mail["reply_final"]) == (None, None, None)
    send(team, "Bruno", ZOE, key, DRAFT, click())
    with pytest.raises(Refused, match="Bruno a déjà"):
        send(team, "Ana", ZOE, key, DRAFT, click())
    out()
    ((_, _, content),) = server.taken
    read = email.message_from_bytes(content, policy=policy.default)
    assert (read["In-Reply-To"], read["References"]) == (first, first)
    received, sent = mails(team)
    assert (received["answer"], received["reply_by"], sent["thread"]) == ("envoyée", "Bruno", received["thread"])
    with team.read() as connection:
        assert connection.execute(select(runs.c.status).order_by(runs.c.key)).scalars().all() == ["échec", "échec", "réussi"]


@pytest.mark.parametrize("refused", [True, False])
def test_an_answer_refused_or_called_back_once_the_thread_went_on_is_not_proposed_again(
    team: Crm, post: Post, fetched: Fetched, out: Callable[..., int], refused: bool
) -> None:
    first = post("Combien coûte la licence ?")
    fetched()
    propose_all(team, ByTemplate(team.settings.data_dir / "modeles"))
    key = mails(team)[0]["key"]
    send(team, "Ana", ZOE, key, Draft((UNKNOWN,), (), "Réponse", "Bonjour"), click())
    post("Finalement, j’en veux deux.", In_Reply_To=first)
    fetched()
    if refused:
        out()
    else:
        outbox.cancel(team, "Ana", rows(team)[0].key)
    assert [mail["answer"] for mail in mails(team)] == ["expirée", "sans réponse"]
    with pytest.raises(Refused, match="nouveau message"):
        send(team, "Ana", ZOE, key, DRAFT, click())


def test_one_click_is_one_mail(team: Crm, server: Box, out: Callable[..., int]) -> None:
    send(team, "Ana", ZOE, None, DRAFT, "le même")
    with pytest.raises(Refused, match="déjà envoyé"):
        send(team, "Ana", ZOE, None, DRAFT, "le même")
    out()
    assert len(server.taken) == 1


def test_a_newer_mail_of_the_thread_expires_what_was_proposed(team: Crm, post: Post, fetched: Fetched) -> None:
    first = post("Combien coûte la licence ?")
    fetched()
    assert propose_all(team, ByTemplate(team.settings.data_dir / "modeles")) == 1
    assert mails(team)[0]["answer"] == "proposée"
    post("Finalement, j’en veux deux.", In_Reply_To=first)
    fetched()
    assert [mail["answer"] for mail in mails(team)] == ["expirée", "sans réponse"]
    with pytest.raises(Refused, match="nouveau message"):
        send(team, "Ana", ZOE, mails(team)[0]["key"], DRAFT, click())


def test_without_a_mail_server_nothing_leaves_and_all_is_said_to_be_simulated(team: Crm, post: Post, fetched: Fetched) -> None:
    post()
    fetched()
    send(team, "Ana", ZOE, mails(team)[0]["key"], DRAFT, click())
    assert outbox.send_due(team, None) == 1
    assert states(team) == [State.SIMULATED]
    assert last_run(team).status == "simulé"
    assert [mail["direction"] for mail in mails(team)] == ["reçu"], "it is in no figure"


def test_a_mail_waits_for_its_time_and_may_be_called_back_until_then(team: Crm, server: Box, out: Callable[..., int]) -> None:
    tomorrow = team.clock.now() + timedelta(days=1)
    for _ in range(2):
        send(team, "Ana", ZOE, None, DRAFT, click(), tomorrow)
    assert out() == 0
    outbox.cancel(team, "Ana", rows(team)[0].key)
    assert out(later(team, days=1, minutes=1)) == 1
    assert states(team) == [State.CANCELLED, State.SENT]
    with pytest.raises(Refused, match="déjà parti"):
        outbox.cancel(team, "Ana", rows(team)[1].key)


def test_whom_the_server_refuses_is_said_and_the_others_have_the_mail(team: Crm, server: Box, out: Callable[..., int]) -> None:
    send(team, "Ana", ZOE, None, replace(DRAFT, cc=(UNKNOWN,)), click())
    out()
    assert states(team) == [State.SENT]
    assert UNKNOWN in rows(team)[0].said
    send(team, "Ana", ZOE, None, Draft((UNKNOWN,), (), "x", "y"), click())
    out()
    assert (states(team)[1], last_run(team).status) == (State.REFUSED, "échec")


def test_a_server_that_is_away_is_tried_again_later_then_given_up(team: Crm) -> None:
    away = Delivery(Fate.LATER, "ne répond pas")
    tried: list[str] = []

    def send_to(sender: str, people: list[str], content: bytes) -> Delivery:
        tried.append(sender)
        return away

    send(team, "Ana", ZOE, None, DRAFT, click())
    for hours in range(30):
        outbox.send_due(later(team, hours=hours), send_to)
    assert len(tried) == len(outbox.AGAIN_AFTER) + 1
    assert states(team) == [State.REFUSED]
    assert mails(team) == []


class CutsAfterData(Box):
    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        await super().handle_DATA(server, session, envelope)
        server.transport.abort()
        return "250 OK"


def test_a_line_cut_after_the_content_is_unknown_and_never_sent_again_by_itself(team: Crm) -> None:
    with mail_server(box=CutsAfterData) as box:
        settings = replace(team.settings, smtp_url=f"smtp://127.0.0.1:{box.port}")
        send(team, "Ana", ZOE, None, DRAFT, click())
        for hours in (0, 1, 30):
            outbox.send_due(later(team, hours=hours), partial(deliver, settings))
        assert len(box.taken) == 1
    assert (states(team), last_run(team).status) == ([State.UNKNOWN], "interrompu")
    assert mails(team) == []


def test_the_folder_of_sent_mail_settles_what_was_unknown(team: Crm, fetched: Fetched, folder: Any) -> None:
    send(team, "Ana", ZOE, None, DRAFT, click())
    outbox.send_due(team, lambda *_: Delivery(Fate.UNKNOWN, "coupé"))
    (folder / "envoye.eml").write_bytes(rows(team)[0].content)
    fetched()
    assert states(team) == [State.SENT]
    assert [(mail["direction"], mail["lead_key"], mail["colleague"]) for mail in mails(team)] == [("envoyé", ZOE, "Ana")]


def test_the_copy_of_what_was_sent_is_counted_once(team: Crm, fetched: Fetched, folder: Any, out: Callable[..., int]) -> None:
    send(team, "Ana", ZOE, None, DRAFT, click())
    out()
    (folder / "envoye.eml").write_bytes(b"X-Provider: rewrites\r\n" + rows(team)[0].content)
    fetched()
    assert len(mails(team)) == 1


def test_somebody_says_of_an_unknown_mail_that_it_left_when_it_was_cut_or_has_it_sent_again(
    team: Crm, server: Box, out: Callable[..., int]
) -> None:
    for _ in range(2):
        send(team, "Ana", ZOE, None, DRAFT, click())
    outbox.send_due(team, lambda *_: Delivery(Fate.UNKNOWN, "coupé"))
    tomorrow, (first, second) = later(team, days=1), (row.key for row in rows(team))
    outbox.settle(tomorrow, "Bruno", first, left=True)
    outbox.settle(tomorrow, "Bruno", second, left=False)
    assert states(team) == [State.SENT, State.TO_DO]
    (mail,) = mails(team)
    assert (mail["at"], mail["colleague"], mail["lead_key"]) == (team.clock.now(), "Ana", ZOE)
    assert (out(tomorrow), len(server.taken), states(team)) == (1, 1, [State.SENT, State.SENT])
    with pytest.raises(Refused, match="n’est plus"):
        outbox.settle(team, "Ana", first, left=False)


def test_a_contact_in_the_bin_keeps_no_mail_unknown(team: Crm) -> None:
    send(team, "Ana", ZOE, None, DRAFT, click())
    outbox.send_due(team, lambda *_: Delivery(Fate.UNKNOWN, "coupé"))
    with team.write("Ana", Verb.DELETE_LEAD) as uow:
        uow.delete("leads", ZOE)
        uow.commit()
    outbox.settle(team, "Ana", rows(team)[0].key, left=True)
    assert states(team) == [State.SENT]


def test_who_dies_while_sending_leaves_a_mail_that_is_unknown(team: Crm, server: Box, out: Callable[..., int]) -> None:
    send(team, "Ana", ZOE, None, DRAFT, click())

    def dies(*_: Any) -> Delivery:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        outbox.send_due(team, dies)
    assert states(team) == [State.RUNNING]
    assert out() == 0, "it is still claimed"
    out(later(team, minutes=6))
    assert (states(team), server.taken) == ([State.UNKNOWN], [])


def test_nobody_on_the_list_is_written_to_whoever_asks_even_after_approval(team: Crm, server: Box, out: Callable[..., int]) -> None:
    send(team, "Ana", ZOE, None, DRAFT, click())
    suppressions.suppress(team, "Chef", "LEO@autre.example", "à sa demande")
    out()
    assert (server.taken, states(team)) == ([], [State.REFUSED])
    with pytest.raises(Refused, match=r"leo@autre\.example"):
        send(team, "Ana", ZOE, None, DRAFT, click())
    suppressions.allow(team, "Chef", "leo@autre.example")
    send(team, "Ana", ZOE, None, DRAFT, click())
    assert out() == 1


def test_an_hour_takes_no_more_than_its_share(team: Crm, server: Box, out: Callable[..., int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "PER_HOUR", 2)
    for _ in range(3):
        send(team, "Ana", ZOE, None, DRAFT, click())
    out()
    assert len(server.taken) == 2
    out(later(team, hours=1, minutes=1))
    assert len(server.taken) == 3


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (replace(DRAFT, to=()), "to"),
        (replace(DRAFT, to=("pas une adresse",)), "to"),
        (replace(DRAFT, cc=("a@b",)), "cc"),
        (replace(DRAFT, text=" \n"), "text"),
        (replace(DRAFT, text="x" * 50_001), "text"),
        (replace(DRAFT, to=tuple(f"p{number}@client.example" for number in range(60))), "to"),
    ],
)
def test_what_cannot_be_sent_is_refused_by_field(team: Crm, draft: Draft, field: str) -> None:
    with pytest.raises(Refused) as refused:
        send(team, "Ana", ZOE, None, draft, click())
    assert list(refused.value.sentences) == [field]
    assert rows(team) == []


def test_a_line_break_in_a_subject_or_a_name_makes_no_header(team: Crm, server: Box, out: Callable[..., int]) -> None:
    send(team, "Ana", ZOE, None, replace(DRAFT, subject="Devis\r\nBcc: tous@ailleurs.example"), click())
    out()
    read = email.message_from_bytes(server.taken[0][2], policy=policy.default)
    assert (read["Bcc"], read["Subject"]) == (None, "Devis Bcc: tous@ailleurs.example")


def test_who_has_no_address_or_only_reads_sends_nothing(team: Crm) -> None:
    with pytest.raises(Refused, match="pas d’adresse"):
        send(team, "Chef", ZOE, None, DRAFT, click())
    with team.write("Chef", Verb.ACCOUNTS) as uow:
        uow.connection.execute(update(schema.users).where(schema.users.c.name == "Bruno").values(role="lecture"))
        uow.commit_private()
    with pytest.raises(Forbidden):
        send(replace(team, trusted=False), "Bruno", ZOE, None, DRAFT, click())


def test_nothing_is_sent_nor_attached_while_synchronisation_is_stopped(team: Crm, post: Post, fetched: Fetched) -> None:
    post(sender="inconnu@ailleurs.example")
    fetched()
    send(team, "Ana", ZOE, None, DRAFT, click())
    outbox.send_due(team, lambda *_: Delivery(Fate.UNKNOWN, "coupé"))
    team.set_sync(False, "Chef")
    key = mails(team)[0]["key"]
    for verb in (
        partial(send, team, "Ana", ZOE, None, DRAFT, click()),
        partial(attach, team, "Ana", key, ZOE),
        partial(reject, team, "Ana", key),
        partial(outbox.settle, team, "Ana", rows(team)[0].key, True),
        partial(outbox.settle, team, "Ana", rows(team)[0].key, False),
    ):
        with pytest.raises(Refused, match="synchronisation est inactive"):
            verb()
    assert states(team) == [State.UNKNOWN]


def test_of_leads_that_are_not_ones_own_nothing_is_sent_or_attached(team: Crm, post: Post, fetched: Fetched) -> None:
    post(sender="inconnu@ailleurs.example")
    post()
    fetched()
    send(team, "Ana", ZOE, None, DRAFT, click())
    outbox.send_due(team, lambda *_: Delivery(Fate.UNKNOWN, "coupé"))
    with team.write("Chef", Verb.ACCOUNTS) as uow:
        uow.connection.execute(update(schema.users).where(schema.users.c.name == "Bruno").values(own_leads=True))
        uow.commit_private()
    limited = replace(team, trusted=False)
    loose, theirs = (mail["key"] for mail in mails(team))
    for verb in (
        partial(send, limited, "Bruno", ZOE, None, DRAFT, click()),
        partial(send, limited, "Bruno", ZOE, theirs, DRAFT, click()),
        partial(reject, limited, "Bruno", theirs),
        partial(attach, limited, "Bruno", loose, ZOE),
        partial(keep_draft, limited, "Bruno", ZOE, None, DRAFT),
        partial(outbox.settle, limited, "Bruno", rows(team)[0].key, True),
        partial(outbox.settle, limited, "Bruno", rows(team)[0].key, False),
    ):
        with pytest.raises(Forbidden):
            verb()


def test_a_draft_is_there_after_a_reload_and_seen_by_the_others_until_it_is_sent(team: Crm, out: Callable[..., int]) -> None:
    keep_draft(team, "Ana", ZOE, None, DRAFT)
    with team.read() as connection:
        kept = kept_draft(connection, "Ana", ZOE, None)
        assert kept is not None and kept.draft == DRAFT
        assert kept_draft(connection, "Bruno", ZOE, None) is None
        assert list(writing(team, "Bruno", ZOE).others) == ["Ana"]
        assert list(writing(team, "Ana", ZOE).others) == []
        assert list(writing(later(team, minutes=11), "Bruno", ZOE).others) == []
    send(team, "Ana", ZOE, None, DRAFT, click())
    with team.read() as connection:
        assert kept_draft(connection, "Ana", ZOE, None) is None


def test_what_is_rejected_is_decided_once(team: Crm, post: Post, fetched: Fetched) -> None:
    post("Combien coûte la licence ?")
    fetched()
    propose_all(team, ByTemplate(team.settings.data_dir / "modeles"))
    key = mails(team)[0]["key"]
    reject(team, "Bruno", key)
    assert (mails(team)[0]["answer"], mails(team)[0]["reply_by"]) == ("rejetée", "Bruno")
    with pytest.raises(Refused, match="Bruno a déjà décidé"):
        reject(team, "Ana", key)
    with team.read() as connection:
        assert connection.execute(select(messages.c.reply_text)).scalar_one()


def test_a_server_that_refuses_the_content_is_said(team: Crm) -> None:
    class Full(Box):
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            return "552 5.3.4 trop grand"

    with mail_server(box=Full) as box:
        settings = replace(team.settings, smtp_url=f"smtp://127.0.0.1:{box.port}")
        delivery = deliver(settings, ANA, [CLIENT], b"Subject: x\r\n\r\ny\r\n")
    assert (delivery.fate, "552" in delivery.said) == (Fate.REFUSED, True)
    assert deliver(settings, ANA, [CLIENT], b"").fate is Fate.LATER
