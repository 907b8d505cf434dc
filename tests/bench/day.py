"""A day of tabs opened and closed, two thousand with `--soak`: what they leave behind in memory, open files and kernels."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from tests.bench.report import RATIO, Report
from tests.bench.served_app import PAGES, demo_server
from tests.bench.visitor import Visitor
from tests.served import Served

POOLS = {"accueil": 2, "dashboard": 1, "contacts": 1}
AT_ONCE = 4  # people
SHORT, LONG = (250, 400), (250, 2000)  # visits until all has been used once, and in all
FLAT = 1.05
GONE = 5  # seconds from the closing of a tab to the end of its kernel
REFRESH, SAVE, READ = 3, 5, 20  # every so many visitors
MEGA = 1_000_000
TABLE = {"rows", "picked", "outcome"}  # traits that only the contacts' table has


def run(report: Report) -> None:
    pools = ",".join(f"{page}={count}" for page, count in POOLS.items())
    with TemporaryDirectory(prefix="gnetics-day-") as folder, demo_server(Path(folder), pools) as server:
        asyncio.run(_day(report, server, *(LONG if report.soak else map(report.size, SHORT))))


async def _day(report: Report, server: Served, early: int, visits: int) -> None:
    await _visits(server, range(early))
    before = await _left(report, server)
    start = time.perf_counter()
    closings = await _visits(server, range(early, visits))
    report("visit", (time.perf_counter() - start) / len(closings), "s")
    after = await _left(report, server)
    for name, value in after.items():
        report(name, value, "files" if name.endswith("files") else "MB")
        report(f"{name}_growth", value / before[name], RATIO, FLAT)
    report("closing_worst", max(closings), "s", GONE)
    report("kernels_to_pools", len(server.kernels()) / sum(POOLS.values()), RATIO, 1)


async def _visits(server: Served, numbers: range) -> list[float]:
    """Those visits, several at a time; the seconds that each kernel took to end."""
    todo = iter(numbers)

    async def one_after_another() -> list[float]:
        return [await _visit(server, number) for number in todo]

    people = await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))
    return [seconds for person in people for seconds in person]


async def _visit(server: Served, number: int) -> float:
    person = await Visitor.come(server.url, list(POOLS)[number % len(POOLS)])
    kernel = psutil.Process(server.kernel(person.kernel))
    if number % READ == 0:
        await person.prepare()
    for step in (0, 3):
        await person.move(PAGES[(number + step) % len(PAGES)])
    if number % SAVE == 0:
        await _save(person, f"Poste {number}")
    if number % REFRESH == 0:
        await person.send("refresh", {})
    start = time.perf_counter()
    await person.leave()
    while kernel.is_running() and time.perf_counter() < start + 2 * GONE:
        await asyncio.sleep(0.05)
    return time.perf_counter() - start


async def _save(person: Visitor, text: str) -> None:
    """Type another job title in the first row of the contacts."""
    await person.move("contacts", vue="table")
    table = next(name for name, traits in person.models.items() if traits.keys() >= TABLE)
    row = person.models[table]["rows"][0]
    await person.send("edit", {"ref": row["ref"], "field": "job_title", "text": text}, table)
    assert person.models[table]["outcome"]["sentence"] == ""


async def _left(report: Report, server: Served) -> dict[str, float]:
    """Megabytes and open files once nobody is there, and all of the pools is forked from the store as it is now."""
    for page, count in POOLS.items():
        for _ in range(count):
            await (await Visitor.come(server.url, page)).leave()
    serving = psutil.Process(server.process.pid)
    end = time.monotonic() + 60
    while (len(server.kernels()) != sum(POOLS.values()) or not _workers(serving)) and time.monotonic() < end:
        await asyncio.sleep(0.1)
    await asyncio.sleep(report.size(5))  # until the last of them has built its page
    kernels = server.kernels()
    (worker,) = _workers(serving)
    parents = [child for child in serving.children() if child.pid not in kernels and child != worker]
    return {
        "server": serving.memory_full_info().uss / MEGA,
        "worker": worker.memory_full_info().uss / MEGA,
        # together, each with its part of what it shares: a parent that reads the store anew shares less with the kernels it had
        "kernels": sum(each.memory_full_info().pss for each in [*parents, *map(psutil.Process, kernels)]) / MEGA,
        "server_files": serving.num_fds(),
        "parents_files": sum(parent.num_fds() for parent in parents),
    }


def _workers(serving: psutil.Process) -> list[psutil.Process]:
    """The worker, once it is started: a while after the server, so that the first pages come first."""
    found = []
    for child in serving.children():
        with suppress(psutil.NoSuchProcess):  # it ended meanwhile
            if "worker" in child.cmdline():
                found.append(child)
    return found
