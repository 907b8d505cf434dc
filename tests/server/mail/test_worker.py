"""Mail as the worker does it: a process with real servers around it, killed at the worst moment."""

from __future__ import annotations

import email
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from email import policy
from itertools import count
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import func, select

from gnetics import settings as settings_module
from gnetics.actions import accounts
from gnetics.domain.outbox import State
from gnetics.domain.rights import Verb
from gnetics.mail.answering import first_draft, send
from gnetics.mail.composing import Draft
from gnetics.mail.outbox import RULE
from gnetics.store.crm import Crm, open_crm
from gnetics.store.people.writers import Writer, writer_of
from gnetics.store.schema import leads, messages, outbox, runs
from tests.dovecot import HOST, PASSWORD, SENT, Dovecot
from tests.served import ROOT, environment
from tests.server.mail_server import Box, mail_server

CLIENT = "zoe@client.example"
numbers = count(1)
QUICK = "from gnetics.operations import worker; worker.PAUSE, worker.SENT_WITHIN = 1, 0.2"
MAILS = 24


@contextmanager
def worker(log: Path, before: str = QUICK, **settings: str) -> Iterator[subprocess.Popen[bytes]]:
    program = f"{before}\nimport sys\nfrom gnetics.cli import main\nsys.exit(main(['worker']))"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-c", program], cwd=ROOT, env=environment(**settings), stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


@pytest.fixture
def ana() -> str:
    """Her address, whose mailbox is empty."""
    return f"ana{next(numbers)}@gnetics.example"


@pytest.fixture
def crm(crm: Crm, ana: str) -> Crm:
    accounts.add(crm, "Chef", "Chef", "administration", None)
    accounts.add(crm, "Chef", "Ana", "édition", None, Writer(ana, (), "Ana Lopès", "Ana Lopès"))
    crm = replace(crm, trusted=True)
    with crm.write("Chef", Verb.IMPORT) as uow:
        uow.insert("leads", {"lead_id": "L-000001", "name": "Zoé Client", "email": CLIENT, "owner": "Ana"})
        uow.commit()
    return crm


@pytest.fixture
def box() -> Iterator[Box]:
    with mail_server() as taking:
        yield taking


@pytest.fixture
def settings(imap_server: Dovecot, ana: str, box: Box, store_url: str, tmp_path: Path) -> dict[str, str]:
    """Of a worker that fetches Ana's mailbox and sends by a real mail server."""
    secret, config = tmp_path / "secret", tmp_path / "gnetics.toml"
    for file in (secret, config):
        file.touch(0o600)
    secret.write_text(PASSWORD, "utf-8")
    address = f"imaps://{quote(ana, safe='')}@{HOST}:{imap_server.tls_port}"
    config.write_text(f'[mail.boxes.ana]\nurl = "{address}"\npassword_file = "{secret}"\n', "utf-8")
    return {
        "config": str(config),
        "database_url": store_url,
        "smtp_url": f"smtp://127.0.0.1:{box.port}",
        "mail_sending": "réel",
        "data_dir": str(tmp_path),
    }


def wait(done: Callable[[], object], log: Path, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, log.read_text("utf-8")
        time.sleep(0.1)


def states(crm: Crm) -> Counter[str]:
    with crm.read() as connection:
        return Counter(connection.execute(select(outbox.c.state)).scalars())


def mail(crm: Crm, **where: object) -> dict[str, object] | None:
    with crm.read() as connection:
        query = select(messages).where(*(messages.c[name] == value for name, value in where.items()))
        found = connection.execute(query).mappings().first()
        return dict(found) if found else None


def test_a_mail_comes_is_proposed_an_answer_which_is_approved_leaves_as_shown_and_stands_in_both_logs(
    crm: Crm, ana: str, imap_server: Dovecot, box: Box, settings: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    incoming = f"From: Zoé <{CLIENT}>\r\nTo: {ana}\r\nSubject: Licence\r\nMessage-ID: <a@client.example>\r\n\r\nQuel est le prix ?\r\n"
    with imap_server.client(ana) as client:
        client.create(f'"{SENT}"')
    imap_server.deliver(ana, incoming.encode())
    log = tmp_path / "log"
    monkeypatch.setenv("SSL_CERT_FILE", str(imap_server.authority))
    with worker(log, **settings):
        wait(lambda: mail(crm, reply_state="proposée"), log)
        received = mail(crm, reply_state="proposée")
        assert received is not None
        with crm.read() as connection:
            lead = dict(connection.execute(select(leads)).mappings().one())
            shown = first_draft(received, lead, writer_of(connection, "Ana"))
        send(crm, "Ana", lead["key"], int(str(received["key"])), shown, "un clic")
        wait(lambda: states(crm)[State.SENT], log)
        time.sleep(2.5)  # the copy in the folder of sent mail is fetched, and known
    ((sender, people, content),) = box.taken
    read = email.message_from_bytes(content, policy=policy.default)
    assert (sender, people) == (ana, [CLIENT])
    assert read.get_content().replace("\r\n", "\n").rstrip("\n") == shown.text.rstrip("\n")
    assert shown.text.startswith("Bonjour Zoé Client,")
    with crm.read() as connection:
        directions = connection.execute(select(messages.c.direction, messages.c.answer).order_by(messages.c.key)).all()
        assert [tuple(row) for row in directions] == [("reçu", "envoyée"), ("envoyé", "")]
        assert connection.execute(select(runs.c.status, runs.c.triggered_by).where(runs.c.rule == RULE)).all() == [("réussi", "Ana")]
    with imap_server.client(ana) as client:
        client.select(f'"{SENT}"')
        assert client.search(None, "SEEN")[1] == [b"1"]
    assert "Traceback" not in log.read_text("utf-8")


@pytest.mark.costly
def test_a_mail_is_read_as_soon_as_its_server_tells_though_the_next_round_is_far_away(
    crm: Crm, ana: str, imap_server: Dovecot, settings: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(imap_server.authority))
    log, far = tmp_path / "log", "from gnetics.operations import worker; worker.PAUSE = 3600"
    with worker(log, far, **settings):
        for name in ("first", "second"):
            content = f"From: Zoé <{CLIENT}>\r\nTo: {ana}\r\nMessage-ID: <{name}@client.example>\r\n\r\nBonjour\r\n"
            imap_server.deliver(ana, content.encode())
            wait(lambda: mail(crm, message_id=f"<{name}@client.example>"), log, 60 if name == "first" else 12)  # noqa: B023
            time.sleep(6)  # it waits for what is told now, and has read what it may have been told at first
    assert "Traceback" not in log.read_text("utf-8")


@pytest.mark.parametrize("total", [MAILS, pytest.param(1_000, marks=pytest.mark.soak)])
@pytest.mark.costly
def test_two_workers_killed_again_and_again_send_each_mail_once_or_say_that_it_is_unknown(
    crm: Crm, box: Box, store_url: str, tmp_path: Path, total: int
) -> None:
    for number in range(total):
        send(crm, "Ana", 1, None, Draft((CLIENT,), (), f"Numéro {number}", "Bonjour"), f"clic {number}")
    settings = {"database_url": store_url, "smtp_url": f"smtp://127.0.0.1:{box.port}", "mail_sending": "réel", "data_dir": str(tmp_path)}
    impatient = f"{QUICK}\nfrom datetime import timedelta\nfrom gnetics.mail import outbox\noutbox.CLAIMED_FOR = timedelta(seconds=2)"
    impatient += "\noutbox.PER_HOUR = outbox.PER_HOUR_AND_DOMAIN = 10_000"
    log = tmp_path / "log"
    for _ in range(4):
        with worker(log, impatient, **settings) as first, worker(log, impatient, **settings) as second:
            before = len(box.taken)
            wait(lambda before=before: len(box.taken) > before + 2 or not states(crm)[State.TO_DO], log, 60 + total)  # type: ignore[misc]
            first.kill()
            second.kill()
    with worker(log, impatient, **settings):
        wait(lambda: not states(crm)[State.TO_DO] + states(crm)[State.RUNNING], log, 120 + total)
    subjects = Counter(email.message_from_bytes(content, policy=policy.default)["Subject"] for _, _, content in box.taken)
    assert max(subjects.values()) == 1, "never twice"
    found = states(crm)
    assert found[State.SENT] + found[State.UNKNOWN] == total
    assert len(subjects) >= found[State.SENT]
    with crm.read() as connection:
        assert connection.execute(select(func.count()).select_from(messages)).scalar_one() == found[State.SENT]


def test_the_demo_never_sends_whatever_the_settings_say(copy_of_demo: Callable[[], str], box: Box, tmp_path: Path) -> None:
    store = copy_of_demo()
    settings = settings_module.load({"GNETICS_DATABASE_URL": store})
    with closing(open_crm(settings, trusted=True)) as demo:
        accounts.add(demo, "Chef", "Ana", "administration", None, Writer("ana@gnetics.example"))
        send(demo, "Ana", 1, None, Draft((CLIENT,), (), "Essai", "Bonjour"), "un clic")
        log = tmp_path / "log"
        smtp = f"smtp://127.0.0.1:{box.port}"
        with worker(log, database_url=store, smtp_url=smtp, mail_sending="réel", data_dir=str(tmp_path)):
            wait(lambda: states(demo)[State.SIMULATED], log)
    assert box.taken == []
