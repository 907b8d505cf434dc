"""A team with addresses, a mailbox in files, and the mails that are put there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from gnetics.actions import accounts
from gnetics.domain.rights import Verb
from gnetics.mail.fetching import Fetch, fetch
from gnetics.settings.mailbox import Format, MailBox
from gnetics.store.crm import Crm
from gnetics.store.people.writers import Writer
from gnetics.store.schema import messages

ANA, BRUNO, TEAM = "ana@gnetics.example", "bruno@gnetics.example", "contact@gnetics.example"
CLIENT = "zoe@client.example"
Post = Callable[..., str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of .eml files, which is the team's mailbox."""
    place = tmp_path / "courrier"
    place.mkdir()
    return place


@pytest.fixture
def box(folder: Path) -> MailBox:
    return MailBox("equipe", path=str(folder), format=Format.EML, address=TEAM)


@pytest.fixture
def team(crm: Crm, box: MailBox) -> Crm:
    """Ana, who looks after Zoé, and Bruno; both with an address."""
    accounts.add(crm, "Chef", "Chef", "administration", None)
    accounts.add(crm, "Chef", "Ana", "édition", None, Writer(ANA, ("a@gnetics.example",), "Ana Lopès", "Ana Lopès\nCRM GNETICS"))
    accounts.add(crm, "Chef", "Bruno", "édition", None, Writer(BRUNO))
    crm = replace(crm, settings=replace(crm.settings, mail_boxes=(box,)), trusted=True)
    with crm.write("Chef", Verb.IMPORT) as uow:
        uow.insert("leads", {"lead_id": "L-000001", "name": "Zoé Client", "company": "Client SA", "email": CLIENT, "owner": "Ana"})
        uow.insert("leads", {"lead_id": "L-000002", "name": "Léo Autre", "email": "leo@autre.example", "owner": "Bruno"})
        uow.commit()
    return crm


@pytest.fixture
def post(folder: Path, team: Crm) -> Post:
    """Puts a mail into the mailbox; its Message-ID."""
    count = 0

    def put(text: str = "Bonjour", *, sender: str = CLIENT, to: str = TEAM, **headers: str) -> str:
        nonlocal count
        count += 1
        message = EmailMessage()
        given = {"From": sender, "To": to, "Subject": "Devis", "Date": format_datetime(team.clock.now())}
        given["Message-ID"] = make_msgid(str(count), "client.example")
        for name, value in {**given, **{name.replace("_", "-"): value for name, value in headers.items()}}.items():
            if value:
                message[name] = value
        message.set_content(text)
        (folder / f"{count:04}.eml").write_bytes(message.as_bytes())
        return str(message["Message-ID"] or "")

    return put


@pytest.fixture
def fetched(team: Crm, box: MailBox) -> Callable[[], Fetch]:
    return lambda: fetch(team, box)


def mails(crm: Crm) -> list[dict[str, Any]]:
    """All that are kept, in the order in which they came."""
    with crm.read() as connection:
        return [dict(row) for row in connection.execute(select(messages).order_by(messages.c.key)).mappings()]
