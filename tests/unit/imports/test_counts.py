"""The sentence that says what became of a file: of what its rows are, and only of what there is."""

from __future__ import annotations

import pytest

from gnetics.imports.counts import told
from gnetics.imports.report import Problem, Report, SheetReport

PROBLEM = Problem("Leads", 2, "Email", "x", "")


def report(*sheets: SheetReport, problems: int = 0, dry_run: bool = False) -> Report:
    return Report("a.csv", dry_run, list(sheets), [PROBLEM] * problems)


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (
            report(SheetReport("L", "leads", taken=5, set_aside=1), SheetReport("E", "events", taken=3), problems=4),
            "4 contacts et 3 événements ajoutés, 1 ligne écartée, 4 remarques",
        ),
        (report(SheetReport("L", "leads", taken=1, updated=2, unchanged=1)), "1 contact ajouté, 2 contacts mis à jour, 1 contact inchangé"),
        (
            report(SheetReport("A", "leads", taken=2), SheetReport("B", "leads", taken=2, refused=2)),
            "4 contacts ajoutés, 2 lignes refusées",
        ),
        (report(SheetReport("R", "runs", taken=2), SheetReport("X", "", rows=9)), "2 automatisations ajoutées"),
        (report(SheetReport("L", "leads", taken=1, updated=1), dry_run=True), "1 contact à ajouter, 1 contact à mettre à jour"),
        (report(SheetReport("L", "leads", taken=1200, skipped=1)), "1\u202f200 contacts ajoutés, 1 contact laissé de côté"),
        (report(SheetReport("L", "leads", blank=3)), "aucune ligne"),
    ],
)
def test_the_sentence_counts_what_came_as_what_it_is(made: Report, expected: str) -> None:
    assert told(made).replace("\u00a0", " ") == expected
