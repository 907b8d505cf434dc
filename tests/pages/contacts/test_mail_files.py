"""Attachments on the sheet of a lead, without a browser: those that are kept are handed over, the others say why not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete

from gnetics.actions import accounts
from gnetics.domain.rights import Verb
from gnetics.pages.app import App
from gnetics.pages.contacts.page import ContactsPage
from gnetics.pages.contacts.widgets.mail_thread import MailThread
from gnetics.pages.logs.inbox import InboxPage
from gnetics.store import schema
from gnetics.store.crm import Crm
from tests.mailbox import Mailbox
from tests.pages.conftest import page_of

Send = Callable[..., None]


@pytest.fixture
def crm(crm: Crm, tmp_path: Path) -> Crm:
    """PDF files of one megabyte are kept; Ana is the Responsable of Alice, and not of Zoé."""
    (tmp_path / "courrier").mkdir()
    box = Mailbox(tmp_path / "courrier")
    crm = replace(crm, settings=replace(crm.settings, mail_keep_attachments="pdf", mail_attachment_mb=1))
    now = crm.clock.now()
    box.put(now, "alice@lumen.fr", "Voici", files=("plan.pdf", "photo.png"))
    box.put(now, "alice@lumen.fr", "Et tout", files=("tout.pdf",), size=1_200_000)
    box.put(now, "zoe@exemple.fr", "Voici", files=("secret.pdf",))
    box.fetched(crm)
    return crm


@pytest.fixture
def saved(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, int]]:
    """What the browser is given to save: name, media type, how many bytes."""
    found: list[tuple[str, str, int]] = []
    monkeypatch.setattr(
        "gnetics.widgets.download.Download.run", lambda _, what, name, kind, buffers: found.append((name, kind, len(buffers[0])))
    )
    return found


def thread(app: App, lead: str) -> MailThread:
    app.snapshot.refresh()
    app.moved("contacts", {"lead": lead})
    return page_of(app, "contacts", ContactsPage)._sheet._exchange.widget


def files(widget: MailThread, line: str, send: Send) -> list[Any]:
    send(widget, "unfold", line=line)
    return widget.texts[line]["attachments"]


def test_a_file_that_is_kept_is_saved_by_a_click_and_the_others_say_why_not(
    app: App, heard: object, send: Send, saved: list[tuple[str, str, int]]
) -> None:
    widget = thread(app, "L-000001")
    plan, photo = files(widget, "m1", send)
    assert (plan["name"], plan["kept"], plan["why"]) == ("plan.pdf", True, "")
    assert (photo["name"], photo["kept"], photo["why"]) == ("photo.png", False, "")
    (whole,) = files(widget, "m2", send)
    assert (whole["kept"], whole["why"]) == (False, "trop grande pour être gardée (1\u00a0Mo au plus)")
    assert saved == [], "none is read before somebody asks for it"
    send(widget, "take", key=1, position=0)
    assert saved == [("plan.pdf", "application/pdf", 2_400)]


@pytest.mark.parametrize(("key", "position"), [(1, 1), (2, 0), (3, 0), (99, 0)])
def test_what_is_not_kept_or_not_of_this_contact_is_said(
    app: App, heard: object, send: Send, saved: list[tuple[str, str, int]], key: int, position: int
) -> None:
    send(thread(app, "L-000001"), "take", key=key, position=position)
    assert app.frame.notice["kind"] == "error" and saved == []


def test_a_file_that_went_since_is_said(app: App, crm: Crm, heard: object, send: Send, saved: list[tuple[str, str, int]]) -> None:
    widget = thread(app, "L-000001")
    assert files(widget, "m1", send)[0]["kept"]
    with crm.write("Ana", Verb.TASKS) as uow:
        uow.connection.execute(delete(schema.attachments))
        uow.commit_private()
    send(widget, "take", key=1, position=0)
    assert "n’est pas gardée" in app.frame.notice["text"] and saved == []


def test_who_sees_only_their_own_leads_saves_no_other_file(
    crm: Crm, monkeypatch: pytest.MonkeyPatch, send: Send, saved: list[tuple[str, str, int]]
) -> None:
    accounts.add(crm, "Chef", "Chef", "administration", None)
    accounts.add(crm, "Chef", "Ana", "lecture", None)
    accounts.set_own_leads(crm, "Chef", "Ana", True)
    app = App(crm, "Ana")
    monkeypatch.setattr(app.frame, "run", lambda *_: None)
    widget = thread(app, "L-000001")
    send(widget, "take", key=3, position=0)
    assert app.frame.notice["kind"] == "error" and saved == []
    send(widget, "take", key=1, position=0)
    assert [name for name, *_ in saved] == ["plan.pdf"]


def test_the_inbox_log_says_where_files_are_saved(app: App, heard: object, send: Send) -> None:
    app.moved("inbox", {})
    inbox = page_of(app, "inbox", InboxPage)
    for key, said in ((1, "se téléchargent"), (2, "pas leur contenu")):
        send(inbox.table, "open", key=key)
        assert said in inbox.detail.entry["files_note"]
