"""Import of a workbook: every row is taken, counted as blank, or reported with its line and the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select

from gnetics.actions.imports import import_rows
from gnetics.domain.leads import title
from gnetics.domain.regions import Region
from gnetics.errors import UnreadableFile
from gnetics.exchange import lead_rows, other_rows, workbook
from gnetics.exchange.lead_rows import LeadRows
from gnetics.exchange.reading import SheetReading
from gnetics.exchange.report import Problem, Report, SheetReport
from gnetics.exchange.sheets import Layout, recognise
from gnetics.exchange.workbook import Workbook
from gnetics.store.crm import Crm
from gnetics.store.schema import VERSIONED, leads
from gnetics.store.unit_of_work import UnitOfWork

Progress = Callable[[int, int], None]
EVERY = 500  # rows between two calls of the progress
_ORDER = ("leads", "events", "messages", "runs", "history")  # the others name leads


def import_workbook(
    crm: Crm,
    user: str,
    source: bytes | Path | str,
    filename: str = "",
    dry_run: bool = False,
    progress: Progress | None = None,
    shift_days: int = 0,
) -> Report:
    """Take a workbook into the store in one transaction; `dry_run` does the same and undoes it.

    Raises UnreadableFile when nothing can be read of the file, and Forbidden. `progress(done, total)` counts rows read, then written.
    """
    crm.require(user, "import")
    book = workbook.read(source, filename)
    report = Report(filename if isinstance(source, bytes) else filename or Path(source).name, dry_run)
    layouts = _layouts(book, crm.region, report)
    steps = _Steps(2 * sum(len(layout.sheet.rows) - layout.header_at - 1 for layout in layouts), progress)
    # reading takes most of the time, so it is done before the store is held
    sheets = [_read(layout, crm.region, book.from_text, shift_days, steps, report) for layout in layouts]
    with crm.write(user, "import") as uow:
        for sheet in sorted(sheets, key=lambda sheet: _ORDER.index(sheet.kind)):
            _write(sheet, uow, steps)
        if not dry_run:
            uow.settle_scores()  # the rows brought decided leads, which say what their sources are worth
            uow.commit()
    for sheet in sheets:
        report.problems += sheet.reading.problems
    steps.end()
    return report


class _Steps:
    """One count over the whole import, told from time to time."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.done = 0
        self._total, self._progress = total, progress

    def __call__(self) -> None:
        self.done += 1
        if self._progress and self.done % EVERY == 0:
            self._progress(self.done, self._total)

    def add(self, start: int, done: int) -> None:
        self.done = start + done
        if self._progress:
            self._progress(min(self.done, self._total), self._total)

    def end(self) -> None:
        self.add(self._total, 0)


@dataclass(frozen=True)
class _SheetRows:
    reading: SheetReading
    rows: LeadRows | list[dict[str, Any]]

    @property
    def kind(self) -> str:
        return self.reading.layout.table.kind


def _layouts(book: Workbook, region: Region, report: Report) -> list[Layout]:
    found = []
    for sheet in book.sheets:
        layout = recognise(sheet, region)
        report.sheets.append(SheetReport(sheet.name, layout.table.kind if layout else ""))
        if layout:
            found.append(layout)
        else:
            reason = "Feuille non reconnue à son nom ni à ses titres de colonnes\u00a0: elle n’est pas importée."
            report.problems.append(Problem(sheet.name, 0, "", "", reason))
    if not found:
        headers = [str(cell).strip() for cell in book.sheets[0].rows[0][1] if cell is not None][:6]
        seen = f" Titres lus\u00a0: {', '.join(header[:30] for header in headers)}." if headers else ""
        advice = "donnez à la première ligne des titres comme ID Lead, Nom, Entreprise, Email"
        raise UnreadableFile(f"Aucune colonne d’identité n’est reconnue\u00a0: {advice}.{seen}")
    return found


def _read(layout: Layout, region: Region, from_text: bool, shift_days: int, steps: _Steps, report: Report) -> _SheetRows:
    own = next(each for each in report.sheets if each.name == layout.sheet.name)
    reading = SheetReading(layout, region, from_text, own)
    if layout.table.kind == "leads":
        return _SheetRows(reading, lead_rows.read(reading, shift_days, steps))
    return _SheetRows(reading, other_rows.read(reading, shift_days, steps))


def _write(sheet: _SheetRows, uow: UnitOfWork, steps: _Steps) -> None:
    report, start = sheet.reading.report, steps.done
    if isinstance(sheet.rows, LeadRows):
        rows, known = lead_rows.to_write(sheet.rows, uow.connection)
        report.unchanged += known
        _give("leads", rows, sheet, uow, steps)
    elif sheet.kind == "history":
        _link(sheet, uow)
        uow.add_history(other_rows.history_lines(sheet.reading, sheet.rows, uow))
    else:
        _link(sheet, uow)
        _write_others(sheet.rows, sheet, uow, steps)
    steps.add(start, report.rows)


def _give(table: str, rows: list[dict[str, Any]], sheet: _SheetRows, uow: UnitOfWork, steps: _Steps) -> list[int]:
    start = steps.done
    done = import_rows(uow, table, rows, lambda count, _: steps.add(start, count))
    report = sheet.reading.report
    report.taken += done.inserted
    report.updated += done.updated
    report.unchanged += done.unchanged
    return done.keys


def _link(sheet: _SheetRows, uow: UnitOfWork) -> None:
    """Give rows the key of their lead, and runs the name of theirs."""
    assert not isinstance(sheet.rows, LeadRows)
    stored = uow.connection.execute(
        select(leads.c.lead_id, leads.c.key, leads.c.name, leads.c.company, leads.c.email).where(
            leads.c.lead_id.is_not(None), ~leads.c.deleted
        )
    ).mappings()
    known = {row["lead_id"]: row for row in stored}
    other_rows.resolve_leads(sheet.reading, sheet.rows, {lead_id: row["key"] for lead_id, row in known.items()})
    if sheet.kind == "runs":
        titles = {row["key"]: title(dict(row)) for row in known.values()}
        for row in sheet.rows:
            if row["lead_key"] is not None:
                row.setdefault("lead_label", titles[row["lead_key"]])


def _write_others(rows: list[dict[str, Any]], sheet: _SheetRows, uow: UnitOfWork, steps: _Steps) -> None:
    identity = other_rows.IDENTITY[sheet.kind]
    table = VERSIONED[sheet.kind]
    known = set(uow.connection.execute(select(table.c[identity])).scalars())
    # a row we numbered ourselves is unchanged in the file by definition; what people did to it since is kept
    new = [row for row in rows if not (row[identity].startswith("import-") and row[identity] in known)]
    sheet.reading.report.unchanged += len(rows) - len(new)
    retries = {row[identity]: row.pop("retry_of") for row in new if "retry_of" in row}
    _give(sheet.kind, [{key: value for key, value in row.items() if key != "line"} for row in new], sheet, uow, steps)
    if retries:
        numbers: dict[str, int] = {row[0]: row[1] for row in uow.connection.execute(select(table.c[identity], table.c.key))}
        links = [{identity: own, "retry_of": numbers[other]} for own, other in retries.items() if other in numbers]
        import_rows(uow, sheet.kind, links)
