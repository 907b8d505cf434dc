"""Rules over 100,000 leads: one that finds little, a preview of one that finds all, what 10,000 things that happened make of them."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from gnetics.automations.book import book
from gnetics.automations.deciding import decide
from gnetics.automations.switching import enable
from gnetics.automations.trying import preview
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.store.crm import Crm
from gnetics.store.duplicates import chunks
from tests.bench.leads import make_store
from tests.bench.report import Report

LEADS, HAPPENED, TOGETHER = 100_000, 10_000, 10
FINDING_FEW = '[rules.peu]\ntitle = "Peu"\ndeed = "modifier"\ndue = "last_contact"\nlate_days = 3650\n' + (
    '[rules.peu.where]\namount = ">= 99999999"\n[rules.peu.changes]\ntags = "vu"\n'
)


def run(report: Report) -> None:
    with TemporaryDirectory() as folder, closing(make_store(Path(folder) / "bench.db", report.size(LEADS, quick=500))) as made:
        crm = replace(made, trusted=True, settings=replace(made.settings, data_dir=Path(folder)))
        (Path(folder) / "automations.toml").write_text(FINDING_FEW, "utf-8")
        enable(crm, "", "peu", existing=True)
        _settle(crm)
        report("rule_over_all", _seconds(lambda: decide(crm, book(crm))), "s", 1)
        report("preview_of_all", _seconds(lambda: preview(crm, "sans-nouvelles")), "s", 1)
        for name in ("doublons", "email-a-corriger", "premier-contact"):
            enable(crm, "", name)
        _settle(crm)
        _happen(crm, report.size(HAPPENED, quick=50))
        report("things_that_happened", _seconds(lambda: decide(crm, book(crm))), "s", 5)


def _seconds(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def _settle(crm: Crm) -> None:
    decide(crm, book(crm))


def _happen(crm: Crm, count: int) -> None:
    """So many leads change, a few a transaction."""
    day = crm.clock.today() + timedelta(days=3)
    for some in chunks(range(1, count + 1), TOGETHER):
        with crm.write("", Verb.SAVE_LEAD) as uow:
            changes = [
                (row, {"next_follow_up": day, "email": None if key % 10 == 0 else f"c{key}@client.example"})
                for key, row in uow.rows("leads", some).items()
            ]
            uow.update_many("leads", changes, Action.CHANGED)
            uow.commit()
