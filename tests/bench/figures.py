"""All figures of both pages: recomputed in the kernel, beside DuckDB, then awaited in the browser when the period changes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

import duckdb

from gnetics.metrics.board import board
from gnetics.metrics.earlier import frames_on
from gnetics.metrics.frames import GivenFrames
from gnetics.metrics.window import Window
from tests.bench.browsing import TURNS, opened, waited
from tests.bench.crowd import crowd
from tests.bench.leads import make_store
from tests.bench.report import Report, best

TODAY = date(2026, 11, 24)
EARLIER = date(2026, 10, 31)
ZONE = ZoneInfo("Europe/Paris")
SIZES = {"10k": 10_000, "100k": 100_000, "1m": 1_000_000}
# the aggregates that every block rests on, in the words of another engine, over the same frames
AGGREGATES = (
    "SELECT status, count(*), sum(amount), sum(amount * probability / 100), median(today() - status_since) FROM leads GROUP BY 1",
    "SELECT source_fold, count(*), sum(amount) FILTER (WHERE status = 'Clos'), sum((status = 'Clos')::INT) FROM leads GROUP BY 1",
    "SELECT date_trunc('month', expected_close), sum(amount * coalesce(probability, 50) / 100) FROM leads GROUP BY 1",
    "SELECT owner, count(*), count(*) FILTER (WHERE status = 'Clos'), median(closed_at - created_at) FROM leads GROUP BY 1",
    "SELECT status, min(score), median(score), avg(score), max(score) FROM leads GROUP BY 1",
    "SELECT count(*) FROM leads WHERE next_follow_up <= today() OR last_contact IS NULL",
    "SELECT email_fold FROM leads GROUP BY 1 HAVING count(*) > 1",
    "SELECT phone_e164 FROM leads GROUP BY 1 HAVING count(*) > 1",
    "SELECT name_fold, company_fold FROM leads GROUP BY 1, 2 HAVING count(*) > 1",
    "SELECT lead_key, min(m.at) FILTER (WHERE direction = 'envoyé'), max(m.at) FROM messages AS m GROUP BY 1",
    "SELECT entity_key, arg_min(j.before, j.at) FROM journal AS j WHERE field = 'status' GROUP BY 1",
)


def _duckdb(frames: GivenFrames) -> Callable[[], object]:
    """The aggregates over tables that DuckDB already holds, as a pandas frame is already held by the kernel."""
    database = duckdb.connect()
    for name in ("leads", "messages", "journal"):
        database.register("frame", getattr(frames, name).reset_index())
        database.execute(f"CREATE TABLE {name} AS SELECT * FROM frame")
    return lambda: [database.sql(query).to_arrow_table() for query in AGGREGATES]


def run(report: Report) -> None:
    kernel = {}
    for name, size in SIZES.items():
        frames = crowd(report.size(size), TODAY)
        kernel[name] = best(partial(board, frames, TODAY, ZONE, Window.last(30, TODAY)))
        report(f"all_{name}", 1000 * kernel[name], "ms", 300 if name == "100k" else None)
        report(f"duckdb_{name}", 1000 * best(_duckdb(frames)), "ms")
        if name == "100k":
            report("earlier_day_100k", 1000 * best(partial(frames_on, frames, frames.journal, EARLIER, TODAY, ZONE)), "ms")
    report("growth_10k_to_100k", kernel["100k"] / kernel["10k"] / 10, "ratio", 1.5)
    report("growth_100k_to_1m", kernel["1m"] / kernel["100k"] / 10, "ratio", 1.5)
    with TemporaryDirectory(prefix="gnetics-bench-") as folder:
        _periods(report, Path(folder))


def _periods(report: Report, folder: Path) -> None:
    """From the choice of a period to the last change of the charts; each period is new to the kernel the first time."""
    make_store(folder / "many.db", report.size(SIZES["100k"])).close()
    with opened(report, f"sqlite:///{folder / 'many.db'}", folder, "dashboard") as (_, _, page):
        keys = {"30j": "30 jours", "90j": "90 jours", "mois": "ce mois-ci", "trimestre": "ce trimestre", "annee": "cette année"}
        turns = []
        for key, words in keys.items():
            act = f"const box = document.querySelector('.g-board-bar select'); box.value = '{key}'; box.dispatchEvent(new Event('change'));"
            ready = f"return document.querySelector('[data-block=kpis] .g-block-read').textContent.includes('{words}');"
            turns.append((act, ready))
        report("period_to_charts_100k", waited(report, page, turns), "ms", 300)
        report("period_again_100k", waited(report, page, turns * (TURNS // len(turns) + 1)), "ms", 300)
