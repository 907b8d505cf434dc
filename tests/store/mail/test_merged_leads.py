"""Mail being written or sent to a lead that another one takes over: on the sheet of the one kept, back with the undo, and nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from gnetics.actions.merging import merge_leads, undo_merge
from gnetics.clock import fixed
from gnetics.domain.outbox import State
from gnetics.domain.rights import Verb
from gnetics.errors import Forbidden
from gnetics.mail import drafts, outbox
from gnetics.mail.answering import send
from gnetics.mail.composing import Draft
from gnetics.mail.delivery import Delivery, Fate
from gnetics.mail.editing import opening
from gnetics.mail.fetching import Fetch
from gnetics.store import schema
from gnetics.store.crm import Crm
from gnetics.store.reading import lead_mail
from tests.store.mail.conftest import CLIENT, Post, mails

ZOE, LEO = 1, 2
Fetched = Callable[[], Fetch]


def text(words: str) -> Draft:
    return Draft((CLIENT,), (), "Offre", words)


def later(crm: Crm, minutes: int) -> Crm:
    return replace(crm, clock=fixed(crm.clock.instant() + timedelta(minutes=minutes), crm.region.zone))


def merge(crm: Crm) -> Callable[[], object]:
    """Zoé takes Léo over; gives what takes it back."""
    done = merge_leads(crm, "Chef", [ZOE, LEO], {}, {}, crm.snapshot())
    return lambda: undo_merge(crm, "Chef", ZOE, done.rev, crm.snapshot())


def shown(crm: Crm, lead: int, who: str = "Ana") -> str | None:
    """The text of the new mail that the editor opens with, when it was begun before."""
    found = opening(crm, who, {"key": lead, "email": CLIENT}, None)
    return found.draft.text if found.kept_at else None


def begun(crm: Crm, lead: int, who: str = "Ana") -> set[int]:
    return set(drafts.writing(crm, who, lead).begun)


def waiting(crm: Crm, lead: int, who: str = "Ana") -> list[str]:
    return [row["state"] for row in lead_mail.unsent(crm, who, lead, 9)]


def test_a_draft_for_the_lead_that_is_taken_over_is_found_on_the_one_kept_and_back_with_the_undo(team: Crm) -> None:
    drafts.keep(team, "Ana", LEO, None, text("Pour Léo"))
    undo = merge(team)
    assert (shown(team, ZOE), begun(team, ZOE), drafts.writing(team, "Bruno", ZOE).others) == ("Pour Léo", {0}, ("Ana",))
    assert shown(team, ZOE, "Bruno") is None
    undo()
    assert (shown(team, ZOE), begun(team, ZOE), shown(team, LEO)) == (None, set(), "Pour Léo")


def test_of_two_drafts_the_later_opens_and_the_other_once_it_is_sent(team: Crm) -> None:
    drafts.keep(team, "Ana", ZOE, None, text("Pour Zoé"))
    drafts.keep(later(team, 5), "Ana", LEO, None, text("Pour Léo"))
    merge(team)
    assert shown(team, ZOE) == "Pour Léo"
    drafts.keep(later(team, 9), "Ana", ZOE, None, text("Pour Léo, corrigé"))
    assert shown(team, ZOE) == "Pour Léo, corrigé"
    send(team, "Ana", ZOE, None, text("Pour Léo, corrigé"), "un")
    assert (shown(team, ZOE), begun(team, ZOE)) == ("Pour Zoé", {0})
    send(team, "Ana", ZOE, None, text("Pour Zoé"), "deux")
    assert (shown(team, ZOE), begun(team, ZOE)) == (None, set())


def test_of_two_drafts_each_is_back_with_its_lead_once_the_merge_is_undone(team: Crm) -> None:
    drafts.keep(team, "Ana", ZOE, None, text("Pour Zoé"))
    drafts.keep(later(team, 5), "Ana", LEO, None, text("Pour Léo"))
    undo = merge(team)
    drafts.keep(later(team, 9), "Ana", ZOE, None, text("Pour Léo, corrigé"))
    undo()
    assert (shown(team, ZOE), shown(team, LEO)) == ("Pour Zoé", "Pour Léo, corrigé")


def test_a_draft_of_an_answer_goes_where_the_mail_goes(team: Crm, post: Post, fetched: Fetched) -> None:
    post(sender="leo@autre.example")
    fetched()
    (mail,) = mails(team)
    undo = merge(team)
    drafts.keep(team, "Ana", ZOE, mail["key"], text("Bonjour Léo"))
    assert begun(team, ZOE) == {mail["key"]}
    undo()
    assert (begun(team, ZOE), begun(team, LEO)) == (set(), {mail["key"]})
    (mail,) = mails(team)
    assert opening(team, "Ana", {"key": LEO, "email": None}, mail).draft == text("Bonjour Léo")


def test_what_is_written_while_a_colleague_merges_is_kept_for_the_lead_that_stays(team: Crm) -> None:
    merge(team)
    drafts.keep(team, "Ana", LEO, None, text("Pour Léo"))
    assert shown(team, ZOE) == "Pour Léo"


def test_mails_that_wait_are_on_the_sheet_of_the_one_kept_and_back_with_the_undo(team: Crm) -> None:
    for number in range(2):
        send(team, "Ana", LEO, None, text("Bonjour Léo"), str(number), team.clock.now() + timedelta(days=1))
    undo = merge(team)
    assert waiting(team, ZOE) == [State.TO_DO] * 2
    outbox.cancel(team, "Ana", lead_mail.unsent(team, "Ana", ZOE, 9)[0]["key"])
    undo()
    assert (waiting(team, ZOE), waiting(team, LEO)) == ([], [State.TO_DO])


@pytest.mark.parametrize("fate", [Fate.SENT, Fate.UNKNOWN])
def test_what_leaves_after_a_merge_is_logged_with_the_one_kept(team: Crm, fate: Fate) -> None:
    send(team, "Ana", LEO, None, text("Bonjour Léo"), "un")
    merge(team)
    outbox.send_due(team, lambda *_: Delivery(fate))
    if fate is Fate.UNKNOWN:
        assert waiting(team, ZOE) == [State.UNKNOWN]
        outbox.settle(team, "Ana", lead_mail.unsent(team, "Ana", ZOE, 9)[0]["key"], left=True)
    assert [mail["lead_key"] for mail in mails(team)] == [ZOE]
    assert [row["direction"] for row in lead_mail.mails(team, "Ana", ZOE, 9)[0]] == ["envoyé"]
    with team.read() as connection:
        logged = connection.execute(select(schema.runs.c.lead_key, schema.runs.c.lead_label).distinct()).all()
    assert [tuple(row) for row in logged] == [(ZOE, "Zoé Client")]


def test_who_sees_only_their_own_leads_has_what_waits_of_a_lead_that_became_theirs_and_no_other(team: Crm) -> None:
    for lead, name in ((ZOE, "un"), (LEO, "deux")):
        send(team, "Ana", lead, None, text("Bonjour"), name, team.clock.now() + timedelta(days=1))
    with team.write("Chef", Verb.ACCOUNTS) as uow:
        uow.connection.execute(update(schema.users).where(schema.users.c.name.in_(["Ana", "Bruno"])).values(own_leads=True))
        uow.commit_private()
    merge(team)
    limited = replace(team, trusted=False)
    assert (waiting(limited, ZOE, "Ana"), waiting(limited, ZOE, "Bruno")) == ([State.TO_DO] * 2, [])
    keys = [row["key"] for row in lead_mail.unsent(limited, "Ana", ZOE, 9)]
    for key in keys:
        with pytest.raises(Forbidden):
            outbox.cancel(limited, "Bruno", key)
        outbox.cancel(limited, "Ana", key)
    assert waiting(team, ZOE) == []
