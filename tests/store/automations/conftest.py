"""A team whose rules run on a clock that the test moves."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from gnetics.actions import accounts
from gnetics.automations import working
from gnetics.automations.switching import enable
from gnetics.clock import Clock
from gnetics.domain.outbox import State
from gnetics.domain.rights import Verb
from gnetics.mail.delivery import Delivery, Fate
from gnetics.mail.outbox import send_due
from gnetics.settings import REAL_SENDING
from gnetics.store import schema
from gnetics.store.crm import Crm
from gnetics.store.people.writers import Writer
from gnetics.store.schema import outbox, runs
from tests.mailbox import Mailbox

ANA, BRUNO, ZOE = "ana@gnetics.example", "bruno@gnetics.example", "zoe@client.example"
TUESDAY = datetime(2026, 11, 24, 9, tzinfo=UTC)  # 10:00 in Paris
numbers = count(1)


@dataclass
class Team:
    """`now` is what its clock says; `fate` what the mail server answers."""

    crm: Crm
    mailbox: Mailbox
    now: list[datetime]
    left: list[bytes] = field(default_factory=list)
    fate: Fate = Fate.SENT
    alarms: list[str] = field(default_factory=list)

    def add(self, **values: Any) -> int:
        """A lead of Ana's that somebody typed; its key."""
        n = next(numbers)
        lead = {"name": f"Contact {n}", "email": f"c{n}@client{n}.example", "status": "Contacté", "owner": "Ana", **values}
        with self.crm.write("Bruno", Verb.SAVE_LEAD) as uow:
            key = uow.insert("leads", lead | {"lead_id": uow.next_lead_id(), "created_at": self.today})
            uow.commit()
        return key

    def change(self, key: int, **values: Any) -> None:
        with self.crm.write("Bruno", Verb.SAVE_LEAD) as uow:
            uow.update("leads", key, values)
            uow.commit()

    def lead(self, key: int) -> dict[str, Any]:
        with self.crm.read() as connection:
            return dict(connection.execute(select(schema.leads).where(schema.leads.c.key == key)).mappings().one())

    def write(self, text: str) -> None:
        """The team's own rules."""
        (self.crm.settings.data_dir / "automations.toml").write_text(text, "utf-8")

    def enable(self, *names: str, existing: bool = False) -> None:
        for name in names:
            enable(self.crm, "Chef", name, existing)

    def work(self) -> None:
        """What the worker does, until nothing is left to do."""
        while working.work(self.crm, alarm=lambda what, *_: self.alarms.append(what)):
            pass
        send_due(self.crm, self._send, leaving=working.leaving)
        assert all(post.state != State.RUNNING for post in self.posts()), "sent, and nobody noted it"

    def _send(self, sender: str, people: list[str], content: bytes) -> Delivery:
        if self.fate is Fate.SENT:
            self.left.append(content)
        return Delivery(self.fate, "" if self.fate is Fate.SENT else "550 non")

    def go_to(self, moment: datetime) -> None:
        self.now[0] = moment

    def after(self, **time: float) -> None:
        self.now[0] += timedelta(**time)

    @property
    def today(self) -> date:
        return self.crm.clock.today()

    def runs(self, *names: str, **where: Any) -> list[dict[str, Any]]:
        """Those of rules, in the order in which they were decided; of these columns only when some are named."""
        with self.crm.read() as connection:
            found = connection.execute(select(runs).where(runs.c.automation.is_not(None)).order_by(runs.c.key)).mappings().all()
        return [{name: run[name] for name in names or run} for run in found if all(run[name] == value for name, value in where.items())]

    def said(self, key: int) -> list[tuple[str, str | None]]:
        """What became of a lead's runs, and why."""
        return [(run["status"], run["reason"] or run["subject"]) for run in self.runs(lead_key=key)]

    def posts(self) -> list[Any]:
        with self.crm.read() as connection:
            return list(connection.execute(select(outbox).order_by(outbox.c.key)))


@pytest.fixture
def team(crm: Crm, tmp_path: Path) -> Team:
    accounts.add(crm, "Chef", "Chef", "administration", None)
    accounts.add(crm, "Chef", "Ana", "édition", None, Writer(ANA, (), "Ana Lopès", "Ana Lopès\nCRM GNETICS"))
    accounts.add(crm, "Chef", "Bruno", "édition", None, Writer(BRUNO))
    (tmp_path / "courrier").mkdir()
    (tmp_path / "data").mkdir()
    now = [TUESDAY]
    settings = replace(
        crm.settings,
        data_dir=tmp_path / "data",
        mail_sending=REAL_SENDING,
        mail_from="crm@gnetics.example",
        smtp_url="smtp://127.0.0.1:1",
        public_url="https://crm.gnetics.example",
    )
    opened = replace(crm, settings=settings, trusted=True, clock=Clock(crm.region.zone, lambda: now[0]))
    return Team(opened, Mailbox(tmp_path / "courrier"), now)
