"""The Content-Security-Policy in a browser: all that we send obeys it, and what is slipped into a page does not run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from gnetics import settings as settings_module
from gnetics.actions import accounts
from gnetics.state.sidebar import PAGES
from gnetics.store.crm import open_crm
from tests.browser.conftest import BROKEN, Watch, on, open_page
from tests.served import Served, serve

REPORT = """addEventListener('securitypolicyviolation', ({effectiveDirective, blockedURI, sourceFile}) =>
  report(JSON.stringify([effectiveDirective, blockedURI, sourceFile])))"""
SLIPPED_IN = """async () => {
  const [script, image] = ['script', 'div'].map((tag) => document.body.appendChild(document.createElement(tag)));
  script.textContent = 'window.slipped = 1';
  image.innerHTML = '<img src="data:," onerror="window.slipped = 1">';
  await new Promise((done) => setTimeout(done, 300));
  return window.slipped ?? 0;
}"""


@pytest.fixture
def violations(page: Page) -> list[list[str]]:
    """What the browser refused: directive, what, asked by which file."""
    found: list[list[str]] = []
    page.expose_function("report", lambda told: found.append(json.loads(told)))
    page.add_init_script(REPORT)
    return found


def test_all_pages_obey_the_policy_and_what_is_slipped_into_one_does_not_run(
    page: Page, served: Served, violations: list[list[str]], watch: Watch
) -> None:
    """Those loaded first are watched by the other tests: what the policy forbids is written in the console."""
    open_page(page, on(served, PAGES[0].key))
    for entry in PAGES:
        page.locator(".g-nav").get_by_role("link", name=entry.title, exact=True).click()
        expect(page.locator(f'[data-page="{entry.key}"]')).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert violations == [] and watch.unexpected == []
    watch.expected.append("Content Security Policy")
    assert page.evaluate(SLIPPED_IN) == 0
    assert sorted(directive for directive, *_ in violations) == ["script-src-attr", "script-src-elem"]


@pytest.mark.soak
@pytest.mark.parametrize("key", [each.key for each in PAGES[1:]])
def test_a_page_loaded_first_obeys_the_policy(page: Page, served: Served, violations: list[list[str]], key: str) -> None:
    open_page(page, on(served, key))
    page.wait_for_load_state("networkidle")
    assert violations == []


@pytest.fixture
def guarded(copy_of_demo: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    crm = open_crm(replace(settings_module.load({}), database_url=copy_of_demo()), trusted=True)
    accounts.add(crm, "admin", "Bruno", "lecture", "Un mot de passe 1")
    with serve(tmp_path_factory.mktemp("plain") / "log", database_url=crm.settings.database_url, pools="") as server:
        yield server
    crm.close()


@pytest.mark.soak
def test_plain_pages_obey_the_policy(page: Page, guarded: Served, served: Served, violations: list[list[str]], watch: Watch) -> None:
    watch.expected += ["404", "403"]
    page.goto(on(served, BROKEN))
    expect(page.locator(".g-trouble")).to_be_visible()
    page.goto(served.url + "nimporte")
    expect(page.locator("h1")).to_have_text("Page introuvable")
    page.goto(guarded.url + "connexion")
    page.get_by_label("Nom").fill("Bruno")
    for password in ("faux", "Un mot de passe 1"):
        page.get_by_label("Mot de passe").fill(password)
        page.get_by_role("button", name="Se connecter").click()
    page.wait_for_url("**/accueil.ipynb")
    page.goto(guarded.url + "mot-de-passe")
    expect(page.locator("h1")).to_have_text("Changer de mot de passe")
    assert violations == []
