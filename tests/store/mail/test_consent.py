"""Whoever refused, or took back their consent, is sent nothing, whoever asks for it and whenever they said so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from gnetics.actions.bin import delete_lead, empty_bin
from gnetics.actions.leads import save_lead
from gnetics.clock import fixed
from gnetics.domain.rights import Verb
from gnetics.errors import Refused
from gnetics.mail import outbox, suppressions
from gnetics.mail.answering import send
from gnetics.mail.composing import Draft
from gnetics.mail.delivery import Delivery, Fate
from gnetics.mail.editing import opening
from gnetics.mail.fetching import Fetch
from gnetics.mail.proposals.by_template import ByTemplate
from gnetics.mail.proposals.proposing import propose_all
from gnetics.mail.unsubscribing import unsubscribe
from gnetics.store import schema
from gnetics.store.crm import Crm
from gnetics.store.nights import KEPT_DAYS
from gnetics.store.reading.history import history_of
from tests.conftest import live
from tests.store.mail.conftest import ANA, CLIENT, Post, mails
from tests.store.mail.test_unsubscribing import token_for

Fetched = Callable[[], Fetch]
ZOE = 1
TODAY = date(2026, 11, 24)
DRAFT = Draft((CLIENT,), (), "Bonjour", "Un mot")
CONSENT = ("consent", "consent_on", "consent_source")


def lead(crm: Crm, key: int = ZOE) -> dict[str, Any]:
    with crm.read() as connection:
        return dict(connection.execute(select(schema.leads).where(schema.leads.c.key == key)).mappings().one())


def told(crm: Crm, key: int = ZOE) -> tuple[Any, ...]:
    return tuple(lead(crm, key)[name] for name in CONSENT)


def says(crm: Crm, consent: str | None, key: int = ZOE) -> None:
    save_lead(crm, "Ana", key, {"consent": consent}, None, crm.snapshot())


def left(crm: Crm) -> list[list[str]]:
    sent: list[list[str]] = []

    def take(_sender: str, people: list[str], _content: bytes) -> Delivery:
        sent.append(people)
        return Delivery(Fate.SENT)

    outbox.send_due(crm, take)
    return sent


@pytest.mark.parametrize(("consent", "said"), [("refusé", "a refusé son consentement"), ("retiré", "a retiré son consentement")])
def test_a_mail_is_refused_when_it_is_written_with_why_before_a_word_is_typed(team: Crm, consent: str, said: str) -> None:
    says(team, consent)
    assert said in opening(team, "Ana", lead(team), None).refused
    with pytest.raises(Refused, match=said):
        send(team, "Ana", ZOE, None, DRAFT, "clic")
    assert left(team) == []
    says(team, "donné")
    assert opening(team, "Ana", lead(team), None).refused == ""
    send(team, "Ana", ZOE, None, DRAFT, "clic")
    assert left(team) == [[CLIENT]]


@pytest.mark.parametrize("consent", [None, "donné"])
def test_whoever_did_not_say_no_is_written_to(team: Crm, consent: str | None) -> None:
    says(team, consent)
    send(team, "Ana", ZOE, None, DRAFT, "clic")
    assert left(team) == [[CLIENT]]


def test_a_mail_that_waits_does_not_leave_once_its_reader_said_no(team: Crm) -> None:
    send(team, "Ana", ZOE, None, DRAFT, "clic")
    says(team, "retiré")
    assert left(team) == []
    with team.read() as connection:
        row = connection.execute(select(schema.outbox)).one()
    assert row.state == "refusé" and "a retiré son consentement" in row.said


def test_somebody_who_said_no_is_written_to_at_no_address_and_by_no_other_lead(team: Crm) -> None:
    says(team, "retiré")
    for key, people in ((ZOE, ("autre@client.example",)), (2, ("leo@autre.example", CLIENT.upper()))):
        with pytest.raises(Refused, match="a retiré son consentement"):
            send(team, "Ana", key, None, Draft(people, (), "Bonjour", "Un mot"), f"clic {key}")
    send(team, "Ana", 2, None, Draft(("leo@autre.example",), (), "Bonjour", "Un mot"), "clic")
    assert left(team) == [["leo@autre.example"]]


def test_no_answer_is_proposed_to_who_said_no(team: Crm, post: Post, fetched: Fetched, tmp_path: Path) -> None:
    says(team, "refusé")
    post("Quel est le prix ?")
    fetched()
    assert propose_all(team, ByTemplate(tmp_path)) == 0
    (mail,) = mails(team)
    assert (mail["reply_state"], mail["reply_origin"]) == (None, "Rien n’est proposé\u00a0: le contact a refusé son consentement.")


def test_a_proposal_is_not_approved_once_its_reader_said_no(team: Crm, post: Post, fetched: Fetched, tmp_path: Path) -> None:
    post("Quel est le prix ?")
    fetched()
    assert propose_all(team, ByTemplate(tmp_path)) == 1
    says(team, "retiré")
    (mail,) = mails(team)
    with pytest.raises(Refused, match="a retiré son consentement"):
        send(team, "Ana", ZOE, mail["key"], DRAFT, "clic")
    assert mails(team)[0]["reply_state"] == "proposée", "it is still to be decided of"


def test_an_opt_out_by_mail_is_on_all_leads_of_the_address_with_its_day(team: Crm, post: Post, fetched: Fetched) -> None:
    save_lead(team, "Ana", None, {"name": "Zoé bis", "email": CLIENT.upper()}, None, team.snapshot())
    post("STOP, merci de me désinscrire de vos envois.", Date="Mon, 02 Nov 2026 09:00:00 +0100")
    fetched()
    assert [told(team, key) for key in (1, 2, 3)] == [
        ("retiré", date(2026, 11, 2), "désinscription par email"),
        (None, None, None),
        ("retiré", date(2026, 11, 2), "désinscription par email"),
    ]
    assert "Courrier" in history_of(team, ZOE)["who"].tolist()


def test_an_old_opt_out_read_late_does_not_undo_a_later_consent(team: Crm, post: Post, fetched: Fetched) -> None:
    save_lead(team, "Ana", ZOE, {"consent": "donné", "consent_on": date(2026, 11, 10)}, None, team.snapshot())
    post("STOP, merci de me désinscrire de vos envois.", Date="Mon, 02 Nov 2026 09:00:00 +0100")
    fetched()
    assert told(team)[0] == "donné"


def test_the_link_takes_consent_back_in_the_same_transaction_as_it_bars(team: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    says(team, "donné")
    snapshot = team.snapshot()
    token = token_for(team, CLIENT)
    with monkeypatch.context() as broken:
        broken.setattr(suppressions, "withdraw", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            unsubscribe(team, token)
    with team.read() as connection:
        assert suppressions.among(connection, [CLIENT]) == {}
    assert unsubscribe(team, token)
    assert told(team) == ("retiré", TODAY, "désinscription par lien")
    snapshot.refresh()
    assert snapshot.lead(ZOE)["consent"] == "retiré"


def test_who_gives_consent_again_stays_on_the_list_until_somebody_takes_them_off_it(team: Crm) -> None:
    unsubscribe(team, token_for(team, CLIENT))
    says(team, "donné")
    refused = opening(team, "Ana", lead(team), None).refused
    assert "désinscription" in refused and "gnetics oppositions" in refused
    suppressions.allow(team, "Chef", CLIENT)
    assert opening(team, "Ana", lead(team), None).refused == ""


def test_what_one_of_us_is_told_does_not_ask_for_consent(team: Crm) -> None:
    save_lead(team, "Ana", None, {"name": "Ana aussi", "email": ANA, "consent": "retiré"}, None, team.snapshot())
    assert unsubscribe(team, token_for(team, ANA))
    with team.write("Chef", Verb.TASKS) as uow:
        posted = outbox.Posted("m", "<m@x>", b"Subject: Matin\r\n\r\n", ANA, Draft((ANA,), (), "Matin", "…"), None, None, uow.now)
        outbox.post(uow, posted)
        uow.commit_all()
    assert left(team) == [[ANA]]


def test_what_was_said_outlives_the_lead_in_the_bin_and_once_it_is_erased(team: Crm) -> None:
    says(team, "retiré")
    delete_lead(team, "Ana", ZOE, team.snapshot())
    again = save_lead(team, "Ana", None, {"name": "Zoé", "email": CLIENT}, None, team.snapshot()).key
    with pytest.raises(Refused, match="sa fiche est dans la corbeille"):
        send(team, "Ana", again, None, DRAFT, "clic")
    later = replace(team, clock=fixed(team.clock.now() + timedelta(days=KEPT_DAYS + 1), team.region.zone))
    live(later, KEPT_DAYS)
    assert empty_bin(later) == 1
    assert lead(team)["consent"] is None
    with team.read() as connection:
        assert suppressions.among(connection, [CLIENT]) == {CLIENT: "consentement retiré"}
