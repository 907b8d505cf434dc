"""Importing 100,000 leads from a file, against the bare reading and writing of the same file in the same run."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import pandas as pd
import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlalchemy import create_engine

from gnetics.domain.fields import BY_KEY
from gnetics.exchange.importer import import_workbook
from gnetics.settings import Settings
from gnetics.store.crm import create_crm
from tests.bench.leads import lead_rows
from tests.bench.report import Report

LEADS = 100_000
FIELDS = (
    "lead_id", "name", "company", "job_title", "email", "phone", "status", "source", "owner", "next_follow_up", "amount", "notes",
)  # fmt: skip
MEMORY = """
import re, sys
from pathlib import Path
from gnetics.exchange.importer import import_workbook
from gnetics.settings import Settings
from gnetics.store.crm import create_crm
import_workbook(create_crm(Settings(data_dir=Path(sys.argv[2])), "real"), "banc", Path(sys.argv[1]))
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024)
"""


def run(report: Report) -> None:
    with TemporaryDirectory(prefix="gnetics-bench-") as name:
        folder = Path(name)
        table, sheet = folder / "leads.csv", folder / "leads.xlsx"
        _write(table, sheet)
        bare = _seconds(lambda: _with_pandas(table, folder))
        report("read_csv_and_to_sql", bare, "s")
        taken = _import(report, "csv", table, folder)
        report("csv_to_read_csv_and_to_sql", taken / bare, "ratio", 8)
        reading = _seconds(lambda: CalamineWorkbook.from_path(sheet).get_sheet_by_index(0).to_python())
        report("calamine", reading, "s")
        report("xlsx_to_calamine_and_csv", _import(report, "xlsx", sheet, folder) / (reading + taken), "ratio", 1.5)
        place = folder / "memory"
        place.mkdir()
        peak = subprocess.run([sys.executable, "-c", MEMORY, table, place], capture_output=True, text=True, check=True)
        report("csv_memory", float(peak.stdout), "MB", 300 + 4 * table.stat().st_size / 2**20)


def _write(table: Path, sheet: Path) -> None:
    titles = [BY_KEY[key].label for key in FIELDS]
    rows = [[row[key] / 100 if key == "amount" and row[key] else row[key] for key in FIELDS] for row in lead_rows(LEADS)]
    with table.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerows([titles, *rows])
    with xlsxwriter.Workbook(sheet, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        page = book.add_worksheet("Leads")
        for line, row in enumerate([titles, *rows]):
            page.write_row(line, 0, row)


def _with_pandas(table: Path, folder: Path) -> None:
    engine = create_engine(f"sqlite:///{folder / 'bare.db'}")
    pd.read_csv(table, sep=";", dtype=str, keep_default_na=False).to_sql("leads", engine, index=False)
    engine.dispose()


def _import(report: Report, form: str, file: Path, folder: Path) -> float:
    """Seconds of the first import; a second one follows, which changes nothing."""
    place = folder / form
    place.mkdir()
    crm = create_crm(Settings(data_dir=place), "real")
    first = _seconds(lambda: import_workbook(crm, "banc", file))
    report(form, first, "s")
    report(f"{form}_again", _seconds(lambda: import_workbook(crm, "banc", file)), "s")
    crm.close()
    return first


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
