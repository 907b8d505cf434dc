"""What the sheet of a lead lists of its mails, and what calling one back leaves."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from gnetics import settings as settings_module
from gnetics.actions import accounts
from gnetics.domain.outbox import State
from gnetics.domain.rights import Verb
from gnetics.errors import Forbidden, Refused
from gnetics.mail import outbox
from gnetics.mail.answering import NO_ADDRESS, reject, send
from gnetics.mail.composing import Draft, composed, written_in
from gnetics.mail.delivery import Delivery, Fate
from gnetics.mail.drafts import Writing, writing
from gnetics.mail.drafts import keep as keep_draft
from gnetics.mail.editing import opening
from gnetics.mail.fetching import Fetch
from gnetics.mail.proposals.by_template import ByTemplate
from gnetics.mail.proposals.proposing import propose_all
from gnetics.store import schema
from gnetics.store.crm import Crm, open_crm
from gnetics.store.people.writers import Writer
from gnetics.store.reading import lead_mail
from tests.store.mail.conftest import ANA, BRUNO, CLIENT, TEAM, Post
from tests.store.mail.conftest import mails as stored

ZOE, LEO = 1, 2
DRAFT = Draft((CLIENT,), (), "Réponse à « été » — 10 €", "Bonjour Zoé,\n\n  Voici :\tl’offre.\n\n-- \nAna")
Fetched = Callable[[], Fetch]


@pytest.fixture
def limited(team: Crm) -> Crm:
    """Bruno sees only his own leads: Léo."""
    with team.write("Chef", Verb.ACCOUNTS) as uow:
        uow.connection.execute(update(schema.users).where(schema.users.c.name == "Bruno").values(own_leads=True))
        uow.commit_private()
    return replace(team, trusted=False)


def test_the_newest_mails_are_listed_with_their_first_words_and_all_are_counted(team: Crm, post: Post, fetched: Fetched) -> None:
    for number in range(5):
        post(f"Mail {number}. " + "x" * 3000)
    post(sender="leo@autre.example")
    fetched()
    rows, count = lead_mail.mails(team, "Ana", ZOE, 3)
    assert ([row["beginning"][:7] for row in rows], count) == (["Mail 4.", "Mail 3.", "Mail 2."], 5)
    assert {len(row["beginning"]) for row in rows} == {lead_mail.BEGINNING}
    assert lead_mail.mails(team, "Ana", ZOE, 9)[1] == 5


def test_of_leads_that_are_not_ones_own_no_mail_is_listed_and_none_called_back(limited: Crm, post: Post, fetched: Fetched) -> None:
    post()
    fetched()
    send(limited, "Ana", ZOE, None, DRAFT, "un", limited.clock.now() + timedelta(days=1))
    assert (lead_mail.mails(limited, "Bruno", ZOE, 9), lead_mail.unsent(limited, "Bruno", ZOE, 9)) == (([], 0), [])
    (waiting,) = lead_mail.unsent(limited, "Ana", ZOE, 9)
    with pytest.raises(Forbidden):
        outbox.cancel(limited, "Bruno", waiting["key"])
    assert [row["state"] for row in lead_mail.unsent(limited, "Ana", ZOE, 9)] == [State.TO_DO]


def test_a_mail_is_listed_until_it_left_then_stands_in_the_log_with_whom_the_server_refused(team: Crm) -> None:
    for number, fate in enumerate((Fate.SENT, Fate.REFUSED, Fate.UNKNOWN)):
        send(team, "Ana", ZOE, None, DRAFT, str(number))
        assert lead_mail.unsent(team, "Ana", ZOE, 9)[0]["state"] == State.TO_DO
        outbox.send_due(team, lambda *_, fate=fate: Delivery(fate, f"dit {fate.name}"))
    assert [(row["state"], row["said"]) for row in lead_mail.unsent(team, "Ana", ZOE, 9)] == [
        (State.UNKNOWN, "dit UNKNOWN"),
        (State.REFUSED, "dit REFUSED"),
    ]
    ((sent,), count) = lead_mail.mails(team, "Ana", ZOE, 9)
    assert (sent["said"], sent["colleague"], count) == ("dit SENT", "Ana", 1)


def test_an_answer_that_waits_names_its_thread(team: Crm, post: Post, fetched: Fetched) -> None:
    first = post()
    fetched()
    send(team, "Ana", ZOE, stored(team)[0]["key"], DRAFT, "un")
    assert lead_mail.unsent(team, "Ana", ZOE, 9)[0]["root"] == first


def test_an_answer_called_back_gives_its_text_and_may_be_sent_again(team: Crm, post: Post, fetched: Fetched) -> None:
    post("Combien coûte la licence ?")
    fetched()
    propose_all(team, ByTemplate(team.settings.data_dir / "modeles"))
    key = stored(team)[0]["key"]
    send(team, "Ana", ZOE, key, DRAFT, "un")
    (waiting,) = lead_mail.unsent(team, "Ana", ZOE, 9)
    assert outbox.cancel(team, "Ana", waiting["key"]) == DRAFT
    assert (stored(team)[0]["answer"], stored(team)[0]["reply_by"]) == ("proposée", None)
    send(team, "Bruno", ZOE, key, DRAFT, "deux")
    assert outbox.send_due(team, lambda *_: Delivery(Fate.SENT)) == 1
    assert (stored(team)[0]["answer"], stored(team)[0]["reply_by"]) == ("envoyée", "Bruno")


@pytest.mark.parametrize("text", ["", "a", "a\n", "\n\na\n\n", "  é\t \n.\nFrom moi\n" + "long " * 60, "« à »\u00a0: 10\u202f€"])
def test_what_was_written_is_read_again_from_the_bytes_that_leave(team: Crm, text: str) -> None:
    draft = Draft((CLIENT, "b@exemple.fr"), ("c@exemple.fr",), "Été : « devis » " + "très long " * 20 + "fin", text)
    assert written_in(composed(Writer(ANA), draft, "<1@gnetics.example>", team.clock.now())) == draft


def test_the_editor_begins_with_all_recipients_but_us(team: Crm, post: Post, fetched: Fetched) -> None:
    post(to=f"{TEAM}, Ana <{ANA.upper()}>", Cc=f"leo@autre.example, {BRUNO}")
    fetched()
    (mail,) = stored(team)
    begun = opening(team, "Ana", {"key": ZOE, "email": CLIENT}, mail)
    assert (begun.draft.to, begun.draft.cc, begun.kept_at) == ((CLIENT,), ("leo@autre.example", BRUNO), None)
    assert begun.refused == "" and opening(team, "Chef", {"key": ZOE, "email": CLIENT}, mail).refused == NO_ADDRESS


def test_an_answer_in_the_demo_is_to_whom_wrote_and_to_nobody_of_ours(copy_of_demo: Callable[[], str]) -> None:
    with closing(open_crm(settings_module.load({"GNETICS_DATABASE_URL": copy_of_demo()}), trusted=True)) as demo:
        accounts.add(demo, "Chef", "Camille", "administration", None, Writer("camille@gnetics.example"))
        received = [mail for mail in stored(demo) if mail["direction"] == "reçu" and mail["lead_key"] and mail["kind"] == "message"]
        assert len(received) > 30
        for who in ("Visiteur", "Camille"):
            for mail in received:
                draft = opening(demo, who, {"key": mail["lead_key"], "email": None}, mail).draft
                assert (draft.to, draft.cc) == ((mail["sender"],), ())


def test_a_kept_draft_is_what_the_editor_begins_with_and_others_see_who_writes(team: Crm) -> None:
    keep_draft(team, "Ana", ZOE, None, DRAFT)
    begun = opening(team, "Ana", {"key": ZOE, "email": CLIENT}, None)
    assert (begun.draft, begun.kept_at) == (DRAFT, team.clock.now())
    assert writing(team, "Ana", ZOE) == Writing(frozenset({0}), ())
    assert writing(team, "Bruno", ZOE) == Writing(frozenset(), ("Ana",))


def test_what_is_rejected_is_proposed_no_more_and_the_mail_may_still_be_answered_by_hand(team: Crm, post: Post, fetched: Fetched) -> None:
    post("Combien coûte la licence ?")
    fetched()
    propose_all(team, ByTemplate(team.settings.data_dir / "modeles"))
    mail = stored(team)[0]
    lead = {"key": ZOE, "email": CLIENT}
    assert mail["reply_text"] in opening(team, "Ana", lead, mail).draft.text
    reject(team, "Ana", mail["key"])
    with pytest.raises(Refused, match="déjà décidé"):
        reject(team, "Bruno", mail["key"])
    assert mail["reply_text"] not in opening(team, "Ana", lead, stored(team)[0]).draft.text
    send(team, "Ana", ZOE, mail["key"], DRAFT, "un")
    with team.read() as connection:
        assert connection.execute(select(schema.outbox.c.answers)).scalars().all() == [mail["key"]]
    with pytest.raises(Refused, match="Ana a déjà"):
        send(team, "Bruno", ZOE, mail["key"], DRAFT, "deux")
