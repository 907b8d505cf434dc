"""The Inbox Log of mail that really came: why each is where it is, what it quotes, where it is decided of, how its mailbox answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from gnetics.actions import accounts
from gnetics.domain.rights import Verb
from gnetics.pages.app import App
from gnetics.pages.logs.inbox import InboxPage
from gnetics.store.crm import Crm
from gnetics.store.people.writers import Writer
from gnetics.store.schema import mailboxes
from tests.mailbox import Mailbox
from tests.pages.conftest import Heard, page_of

Send = Callable[..., None]
QUOTED = "Le 3 nov. 2026 à 10:00, Ana <ana@gnetics.example> a écrit :\n> Alors ?"


@pytest.fixture
def box(crm: Crm, tmp_path: Path) -> Mailbox:
    """With a mail of Alice, who waits for an answer, one of a stranger, one of a list and one of somebody whom two contacts may be."""
    accounts.add(crm, "Chef", "Chef", "administration", None)
    accounts.add(crm, "Chef", "Ana", "administration", None, Writer("ana@gnetics.example"))
    (tmp_path / "courrier").mkdir()
    box = Mailbox(tmp_path / "courrier")
    now = crm.clock.now()
    box.put(now, "Alice <alice@lumen.fr>", f"Quel tarif ?\n\n{QUOTED}", Cc="Bob <bob@x.fr>")
    box.put(now, "Inès <ines@ailleurs.example>", "Bonjour")
    box.put(now, "lettre@liste.example", "Promotions", List_Id="<lettre.liste.example>", List_Unsubscribe="<mailto:non@liste.example>")
    box.fetched(crm)
    return box


@pytest.fixture
def inbox(box: Mailbox, app: App, heard: Heard) -> InboxPage:
    app.moved("inbox", {})
    return page_of(app, "inbox", InboxPage)


def entry(inbox: InboxPage, send: Send, key: int) -> Any:
    send(inbox.table, "open", key=key)
    return inbox.detail.entry


def test_a_mail_says_why_it_is_there_to_whom_else_it_went_and_what_it_quotes(inbox: InboxPage, send: Send) -> None:
    found = entry(inbox, send, 1)
    assert found["why"] == "Rattaché\u00a0: l’adresse de l’expéditeur est celle du contact (alice@lumen.fr)."
    assert (found["text"], found["quoted"]) == ("Quel tarif ?", QUOTED)
    headers = {pair["label"]: pair["text"] for pair in found["headers"]}
    assert (headers["Cc"], headers["Boîte"]) == ("Bob <bob@x.fr>", "equipe")
    assert entry(inbox, send, 2)["why"] == "Non rattaché\u00a0: aucun contact n’a cette adresse."
    assert entry(inbox, send, 3)["why"].startswith("Ignoré\u00a0: ")


def test_what_proved_nothing_when_it_came_is_told_beside_what_is_true_now(app: App, inbox: InboxPage, send: Send) -> None:
    with app.crm.write("Ana", Verb.SAVE_LEAD) as uow:
        uow.update("leads", 2, {"email": "ines@ailleurs.example"})
        uow.commit()
    send(app.frame, "refresh")
    why = entry(inbox, send, 2)["why"]
    assert why.startswith("Non rattaché\u00a0: un contact a cette adresse") and "à son arrivée\u00a0: aucun contact" in why


def test_what_is_to_be_decided_leads_to_the_sheet_at_its_proposal_and_a_loose_mail_to_whoever_it_may_be_of(
    app: App, inbox: InboxPage, send: Send
) -> None:
    decide = {"page": "contacts", "query": {"lead": "L-000001", "message": "1"}}
    attach = {"page": "contacts", "query": {"message": "2"}}
    cells = {row["key"]: row["cells"] for row in inbox.table.rows}
    assert (cells[1][4]["link"], cells[2][3]["link"], cells[3][3]["link"]) == (decide, attach, None)
    assert [(entry(inbox, send, key)["decide"], entry(inbox, send, key)["attach"]) for key in (1, 2, 3)] == [
        (decide, None),
        (None, attach),
        (None, None),
    ]
    with app.crm.write("Ana", Verb.SEND) as uow:
        uow.update("messages", 1, {"reply_state": "rejetée"})
        uow.commit()
    send(app.frame, "refresh")
    assert entry(inbox, send, 1)["decide"] is None
    assert next(row["cells"][4]["link"] for row in inbox.table.rows if row["key"] == 1) is None


def test_each_mailbox_says_when_it_was_read_last_and_what_failed_since(app: App, inbox: InboxPage, send: Send) -> None:
    every_minute = "relevée aujourd’hui 12:00, puis chaque minute"
    assert inbox.boxes.boxes == [{"name": "equipe", "answered": every_minute, "error": ""}]
    with app.crm.write("Ana", Verb.TASKS) as uow:
        uow.connection.execute(mailboxes.update().values(said="Le serveur refuse le mot de passe."))
        uow.connection.execute(mailboxes.insert().values(name="autre", asked_at=uow.now, answered_at=None, said="Injoignable."))
        uow.commit_private()
    send(app.frame, "refresh")
    assert inbox.boxes.boxes == [
        {"name": "autre", "answered": "jamais relevée", "error": "Injoignable."},
        {"name": "equipe", "answered": every_minute, "error": "Le serveur refuse le mot de passe."},
    ]


def test_a_mailbox_that_nobody_reads_any_more_is_told_although_it_never_failed(app: App, inbox: InboxPage, send: Send) -> None:
    with app.crm.write("Ana", Verb.TASKS) as uow:
        uow.connection.execute(mailboxes.update().values(asked_at=uow.now - timedelta(minutes=20)))
        uow.commit_private()
    send(app.frame, "refresh")
    (line,) = inbox.boxes.boxes
    assert line["answered"] == "relevée aujourd’hui 12:00"
    assert line["error"] == "Elle n’est plus relevée\u00a0: prévenez votre administrateur (gnetics worker)."
