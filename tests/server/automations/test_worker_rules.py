"""Rules as workers do them: processes that are killed at the worst moment, real mail servers, and a lead who answers."""

from __future__ import annotations

import email
import time
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from email import policy
from pathlib import Path

import pytest
from sqlalchemy import func, select

from gnetics.actions import accounts
from gnetics.automations.switching import enable
from gnetics.domain.history import Action
from gnetics.domain.outbox import State
from gnetics.domain.rights import Verb
from gnetics.store.crm import Crm
from gnetics.store.heartbeat import last
from gnetics.store.people.writers import Writer
from gnetics.store.schema import messages, outbox, runs, sequences
from tests.server.mail.test_worker import QUICK, wait, worker
from tests.server.mail_server import Box

ALWAYS = "\nfrom gnetics.automations.deeds import mails\nmails.next_allowed = lambda moment, region: moment"  # whatever the hour and day
IMPATIENT = f"{QUICK}{ALWAYS}\nfrom datetime import timedelta\nfrom gnetics.mail import outbox\noutbox.CLAIMED_FOR = timedelta(seconds=1)"
MANY = f"{IMPATIENT}\noutbox.PER_HOUR = outbox.PER_HOUR_AND_DOMAIN = 10_000"
FOLLOW_UPS = 8


@pytest.fixture
def crm(crm: Crm, tmp_path: Path) -> Crm:
    accounts.add(crm, "Chef", "Chef", "administration", None)
    accounts.add(crm, "Chef", "Ana", "édition", None, Writer("ana@gnetics.example", (), "Ana Lopès", "Ana Lopès"))
    return replace(crm, trusted=True, clock=crm.settings.clock, settings=replace(crm.settings, data_dir=tmp_path))


@pytest.fixture
def settings(smtp: Box, store_url: str, tmp_path: Path) -> dict[str, str]:
    return {"database_url": store_url, "smtp_url": f"smtp://127.0.0.1:{smtp.port}", "mail_sending": "réel", "data_dir": str(tmp_path)}


def fill(crm: Crm, count: int) -> None:
    """So many leads of Ana's whose follow-up was due yesterday."""
    day = crm.clock.today() - timedelta(days=1)
    lead = {"status": "Contacté", "owner": "Ana", "next_follow_up": day}
    with crm.write("Chef", Verb.IMPORT) as uow:
        rows = [{**lead, "name": f"Zoé {n}", "email": f"zoe{n}@client{n}.example"} for n in range(count)]
        uow.insert_many("leads", rows, Action.IMPORTED)
        uow.commit()


def statuses(crm: Crm) -> Counter[str]:
    """Of the runs of rules, but those of the night."""
    with crm.read() as connection:
        return Counter(connection.execute(select(runs.c.status).where(runs.c.automation.not_like("nuit-%"))).scalars())


def settled(crm: Crm) -> int:
    counts = statuses(crm)
    return counts["réussi"] + counts["interrompu"]


@pytest.mark.parametrize("total", [FOLLOW_UPS, pytest.param(1_000, marks=pytest.mark.soak)])
@pytest.mark.costly
def test_two_workers_killed_again_and_again_follow_up_each_lead_once_or_say_that_it_is_unknown(
    crm: Crm, smtp: Box, settings: dict[str, str], tmp_path: Path, total: int
) -> None:
    fill(crm, total)
    (tmp_path / "automations.toml").write_text(f"[rules.relance]\nper_day = {total}\n", "utf-8")
    enable(crm, "Chef", "relance", existing=True)
    log = tmp_path / "log"
    for _ in range(3 if total == FOLLOW_UPS else 8):
        with worker(log, MANY, **settings) as first, worker(log, MANY, **settings) as second:
            before = len(smtp.taken)
            # what was leaving when its worker died is settled as unknown, so that two more mails need not be left
            wait(lambda before=before: len(smtp.taken) > before + 1 or settled(crm) == total, log, 60 + total)  # type: ignore[misc]
            first.kill()
            second.kill()
    with worker(log, MANY, **settings):
        wait(lambda: settled(crm) == total, log, 300 + total)
    people = Counter(recipient for _, recipients, _ in smtp.taken for recipient in recipients)
    assert max(people.values()) == 1, "never twice"
    found = statuses(crm)
    assert found.total() == total
    with crm.read() as connection:
        states = Counter(connection.execute(select(outbox.c.state)).scalars())
        assert (states[State.SENT], states[State.UNKNOWN]) == (found["réussi"], found["interrompu"])
        assert connection.execute(select(func.count()).select_from(messages)).scalar_one() == found["réussi"]
        assert connection.execute(select(func.count()).select_from(sequences)).scalar_one() == total
    assert "Traceback" not in log.read_text("utf-8")


def test_a_follow_up_goes_out_the_lead_answers_and_it_stops(crm: Crm, smtp: Box, settings: dict[str, str], tmp_path: Path) -> None:
    fill(crm, 1)
    courrier = tmp_path / "courrier"
    courrier.mkdir()
    config = tmp_path / "gnetics.toml"
    config.touch(0o600)
    config.write_text(f'[mail.boxes.equipe]\npath = "{courrier}"\nformat = "eml"\naddress = "contact@gnetics.example"\n', "utf-8")
    enable(crm, "Chef", "relance", existing=True)
    log = tmp_path / "log"
    with worker(log, MANY, config=str(config), **settings):
        wait(lambda: statuses(crm)["réussi"], log)
        read = email.message_from_bytes(smtp.taken[0][2], policy=policy.default)
        said = f"From: Zoé <zoe0@client0.example>\r\nTo: ana@gnetics.example\r\nMessage-ID: <r@c>\r\nIn-Reply-To: {read['Message-ID']}\r\n"
        (courrier / "1.eml").write_bytes(f"{said}Subject: Re: {read['Subject']}\r\n\r\nOui, appelez-moi.\r\n".encode())
        wait(lambda: statuses(crm)["annulé"], log)
        seen = last(crm)
    with crm.read() as connection:
        row = connection.execute(select(sequences)).mappings().one()
        stopped = connection.execute(select(runs).where(runs.c.status == "annulé")).mappings().one()
    assert (row["state"], row["reason"]) == ("arrêtée", "le contact a répondu")
    assert (stopped["subject"], stopped["reason"]) == ("Relance 2 sur 3", "Le contact a répondu.")
    assert seen is not None
    assert crm.clock.instant() - seen < timedelta(minutes=2)
    assert read["Auto-Submitted"] == "auto-generated"
    assert "Traceback" not in log.read_text("utf-8")


def test_the_demo_runs_no_rule_that_nobody_switched_on_and_sends_nothing(demo_store: Path, smtp: Box, tmp_path: Path) -> None:
    from gnetics import settings as settings_module
    from gnetics.store.crm import open_crm
    from tests.conftest import copied

    store = copied(demo_store, tmp_path / "demo.db")
    log = tmp_path / "log"
    with closing(open_crm(replace(settings_module.load({}), data_dir=tmp_path, database_url=f"sqlite:///{store}"), trusted=True)) as demo:
        before = statuses(demo)
        url = f"smtp://127.0.0.1:{smtp.port}"
        with worker(log, MANY, database_url=f"sqlite:///{store}", smtp_url=url, mail_sending="réel", data_dir=str(tmp_path)):
            wait(lambda: last(demo), log)
            time.sleep(2)
        assert statuses(demo) == before
    assert smtp.taken == []
