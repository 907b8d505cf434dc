"""Import of a workbook: every row is taken, counted as blank, or reported with its line and the reason.

A file is read, its sheets recognised (plan.py), their rows read (sheet_rows.py), then written (lead_writing.py, other_writing.py).
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from gnetics.actions.import_columns import remember
from gnetics.actions.imports import Trace
from gnetics.actions.past_imports import note
from gnetics.domain import values
from gnetics.domain.accesses import WORKER
from gnetics.domain.rights import Verb
from gnetics.errors import UnreadableFile
from gnetics.imports import text_file, workbook
from gnetics.imports.examples import show_examples
from gnetics.imports.lead_writing import LeadWriting
from gnetics.imports.other_writing import OtherWriting
from gnetics.imports.plan import EVERYTHING, Asked, ColumnsNeeded, Plan, plan_of, planned
from gnetics.imports.refused import refused_workbook
from gnetics.imports.report import Problem, Report
from gnetics.imports.sheet_rows import SheetRows, read
from gnetics.imports.spool import Spool
from gnetics.imports.steps import Progress, Steps
from gnetics.store.access_log import place_of
from gnetics.store.crm import Crm
from gnetics.store.unit_of_work import UnitOfWork

_NO_SOURCE = "Une source relue régulièrement n’est pas un calendrier (.ics)\u00a0: importez-le par «\u00a0Importer\u00a0» sur Contacts."
_ORDER = ("leads", "events", "messages", "runs", "history")  # the others name leads


@contextmanager
def _without_collector() -> Iterator[None]:
    """Rows by the thousand are no cycles: looking for some among them takes a tenth of an import."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


@_without_collector()
def import_workbook(
    crm: Crm,
    user: str,
    source: bytes | Path | str,
    filename: str = "",
    dry_run: bool = False,
    progress: Progress | None = None,
    shift_days: int = 0,
    asked: Asked = EVERYTHING,
) -> Report:
    """Take a workbook into the store in one transaction; `dry_run` does the same and undoes it.

    Raises UnreadableFile when nothing can be read of the file, and Forbidden. `progress(done, total)` counts rows read, then
    written; whatever it raises leaves the store as it was.
    """
    crm.require(user, Verb.IMPORT)
    data, filename = (source, filename) if isinstance(source, bytes) else (workbook.bytes_of(Path(source)), filename or Path(source).name)
    if text_file.is_calendar(data):
        if not asked.over_edits:  # the history does not tell who set the clock of an event, so neither who may be written over
            raise UnreadableFile(_NO_SOURCE)
        from gnetics.imports.ics.importer import import_calendar  # 70 ms of whoever imports one, not of each kernel

        return import_calendar(crm, user, data, filename, dry_run, progress, asked.mode)
    book = workbook.read(data, filename, crm.settings.import_workbook_mb)
    report = Report(values.clean(filename), dry_run)
    report.problems += [Problem(book.sheets[0].name, line, "", "", reason) for line, reason in book.told]
    with crm.read() as connection:
        plan = plan_of(book, connection, crm.region, asked, report)
    steps = Steps(2 * plan.rows, progress)
    sheets = read(plan, crm.region, book.from_text, shift_days, steps)
    if dry_run:
        show_examples(report, sheets, crm.region)
    with crm.write(user, Verb.IMPORT) as uow:
        traces = _write(uow, plan, sheets, steps)
        report.kept = sum(trace.kept for trace in traces.values())
        if not dry_run:
            uow.settle_sources()  # the rows brought decided leads, which say what their sources are worth
            report.number = note(uow, report.filename, report.refused, traces, place_of(crm) if asked.over_edits else WORKER)
            _remember(uow, asked, report)
            uow.commit()
    for sheet in sheets:
        report.problems += sheet.reading.problems
    steps.end()
    return report


def _write(uow: UnitOfWork, plan: Plan, sheets: list[SheetRows], steps: Steps) -> dict[str, Trace]:
    """What was written, by table: all that undoing the import needs."""
    leads = LeadWriting(uow, plan, steps)
    others = OtherWriting(uow, plan, steps, leads.aliases)
    for sheet in sorted(sheets, key=lambda sheet: _ORDER.index(sheet.kind)):
        start = steps.done
        if isinstance(sheet.rows, Spool):
            leads.take(sheet.reading, sheet.rows, sheet.named)
        else:
            others.take(sheet.kind, sheet.reading, sheet.rows)
        steps.add(start, sheet.reading.report.rows)
    return {"leads": leads.trace, **others.traces}


def what_it_has(crm: Crm, source: bytes | Path, filename: str) -> Report:
    """The sheets of a file and their columns; no row of it is read."""
    book, report = workbook.read(source, filename, crm.settings.import_workbook_mb), Report(filename, True)
    with crm.read() as connection:
        try:
            plan_of(book, connection, crm.region, EVERYTHING, report)
        except ColumnsNeeded as needed:
            report.columns = needed.columns
    return report


def refused_rows(crm: Crm, source: bytes | Path, filename: str, asked: Asked, report: Report) -> bytes:
    """The rows that the import of this file refused, as a workbook to correct and import again."""
    _, plan = planned(crm, source, filename, asked)
    by_name = {layout.sheet.name: layout for layout in plan.layouts}
    return refused_workbook(by_name, {sheet.name: sheet.refusals for sheet in report.sheets})


def _remember(uow: UnitOfWork, asked: Asked, report: Report) -> None:
    """By the titles of each sheet, as they are asked for again."""
    for sheet in {column.sheet for column in report.columns}:
        names = [column.name for column in report.columns if column.sheet == sheet]
        if asked.columns:
            remember(uow, names, "columns", asked.columns)
        if asked.statuses:
            remember(uow, names, "statuses", asked.statuses)
        if asked.dates:
            remember(uow, names, "dates", asked.dates)
