"""What surrounds the pages: loading, edges, the end of a session, and kernels that do not outlive their tab."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from threading import Timer

import psutil
import pytest
from playwright.sync_api import Page, expect

from gnetics.server import front_end, static
from tests.browser.conftest import AWAY, BROKEN, Load, Visit, Watch, on, open_page
from tests.served import Served, serve

CHECK = "gneticsCheckSession()"
BANNER = "#g-session"


def test_a_first_visit_asks_no_other_host_and_complains_of_nothing(load: Load, watch: Watch) -> None:
    page = load("contacts")
    assert page.title() == "Contacts · CRM GNETICS"
    assert page.evaluate("document.documentElement.lang") == "fr"
    assert watch.complaints == []


def test_the_head_of_a_page_announces_all_that_it_asks_of_the_front_end(load: Load, served: Served) -> None:
    page = load("contacts")
    page.wait_for_load_state("networkidle")
    asked = page.evaluate("performance.getEntriesByType('resource').map(({name}) => name)")
    ours = [each.removeprefix(f"{served.url}voila/").replace(f"/{static.stamp()}/", "/", 1) for each in asked]
    of_packages = {each for each in ours if each.startswith(("static/", "labextensions/"))}
    listed = {each: front_end.is_chunk(each) for each in front_end.listed()}
    assert of_packages == {each for each, chunk in listed.items() if not chunk}, f"{static.LIST} is to be written anew"
    assert served.get(f"{front_end.FOLDER}/{front_end.CHUNKS}").body.count("}).call(self);") == sum(listed.values())
    assert not [each for each in asked if "vue-sfc" in each], "templates come compiled"


# what ipywidgets does each 100 ms, on a machine so busy that two seconds pass between
BUSY = "const later = setTimeout; window.setTimeout = (act, ms, ...rest) => later(act, ms === 100 ? 2100 : ms, ...rest)"


def test_widgets_that_come_while_the_front_end_looks_for_them_the_last_time_are_shown(page: Page, served: Served) -> None:
    page.add_init_script(BUSY)
    open_page(page, on(served, "faq"))


def test_a_kernel_that_answers_late_still_shows_its_page(page: Page, served: Served) -> None:
    """After 4 s the front end asks each widget that it can name by itself, which those of pages not shown yet could not answer."""
    frozen: list[int] = []

    def freeze(frame: str | bytes, kernel: str) -> None:
        if b"request_states" in (frame if isinstance(frame, bytes) else frame.encode()) and not frozen:
            frozen.append(served.kernel(kernel))
            os.kill(frozen[0], signal.SIGSTOP)
            Timer(5, os.kill, [frozen[0], signal.SIGCONT]).start()

    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: freeze(frame, socket.url.split("/")[-2])))
    open_page(page, on(served, "contacts"))
    assert frozen


def test_the_favicon_is_served(visit: Visit) -> None:
    page = visit("contacts")
    address = page.locator("link[rel=icon]").first.evaluate("link => link.href")
    answer = page.request.get(address)
    assert answer.ok
    assert answer.headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize("width", [1400, 390])
def test_the_app_touches_all_edges(visit: Visit, width: int) -> None:
    page = visit("contacts", width)
    edges = page.evaluate("(({x, y, width}) => [x, y, width])(document.querySelector('.v-application').getBoundingClientRect())")
    assert edges == [0, 0, width]
    assert page.evaluate("document.documentElement.scrollWidth") == width
    _wait(lambda: page.evaluate("(scrollTo(0, 200), scrollY)") == 200, "the window itself does not scroll")


def test_loading_shows_nothing_for_a_second_then_the_shape_of_the_app(page: Page, served: Served) -> None:
    page.route("**/voila/static/**/voila.js", lambda _route: None)
    page.goto(f"{served.url}voila/render/contacts.ipynb", wait_until="commit")
    page.wait_for_selector("#g-loading[role=status]", state="attached")
    shape = page.locator("#g-loading .g-shape")
    assert shape.evaluate("shape => getComputedStyle(shape).opacity") == "0"
    expect(shape).to_have_css("opacity", "1")
    expect(shape).to_contain_text("CRM GNETICS")
    page.unroute_all()


def test_the_chosen_theme_is_there_before_the_app(page: Page, served: Served) -> None:
    page.context.add_cookies([{"name": "gnetics_theme", "value": "dark", "url": served.url}])
    page.route("**/voila/static/**/voila.js", lambda _route: None)
    page.goto(f"{served.url}voila/render/contacts.ipynb", wait_until="commit")
    page.wait_for_selector("#g-loading", state="attached")
    assert page.evaluate("getComputedStyle(document.getElementById('g-loading')).backgroundColor") == "rgb(15, 20, 25)"
    page.unroute_all()


def test_a_page_whose_cell_failed_says_so_and_offers_to_reload(page: Page, served: Served) -> None:
    page.goto(on(served, BROKEN))
    trouble = page.locator(".g-trouble")
    expect(trouble).to_be_visible()
    expect(trouble).to_contain_text("La page n’a pas pu s’ouvrir.")
    expect(trouble.get_by_role("link", name="Revenir à l’accueil")).to_have_attribute("href", "accueil.ipynb")
    with page.expect_navigation():
        trouble.get_by_role("button", name="Recharger la page").click()


@pytest.mark.parametrize("leave", ["close", "reload", "elsewhere", "early"])
def test_a_kernel_stops_with_its_page(page: Page, served: Served, watch: Watch, leave: str) -> None:
    if leave == "early":  # before Voilà's scripts have run
        watch.expected.append("ERR_FAILED")
        page.route("**/voila/static/**/voila.js", lambda route: route.abort())
        page.goto(f"{served.url}voila/render/contacts.ipynb")
    else:
        open_page(page, f"{served.url}voila/render/contacts.ipynb")
    mine = served.kernel(_kernel(page))
    if leave == "reload":
        page.reload()
    elif leave == "elsewhere":
        page.goto(served.url + "sante")
    else:
        page.close(run_before_unload=True)
    _wait(lambda: mine not in served.kernels(), "the kernel is still there", 5)


def test_staying_on_the_page_and_writing_to_a_contact_keep_its_kernel(load: Load) -> None:
    """Voilà stops the kernel before the question « Quitter la page ? » is answered; we do after."""
    page = load("contacts")
    page.evaluate("addEventListener('beforeunload', event => event.preventDefault())")
    page.mouse.click(700, 20)  # browsers ask only on pages that were used
    with page.expect_event("dialog") as question:
        page.evaluate("setTimeout(() => location.reload())")
    question.value.dismiss()
    page.evaluate("Object.assign(document.createElement('a'), {href: 'mailto:ana@exemple.fr'}).click()")
    time.sleep(1)
    assert page.evaluate(CHECK) == "alive"


@pytest.mark.soak
def test_a_silent_server_is_forgiven_but_a_kernel_gone_asks_to_reload(load: Load, served: Served, watch: Watch) -> None:
    watch.expected += ["ERR_FAILED", "404", "WebSocket", "Connection lost"]
    page = load("contacts")
    page.route("**/api/kernels/*", lambda route: route.abort())
    assert page.evaluate(CHECK) == "silent"
    expect(page.locator(BANNER)).to_contain_text("Le serveur ne répond pas.")
    page.unroute("**/api/kernels/*")
    assert page.evaluate(CHECK) == "alive"
    expect(page.locator(BANNER)).to_have_count(0)
    _kill(served, _kernel(page))
    assert page.evaluate(CHECK) == "expired"
    banner = page.locator(BANNER)
    expect(banner).to_contain_text("Session expirée")
    with page.expect_navigation():
        banner.get_by_role("button", name="Recharger la page").click()
    page.wait_for_selector("[data-page=contacts]")
    assert page.evaluate(CHECK) == "alive"


def test_the_beat_tells_the_app_only_while_its_kernel_lives(page: Page, served: Served, watch: Watch) -> None:
    watch.expected += ["404", "WebSocket", "Connection lost"]
    page.clock.install()
    open_page(page, f"{served.url}voila/render/contacts.ipynb")
    page.evaluate("window.beats = 0; addEventListener('gnetics:tick', () => window.beats++)")
    page.clock.run_for(30_000)
    _wait(lambda: page.evaluate("window.beats") == 1, "no beat")
    _kill(served, _kernel(page))
    page.clock.run_for(30_000)
    expect(page.locator(BANNER)).to_contain_text("Session expirée")
    assert page.evaluate("window.beats") == 1


def test_a_server_started_again_asks_to_reload(page: Page, watch: Watch, tmp_path: Path, copy_of_demo: Callable[[], str]) -> None:
    watch.expected += [*AWAY, "404"]
    store = copy_of_demo()
    with serve(tmp_path / "first", database_url=store, pools="") as server:
        open_page(page, f"{server.url}voila/render/contacts.ipynb")
        port = server.url.rstrip("/").rsplit(":", 1)[1]
    assert page.evaluate(CHECK) == "silent"
    with serve(tmp_path / "second", database_url=store, pools="", port=port):
        assert page.evaluate(CHECK) == "expired"
        page.get_by_role("button", name="Recharger la page").click()
        page.wait_for_selector("[data-page=contacts]")
        assert page.evaluate(CHECK) == "alive"


def _kernel(page: Page) -> str:
    return str(page.evaluate("JSON.parse(document.getElementById('jupyter-config-data').textContent).kernelId"))


def _kill(served: Served, kernel: str) -> None:
    psutil.Process(served.kernel(kernel)).kill()
    # its command line goes first, its process number last: only then does the server see that it ended
    _wait(lambda: served.get(f"api/kernels/{kernel}").status == 404, "the kernel survived")


def _wait(done: Callable[[], bool], otherwise: str, seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, otherwise
        time.sleep(0.1)
