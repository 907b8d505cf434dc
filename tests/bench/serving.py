"""Visitors in a hurry, and what each costs."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import psutil

from tests.bench.report import RATIO, Report, best
from tests.bench.served_app import chromium, demo_server
from tests.served import Served

PAGE = "voila/render/contacts.ipynb"
POOL = 2
MEGA = 1_000_000


def run(report: Report) -> None:
    series = 20 if report.soak else report.size(3)
    crowds = {visitors: median(_crowd(visitors) for _ in range(series)) for visitors in (1, POOL + 1, 6)}
    report("warm_page", 1000 * crowds[1], "ms", 300)
    report("third_of_three_on_two", 1000 * crowds[POOL + 1], "ms", 4000)
    report("slowest_of_six_on_two", 1000 * crowds[6], "ms", 8000)
    with TemporaryDirectory() as folder, demo_server(Path(folder), "") as server:
        cold = _slowest(server, 1)
        report("cold_page", 1000 * cold, "ms")
        report("third_to_cold", crowds[POOL + 1] / cold, RATIO, 2)
        report("health", 1000 * best(lambda: server.get("sante")), "ms", 50)
        report("memory_of_a_page", max(psutil.Process(pid).memory_full_info().uss for pid in server.kernels()) / MEGA, "MB", 150)
        report("first_visit", _received(server, Path(folder)) / MEGA, "MB", 2.5)


def _crowd(visitors: int) -> float:
    """Seconds until the last of several visitors who come at once, on two warm kernels, has the page."""
    with TemporaryDirectory() as folder, demo_server(Path(folder), f"contacts={POOL}") as server:
        server.wait_until_warm(POOL)
        return _slowest(server, visitors)


def _slowest(server: Served, visitors: int) -> float:
    def visit(_: int) -> float:
        start = time.perf_counter()
        assert server.get(PAGE).status == 200
        return time.perf_counter() - start

    with ThreadPoolExecutor(visitors) as crowd:
        return max(crowd.map(visit, range(visitors)))


def _received(server: Served, folder: Path) -> float:
    """Bytes that a browser without any cache receives for a page."""
    with chromium(folder / "profile") as browser:
        page = browser.new_page()
        tools = browser.new_cdp_session(page)
        sizes: list[float] = []
        tools.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
        tools.send("Network.enable")
        page.goto(server.url)
        page.wait_for_selector("[data-page=accueil] >> visible=true")
        page.close(run_before_unload=True)
        return sum(sizes)
