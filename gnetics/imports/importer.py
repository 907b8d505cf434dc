"""Import of a workbook: every row is taken, counted as blank, or reported with its line and the reason."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import Connection, select

from gnetics.actions.import_columns import remember, remembered
from gnetics.actions.imports import Trace, came_back, import_rows, write_rows
from gnetics.actions.past_imports import note
from gnetics.domain import values
from gnetics.domain.fields import BY_KEY
from gnetics.domain.folding import fold
from gnetics.domain.leads import title
from gnetics.domain.regions import Region
from gnetics.domain.sheets import LEADS
from gnetics.errors import UnreadableFile
from gnetics.imports import cells, lead_rows, other_rows, workbook
from gnetics.imports.layouts import Layout, choose, column_names, has_identity, likely_header, recognise, with_our_numbers
from gnetics.imports.lead_rows import Identity, LeadRow, StoreRow
from gnetics.imports.matching import StoredLeads
from gnetics.imports.reading import SheetReading
from gnetics.imports.refused import refused_workbook
from gnetics.imports.report import Change, ColumnShown, Problem, Report, SheetReport
from gnetics.imports.shapes import shape_of
from gnetics.imports.spool import Spool
from gnetics.imports.status_words import StatusWords
from gnetics.imports.workbook import Sheet, Workbook
from gnetics.store.crm import Crm
from gnetics.store.merges import survivor
from gnetics.store.people import own
from gnetics.store.schema import VERSIONED, leads
from gnetics.store.unit_of_work import UnitOfWork

Mode = Literal["create", "update", "both"]
Progress = Callable[[int, int], None]
EVERY = 500  # rows between two calls of the progress
OTHER_OWNER = "Vous n’importez que les contacts dont vous êtes responsable\u00a0: videz cette case, ou mettez-y votre nom."
NOT_YOURS = "Cette ligne ne concerne aucun contact dont vous êtes responsable\u00a0: elle n’est pas prise."
SHOWN_CHANGES = 200  # of each sort
SAMPLES, LONGEST_SAMPLE = 3, 60  # values of a column shown, characters of each
_ORDER = ("leads", "events", "messages", "runs", "history")  # the others name leads


class ColumnsNeeded(UnreadableFile):
    """The file can be read, but not which of its columns says who the contacts are; `columns` are those it has."""

    def __init__(self, sentence: str, columns: list[ColumnShown]) -> None:
        super().__init__(sentence)
        self.columns = columns


@dataclass(frozen=True)
class Asked:
    """What a person chose: the mode, the fields of columns of leads {name: field key} and statuses {word: status}, "" for none."""

    mode: Mode = "both"
    columns: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, str] = field(default_factory=dict)


EVERYTHING = Asked()


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
    crm.require(user, "import")
    book = workbook.read(source, filename, crm.settings.import_workbook_mb)
    report = Report(values.clean(filename if isinstance(source, bytes) else filename or Path(source).name), dry_run)
    count, line = book.zeros
    if count:
        reason = f"Octets nuls retirés du fichier\u00a0: {count}, le premier à cette ligne. Vérifiez ce qu’elle dit."
        report.problems.append(Problem(book.sheets[0].name, line, "", "", reason))
    with crm.read() as connection:
        layouts = _layouts(book, connection, crm.region, asked, report)
    steps = _Steps(2 * sum(layout.sheet.height - layout.header_at - 1 for layout in layouts), progress)
    with ExitStack() as stack:
        # reading takes most of the time, so it is done before the store is held
        sheets = [_read(layout, crm.region, book.from_text, shift_days, steps, report, stack) for layout in layouts]
        with crm.write(user, "import") as uow:
            writing = _Writing(uow, asked.mode, report, steps)
            for sheet in sorted(sheets, key=lambda sheet: _ORDER.index(sheet.kind)):
                writing.take(sheet)
            if not dry_run:
                uow.settle_sources()  # the rows brought decided leads, which say what their sources are worth
                report.number = note(uow, report.filename, report.refused, writing.traces)
                _remember(uow, asked, [column.name for column in report.columns])
                uow.commit()
    for sheet in sheets:
        report.problems += sheet.reading.problems
    steps.end()
    return report


def refused_rows(crm: Crm, source: bytes | Path, filename: str, asked: Asked, report: Report) -> bytes:
    """The rows that the import of this file refused, as a workbook to correct and import again."""
    book = workbook.read(source, filename, crm.settings.import_workbook_mb)
    with crm.read() as connection:
        layouts = _layouts(book, connection, crm.region, asked, Report(filename, True))
    by_name = {layout.sheet.name: layout for layout in layouts}
    return refused_workbook(by_name, {sheet.name: sheet.refusals for sheet in report.sheets})


def _remember(uow: UnitOfWork, asked: Asked, names: list[str]) -> None:
    if asked.columns:
        remember(uow, names, "columns", asked.columns)
    if asked.statuses:
        remember(uow, names, "statuses", asked.statuses)


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
    rows: Spool[LeadRow] | list[dict[str, Any]]
    named: Mapping[Identity, int] = field(default_factory=dict)  # the line of each identity, on a sheet of leads

    @property
    def kind(self) -> str:
        return self.reading.layout.table.kind


def _layouts(book: Workbook, connection: Connection, region: Region, asked: Asked, report: Report) -> list[Layout]:
    found = {sheet.name: _layout(sheet, connection, region, asked, report) for sheet in book.sheets}
    if not any(found.values()):
        sheet = book.sheets[0]
        # nothing says what the file is: its first sheet is shown as leads, for a person to choose
        found[sheet.name] = _layout(sheet, connection, region, asked, report, LEADS.kind)
    for sheet in book.sheets:
        layout = found[sheet.name]
        report.sheets.append(SheetReport(sheet.name, layout.table.kind if layout else ""))
        if layout and layout.table is LEADS:
            report.columns += _columns(layout, region)
        elif not layout:
            reason = "Feuille non reconnue à son nom ni à ses titres de colonnes\u00a0: elle n’est pas importée."
            report.problems.append(Problem(sheet.name, 0, "", "", reason))
    layouts = [layout for layout in found.values() if layout]
    if not any(has_identity(layout) for layout in layouts):
        headers = [column.name for column in report.columns][:6]
        seen = f" Titres lus\u00a0: {', '.join(header[:30] for header in headers)}." if headers else ""
        advice = "donnez à la première ligne des titres comme ID Lead, Nom, Entreprise, Email"
        raise ColumnsNeeded(f"Aucune colonne d’identité n’est reconnue\u00a0: {advice}.{seen}", report.columns)
    return layouts


def _layout(sheet: Sheet, connection: Connection, region: Region, asked: Asked, report: Report, kind: str = "") -> Layout | None:
    """As recognised, then as its shape, what was chosen for such a file before, and what is chosen now say."""
    layout = recognise(sheet, region)
    if layout and layout.table is not LEADS:
        return layout
    layout = layout and with_our_numbers(layout)
    header_at = layout.header_at if layout else likely_header(sheet)
    names = list(column_names(sheet.head[header_at][1]).values())
    shape = shape_of(names)
    choices: dict[str, str] = {}
    if shape:
        report.shape = shape.label
        by_header = {name: shape.field_of(name) for name in names}
        choices |= {name: key for name, key in by_header.items() if key is not None}
    choices |= remembered(connection, names, "columns")
    choices |= {name: key for name, key in asked.columns.items() if name in names}
    if not (layout or choices or kind):
        return None
    statuses = StatusWords(remembered(connection, names, "statuses") | dict(asked.statuses), usual=shape is not None)
    return choose(sheet, layout, choices, shape.program if shape else "", statuses)


def _columns(layout: Layout, region: Region) -> list[ColumnShown]:
    shown = []
    for place, name in layout.names.items():
        texts = (cells.text(row[place], region) for _, row in layout.sheet.head[layout.header_at + 1 :] if place < len(row))
        samples = [values.clean(text)[:LONGEST_SAMPLE] for text in texts if text.strip()][:SAMPLES]
        column = layout.columns.get(place)
        shown.append(ColumnShown(layout.sheet.name, name, column.key if column else "", tuple(samples)))
    return shown


def _read(layout: Layout, region: Region, from_text: bool, shift_days: int, steps: _Steps, report: Report, stack: ExitStack) -> _SheetRows:
    own = next(each for each in report.sheets if each.name == layout.sheet.name)
    reading = SheetReading(layout, region, from_text, own)
    if layout.table is LEADS:
        spool: Spool[LeadRow] = stack.enter_context(Spool())
        named = lead_rows.read(reading, shift_days, steps, spool.add)
        return _SheetRows(reading, spool, named)
    return _SheetRows(reading, other_rows.read(reading, shift_days, steps))


class _Writing:
    """The sheets of one file going into the store; `traces` says of each table what was written."""

    def __init__(self, uow: UnitOfWork, mode: Mode, report: Report, steps: _Steps) -> None:
        self._uow, self._mode, self._report, self._steps = uow, mode, report, steps
        self._linking = any(sheet.kind not in ("", LEADS.kind) for sheet in report.sheets)
        self.traces: dict[str, Trace] = {}
        self._aliases: dict[str, int] = {}  # what the file calls contacts that have another ID Lead here, or none
        self._shown: Counter[str] = Counter()

    def take(self, sheet: _SheetRows) -> None:
        start = self._steps.done
        if isinstance(sheet.rows, Spool):
            self._take_leads(sheet.reading, sheet.rows, sheet.named)
        else:
            self._link(sheet.reading, sheet.rows)
            rows = sheet.rows if self._uow.owner is None else self._own(sheet.kind, sheet.reading, sheet.rows, self._uow.owner)
            if sheet.kind == "history":
                self._uow.add_history(other_rows.history_lines(sheet.reading, rows, self._uow))
            else:
                self._take_others(sheet.kind, sheet.reading, rows)
        self._steps.add(start, sheet.reading.report.rows)

    def _take_leads(self, reading: SheetReading, rows: Spool[LeadRow], named: Mapping[Identity, int]) -> None:
        stored, unread = StoredLeads(self._uow.connection, named, self._uow.owner), lead_rows.unread_of(self._uow.connection)
        trace = self.traces.setdefault("leads", Trace())
        for chunk in rows.chunks():
            new: list[LeadRow] = []
            old: dict[int, LeadRow] = {}
            for row in chunk:
                match = stored.find(row)
                if match.key is not None:
                    self._called(row, match.key)
                if self._uow.owner not in (None, fold(row.values.get("owner", self._uow.user))):
                    reading.refuse(row.line, "Responsable", row.values["owner"], OTHER_OWNER)
                elif match.refusal:
                    reading.refuse(row.line, "", row.values.get("name") or row.values.get("email") or "", match.refusal)
                elif match.as_is:
                    reading.report.unchanged += 1
                elif match.key is None:
                    self._keep(reading, row, new)
                elif stored.merged(match.key):
                    reading.report.unchanged += 1
                    reading.problem(row.line, "ID Lead", row.values["lead_id"], self._merged(row.values["lead_id"]))
                elif self._mode == ("create" if stored.present(match.key) else "update"):
                    reading.report.skipped += 1
                    self._show(reading, row, "laissé", {})
                else:
                    old[match.key] = row
            asked = {key: self._over(key, row, stored, unread.get(key)) for key, row in old.items()}
            write_rows(self._uow, "leads", [row.values for row in new], asked, trace, [row.kept for row in new])
            self._number(stored, [*zip(trace.new[len(trace.new) - len(new) :], new, strict=True), *old.items()])
            for row in new[: max(0, SHOWN_CHANGES - self._shown["ajout"])]:
                self._show(reading, row, "ajout", {name: (None, value) for name, value in row.values.items()})
            for key, row in old.items():
                changed = trace.changed.get(key)
                back = came_back(changed or {})
                reading.report.taken += back
                reading.report.updated += changed is not None and not back
                reading.report.unchanged += changed is None
                if changed:
                    self._show(reading, row, "ajout" if back else "mise à jour", changed)
            reading.report.taken += len(new)
            self._steps.add(self._steps.done, len(chunk))

    def _merged(self, lead_id: str) -> str:
        into = select(leads.c.lead_id).where(leads.c.key == survivor(self._uow.connection, lead_id))
        known = self._uow.connection.execute(into).scalar()
        return "Ce contact a été fusionné avec un autre" + (f" ({known})" if known else "") + "\u00a0: la ligne est laissée telle quelle."

    def _number(self, stored: StoredLeads, rows: Iterable[tuple[int, LeadRow]]) -> None:
        """Enter the foreign keys of the rows written, each with the key of its lead."""
        given = [(each, key, row) for key, row in rows for each in row.foreign]
        self._uow.add_foreign_keys([(*each, key) for each, key, _ in given if stored.may_be_called(key, each)])
        for _, key, row in given:
            self._called(row, key)

    def _called(self, row: LeadRow, key: int) -> None:
        """The other sheets of a file without ID Leads name its contacts by its own numbers."""
        if self._linking and "lead_id" not in row.values:
            self._aliases.update((value, key) for _, value in row.foreign)

    def _keep(self, reading: SheetReading, row: LeadRow, new: list[LeadRow]) -> None:
        if self._mode == "update":
            reading.report.skipped += 1
            self._show(reading, row, "laissé", {})
        else:
            new.append(row)

    def _over(self, key: int, row: LeadRow, stored: StoredLeads, unread: dict[str, str] | None) -> StoreRow:
        """What to write over a stored lead: nothing blank, and never another ID Lead."""
        asked = {name: value for name, value in row.values.items() if name != "origin"}
        if unread:
            asked = lead_rows.merge_unread(asked, unread)
        if (lead_id := asked.get("lead_id")) and stored.numbered(key):
            self._aliases[lead_id] = key
            del asked["lead_id"]
        return asked

    def _show(self, reading: SheetReading, row: LeadRow, what: str, changed: Mapping[str, tuple[Any, Any]]) -> None:
        self._shown[what] += 1
        if self._shown[what] <= SHOWN_CHANGES:
            fields = tuple(
                (BY_KEY[name].label, self._text(name, before), self._text(name, after))
                for name, (before, after) in changed.items()
                if name in BY_KEY
            )
            self._report.changes.append(Change(reading.report.name, row.line, what, title(row.values), fields))

    def _text(self, name: str, value: Any) -> str:
        return values.show(BY_KEY[name].kind, value, self._uow.region)[:LONGEST_SAMPLE]

    def _link(self, reading: SheetReading, rows: list[StoreRow]) -> None:
        """Give rows the key of their lead, and runs the name of theirs."""
        stored = self._uow.connection.execute(
            select(leads.c.lead_id, leads.c.key, leads.c.name, leads.c.company, leads.c.email).where(
                leads.c.lead_id.is_not(None), ~leads.c.deleted
            )
        ).mappings()
        known = {row["lead_id"]: row for row in stored}
        keys = {lead_id: row["key"] for lead_id, row in known.items()} | self._aliases
        gone = {row["lead_id"] for row in rows if row.get("lead_id")} - keys.keys()
        keys |= {lead_id: key for lead_id in gone if (key := survivor(self._uow.connection, lead_id)) is not None}  # merged leads
        other_rows.resolve_leads(reading, rows, keys)
        if reading.layout.table.kind == "runs":
            titles = {row["key"]: title(dict(row)) for row in known.values()}
            for row in rows:
                if row["lead_key"] in titles:
                    row.setdefault("lead_label", titles[row["lead_key"]])

    def _own(self, kind: str, reading: SheetReading, rows: list[StoreRow], owner: str) -> list[StoreRow]:
        """The rows that are about this Responsable's leads, in the file and in the store; the others are refused."""
        connection, before = self._uow.connection, list(rows)
        if kind != "history":
            table, identity = VERSIONED[kind], other_rows.IDENTITY[kind]
            stored = {row[identity]: dict(row) for row in connection.execute(select(table)).mappings()}
            before = [stored.get(row[identity], row) for row in rows]
        foreign = zip(own.foreign(connection, owner, kind, rows), own.foreign(connection, owner, kind, before), strict=True)
        kept = []
        for row, sides in zip(rows, foreign, strict=True):
            if any(sides):
                reading.refuse(row["line"], "ID Lead", "", NOT_YOURS)
            else:
                kept.append(row)
        return kept

    def _take_others(self, kind: str, reading: SheetReading, rows: list[StoreRow]) -> None:
        identity = other_rows.IDENTITY[kind]
        table = VERSIONED[kind]
        known = set(self._uow.connection.execute(select(table.c[identity])).scalars())
        # a row we numbered ourselves is unchanged in the file by definition; what people did to it since is kept
        new = [row for row in rows if not (row[identity].startswith("import-") and row[identity] in known)]
        reading.report.unchanged += len(rows) - len(new)
        if self._mode != "both":
            wanted = [row for row in new if (row[identity] in known) == (self._mode == "update")]
            reading.report.skipped += len(new) - len(wanted)
            new = wanted
        retries = {row[identity]: row.pop("retry_of") for row in new if "retry_of" in row}
        self._give(kind, reading, [{key: value for key, value in row.items() if key != "line"} for row in new])
        if retries:
            numbers: dict[str, int] = {row[0]: row[1] for row in self._uow.connection.execute(select(table.c[identity], table.c.key))}
            links = [{identity: own, "retry_of": numbers[other]} for own, other in retries.items() if other in numbers]
            import_rows(self._uow, kind, links)

    def _give(self, kind: str, reading: SheetReading, rows: list[StoreRow]) -> None:
        start = self._steps.done
        done = import_rows(self._uow, kind, rows, lambda count, _: self._steps.add(start, count))
        reading.report.taken += done.inserted
        reading.report.updated += done.updated
        reading.report.unchanged += done.unchanged
        trace = self.traces.setdefault(kind, Trace())
        trace.new += done.trace.new
        trace.changed |= done.trace.changed
