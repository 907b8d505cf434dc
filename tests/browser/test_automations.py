"""A follow-up goes out, the sheet says which one comes next, the lead answers and it stops: log, sheet and Dashboard tell the same."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from email import policy
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from gnetics import settings as settings_module
from gnetics.actions import accounts
from gnetics.actions.leads import save_lead
from gnetics.automations import working
from gnetics.automations.deeds import mails
from gnetics.automations.switching import enable
from gnetics.mail import outbox
from gnetics.mail.delivery import deliver
from gnetics.server.identity import COOKIE
from gnetics.settings import REAL_SENDING
from gnetics.store.crm import Crm, create_crm
from gnetics.store.heartbeat import beat
from gnetics.store.people.writers import Writer
from tests.browser.conftest import open_page
from tests.browser.test_mail import signed_in
from tests.mailbox import Mailbox
from tests.served import ZONE, Served, serve
from tests.server.mail_server import Box

PASSWORD, ANA, ALICE = "Un mot de passe 1", "ana@gnetics.example", "alice@lumen.fr"


@pytest.fixture
def crm(tmp_path: Path) -> Iterator[Crm]:
    """Ana looks after Alice and Bob, whose follow-ups were due yesterday."""
    settings = replace(settings_module.load({}), region_zone=ZONE, data_dir=tmp_path, mail_sending=REAL_SENDING)
    with closing(create_crm(settings, "real", trusted=True)) as crm:
        accounts.add(crm, "Chef", "Chef", "administration", PASSWORD)
        accounts.add(crm, "Chef", "Ana", "édition", PASSWORD, Writer(ANA, (), "Ana Lopès", "Ana Lopès"))
        due = crm.clock.today() - timedelta(days=1)
        for name, address in (("Alice Durand", ALICE), ("Bob Petit", "bob@petit.fr")):
            lead = {"name": name, "email": address, "owner": "Ana", "status": "Contacté", "next_follow_up": due}
            save_lead(crm, "Chef", None, lead, None, crm.snapshot())
        (tmp_path / "courrier").mkdir()
        yield crm


@pytest.fixture
def served(crm: Crm, tmp_path: Path) -> Iterator[Served]:
    with serve(tmp_path / "log", data_dir=str(tmp_path), pools="") as server:
        yield server


@pytest.fixture
def worker(crm: Crm, smtp: Box, monkeypatch: pytest.MonkeyPatch) -> Crm:
    """What a worker does, whatever the hour and the day."""
    monkeypatch.setattr(mails, "next_allowed", lambda moment, _: moment)
    return replace(crm, settings=replace(crm.settings, smtp_url=f"smtp://127.0.0.1:{smtp.port}"))


def work(worker: Crm) -> None:
    while working.work(worker):
        pass
    outbox.send_due(worker, partial(deliver, worker.settings), leaving=working.leaving)
    beat(worker)


@pytest.mark.soak
def test_a_follow_up_goes_out_the_lead_answers_and_the_sequence_stops(
    page: Page, served: Served, worker: Crm, smtp: Box, tmp_path: Path
) -> None:
    enable(worker, "Chef", "relance", existing=True)
    work(worker)
    assert sorted(people[0] for _, people, _ in smtp.taken) == [ALICE, "bob@petit.fr"]
    signed_in(page, served, "contacts?lead=L-000001")
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_text(re.compile(r"Relance 2 sur 3, \w+ \d+"))).to_be_visible(timeout=30_000)
    expect(sheet.get_by_role("region", name="Échanges")).to_contain_text("Où en êtes-vous")

    answer = email.message_from_bytes(next(content for _, people, content in smtp.taken if people == [ALICE]), policy=policy.default)
    box = Mailbox(tmp_path / "courrier")
    parent = str(answer["Message-ID"]).strip()
    box.put(worker.clock.now(), f"Alice <{ALICE}>", "Oui, parlons-en.", subject="Re: projet", To=ANA, In_Reply_To=parent)
    box.fetched(worker)
    work(worker)
    page.get_by_role("button", name="Rafraîchir").click()
    expect(sheet.get_by_text("Relances arrêtées : le contact a répondu")).to_be_visible()
    expect(sheet.get_by_role("button", name="Arrêter")).to_have_count(0)

    page.goto(page.url.replace("L-000001", "L-000002"))
    stop = sheet.get_by_role("button", name="Arrêter")
    stop.focus(timeout=30_000)
    page.keyboard.press("Enter")
    expect(sheet.get_by_text("Relances arrêtées : arrêtée par Ana")).to_be_visible()
    page.keyboard.press("Escape")

    page.get_by_role("link", name="Automations Log").click()
    log = page.locator('[data-page="automations"]')
    rows = log.locator("tbody tr")
    expect(rows).to_have_count(4)
    expect(rows.filter(has_text="Le contact a répondu.")).to_contain_text("Annulé")
    rules = log.get_by_role("region", name="Règles")
    expect(rules).to_contain_text("5 actives sur 14")
    expect(rules.get_by_text("jusqu’à une réponse")).to_be_hidden()
    rules.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(rules.get_by_text("jusqu’à une réponse")).to_be_visible()
    rows.filter(has_text="Alice Durand").filter(has_text="Réussi").press("Enter")
    page.get_by_role("link", name="Voir le message").click()
    expect(page).to_have_url(re.compile(r"inbox\.ipynb\?.*message="))

    open_page(page, page.url.split("inbox")[0] + "dashboard.ipynb")
    outreach = page.locator('[data-block="outreach"]')
    expect(outreach).to_contain_text("2")
    page.context.clear_cookies(name=COOKIE)
    page.close()  # before its server stops
