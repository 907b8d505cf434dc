"""Two servers behind nginx, over one PostgreSQL."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import psutil
import psycopg
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from gnetics.actions.leads import save_lead
from gnetics.settings import Settings
from gnetics.store.crm import open_crm
from tests import postgresql
from tests.browser.conftest import AWAY, Watch, open_page
from tests.proxy import nginx
from tests.served import Served, serve

ROUTE = "gnetics_route"
pytestmark = pytest.mark.postgres


@pytest.mark.soak
def test_two_servers_share_their_store_and_one_survives_the_other(
    context: BrowserContext, watch: Watch, postgresql_server: str, tmp_path: Path
) -> None:
    watch.expected += [*AWAY, "502", "404"]
    url = postgresql.empty_store(postgresql_server)
    crm = open_crm(replace(Settings(), database_url=url))
    save_lead(crm, "alice", None, {"name": "Zoé", "status": "Nouveau"}, None, crm.snapshot())
    crm.close()
    settings = {"database_url": url, "user": "Ana", "pools": "", "log_level": "DEBUG"}
    with serve(tmp_path / "a", **settings) as a, serve(tmp_path / "b", **settings) as b, nginx(tmp_path, a.url, b.url) as address:
        front = Served(address, a.process, a.log)
        assert front.get("metrics").status == front.get("voila/query/x").status == 404
        assert ROUTE not in front.get("sante").headers.get("Set-Cookie", "")
        on_a, on_b = (_open(context, address, route) for route in "ab")
        assert (len(a.kernels()), len(b.kernels())) == (1, 1)

        _note(on_a, "Vue par les deux")
        expect(on_a.locator(".g-notes")).to_contain_text("Vue par les deux")
        expect(on_b.locator(".g-sheet")).not_to_contain_text("Vue par les deux")
        on_b.get_by_role("button", name="Rafraîchir").click()
        expect(on_b.locator(".g-notes")).to_contain_text("Vue par les deux")

        with psycopg.connect(url) as other:  # holds the writers' lock, so that the save is stopped in its middle
            other.execute("SELECT value FROM counters WHERE name = 'rev' FOR UPDATE")
            _note(on_a, "Coupée en plein enregistrement")
            _wait(lambda: _waiting(url))
            family = psutil.Process(a.process.pid).children(recursive=True)
            for process in [psutil.Process(a.process.pid), *family]:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
        assert on_b.evaluate("gneticsCheckSession()") == "alive"
        _note(on_b, "Écrite par l’autre")
        notes = on_b.locator(".g-notes")
        expect(notes).to_contain_text("Écrite par l’autre")
        assert "Coupée" not in notes.inner_text()
        again = _open(context, address, "a")
        expect(again.locator(".g-notes")).to_contain_text("Écrite par l’autre")
        assert len(b.kernels()) == 2, "whoever was on the first is now on the second"

        a.process.wait()
        port = a.url.rstrip("/").rsplit(":", 1)[1]
        with serve(tmp_path / "a-again", **settings, port=port) as a_again:
            _wait(lambda: front.get("sante", Cookie=f"{ROUTE}=a").status == 200 and "GET /sante" in a_again.log.read_text("utf-8"))
            assert again.evaluate("gneticsCheckSession()") == "alive", "and stays there when the first comes back"
            again.reload()
            expect(again.locator(".g-notes")).to_contain_text("Écrite par l’autre")
            b.wait_for_kernels(2)
            assert a_again.kernels() == set()


def _open(context: BrowserContext, address: str, route: str) -> Page:
    context.add_cookies([{"name": ROUTE, "value": route, "url": address}])
    page = open_page(context.new_page(), f"{address}voila/render/contacts.ipynb?lead=L-000001")
    expect(page.locator(".g-sheet h2")).to_have_text("Zoé")
    return page


def _note(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Ajouter une note").fill(text)
    page.get_by_role("button", name="Ajouter la note").click()


def _waiting(url: str) -> bool:
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'").fetchone()
    return bool(row and row[0])


def _wait(done: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end
        time.sleep(0.1)
