"""The database goes away under open pages and new visits, and comes back."""

from __future__ import annotations

import os
import time
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import BrowserContext, expect

from gnetics.actions.leads import save_lead
from gnetics.settings import Settings
from gnetics.store.crm import open_crm
from tests import postgresql
from tests.browser.conftest import AWAY, Watch, open_page
from tests.served import free_port, serve

CONTACT = "voila/render/contacts.ipynb?lead=L-000001"
FILES = """[...document.querySelectorAll('script[src]:not([src^=blob]), link[rel=stylesheet]')]
  .map(each => new URL(each.src || each.href).pathname.slice(1))"""
pytestmark = pytest.mark.postgres


@pytest.mark.parametrize("seconds", [2, pytest.param(60, marks=pytest.mark.soak)])
def test_pages_say_that_the_store_is_away_and_go_on_when_it_is_back(
    context: BrowserContext, watch: Watch, tmp_path: Path, seconds: int
) -> None:
    watch.expected += [*AWAY, "504"]
    memory, port = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None, free_port()
    with TemporaryDirectory(prefix="gnetics-pg-", dir=memory) as root, ExitStack() as database:
        url = postgresql.empty_store(database.enter_context(postgresql.server(Path(root), port)))
        crm = open_crm(Settings(database_url=url))
        save_lead(crm, "alice", None, {"name": "Zoé", "status": "Nouveau"}, None, crm.snapshot())
        crm.close()
        with serve(tmp_path / "log", database_url=url, user="Ana", pools="") as server:
            page = open_page(context.new_page(), server.url + CONTACT)
            expect(page.locator(".g-sheet h2")).to_have_text("Zoé")
            page.wait_for_load_state("networkidle")
            files = page.evaluate(FILES)
            assert any("labextensions" in file for file in files)
            note, add = page.get_by_role("textbox", name="Ajouter une note"), page.get_by_role("button", name="Ajouter la note")
            note.fill("Écrite pendant la panne")

            database.close()
            add.click()
            expect(page.get_by_text("ne répond pas").first).to_be_visible()
            expect(note).to_have_value("Écrite pendant la panne")
            assert page.evaluate("gneticsCheckSession()") == "silent"
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                asked = time.monotonic()
                visit = server.get(CONTACT)
                assert (visit.status, "<h1>Base injoignable</h1>" in visit.body) == (504, True)
                assert server.get("sante").status == 503
                assert time.monotonic() - asked < 10
                assert {file: status for file in files if (status := server.get(file).status) != 200} == {}
            assert len(server.kernels()) == 1, "only that of the page left open"

            database.enter_context(postgresql.server(Path(root), port))
            assert page.evaluate("gneticsCheckSession()") == "alive"
            expect(page.locator("#g-session")).to_have_count(0)
            add.click()
            expect(page.locator(".g-notes")).to_contain_text("Écrite pendant la panne")
            assert server.get("sante").status == 200
            again = open_page(context.new_page(), server.url + CONTACT)
            expect(again.locator(".g-notes")).to_contain_text("Écrite pendant la panne")
