"""Signing in by the page, what « lecture » and « ses leads seulement » show, signing out, and a session that ends while a page is open."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import quote

import pytest
from playwright.sync_api import Page, Response, WebSocket, expect

from gnetics import settings as settings_module
from gnetics.actions import accounts
from gnetics.server.identity import COOKIE
from gnetics.store.crm import Crm, open_crm
from tests.browser.conftest import Watch, on
from tests.served import ZONE, Served, serve

PASSWORD = "Un mot de passe 1"
READER, OWNER = "Bruno", "Sophie Marchand"


@pytest.fixture(scope="module")
def crm(copy_of_demo: Callable[[], str]) -> Iterator[Crm]:
    """The demo with a reader, and somebody who sees only her own leads."""
    crm = open_crm(replace(settings_module.load({}), region_zone=ZONE, database_url=copy_of_demo()), trusted=True)
    accounts.add(crm, "admin", READER, "lecture", PASSWORD)
    accounts.add(crm, "admin", OWNER, "édition", PASSWORD)
    accounts.set_own_leads(crm, "admin", OWNER, True)
    yield crm
    crm.close()


@pytest.fixture(scope="module")
def guarded(crm: Crm, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with accounts, which looks often whether the people of open pages are still signed in."""
    often = "from gnetics.server import kernels; kernels.ASKED_EVERY = 0.2"
    log = tmp_path_factory.mktemp("guarded") / "log"
    with serve(log, before=often, database_url=str(crm.engine.url), pools="contacts=1") as server:
        yield server


def sign_in(page: Page, name: str, password: str) -> None:
    page.get_by_label("Nom").fill(name)
    page.get_by_label("Mot de passe").fill(password)
    page.get_by_role("button", name="Se connecter").click()


@pytest.mark.soak
def test_a_reader_signs_in_sees_all_changes_nothing_and_signs_out(page: Page, guarded: Served, crm: Crm, watch: Watch) -> None:
    watch.expected += ["403"]  # of the wrong password
    ref = crm.snapshot().real["lead_id"].dropna().iloc[0]
    page.goto(on(guarded, f"contacts?lead={ref}"))
    expect(page).to_have_title("Connexion · CRM GNETICS")
    sign_in(page, "bruno", "pas le bon")
    expect(page.get_by_role("alert")).to_have_text("Nom ou mot de passe inconnu.")
    expect(page.get_by_label("Nom")).to_have_value("bruno")
    expect(page.get_by_label("Mot de passe")).to_be_focused()
    sign_in(page, "bruno", PASSWORD)

    sheet = page.locator(".g-sheet")
    expect(sheet).to_be_visible(timeout=30_000)
    assert page.url.endswith(f"contacts.ipynb?lead={quote(ref)}")
    expect(page.locator(".g-locked")).to_contain_text("sans rien modifier")
    expect(page.locator(".g-write:visible")).to_have_count(0)
    expect(sheet.locator(".g-pill[data-status]").first).to_be_visible()
    expect(sheet.get_by_role("button", name="Changer")).to_have_count(0)
    expect(sheet.get_by_label("Ajouter une note")).not_to_be_visible()

    page.keyboard.press("Escape")
    page.get_by_role("radio", name="Pipeline").click()
    expect(page.locator(".g-pl-card").first).to_have_attribute("draggable", "false")
    page.get_by_role("radio", name="Table").click()
    cell = page.locator(".g-lt-table td.cell").first
    expect(cell).to_have_attribute("aria-readonly", "true")
    cell.dblclick()
    expect(sheet).to_be_visible()  # the sheet rather than an editor
    expect(page.locator(".g-lt-edit")).to_have_count(0)

    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    page.get_by_role("link", name="Calendrier").click()
    expect(page.locator("h1", has_text="Calendrier")).to_be_visible()
    day = page.locator(f'.g-day[data-day="{crm.clock.today().replace(day=12)}"]')
    day.press("Enter")
    expect(day).to_have_attribute("aria-selected", "true")  # chosen, without a form
    expect(page.locator(".g-event-side")).to_have_count(0)

    page.get_by_role("button", name=f"Compte de {READER}").click()
    page.get_by_text("Se déconnecter").click()
    expect(page).to_have_title("Connexion · CRM GNETICS")
    page.goto(on(guarded, "contacts"))
    expect(page).to_have_title("Connexion · CRM GNETICS")


def test_ones_own_leads_alone_reach_the_browser_and_words_typed_outlive_the_role_and_the_session(
    page: Page, guarded: Served, crm: Crm, watch: Watch
) -> None:
    watch.expected += ["403", "WebSocket", "Connection lost", "Cannot send"]
    answers: list[Response] = []
    frames: list[str | bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: frames.append(frame))

    page.context.clear_cookies(name=COOKIE)
    page.on("websocket", listen)
    page.on("response", lambda answer: answers.append(answer) if "/voila/render/" in answer.url and answer.ok else None)
    page.goto(on(guarded, "contacts?lead=nouveau"))
    sign_in(page, "SOPHIE  MARCHAND", PASSWORD)
    name = page.locator("[data-field=name] input")
    name.fill("Zoé Lefèvre")
    expect(page.get_by_role("button", name="Sauvegarder")).to_be_enabled()
    expect(page.get_by_role("button", name=f"Compte de {OWNER}")).to_contain_text("édition · limité")
    leads = crm.snapshot().leads
    mine = leads["owner"].eq(OWNER).fillna(False)
    told = "".join(
        [answer.text() for answer in answers] + [each if isinstance(each, str) else each.decode(errors="replace") for each in frames]
    )
    assert [ref for ref in leads[mine]["lead_id"].dropna() if ref in told]
    assert not [ref for ref in leads[~mine]["lead_id"].dropna() if ref in told]

    accounts.set_role(crm, "admin", OWNER, "lecture")
    page.evaluate("dispatchEvent(new Event('gnetics:tick'))")  # the beat
    expect(page.locator(".g-locked")).to_contain_text("sans rien modifier")
    expect(page.locator(".g-write:visible")).to_have_count(0)
    expect(name).to_have_value("Zoé Lefèvre")

    accounts.set_disabled(crm, "admin", OWNER, True)
    assert page.evaluate("gneticsCheckSession()") == "out"
    expect(page.locator("#g-session")).to_contain_text("Ce que vous avez tapé reste ici")
    expect(name).to_have_value("Zoé Lefèvre")
    page.on("dialog", lambda question: question.accept())  # « Quitter la page ? »
    page.locator("#g-session").get_by_role("button", name="Recharger la page").click()
    expect(page).to_have_title("Connexion · CRM GNETICS")
    sign_in(page, OWNER, PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text("Votre compte est désactivé")
