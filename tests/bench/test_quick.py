"""Every bench still runs to its end; in small sizes, so what it measures is not looked at."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from gnetics.metrics.board import board
from gnetics.metrics.window import Window
from tests.bench.__main__ import AREAS
from tests.bench.crowd import crowd
from tests.served import ROOT

AT_ONCE = 4  # a bench waits more than it works
SERVED = {"figures", "analysis", "page", "contacts", "calendar", "mail", "serving", "load", "day"}  # with a browser: a minute together
Runs = dict[str, Future[subprocess.CompletedProcess[str]]]


def _run(area: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "tests.bench", "--quick", area], cwd=ROOT, capture_output=True, text=True)


@pytest.fixture(scope="module")
def runs() -> Iterator[Runs]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {area: pool.submit(_run, area) for area in SERVED}


@pytest.mark.soak
@pytest.mark.parametrize("area", sorted(SERVED))
def test_a_bench_with_a_browser_runs_to_its_end(runs: Runs, area: str) -> None:
    _ended(area, runs[area].result())


@pytest.mark.parametrize("area", [area for area in AREAS if area not in SERVED])
def test_a_bench_runs_to_its_end(area: str) -> None:
    _ended(area, _run(area))


def _ended(area: str, run: subprocess.CompletedProcess[str]) -> None:
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"{area}." in run.stdout


def test_the_crowd_of_the_figures_has_all_that_they_read() -> None:
    made = board(crowd(50, date(2026, 11, 24)), date(2026, 11, 24), ZoneInfo("Europe/Paris"), Window.last(30, date(2026, 11, 24)))
    assert made.kpis.contacts.numerator and all(each.figure.population for each in made.quality.findings)
