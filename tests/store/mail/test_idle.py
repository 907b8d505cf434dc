"""New mail on a real IMAP server is read as soon as the server tells of it, by one line more than the worker's own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from urllib.parse import quote

import psutil
import pytest
from sqlalchemy import select

from gnetics.clock import fixed
from gnetics.operations import mail_idle
from gnetics.operations.mail_work import Mailboxes
from gnetics.settings.credentials import Credential
from gnetics.settings.mailbox import MailBox
from gnetics.settings.values import Given
from gnetics.store import schema
from gnetics.store.crm import Crm
from tests import dovecot
from tests.dovecot import HOST, PASSWORD, Dovecot
from tests.store.mail.conftest import CLIENT, mails

pytestmark = pytest.mark.costly

SOON = 8.0  # seconds, on a busy machine
numbers = count(1)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mail_idle, "FIRST_PAUSE", 0.2)
    monkeypatch.setattr(mail_idle, "BETWEEN", 0.1)


def mailbox(server: Dovecot, name: str) -> MailBox:
    url = f"imaps://{quote(name, safe='')}@{HOST}:{server.tls_port}"
    return MailBox("ana", url, credential=Credential(Given("password", PASSWORD)))


def with_box(crm: Crm, box: MailBox) -> Crm:
    return replace(crm, settings=replace(crm.settings, mail_boxes=(box,)))


def mail(words: str) -> bytes:
    return f"From: {CLIENT}\r\nMessage-ID: <{words}@client.example>\r\nSubject: Devis\r\n\r\n{words}\r\n".encode()


def texts(crm: Crm) -> list[str]:
    return [each["text"] for each in mails(crm)]


def until(done: Callable[[], object], seconds: float = SOON) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.1)


def lines(server: Dovecot) -> int:
    """Of this process to that server."""
    there = psutil.Process().net_connections("tcp")
    return sum(each.status == psutil.CONN_ESTABLISHED and bool(each.raddr) and each.raddr.port == server.tls_port for each in there)


@pytest.fixture
def name() -> str:
    """Whose mailbox is empty."""
    return f"attente{next(numbers)}@gnetics.example"


@pytest.fixture
def crm(crm: Crm, imap_server: Dovecot, name: str, monkeypatch: pytest.MonkeyPatch) -> Crm:
    monkeypatch.setenv("SSL_CERT_FILE", str(imap_server.authority))
    return with_box(replace(crm, trusted=True), mailbox(imap_server, name))


@pytest.fixture
def mailboxes() -> Iterator[Mailboxes]:
    with closing(Mailboxes()) as mailboxes:
        yield mailboxes


def read(mailboxes: Mailboxes, crm: Crm, every: bool = False) -> list[str]:
    """The mails that are kept after a turn of the worker: between two rounds, or a round."""
    mailboxes.fetch(crm, every, lambda: False)
    return texts(crm)


def asked_at(crm: Crm) -> datetime:
    with crm.read() as connection:
        moment: datetime = connection.execute(select(schema.mailboxes.c.asked_at)).scalar_one()
    return moment


def settled(mailboxes: Mailboxes, crm: Crm, server: Dovecot) -> None:
    """A round, and what follows it once the mailbox is waited for."""
    read(mailboxes, crm, every=True)
    until(lambda: lines(server) == 1)
    time.sleep(1)
    read(mailboxes, crm)


def test_mail_is_read_as_soon_as_it_is_told_over_one_line_more(crm: Crm, mailboxes: Mailboxes, imap_server: Dovecot, name: str) -> None:
    imap_server.deliver(name, mail("avant"))
    settled(mailboxes, crm, imap_server)
    assert texts(crm) == ["avant"]
    for words in ("un", "deux"):
        imap_server.deliver(name, mail(words))
        until(lambda: words in read(mailboxes, crm))  # noqa: B023
        assert lines(imap_server) == 1
    mailboxes.close()
    assert lines(imap_server) == 0


def test_nothing_is_asked_between_two_rounds_while_nothing_is_told(crm: Crm, mailboxes: Mailboxes, imap_server: Dovecot) -> None:
    settled(mailboxes, crm, imap_server)
    before, later = asked_at(crm), replace(crm, clock=fixed(crm.clock.instant() + timedelta(minutes=1), crm.region.zone))
    read(mailboxes, later)
    assert asked_at(crm) == before
    read(mailboxes, later, every=True)
    assert asked_at(crm) == before + timedelta(minutes=1)


def test_a_line_that_is_cut_is_made_anew_and_tells_what_came_meanwhile(
    crm: Crm, mailboxes: Mailboxes, imap_server: Dovecot, name: str
) -> None:
    settled(mailboxes, crm, imap_server)
    for words in ("un", "deux"):
        imap_server.cut()
        imap_server.deliver(name, mail(words))
        until(lambda: words in read(mailboxes, crm))  # noqa: B023


def test_a_server_that_takes_one_line_only_is_still_read_each_round(
    crm: Crm, mailboxes: Mailboxes, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with dovecot.server(lines=1) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
        crm = with_box(crm, mailbox(server, name))
        settled(mailboxes, crm, server)
        monkeypatch.setattr(mail_idle, "FIRST_PAUSE", 60.0)
        server.deliver(name, mail("un"))
        until(lambda: read(mailboxes, crm, every=True) == ["un"])
        mailboxes.close()


def test_a_server_without_idle_is_left_to_the_rounds(crm: Crm, mailboxes: Mailboxes, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with dovecot.server(capability="IMAP4rev1 SASL-IR LITERAL+ UIDPLUS LIST-EXTENDED SPECIAL-USE") as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
        crm = with_box(crm, mailbox(server, name))
        read(mailboxes, crm, every=True)
        until(lambda: not any(watch.is_alive() for watch in mailboxes._watches.values()))
        assert lines(server) == 0
        server.deliver(name, mail("un"))
        assert (read(mailboxes, crm), read(mailboxes, crm, every=True)) == ([], ["un"])


def test_a_mailbox_whose_inbox_is_not_read_is_left_to_the_rounds(crm: Crm, mailboxes: Mailboxes, imap_server: Dovecot, name: str) -> None:
    with imap_server.client(name) as client:
        client.create("Devis")
        client.append("Devis", "", "", mail("un"))
    (box,) = crm.settings.mail_boxes
    assert read(mailboxes, with_box(crm, replace(box, folders=("Devis",))), every=True) == ["un"]
    assert not mailboxes._watches


def test_a_mailbox_that_cannot_be_read_holds_up_no_other(crm: Crm, mailboxes: Mailboxes, imap_server: Dovecot, name: str) -> None:
    (good,) = crm.settings.mail_boxes
    no_secret = replace(good, name="autre", credential=Credential(Given("password_file", "/nulle/part")))
    crm = replace(crm, settings=replace(crm.settings, mail_boxes=(no_secret, good)))
    imap_server.deliver(name, mail("un"))
    assert read(mailboxes, crm, every=True) == ["un"]
