"""Duplicates at 100,000 leads: the whole base, and one lead being typed."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from gnetics.metrics.duplicates import pairs
from gnetics.pages.contacts.duplicate_notes import while_typing
from gnetics.store.crm import Crm
from gnetics.store.duplicates import settle_all_pairs
from tests.bench.leads import make_store
from tests.bench.report import Report

LEADS = 100_000
TYPED = (
    {"name": "Camille Martin"},
    {"email": "camille.martin@groupe7.fr"},
    {"phone": "06 12 34 56 78"},
    {"name": "Zoé Béranger", "email": "zoe@banc.fr"},
)


def run(report: Report) -> None:
    with TemporaryDirectory(prefix="gnetics-bench-") as name:
        crm = make_store(Path(name) / "many.db", report.size(LEADS))
        report("near_spellings_kept", _settle(crm), "s")
        report("scan", _scan(crm), "s", 10)
        report("one_lead", _one(crm), "ms", 20)
        crm.close()


def _settle(crm: Crm) -> float:
    """What an import of them all takes to find the near spellings that the store keeps."""
    start = perf_counter()
    with crm.engine.begin() as connection:
        settle_all_pairs(connection)
    return perf_counter() - start


def _scan(crm: Crm) -> float:
    """As `gnetics duplicates` does it, from the closed store to the pairs."""
    start = perf_counter()
    snapshot = crm.snapshot()
    pairs(snapshot.real, snapshot.pairs)
    return perf_counter() - start


def _one(crm: Crm) -> float:
    snapshot = crm.snapshot()
    times = []
    for changes in TYPED * 5:
        start = perf_counter()
        while_typing(snapshot, {}, changes, crm.region)
        times.append(1_000 * (perf_counter() - start))
    return median(times)
