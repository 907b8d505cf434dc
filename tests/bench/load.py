"""A whole team at once: fifty people open a page within ten seconds, then work; what each holds of memory; plain Voilà beside."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TypeVar

import numpy as np
import psutil
from playwright.async_api import BrowserContext, Page, async_playwright

from gnetics import settings as settings_module
from tests.bench.leads import make_store
from tests.bench.report import Report
from tests.bench.served_app import PAGES, SCREEN, demo_url, plain_voila
from tests.bench.visitor import Refused, Visitor
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.served import Served, serve_afresh

PEOPLE, ARRIVALS = 50, 10  # over so many seconds
READING, WORK = 5, 60  # seconds between two clicks of a person, and of the whole
USABLE, MOVE = 30.0, 1000  # s, ms
MEMORY, MORE = 40, 35  # MB of a person with the demo, and what 100,000 leads may add
MANY = 100_000
MEGA = 1_000_000
T = TypeVar("T")


def run(report: Report) -> None:
    with TemporaryDirectory(prefix="gnetics-load-") as folder:
        place = Path(folder)
        make_store(place / "many.db", report.size(MANY)).close()
        demo, many = demo_url(place), f"sqlite:///{place / 'many.db'}"
        with _served(place, demo) as server:
            few = asyncio.run(_memory(report, server))
        with _served(place, many) as server:
            more = asyncio.run(_memory(report, server)) - few
        report("memory_of_a_person", few, "MB", MEMORY)
        report("memory_100k_over_demo", more, "MB", MORE)
        with _served(place, demo) as server:
            asyncio.run(_crowd(report, server, place))
        with plain_voila(place) as bare:
            asyncio.run(_plain(report, bare.removesuffix("voila/render/bare.ipynb")))


@contextmanager
def _served(folder: Path, url: str) -> Iterator[Served]:
    """With the pools of a server nobody configured."""
    with serve_afresh(folder / "log", database_url=url, user="Ana") as server:
        server.wait_for_kernels(sum(int(part.split("=")[1]) for part in settings_module.load({}).pools.split(",")))
        yield server


async def _memory(report: Report, server: Served) -> float:
    """Megabytes that are one person's alone, of five that have seen what a browser has made ahead: the largest."""
    people = [await Visitor.come(server.url, page) for page in islice(cycle(("accueil", "contacts", "dashboard")), report.size(5))]
    for person in people:
        await person.prepare()
    used: list[float] = [psutil.Process(server.kernel(person.kernel)).memory_full_info().uss / MEGA for person in people]
    for person in people:
        await person.leave()
    return max(used)


async def _crowd(report: Report, server: Served, folder: Path) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch_persistent_context(
            folder / "profile", executable_path=CHROMIUM, args=ARGUMENTS, locale="fr-FR", timezone_id="Europe/Paris", viewport=SCREEN
        )
        for _ in range(report.size(4)):  # keeps scripts compiled from the third visit on
            page, alone = await _open(browser, server.url)
            await page.close(run_before_unload=True)
        arrivals, people = report.size(ARRIVALS), report.size(PEOPLE, quick=2)
        coming = asyncio.create_task(_late(arrivals / 2, lambda: _open(browser, server.url)))
        there, seconds, refused = await _arrive(server.url, "accueil", people - 1, arrivals)
        page, among = await coming
        report("usable_last", max(seconds), "s", USABLE)
        report("usable_median", median(seconds), "s")
        report("refused", refused, "people", 0)
        report("browser_alone", alone, "s")
        report("browser_in_crowd", among, "s", USABLE)
        ahead = [asyncio.create_task(person.prepare()) for person in there]
        moving: list[Callable[[str], Awaitable[float]]] = [*(person.move for person in there), lambda key: _click(page, key)]
        clicks = await asyncio.gather(*(_work(move, report.size(WORK), report.size(READING)) for move in moving))
        await asyncio.gather(*ahead)
        moves = [1000 * each for person in clicks[:-1] for each in person]
        report("move_median", median(moves), "ms")
        report("move_p95", float(np.percentile(moves, 95)), "ms", MOVE)
        report("browser_move_p95", 1000 * float(np.percentile(clicks[-1], 95)), "ms", MOVE)
        await browser.close()


async def _plain(report: Report, address: str) -> None:
    _, seconds, refused = await _arrive(address, "bare", report.size(PEOPLE, quick=1), report.size(ARRIVALS))
    report("plain_usable_last", max(seconds), "s")
    report("plain_usable_median", median(seconds), "s")
    report("plain_refused", refused, "people")


async def _arrive(address: str, page: str, people: int, within: float) -> tuple[list[Visitor], list[float], int]:
    """Whoever has a page they can use, the seconds each waited for it, and how many got none."""

    async def come() -> tuple[Visitor, float]:
        start = time.perf_counter()
        return await Visitor.come(address, page), time.perf_counter() - start

    coming = [_late(within * turn / people, come) for turn in range(people)]
    came = await asyncio.gather(*coming, return_exceptions=True)
    there = [each for each in came if isinstance(each, tuple)]
    lost = [each for each in came if not isinstance(each, tuple)]
    for failure in lost:
        if not isinstance(failure, Refused | OSError | TimeoutError):
            raise failure
    return [person for person, _ in there], [seconds for _, seconds in there], len(lost)


async def _late(seconds: float, act: Callable[[], Awaitable[T]]) -> T:
    await asyncio.sleep(seconds)
    return await act()


async def _work(move: Callable[[str], Awaitable[float]], seconds: float, reading: float) -> list[float]:
    """A click every few seconds, each person at their own beat and from another page on, through all pages; the seconds of each."""
    end = time.perf_counter() + seconds
    await asyncio.sleep(reading * random.random())
    times: list[float] = []
    first = random.randrange(1, len(PAGES))  # they read Accueil
    for key in cycle(PAGES[first:] + PAGES[:first]):
        start = time.perf_counter()
        if start > end:
            return times
        times.append(await move(key))
        await asyncio.sleep(max(0, reading - (time.perf_counter() - start)))
    return times


async def _open(browser: BrowserContext, address: str) -> tuple[Page, float]:
    page = await browser.new_page()
    start = time.perf_counter()
    await page.goto(address, wait_until="commit")
    await page.wait_for_selector("[data-page=accueil] >> visible=true", timeout=120_000)
    return page, time.perf_counter() - start


async def _click(page: Page, key: str) -> float:
    start = time.perf_counter()
    await page.click(f'.g-nav a[href="{key}.ipynb"]')
    await page.wait_for_selector(f"[data-page={key}] >> visible=true", timeout=120_000)
    return time.perf_counter() - start
