"""A user's script over the package passes mypy's strictest reading."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import gnetics
from tests.served import ROOT

SCRIPT = """
import datetime as dt
import gnetics

crm = gnetics.open_crm(as_user="Ana")
leads = crm.leads
total: float = leads["amount"].sum()
figure = crm.figures.conversion()
print(float(figure), figure.n, figure.left_out, figure.definition.formula, figure.leads.columns)
table = crm.figures.won_amount(by=("source", "owner"))
print(table.frame.head(), table["Salon", "Ana"].value, crm.figures.pipeline(at="month_end").frame)
print(crm.as_of(dt.date(2026, 10, 31)).figures.pipeline(), crm.period("12m").figures.created())
print(crm.figures.forecast("2027Q1", interval=0.9).low, crm.figures.quiet(days=30), crm.figures.cohorts().heatmap())
crm.export(crm.sql("select 1"), "x.xlsx")
with crm.writing("Ana") as writing:
    lot = writing.tag(leads.index, "salon")
lot.undo()
"""


def test_the_package_says_that_it_is_typed() -> None:
    assert Path(gnetics.__file__).with_name("py.typed").is_file()


@pytest.mark.soak
def test_a_script_of_a_user_is_strictly_typed(tmp_path: Path) -> None:
    (tmp_path / "script.py").write_text(SCRIPT, "utf-8")
    found = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--follow-imports=silent", "script.py"],
        cwd=tmp_path,
        env={"MYPYPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
    )
    assert found.returncode == 0, found.stdout + found.stderr
