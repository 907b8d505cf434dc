"""A mail comes, its proposal is corrected and approved on the lead's sheet, a mail server takes it; sheet, logs and Dashboard tell it."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from email import policy
from functools import partial
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from gnetics import settings as settings_module
from gnetics.actions import accounts
from gnetics.actions.leads import save_lead
from gnetics.mail import outbox
from gnetics.mail.answering import send
from gnetics.mail.composing import Draft
from gnetics.mail.delivery import Delivery, Fate, deliver
from gnetics.server.identity import COOKIE
from gnetics.store import schema
from gnetics.store.crm import Crm, create_crm
from gnetics.store.people.writers import Writer
from tests.browser.conftest import on, open_page, until
from tests.mailbox import Mailbox
from tests.served import ZONE, Served, serve
from tests.server.mail_server import Box

PASSWORD, ANA, ALICE = "Un mot de passe 1", "ana@gnetics.example", "alice@lumen.fr"


@pytest.fixture
def crm(tmp_path: Path) -> Iterator[Crm]:
    """Ana looks after Alice, who asked for a price."""
    settings = replace(settings_module.load({}), region_zone=ZONE, data_dir=tmp_path)
    with closing(create_crm(settings, "real", trusted=True)) as crm:
        accounts.add(crm, "Chef", "Chef", "administration", PASSWORD)
        accounts.add(crm, "Chef", "Ana", "édition", PASSWORD, Writer(ANA, (), "Ana Lopès", "Ana Lopès"))
        save_lead(crm, "Chef", None, {"name": "Alice Durand", "company": "Lumen SAS", "email": ALICE, "owner": "Ana"}, None, crm.snapshot())
        (tmp_path / "courrier").mkdir()
        box = Mailbox(tmp_path / "courrier")
        text = "Bonjour,\n\nQuel est votre tarif pour « douze » personnes ?\n\nAlice"
        box.put(crm.clock.now(), f"Alice Durand <{ALICE}>", text, subject="Votre offre", To=ANA, Cc="karim@lumen.fr")
        box.fetched(crm)
        yield crm


@pytest.fixture
def served(crm: Crm, tmp_path: Path) -> Iterator[Served]:
    with serve(tmp_path / "log", data_dir=str(tmp_path), pools="") as server:
        yield server


def signed_in(page: Page, served: Served, where: str) -> Page:
    page.context.clear_cookies(name=COOKIE)
    page.goto(on(served, where))
    page.get_by_label("Nom").fill("Ana")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()
    return page


@pytest.mark.soak
def test_a_mail_of_which_nothing_says_whether_it_left_is_sent_again_once_one_is_sure(page: Page, served: Served, crm: Crm) -> None:
    outbox_state = select(schema.outbox.c.state)
    send(crm, "Ana", 1, None, Draft((ALICE,), (), "Offre", "Bonjour"), "un clic")
    outbox.send_due(crm, lambda *_: Delivery(Fate.UNKNOWN, "coupé"))
    signed_in(page, served, "contacts?lead=L-000001")
    exchange = page.get_by_role("region", name="Échanges")
    again = exchange.get_by_role("button", name="Le renvoyer", exact=True)
    again.click(timeout=30_000)
    expect(exchange.get_by_role("alert")).to_contain_text("le recevra deux fois")
    expect(exchange.get_by_role("button", name="Ne pas le renvoyer")).to_be_focused()
    page.keyboard.press("Enter")
    expect(again).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(again).to_be_visible()
    with crm.read() as connection:
        assert connection.execute(outbox_state).scalars().all() == ["inconnu"]
    again.click()
    exchange.get_by_role("button", name="Le renvoyer quand même").click()
    expect(exchange.get_by_text("En attente d’envoi")).to_be_visible()
    with crm.read() as connection:
        assert connection.execute(outbox_state).scalars().all() == ["à faire"]

    outbox.send_due(crm, lambda *_: Delivery(Fate.UNKNOWN, "coupé"))
    page.get_by_role("button", name="Rafraîchir").click()
    exchange.get_by_role("button", name="Il est parti").click()
    expect(exchange.get_by_role("button", name=re.compile("Envoyé par Ana"))).to_be_visible()
    page.context.clear_cookies(name=COOKIE)
    page.close()  # before its server stops


@pytest.mark.soak
def test_an_attachment_that_is_kept_is_saved_as_it_came(page: Page, served: Served, crm: Crm, tmp_path: Path) -> None:
    box = Mailbox(tmp_path / "courrier", count(1))
    box.put(crm.clock.now(), f"Alice Durand <{ALICE}>", "Voici le plan.", subject="Plan", files=("plan d’été.pdf", "photo.png"))
    box.fetched(replace(crm, settings=replace(crm.settings, mail_keep_attachments="pdf")))
    signed_in(page, served, "contacts?lead=L-000001")
    exchange = page.get_by_role("region", name="Échanges")
    files = exchange.get_by_role("list", name="Pièces jointes")
    expect(files).to_contain_text("photo.png", timeout=30_000)  # the newest mail, to be decided of, is unfolded
    expect(files.get_by_role("button")).to_have_count(1)
    with page.expect_download() as saved:
        files.get_by_role("button", name="Télécharger plan d’été.pdf").click()
    assert saved.value.suggested_filename == "plan d’été.pdf"
    assert Path(saved.value.path()).read_bytes() == b"x" * 2_400
    page.context.clear_cookies(name=COOKIE)
    page.close()  # before its server stops


def test_a_proposal_is_corrected_and_approved_and_the_mail_server_takes_exactly_what_was_shown(
    page: Page, served: Served, crm: Crm, smtp: Box
) -> None:
    signed_in(page, served, "inbox")
    page.locator('[data-page="inbox"] tbody').get_by_role("link", name="Proposée").click(timeout=30_000)
    expect(page).to_have_url(re.compile(r"contacts\.ipynb\?lead=L-000001&message=1$"))
    editor = page.get_by_role("group", name="Répondre à Alice Durand")
    text = editor.get_by_role("textbox", name="Message")
    expect(text).to_be_focused()
    expect(editor).to_contain_text("modèle « tarif »")
    expect(editor.get_by_role("textbox", name="Cc")).to_have_value("karim@lumen.fr")

    page.keyboard.type("Chère Alice — enfin !\n\n")
    page.keyboard.press("Escape")  # two seconds have not passed: nothing is kept yet
    page.get_by_role("button", name="Continuer la saisie").click()
    expect(editor).to_contain_text("Brouillon gardé")
    written = text.input_value()
    assert written.startswith("Chère Alice — enfin !\n\nBonjour Alice Durand,") and written.endswith("Ana Lopès")
    open_page(page, page.url)
    expect(text).to_have_value(written)

    editor.get_by_role("textbox", name="Cc").fill("karim@lumen")
    page.keyboard.press("Control+Enter")
    expect(editor.get_by_role("alert")).to_contain_text("karim@lumen")
    expect(editor.get_by_role("textbox", name="Cc")).to_be_focused()
    editor.get_by_role("textbox", name="Cc").fill("karim@lumen.fr")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")
    expect(editor).to_have_count(0)
    # nothing is being typed any more: the page hears it a moment after the editor closes
    until(page, "dispatchEvent(new Event('beforeunload', { cancelable: true }))")
    exchange = page.get_by_role("region", name="Échanges")
    expect(exchange.get_by_text("En attente d’envoi")).to_have_count(2)  # on what is answered, and on the answer

    settings = replace(crm.settings, smtp_url=f"smtp://127.0.0.1:{smtp.port}")
    assert outbox.send_due(crm, partial(deliver, settings)) == 1
    ((sender, people, content),) = smtp.taken
    taken = email.message_from_bytes(content, policy=policy.default)
    assert (sender, people, taken["Subject"]) == (ANA, [ALICE, "karim@lumen.fr"], "Re: Votre offre")
    assert taken.get_content().replace("\r\n", "\n").removesuffix("\n") == written

    page.get_by_role("button", name="Rafraîchir").click()
    expect(exchange.get_by_text("Répondu")).to_be_visible()
    sent = exchange.get_by_role("button", name=re.compile("Envoyé par Ana"))
    sent.press("Enter")
    expect(exchange.locator(".g-letter-text").last).to_contain_text("Chère Alice — enfin !")
    page.get_by_role("link", name="Inbox Log").click()
    expect(page.locator('[data-page="inbox"] tbody')).to_contain_text("Envoyée")
    expect(page.locator('[data-page="inbox"] .g-count', has_text="Envoyés").locator("b")).to_have_text("1")
    page.get_by_role("link", name="Automations Log").click()
    run = page.locator('[data-page="automations"] tbody tr')
    expect(run).to_have_count(1)
    expect(run).to_contain_text("Envoi d’emails")
    page.get_by_role("link", name="Dashboard").click()
    expect(page.locator('[data-block="outreach"]').get_by_role("row", name="Messages envoyés 1")).to_be_visible()
    page.context.clear_cookies(name=COOKIE)
    page.close()  # before its server stops
