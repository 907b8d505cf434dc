"""Mail on the sheet of a lead, without a browser: the exchange, the editor, drafts, sending, and a mail that is nobody's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from gnetics.actions import accounts
from gnetics.actions.leads import save_lead
from gnetics.domain.rights import Verb
from gnetics.mail import outbox, suppressions
from gnetics.mail.answering import send as send_mail
from gnetics.mail.composing import Draft, written_in
from gnetics.mail.delivery import Delivery, Fate
from gnetics.pages.app import App
from gnetics.pages.contacts import mail_thread
from gnetics.pages.contacts.page import ContactsPage
from gnetics.pages.contacts.widgets.mail_editor import MailEditor
from gnetics.pages.contacts.widgets.mail_thread import NOWHERE, MailLine, MailThread
from gnetics.store import schema
from gnetics.store.crm import Crm
from gnetics.store.people.writers import Writer
from tests.mailbox import TEAM, Mailbox
from tests.pages.conftest import Heard, page_of

ALICE, ANA, BRUNO = "alice@lumen.fr", "ana@gnetics.example", "bruno@gnetics.example"
HOSTILE = "<img src=x onerror=alert(1)>"
Send = Callable[..., None]
Arrive = Callable[..., str]


@pytest.fixture
def crm(crm: Crm, tmp_path: Path) -> Crm:
    """Ana, who looks after Alice, and Bruno write mail; Lise only reads."""
    accounts.add(crm, "Chef", "Chef", "administration", None)
    accounts.add(crm, "Chef", "Ana", "édition", None, Writer(ANA, (), "Ana Lopès", "Ana Lopès"))
    accounts.add(crm, "Chef", "Bruno", "édition", None, Writer(BRUNO))
    accounts.add(crm, "Chef", "Lise", "lecture", None)
    (tmp_path / "courrier").mkdir()
    return replace(crm, settings=replace(crm.settings, mail_boxes=(Mailbox(tmp_path / "courrier").setting,)))


@pytest.fixture
def arrive(crm: Crm, tmp_path: Path) -> Arrive:
    """A mail comes to the team's mailbox; its Message-ID."""
    box = Mailbox(tmp_path / "courrier")

    def put(text: str, sender: str = f"Alice Durand <{ALICE}>", **more: Any) -> str:
        found = box.put(crm.clock.now(), sender, text, **more)
        box.fetched(crm)
        return found

    return put


@pytest.fixture
def opened(app: App, heard: Heard) -> Callable[..., ContactsPage]:
    """Contacts with the sheet of Alice, as the store has it now."""

    def show(**query: str) -> ContactsPage:
        app.snapshot.refresh()
        app.moved("contacts", query or {"lead": "L-000001"})
        return page_of(app, "contacts", ContactsPage)

    return show


def thread_of(page: ContactsPage) -> MailThread:
    return page._sheet._exchange.widget


def editor_of(page: ContactsPage) -> MailEditor:
    return page._sheet._exchange.editor.widget


def lines(page: ContactsPage) -> list[MailLine]:
    return [line for thread in thread_of(page).threads for line in thread["lines"]]


def waiting(crm: Crm) -> list[Any]:
    with crm.read() as connection:
        return list(connection.execute(select(schema.outbox).order_by(schema.outbox.c.key)))


def form(page: ContactsPage, **changes: str) -> dict[str, str]:
    return {**editor_of(page).form, **changes}


def word(line: MailLine) -> str:
    return line["state"]["text"] if line["state"] else ""


def leave(crm: Crm, fate: Fate = Fate.SENT, said: str = "") -> None:
    outbox.send_due(replace(crm, trusted=True), lambda *_: Delivery(fate, said))


def test_mails_stand_by_thread_the_newest_thread_first_and_each_from_its_oldest_mail(arrive: Arrive, opened: Any) -> None:
    first = arrive("Bonjour, un devis ?", subject="Devis")
    arrive("Autre chose", subject="Facture")
    arrive("Et la suite ?", subject="Re: Devis", In_Reply_To=first)
    page = opened()
    assert [thread["subject"] for thread in thread_of(page).threads] == ["Devis", "Facture"]
    assert [line["beginning"] for line in lines(page)] == ["Bonjour, un devis ?", "Et la suite ?", "Autre chose"]
    assert (thread_of(page).count, thread_of(page).older, lines(page)[0]["who"]) == (3, 0, "Alice Durand")


def test_a_mail_unfolds_to_its_text_what_it_quotes_its_files_and_why_it_is_here(arrive: Arrive, opened: Any, send: Send) -> None:
    arrive(
        f"{HOSTILE}\n\nOui.\n\nLe 3 nov. 2026 à 10:00, Ana <ana@gnetics.example> a écrit :\n> Alors ?", files=("plan.pdf",), Cc="bob@x.fr"
    )
    page = opened()
    send(page._sheet._exchange.editor.widget, "leave", form=form(page))
    (line,) = lines(page)
    send(thread_of(page), "fold", line=line["line"])
    assert thread_of(page).texts == {} and line["files"] == 1
    send(thread_of(page), "unfold", line=line["line"])
    text = thread_of(page).texts[line["line"]]
    assert text["text"] == f"{HOSTILE}\n\nOui." and "> Alors ?" in text["quoted"]
    assert text["people"] == [f"De\u00a0: Alice Durand <{ALICE}>", f"À\u00a0: {TEAM}", "Cc\u00a0: bob@x.fr"]
    assert text["attachments"] == [{"name": "plan.pdf", "size": "2\u00a0ko", "position": 0, "kept": False, "why": ""}]
    assert text["why"] == f"Rattaché\u00a0: l’adresse de l’expéditeur est celle du contact ({ALICE})."


def test_the_timeline_calls_who_wrote_by_their_name(arrive: Arrive, opened: Any) -> None:
    arrive("Bonjour")
    page = opened()
    assert {each["who"] for each in page._sheet.widget.timeline if "link" in each} == {"Alice Durand"}


def test_the_newest_are_listed_and_the_rest_when_asked_for(
    arrive: Arrive, opened: Any, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_thread, "PAGE", 2)
    for number in range(5):
        arrive(f"Message {number}", subject=f"Sujet {number}")
    page = opened()
    page._sheet._exchange._most = 2
    send(page._sheet.widget, "go", ref="L-000002")
    send(page._sheet.widget, "go", ref="L-000001")
    assert ([thread["subject"] for thread in thread_of(page).threads], thread_of(page).older) == (["Sujet 4", "Sujet 3"], 3)
    send(thread_of(page), "show_older")
    assert (len(thread_of(page).threads), thread_of(page).older) == (4, 1)


def test_the_editor_opens_by_itself_on_what_is_to_be_decided_with_what_is_proposed(arrive: Arrive, opened: Any) -> None:
    arrive("Bonjour, quel est votre tarif ?", Cc=f"bob@x.fr, {TEAM}")
    page = opened()
    editor = editor_of(page)
    (line,) = lines(page)
    assert (thread_of(page).editing, word(line), line["answer"]) == (line["key"], "À décider", "Répondre")
    assert line["line"] in thread_of(page).texts, "one reads what one answers"
    assert (editor.opened["proposed"], editor.opened["asked"]) == (True, False)
    assert editor.opened["origin"] == "Réponse proposée\u00a0: modèle «\u00a0tarif\u00a0»"
    assert (editor.form["to"], editor.form["cc"], editor.form["subject"]) == (ALICE, "bob@x.fr", "Re: Devis")
    assert "Ana Lopès" in editor.form["text"]


def test_what_the_browser_says_before_it_hears_that_the_editor_is_closed_holds_no_page_back(
    app: App, arrive: Arrive, opened: Any, send: Send
) -> None:
    arrive("Bonjour, quel est votre tarif ?")
    page = opened()
    editor_of(page).typing = True
    assert app.frame.typing
    send(editor_of(page), "send", form=form(page), click="un", later=False)
    editor_of(page).typing = True
    assert (editor_of(page).typing, app.frame.typing) == (False, False)


def test_an_approved_answer_waits_then_is_sent_as_it_was_shown(app: App, crm: Crm, arrive: Arrive, opened: Any, send: Send) -> None:
    arrive("Bonjour, quel est votre tarif ?")
    page = opened()
    text = editor_of(page).form["text"] + "\n\nPS : à bientôt"
    send(editor_of(page), "send", form=form(page, text=text, cc="Bob <bob@x.fr>; lea@x.fr"), click="un", later=False)
    assert (thread_of(page).editing, app.frame.notice["kind"]) == (NOWHERE, "success")
    received, written = lines(page)
    assert (word(received), word(written), written["waits"], received["answer"]) == ("En attente d’envoi", "En attente d’envoi", True, "")
    draft = written_in(waiting(crm)[0].content)
    assert draft == Draft((ALICE,), ("bob@x.fr", "lea@x.fr"), "Re: Devis", text)
    leave(crm)
    send(app.frame, "refresh")
    received, sent = lines(page)
    assert (word(received), sent["direction"], sent["who"], sent["key"] > 0) == ("Répondu", "Envoyé par", "Ana", True)


@pytest.mark.parametrize(
    ("fate", "states", "explained"),
    [
        (None, "Simulé", "à blanc"),
        (Fate.REFUSED, "Refusé", "550"),
        (Fate.UNKNOWN, "Inconnu", "ne sera pas renvoyé"),
    ],
)
def test_what_did_not_leave_says_so_on_the_mail_and_on_what_it_answers(
    app: App, crm: Crm, arrive: Arrive, opened: Any, send: Send, fate: Fate | None, states: str, explained: str
) -> None:
    arrive("Bonjour, quel est votre tarif ?")
    page = opened()
    send(editor_of(page), "send", form=form(page), click="un", later=False)
    outbox.send_due(replace(crm, trusted=True), (lambda *_: Delivery(fate, "550 non")) if fate else None)
    send(app.frame, "refresh")
    received, written = lines(page)
    assert (word(received), word(written), written["waits"]) == (states, states, False)
    assert explained in written["note"]
    assert written["refused"] is (fate is Fate.REFUSED)


@pytest.mark.parametrize(("left", "then"), [(True, ("Répondu", "")), (False, ("En attente d’envoi", "En attente d’envoi"))])
def test_of_a_mail_that_is_unknown_somebody_says_that_it_left_or_has_it_sent_again(
    app: App, crm: Crm, arrive: Arrive, opened: Any, send: Send, left: bool, then: tuple[str, str]
) -> None:
    arrive("Bonjour, quel est votre tarif ?")
    page = opened()
    send(editor_of(page), "send", form=form(page), click="un", later=False)
    assert not lines(page)[1]["unknown"]
    leave(crm, Fate.UNKNOWN, "coupé")
    send(app.frame, "refresh")
    assert [line["unknown"] for line in lines(page)] == [False, True]
    key = lines(page)[1]["post"]
    send(thread_of(page), "settle", post=key, left=left)
    assert ([word(line) for line in lines(page)], app.frame.notice["kind"]) == (list(then), "success")
    assert not any(line["unknown"] for line in lines(page))
    leave(crm)
    send(app.frame, "refresh")
    assert ([word(line) for line in lines(page)], [row.state for row in waiting(crm)]) == (["Répondu", ""], ["envoyé"])


def test_an_unknown_mail_that_a_colleague_settled_meanwhile_is_said_and_shown_as_it_is(app: App, crm: Crm, opened: Any, send: Send) -> None:
    page = opened()
    send(thread_of(page), "write")
    send(editor_of(page), "send", form=form(page, text="Bonjour"), click="un", later=False)
    leave(crm, Fate.UNKNOWN, "coupé")
    send(app.frame, "refresh")
    post = lines(page)[0]["post"]
    outbox.settle(crm, "Bruno", post, left=True)
    send(thread_of(page), "settle", post=post, left=False)
    assert "n’est plus" in app.frame.notice["text"] and lines(page)[0]["direction"] == "Envoyé par"
    assert [row.state for row in waiting(crm)] == ["envoyé"]


def test_without_synchronisation_an_unknown_mail_stays_so(app: App, crm: Crm, opened: Any, send: Send) -> None:
    page = opened()
    send(thread_of(page), "write")
    send(editor_of(page), "send", form=form(page, text="Bonjour"), click="un", later=False)
    leave(crm, Fate.UNKNOWN, "coupé")
    send(app.frame, "refresh")
    assert thread_of(page).blocked == ""
    crm.set_sync(False, "Chef")
    send(thread_of(page), "settle", post=lines(page)[0]["post"], left=True)
    assert "synchronisation est inactive" in app.frame.notice["text"] and lines(page)[0]["unknown"]
    send(app.frame, "tick")
    assert "synchronisation est inactive" in thread_of(page).blocked


def test_what_the_server_refused_is_corrected_in_a_new_mail(app: App, crm: Crm, opened: Any, send: Send) -> None:
    page = opened()
    send(thread_of(page), "write")
    send(editor_of(page), "send", form=form(page, subject="Offre", text="Bonjour"), click="un", later=False)
    leave(crm, Fate.REFUSED, "550 inconnu")
    send(app.frame, "refresh")
    send(thread_of(page), "again", post=lines(page)[0]["post"])
    assert (thread_of(page).editing, editor_of(page).form["subject"], editor_of(page).form["text"]) == (0, "Offre", "Bonjour")
    send(editor_of(page), "send", form=form(page), click="deux", later=False)
    assert len(waiting(crm)) == 2


def test_an_answer_that_the_server_refused_is_corrected_in_its_exchange(
    app: App, crm: Crm, arrive: Arrive, opened: Any, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive("Bonjour, quel est votre tarif ?")
    page = opened()
    key = thread_of(page).editing
    send(editor_of(page), "send", form=form(page, text="Voici notre tarif."), click="un", later=False)
    leave(crm, Fate.REFUSED, "550 inconnu")
    send(app.frame, "refresh")
    received, refused = lines(page)
    assert (word(received), received["answer"], refused["refused"]) == ("Refusé", "Répondre", True)

    for who, hers in (("Ana", True), ("Bruno", False)):
        other = App(crm, who)
        monkeypatch.setattr(other.frame, "run", lambda *_: None)
        other.moved("contacts", {"lead": "L-000001"})
        fresh = page_of(other, "contacts", ContactsPage)
        assert thread_of(fresh).editing == key
        assert (editor_of(fresh).form["text"] == "Voici notre tarif.") is hers, "others begin with what is proposed"

    send(thread_of(page), "again", post=refused["post"])
    assert (thread_of(page).editing, editor_of(page).opened["alone"], editor_of(page).form["text"]) == (key, False, "Voici notre tarif.")
    assert "a refusé" in editor_of(page).opened["origin"] and editor_of(page).errors == {}
    send(editor_of(page), "leave", form=form(page, text="Voici notre tarif, corrigé."))
    send(thread_of(page), "again", post=refused["post"])
    assert editor_of(page).form["text"] == "Voici notre tarif, corrigé.", "what one began is not lost"
    send(editor_of(page), "send", form=form(page), click="deux", later=False)
    assert [(row.answers, row.state) for row in waiting(crm)] == [(key, "refusé"), (key, "à faire")]
    assert not any(line["refused"] for line in lines(page))
    leave(crm)
    send(app.frame, "refresh")
    assert sorted(word(line) for line in lines(page)) == ["", "Refusé", "Répondu"] and len(thread_of(page).threads) == 1
    assert not any(line["refused"] for line in lines(page))


def test_a_refused_answer_to_an_exchange_that_went_on_may_answer_the_new_mail(
    app: App, crm: Crm, arrive: Arrive, opened: Any, send: Send
) -> None:
    first = arrive("Bonjour, quel est votre tarif ?")
    page = opened()
    send(editor_of(page), "send", form=form(page, text="Voici notre tarif."), click="un", later=False)
    arrive("Finalement, deux licences.", In_Reply_To=first)
    leave(crm, Fate.REFUSED, "550 inconnu")
    send(app.frame, "refresh")
    refused = next(line for line in lines(page) if line["refused"])
    send(thread_of(page), "again", post=refused["post"])
    assert editor_of(page).expired and "nouveau message" in editor_of(page).errors[""]
    send(editor_of(page), "follow_on", form=form(page))
    newest = next(line for line in lines(page) if line["beginning"] == "Finalement, deux licences.")
    assert (thread_of(page).editing, editor_of(page).form["text"]) == (newest["key"], "Voici notre tarif.")


def test_a_mail_that_waits_for_its_time_is_called_back_as_a_draft(app: App, crm: Crm, arrive: Arrive, opened: Any, send: Send) -> None:
    arrive("Bonjour, quel est votre tarif ?")
    page = opened()
    assert (editor_of(page).form["day"], editor_of(page).form["hour"]) == ("25/11/2026", "08:30")
    typed = form(page, text="Plus tard", hour="9h15")
    send(editor_of(page), "send", form=typed, click="un", later=True)
    received, written = lines(page)
    assert word(received) == word(written) == "À envoyer le 25/11/2026 à 09:15"
    leave(crm)
    send(thread_of(page), "cancel", post=written["post"])
    (received,) = lines(page)
    assert (thread_of(page).editing, editor_of(page).form["text"], word(received)) == (received["key"], "Plus tard", "À décider")
    assert "annulé" in app.frame.notice["text"]
    send(editor_of(page), "send", form=form(page), click="deux", later=False)
    leave(crm)
    assert [row.state for row in waiting(crm)] == ["annulé", "envoyé"]


@pytest.mark.parametrize(
    ("changes", "later", "field"),
    [
        ({"to": "pas une adresse"}, False, "to"),
        ({"to": ""}, False, "to"),
        ({"cc": "a@b"}, False, "cc"),
        ({"text": " "}, False, "text"),
        ({"day": "hier"}, True, "day"),
        ({"hour": "midi"}, True, "hour"),
        ({"day": "23/11/2026"}, True, "hour"),
        ({"day": "28/03/2027", "hour": "02:30"}, True, "hour"),
    ],
)
def test_a_refusal_stands_at_its_field_and_what_was_typed_stays(
    crm: Crm, opened: Any, send: Send, changes: dict[str, str], later: bool, field: str
) -> None:
    page = opened()
    send(thread_of(page), "write")
    typed = form(page, text="Bonjour") | changes
    send(editor_of(page), "send", form=typed, click="un", later=later)
    assert (list(editor_of(page).errors), editor_of(page).form) == ([field], typed)
    assert (thread_of(page).editing, waiting(crm)) == (0, [])
    assert editor_of(page).answered == 1


def test_a_draft_is_there_after_a_reload_and_the_others_see_who_writes(
    app: App, crm: Crm, arrive: Arrive, opened: Any, send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive("Bonjour, quel est votre tarif ?")
    page = opened()
    editor = editor_of(page)
    editor.typing = True
    assert page._sheet.dirty and app.frame.typing
    send(editor, "keep", n=editor.opened["n"], form=form(page, text="À moitié"), count=3)
    assert (editor.kept, editor.typing, page._sheet.dirty, app.frame.typing) == (3, False, False, False)
    assert "gardé à 12:0" in editor.kept_words

    again = App(crm, "Ana")
    monkeypatch.setattr(again.frame, "run", lambda *_: None)
    again.moved("contacts", {"lead": "L-000001"})
    other = page_of(again, "contacts", ContactsPage)
    assert editor_of(other).form["text"] == "À moitié" and editor_of(other).kept_words.startswith("Brouillon du 24/11/2026")
    assert lines(other)[0]["answer"] == "Reprendre la réponse"

    bruno = App(crm, "Bruno")
    monkeypatch.setattr(bruno.frame, "run", lambda *_: None)
    bruno.moved("contacts", {"lead": "L-000001"})
    his = page_of(bruno, "contacts", ContactsPage)
    assert (editor_of(his).others, editor.others) == ("Ana répond aussi", "")
    assert editor_of(his).form["text"] != "À moitié"


def test_closing_keeps_what_was_written_and_says_so_and_nothing_when_nothing_was(app: App, crm: Crm, opened: Any, send: Send) -> None:
    page = opened()
    for typed, kept in (({}, False), ({"text": "Bonjour"}, True)):
        send(thread_of(page), "write")
        send(editor_of(page), "leave", form=form(page, **typed))
        assert (thread_of(page).editing, thread_of(page).begun) == (NOWHERE, kept)
    assert "brouillon est gardé" in app.frame.notice["text"]


def test_a_keep_that_comes_after_its_editor_is_of_no_other_mail(arrive: Arrive, opened: Any, send: Send) -> None:
    arrive("Bonjour, quel est votre tarif ?")
    page = opened()
    late = {"n": editor_of(page).opened["n"], "form": form(page, text="Réponse"), "count": 1}
    send(thread_of(page), "write")
    send(editor_of(page), "keep", **late)
    assert (editor_of(page).kept, editor_of(page).form["text"], thread_of(page).begun) == (0, "\n\n-- \nAna Lopès", False)


def test_text_that_is_not_kept_keeps_its_editor_and_its_contact(app: App, arrive: Arrive, opened: Any, send: Send) -> None:
    arrive("Bonjour, quel est votre tarif ?")
    page = opened()
    editor_of(page).typing = True
    was = thread_of(page).editing
    send(thread_of(page), "write")
    send(page._grid, "open", ref="L-000003")
    app.moved("contacts", {"lead": "L-000002"})
    assert (thread_of(page).editing, page._sheet.widget.head["ref"]) == (was, "L-000001")
    assert "en cours de rédaction" in app.frame.notice["text"]


def test_a_new_mail_of_the_exchange_expires_what_is_proposed_and_the_text_may_answer_it(
    app: App, crm: Crm, arrive: Arrive, opened: Any, send: Send
) -> None:
    first = arrive("Bonjour, quel est votre tarif ?")
    page = opened()
    arrive("Finalement, deux licences.", In_Reply_To=first)
    typed = form(page, text="Voici notre tarif.")
    send(editor_of(page), "send", form=typed, click="un", later=False)
    assert "nouveau message" in editor_of(page).errors[""] and editor_of(page).expired
    assert editor_of(page).form["text"] == "Voici notre tarif." and waiting(crm) == []
    send(editor_of(page), "follow_on", form=typed)
    newest = lines(page)[-1]
    assert (thread_of(page).editing, editor_of(page).form["text"], newest["beginning"]) == (
        newest["key"],
        "Voici notre tarif.",
        "Finalement, deux licences.",
    )
    send(editor_of(page), "send", form=form(page), click="deux", later=False)
    assert [row.answers for row in waiting(crm)] == [newest["key"]]


def test_the_second_who_answers_is_told_who_was_first(app: App, crm: Crm, arrive: Arrive, opened: Any, send: Send) -> None:
    arrive("Bonjour, quel est votre tarif ?")
    page = opened()
    key = thread_of(page).editing
    send_mail(crm, "Bruno", 1, key, Draft((ALICE,), (), "Re", "Bonjour"), "autre")
    send(editor_of(page), "send", form=form(page), click="un", later=False)
    assert editor_of(page).errors[""].startswith("Bruno a déjà") and thread_of(page).editing == key
    assert len(waiting(crm)) == 1


def test_a_rejected_proposal_sends_nothing_and_the_mail_may_be_answered_by_hand(crm: Crm, arrive: Arrive, opened: Any, send: Send) -> None:
    arrive("Bonjour, quel est votre tarif ?")
    page = opened()
    send(editor_of(page), "reject")
    (line,) = lines(page)
    assert (thread_of(page).editing, word(line), line["answer"]) == (NOWHERE, "Réponse rejetée", "Répondre")
    send(thread_of(page), "answer", key=line["key"])
    assert (editor_of(page).opened["proposed"], editor_of(page).form["text"]) == (False, "\n\n-- \nAna Lopès")
    assert editor_of(page).opened["origin"] == "La proposition a été rejetée par Ana."


def test_without_synchronisation_nothing_is_sent_and_what_was_typed_stays(
    app: App, crm: Crm, arrive: Arrive, opened: Any, send: Send
) -> None:
    arrive("Bonjour, quel est votre tarif ?")
    page = opened()
    crm.set_sync(False, "Chef")
    typed = form(page, text="Bonjour")
    send(editor_of(page), "send", form=typed, click="un", later=False)
    assert "synchronisation est inactive" in editor_of(page).errors[""] and editor_of(page).form == typed
    send(app.frame, "tick")
    assert "synchronisation est inactive" in editor_of(page).blocked
    assert waiting(crm) == []


def test_who_only_reads_sees_the_mails_and_no_editor(crm: Crm, arrive: Arrive, monkeypatch: pytest.MonkeyPatch, send: Send) -> None:
    arrive("Bonjour, quel est votre tarif ?")
    app = App(crm, "Lise")
    monkeypatch.setattr(app.frame, "run", lambda *_: None)
    app.check_rights()
    for query in ({"lead": "L-000001"}, {"lead": "L-000001", "message": "1"}):
        app.moved("contacts", query)
        page = page_of(app, "contacts", ContactsPage)
        assert (thread_of(page).shown, len(lines(page)), thread_of(page).editing) == (True, 1, NOWHERE)
    send(thread_of(page), "answer", key=1)
    send(editor_of(page), "send", form=form(page), click="un", later=False)
    assert app.frame.notice["kind"] == "error" and waiting(crm) == []
    send_mail(crm, "Ana", 1, None, Draft((ALICE,), (), "Offre", "Bonjour"), "deux")
    leave(crm, Fate.UNKNOWN, "coupé")
    send(app.frame, "refresh")
    app.notify("")
    send(thread_of(page), "settle", post=lines(page)[0]["post"], left=True)
    assert app.frame.notice["kind"] == "error" and [row.state for row in waiting(crm)] == ["inconnu"]
    app.moved("contacts", {"lead": "L-000002"})
    assert not thread_of(page).shown, "nothing to read, nothing to write"


def test_who_has_no_address_is_told_before_typing(crm: Crm, monkeypatch: pytest.MonkeyPatch, send: Send) -> None:
    app = App(crm, "Chef")
    monkeypatch.setattr(app.frame, "run", lambda *_: None)
    app.moved("contacts", {"lead": "L-000001"})
    page = page_of(app, "contacts", ContactsPage)
    send(thread_of(page), "write")
    assert "pas d’adresse" in editor_of(page).errors[""]


def test_one_click_is_one_mail(crm: Crm, opened: Any, send: Send) -> None:
    page = opened()
    send(thread_of(page), "write")
    typed = form(page, text="Bonjour")
    send(editor_of(page), "send", form=typed, click="un", later=False)
    send(thread_of(page), "write")
    send(editor_of(page), "send", form=typed, click="un", later=False)
    assert "déjà envoyé" in editor_of(page).errors[""] and len(waiting(crm)) == 1


def test_the_address_of_a_mail_opens_the_sheet_at_its_proposal(app: App, arrive: Arrive, opened: Any, heard: Heard) -> None:
    arrive("Bonjour, quel est votre tarif ?", subject="Tarif")
    page = opened(lead="L-000001", message="1")
    assert (thread_of(page).editing, editor_of(page).opened["asked"]) == (1, True)
    arrive("Merci !", subject="Autre")
    app.moved("contacts", {})
    page = opened(lead="L-000001", message="1")
    assert (thread_of(page).editing, editor_of(page).opened["asked"], "m1" in thread_of(page).texts) == (1, True, True)
    app.moved("contacts", {})
    opened(message="1")
    assert (page._sheet.widget.head["ref"], thread_of(page).editing) == ("L-000001", 1)
    assert heard.addresses()[-1] == ("contacts", {"lead": "L-000001", "message": "1"}, "replace")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"lead": "L-000002", "message": "1"}, "pas de ce contact"),
        ({"lead": "L-000001", "message": "99"}, "n’existe pas"),
        ({"message": "<b>"}, "n’existe pas"),
    ],
)
def test_an_address_of_no_mail_of_this_contact_is_said(app: App, arrive: Arrive, opened: Any, query: dict[str, str], said: str) -> None:
    arrive("Bonjour")
    page = opened(**query)
    assert said in app.frame.notice["text"]
    assert page._sheet.widget.shown is ("lead" in query)


def test_a_mail_that_is_nobodys_is_attached_to_a_contact_found_by_name_or_company(
    app: App, crm: Crm, arrive: Arrive, opened: Any, send: Send, heard: Heard
) -> None:
    arrive("C’est Alice, de chez moi", sender="Alice DURAND <alice.perso@free.fr>")
    arrive("Son collègue", sender="Marc <marc@lumen.fr>")
    page = opened(message="1")
    dialog = page._attaching.widget
    assert dialog.shown and not page._sheet.widget.shown
    assert [(each["ref"], each["why"]) for each in dialog.candidates] == [("L-000001", "même nom")]
    opened(message="2")
    assert [(each["ref"], each["why"]) for each in dialog.candidates] == [("L-000001", "même domaine lumen.fr")]
    send(dialog, "search", text="zoe")
    assert [each["ref"] for each in dialog.found] == ["L-000003"]
    send(dialog, "attach", ref="L-000001")
    assert (dialog.shown, page._sheet.widget.head["ref"], lines(page)[0]["beginning"]) == (False, "L-000001", "Son collègue")
    assert heard.addresses()[-1] == ("contacts", {"lead": "L-000001", "message": "2"}, "push")
    arrive("Encore lui", sender="Marc <marc@lumen.fr>")
    send(app.frame, "refresh")
    assert {line["beginning"] for line in lines(page)} == {"Son collègue", "Encore lui"}, "later ones follow"


def test_a_contact_of_an_import_that_has_no_id_lead_is_read_answered_and_attached_to_alike(
    app: App, crm: Crm, arrive: Arrive, opened: Any, send: Send, heard: Heard
) -> None:
    with crm.write("Chef", Verb.IMPORT) as uow:
        key = uow.insert("leads", {"name": "Noé Import", "email": "noe@import.example", "owner": "Ana"})
        uow.commit()
    arrive("Quel est votre tarif ?", sender="noe@import.example")
    arrive("De chez moi", sender="noe@perso.example")
    app.moved("contacts", {})
    page = opened(message="1")
    assert (page._sheet.widget.head["ref"], thread_of(page).editing) == (f"~{key}", 1)
    app.moved("contacts", {})
    page = opened(message="2")
    send(page._attaching.widget, "attach", ref=f"~{key}")
    assert {line["beginning"] for line in lines(page)} == {"Quel est votre tarif ?", "De chez moi"}
    assert heard.addresses()[-1] == ("contacts", {"lead": f"~{key}", "message": "2"}, "push")


def test_a_mail_that_is_nobodys_becomes_that_of_a_new_contact_once_saved(
    app: App, arrive: Arrive, opened: Any, send: Send, heard: Heard
) -> None:
    arrive("Bonjour", sender="Inès Petit <ines@petit.example>")
    page = opened(message="1")
    send(page._attaching.widget, "create")
    sheet = page._sheet.widget
    assert (sheet.mode, sheet.form["name"], sheet.form["email"]) == ("new", "Inès Petit", "ines@petit.example")
    send(sheet, "save", form=sheet.form | {"phone": "06 11 22 33 44"})
    assert (sheet.mode, sheet.head["title"], [line["beginning"] for line in lines(page)]) == ("read", "Inès Petit", ["Bonjour"])
    assert heard.addresses()[-1] == ("contacts", {"lead": "L-000004", "message": "1"}, "push")


def test_a_new_contact_given_up_takes_no_mail(crm: Crm, arrive: Arrive, opened: Any, send: Send) -> None:
    arrive("Bonjour", sender="Inès Petit <ines@petit.example>")
    page = opened(message="1")
    send(page._attaching.widget, "create")
    send(page._sheet.widget, "cancel")
    send(page._grid, "add")
    send(page._sheet.widget, "save", form=page._sheet.widget.form | {"company": "Boulangerie"})
    with crm.read() as connection:
        assert connection.execute(select(schema.messages.c.lead_key)).scalars().all() == [None]


def test_leaving_a_mail_that_is_nobodys_leaves_its_address(app: App, arrive: Arrive, opened: Any, send: Send, heard: Heard) -> None:
    arrive("Bonjour", sender="ines@petit.example")
    page = opened(message="1")
    send(page._attaching.widget, "close")
    assert (page._attaching.widget.shown, heard.addresses()[-1]) == (False, ("contacts", {}, "push"))
    opened(message="1")
    assert page._attaching.widget.shown
    app.moved("contacts", {})
    assert not page._attaching.widget.shown, "Back closes it"


def test_a_refused_attachment_is_said_in_the_dialog(crm: Crm, arrive: Arrive, opened: Any, send: Send) -> None:
    arrive("Bonjour", sender="ines@petit.example")
    page = opened(message="1")
    crm.set_sync(False, "Chef")
    send(page._attaching.widget, "attach", ref="L-000001")
    assert page._attaching.widget.shown and "synchronisation est inactive" in page._attaching.widget.said
    crm.set_sync(True, "Chef")
    send(page._attaching.widget, "attach", ref="L-000404")
    assert "L-000404" in page._attaching.widget.said


def test_who_sees_only_their_own_leads_reads_and_answers_no_other_mail(
    crm: Crm, arrive: Arrive, monkeypatch: pytest.MonkeyPatch, send: Send
) -> None:
    arrive("Bonjour", sender="zoe@exemple.fr")
    arrive("Bonjour", sender="inconnue@ailleurs.example")
    accounts.set_own_leads(crm, "Chef", "Ana", True)
    app = App(crm, "Ana")
    monkeypatch.setattr(app.frame, "run", lambda *_: None)
    for message in ("1", "2"):
        app.moved("contacts", {"message": message})
        page = page_of(app, "contacts", ContactsPage)
        assert "n’existe pas" in app.frame.notice["text"]
        assert not page._attaching.widget.shown and not page._sheet.widget.shown
    app.moved("contacts", {"lead": "L-000001"})
    asked: list[tuple[str, dict[str, Any]]] = [("answer", {"key": 1}), ("unfold", {"line": "m1"}), ("cancel", {"post": 1})]
    for event, data in (*asked, ("again", {"post": 1}), ("settle", {"post": 1, "left": True})):
        app.notify("")
        send(thread_of(page), event, **data)
        assert app.frame.notice["kind"] == "error"
    assert (thread_of(page).texts, thread_of(page).editing) == ({}, NOWHERE)


def test_a_mail_to_an_address_on_the_list_is_refused_with_its_reason(crm: Crm, opened: Any, send: Send) -> None:
    suppressions.suppress(crm, "Chef", ALICE, "à sa demande")
    page = opened()
    send(thread_of(page), "write")
    send(editor_of(page), "send", form=form(page, text="Bonjour"), click="un", later=False)
    assert "à sa demande" in editor_of(page).errors[""] and thread_of(page).editing == 0


def test_a_contact_who_took_consent_back_is_said_before_anything_is_typed_and_what_is_typed_stays(
    crm: Crm, opened: Any, app: App, send: Send
) -> None:
    save_lead(crm, "Chef", 1, {"consent": "retiré"}, None, app.snapshot)
    page = opened()
    send(thread_of(page), "write")
    assert "a retiré son consentement" in editor_of(page).errors[""]
    send(editor_of(page), "send", form=form(page, text="Bonjour"), click="un", later=False)
    assert "a retiré son consentement" in editor_of(page).errors[""] and thread_of(page).editing == 0
    assert editor_of(page).form["text"] == "Bonjour" and waiting(crm) == []
