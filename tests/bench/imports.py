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
from gnetics.imports.importer import import_workbook
from gnetics.imports.workbook import LARGEST_FILE
from gnetics.settings import Settings
from gnetics.store.crm import create_crm
from tests.bench.leads import NOTE, lead_rows
from tests.bench.report import Report

LEADS, MANY = 100_000, 1_000_000
LONGEST_ROW = 300  # bytes, without its notes
FIELDS = (
    "lead_id", "name", "company", "job_title", "email", "phone", "status", "source", "owner", "next_follow_up", "amount", "notes",
)  # fmt: skip
MEMORY = """
import re, sys
from pathlib import Path
from gnetics.imports.importer import import_workbook
from gnetics.settings import Settings
from gnetics.store.crm import create_crm
crm = create_crm(Settings(data_dir=Path(sys.argv[2])), "real")
for _ in range(int(sys.argv[3])):
    import_workbook(crm, "banc", Path(sys.argv[1]))
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024)
"""


def run(report: Report) -> None:
    with TemporaryDirectory(prefix="gnetics-bench-") as name:
        folder = Path(name)
        table, sheet = folder / "leads.csv", folder / "leads.xlsx"
        _write(table, sheet, report.size(LEADS))
        bare = _seconds(lambda: _with_pandas(table, folder))
        report("read_csv_and_to_sql", bare, "s")
        taken = _import(report, "csv", table, folder)
        report("csv_to_read_csv_and_to_sql", taken / bare, "ratio", 8)
        reading = _seconds(lambda: CalamineWorkbook.from_path(sheet).get_sheet_by_index(0).to_python())
        report("calamine", reading, "s")
        report("xlsx_to_calamine_and_csv", _import(report, "xlsx", sheet, folder) / (reading + taken), "ratio", 1.5)
        _memory(report, "csv", table)
        if report.soak:
            _memory(report, "million_again", _without_ids(folder / "million.csv", MANY), turns=2)
            _memory(report, "largest", _without_ids(folder / "largest.csv", LEADS, LARGEST_FILE))


def _write(table: Path, sheet: Path, leads: int) -> None:
    titles = [BY_KEY[key].label for key in FIELDS]
    rows = [[row[key] / 100 if key == "amount" and row[key] else row[key] for key in FIELDS] for row in lead_rows(leads)]
    with table.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerows([titles, *rows])
    with xlsxwriter.Workbook(sheet, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        page = book.add_worksheet("Leads")
        for line, row in enumerate([titles, *rows]):
            page.write_row(line, 0, row)


def _without_ids(table: Path, count: int, size: int = 0) -> Path:
    """A file of `count` leads, each one recognised by its content alone; long notes make it of `size` bytes, but for a few."""
    keys = FIELDS[1:]
    with table.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow([BY_KEY[key].label for key in keys])
        for seed in range(1, 1 + count // LEADS):
            for number, row in enumerate(lead_rows(LEADS, seed), 1):
                values = {key: row[key] for key in keys} | {"amount": row["amount"] and row["amount"] / 100}
                if size:
                    room = size * number // count - file.tell() - LONGEST_ROW
                    values["notes"] = (f"{NOTE} " * (room // len(NOTE)))[: max(0, room)]
                writer.writerow(values.values())
    return table


def _memory(report: Report, name: str, table: Path, turns: int = 1) -> None:
    """The most memory that importing the file so many times took, in a process of its own."""
    place = table.with_suffix("")
    place.mkdir(exist_ok=True)
    start = perf_counter()
    peak = subprocess.run([sys.executable, "-c", MEMORY, table, place, str(turns)], capture_output=True, text=True, check=True)
    report(f"{name}_memory", float(peak.stdout), "MB", 300 + 4 * table.stat().st_size / 2**20)
    report(f"{name}_alone", perf_counter() - start, "s")


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
    again = _seconds(lambda: import_workbook(crm, "banc", file))
    report(f"{form}_again", again, "s")
    report(f"{form}_again_to_first", again / first, "ratio")
    crm.close()
    return first


def _seconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return perf_counter() - start
