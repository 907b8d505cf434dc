"""« Importer » on Contacts: a file or an address is checked without writing anything, then imported, and can be undone."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, TypeVar, cast, get_args

from gnetics.actions.earlier_values import Kept
from gnetics.actions.imports import require_import
from gnetics.actions.past_imports import Undone, undo_import
from gnetics.domain.dates import Order
from gnetics.domain.quoting import quote
from gnetics.domain.sheets import FOREIGN_KEYS, LEADS, ORIGIN
from gnetics.domain.statuses import LABELS
from gnetics.domain.typography import capital, counted, number
from gnetics.errors import GneticsError
from gnetics.exports.csv_file import csv_file
from gnetics.exports.sample_book import sample_book
from gnetics.exports.tables import Column, Table, file_name
from gnetics.imports.cell_report import cell_report
from gnetics.imports.counts import told
from gnetics.imports.first_store import first_store, require_first_store
from gnetics.imports.importer import import_workbook, refused_rows
from gnetics.imports.plan import EVERYTHING, Asked, ColumnsNeeded, Mode
from gnetics.imports.preview import SHOWN_CHANGES
from gnetics.imports.problems_file import problems_csv
from gnetics.imports.remote import fetch
from gnetics.imports.report import ColumnShown, Doubt, Example, Likeness, Problem, Report
from gnetics.imports.upload import LARGEST, SLICE, Upload
from gnetics.pages.contacts.widgets.import_dialog import (
    OTHER,
    SAME,
    UNKNOWN,
    ChangeShown,
    Choices,
    DoubtShown,
    ExampleShown,
    FileColumn,
    FileWord,
    ImportDialog,
    LikenessField,
    LikenessShown,
    ProblemShown,
    Reading,
    ReportShown,
    SheetShown,
    UndoneImport,
)
from gnetics.pages.contacts.widgets.leads_table import FieldChoice
from gnetics.pages.contacts.work import Progress, Work
from gnetics.store.crm import Crm
from gnetics.store.reading.imports import past_imports
from gnetics.widgets.download import Download
from gnetics.widgets.given import NOTHING

if TYPE_CHECKING:
    from gnetics.pages.app import App

T = TypeVar("T")
SHOWN_PROBLEMS = 200
SHOWN_KEPT = 100
SHOWN_WORDS = 50  # statuses of the file
LONGEST_VALUE = 200  # characters of a refused value shown
KINDS = {"leads": "Contacts", "events": "Événements", "messages": "Emails", "runs": "Automatisations", "history": "Historique"}
FIELDS: list[FieldChoice] = [{"key": column.key, "label": column.label} for column in LEADS.columns if column not in (ORIGIN, FOREIGN_KEYS)]
WHICH = "Aucune colonne d’identité n’est reconnue\u00a0: dites ci-dessous laquelle donne le nom, l’entreprise ou l’email."
UNREAD = "Votre navigateur n’a pas pu lire ce fichier\u00a0: fermez-le dans votre tableur, puis choisissez-le de nouveau."


class Import:
    """Implements ImportHandler; nothing of the file is kept once the dialog is closed."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._upload: Upload | None = None
        self._number = 0
        self._asked = EVERYTHING
        self._report: Report | None = None
        self._begins = False  # the team's own store, from the demo
        self._kept: list[Kept] = []
        exporter = Download(self._problems_file, ("csv",), label="Toutes les remarques")
        refused = Download(self._refused_file, ("xlsx",), label="Lignes refusées, à corriger")
        cells = Download(self._cells_file, ("xlsx",), label="Chaque case changée ou écartée")
        downloads = {
            "cells": cells,
            "exporter": exporter,
            "refused": refused,
            "sample": Download(lambda form: (f"classeur-modele.{form}", sample_book()), ("xlsx",), label="Classeur modèle"),
            "kept_rows": Download(self._kept_file, ("csv",), label="Tous"),
        }
        self.widget = ImportDialog(self, limit=LARGEST, slice_size=SLICE, fields=FIELDS, statuses=list(LABELS), **downloads)
        self._work = Work(self._draw)

    def open(self) -> None:
        self.again()
        self._begins = self.widget.begins = self._app.session.demo
        try:
            self._require()
            self.widget.refusal = ""
            self._show_past()
        except GneticsError as refused:
            self.widget.refusal = str(refused)
        self.widget.shown = True

    def begin(self, number: int, name: str, size: int) -> None:
        self.again()

        def start() -> None:
            self._require()
            self._upload, self._number = Upload(name, size), number
            self.widget.file_name = self._upload.name

        if self._step("send", "choose", start):
            self._go_on()

    def take(self, number: int, offset: int, data: memoryview | bytes) -> None:
        upload = self._sending(number)
        if upload is None:
            return

        def receive() -> None:
            upload.take(offset, data)
            self.widget.progress = 100 * upload.received // max(upload.size, 1)

        if self._step("send", "choose", receive):
            self._go_on()

    def unread(self, number: int) -> None:
        if self._sending(number):
            self.again()
            self.widget.error = UNREAD

    def fetch(self, address: str) -> None:
        """Read a file at an address, then check it."""
        self.again()
        app = self._app
        self.widget.file_name = address[:200]

        def read(_progress: Progress) -> tuple[str, bytes]:
            self._require()
            return fetch(address, app.crm.settings.import_private)

        def check(found: tuple[str, bytes]) -> None:
            self._upload = Upload.holding(*found)
            self.widget.file_name = self._upload.name
            self._check()

        self._run("fetch", "choose", read, check)

    def again(self) -> None:
        """Forget the file, and wait for another."""
        self._work.stop()
        self._forget()
        with self.widget.hold_sync():
            self.widget.step, self.widget.error, self.widget.file_name = "choose", "", ""
            self.widget.progress, self.widget.report, self.widget.undone = UNKNOWN, NOTHING, NOTHING
            self.widget.columns, self.widget.words = [], []
            self.widget.mode = self._asked.mode

    def look(self, chosen: Choices) -> None:
        """Check again as chosen."""
        mode = chosen["mode"]
        if self._upload is None or self.widget.step != "review" or mode not in get_args(Mode):
            return
        self._asked = Asked(
            cast(Mode, mode),
            _known(chosen["columns"], {field["key"] for field in FIELDS} | {""}),
            _known(chosen["statuses"], {*LABELS, ""}),
            cast(dict[str, Order], _known(chosen["dates"], set(get_args(Order)))),
            [str(name) for name in chosen["sheets"]],
            _persons(chosen["persons"]),
        )
        self.widget.mode = mode
        self._check()

    def stop(self) -> None:
        self._work.stop()

    def confirm(self) -> None:
        if self._upload is None or self.widget.step != "review" or not self.widget.report.get("ready"):
            return
        begun = self._begins

        def show(report: Report) -> None:
            self._report = report
            if begun:  # the demo gives way to it
                self._app.refresh()
                self._begins = self.widget.begins = False
            with self.widget.hold_sync():
                self.widget.report, self.widget.step = self._done(report), "done"
                self._show_past()
            if not report.refused:  # nothing of the file is needed any more
                self._close_file()
            if not begun:
                self._app.changed()
            self._app.notify(self.widget.report["summary"], "warning" if report.refused else "success")

        self._run("write", "review", lambda progress: self._import(progress, dry_run=False), show)

    def undo(self, number: int) -> None:
        """« Annuler cet import »."""
        app = self._app

        def show(undone: Undone) -> None:
            self._kept = undone.kept
            with self.widget.hold_sync():
                self.widget.undone, self.widget.step = said(undone), "undone"
                self._show_past()
            app.changed()
            app.notify(self.widget.undone["text"], "warning" if undone.kept else "success")

        if self.widget.step in ("choose", "done", "undone"):
            self._run("undo", self.widget.step, lambda progress: undo_import(app.crm, app.user, number, progress), show)

    def close(self) -> None:
        self.widget.shown = False
        self.again()

    # inside

    def _sending(self, number: int) -> Upload | None:
        """The upload under way; None for a slice of one that was given up."""
        return self._upload if number == self._number and self.widget.step == "send" else None

    def _go_on(self) -> None:
        if self._upload is None:
            return
        if self._upload.complete:
            self._check()
        else:
            self.widget.ask_slice(self._number, self._upload.received)

    def _check(self) -> None:
        def show(report: Report | ColumnsNeeded) -> None:
            with self.widget.hold_sync():
                self.widget.columns = [_column(column) for column in report.columns]
                self.widget.words = _words(report) if isinstance(report, Report) else []
                if isinstance(report, Report):
                    self._report, self.widget.report = report, found(report)
                else:
                    self._report, self.widget.report = None, NOT_READY
                    self.widget.error = WHICH
                self.widget.step = "review"

        self._run("check", "choose", self._dry_run, show)

    def _dry_run(self, progress: Progress) -> Report | ColumnsNeeded:
        try:
            return self._import(progress, dry_run=True)
        except ColumnsNeeded as needed:
            return needed

    def _import(self, progress: Progress, dry_run: bool) -> Report:
        app = self._app
        self._require()
        if not self._begins:
            return self._import_into(app.crm, progress, dry_run)
        with first_store(app.crm.settings, app.user) as store:
            report = self._import_into(store.crm, progress, dry_run)
            if not dry_run:
                store.keep()
        return report

    def _import_into(self, crm: Crm, progress: Progress, dry_run: bool) -> Report:
        upload = self._upload
        assert upload
        user = self._app.user
        return import_workbook(crm, user, upload.content(), upload.name, dry_run=dry_run, progress=progress, asked=self._asked)

    def _require(self) -> None:
        """Raises Forbidden or Refused when this person may not import here, or begin the team's own store from the demo."""
        (require_first_store if self._begins else require_import)(self._app.crm, self._app.user)

    def _run(self, step: str, otherwise: str, task: Callable[[Progress], T], then: Callable[[T], None]) -> None:
        """A step of the dialog that may last; one that fails says why and shows `otherwise`."""
        with self.widget.hold_sync():
            self.widget.step, self.widget.error, self.widget.progress = step, "", UNKNOWN
        asked = self._upload

        def finish(result: Callable[[], T]) -> None:
            if self._upload is asked and self.widget.step == step:  # else it was given up meanwhile
                self._step(step, otherwise, lambda: then(result()))

        self._work.start(task, finish)

    def _step(self, step: str, otherwise: str, act: Callable[[], None]) -> bool:
        """Whether `act` could be done; otherwise the reason is said and `otherwise` shown, whatever the failure."""
        with self.widget.hold_sync():
            self.widget.step, self.widget.error = step, ""
        done = False
        try:
            act()
            done = True
        except GneticsError as error:
            self.widget.error = str(error)
        finally:
            if not done:
                if otherwise == "choose":
                    self._forget()
                self.widget.step = otherwise
        return done

    def _draw(self, percent: int) -> None:
        self.widget.progress = percent

    def _forget(self) -> None:
        self._close_file()
        self._report, self._asked, self._kept = None, EVERYTHING, []

    def _close_file(self) -> None:
        if self._upload:
            self._upload.close()
        self._upload = None

    def _show_past(self) -> None:
        app = self._app
        if self._begins:
            return
        self.widget.past = [
            {
                "number": each.number,
                "file": each.filename,
                "facts": f"{each.at.astimezone(app.region.zone):%d/%m/%Y %H:%M} · {each.who} · "
                f"{counted(each.added, 'ajout', 'ajouts')}, {counted(each.updated, 'mise à jour', 'mises à jour')}",
                "undone": each.undone_at is not None,
            }
            for each in past_imports(app.crm, app.user)
        ]

    def _done(self, report: Report) -> ReportShown:
        return {
            **found(report),
            "summary": f"Import terminé\u00a0: {told(report)}.",
            "number": report.number,
            "refused": 0 if report.calendar else report.refused,
        }

    def _problems_file(self, _form: str) -> tuple[str, bytes]:
        problems: list[Problem] = self._report.problems if self._report else []
        return f"{self._stem()} - problèmes.csv", problems_csv(problems)

    def _refused_file(self, _form: str) -> tuple[str, bytes]:
        assert self._upload
        assert self._report
        content = refused_rows(self._app.crm, self._upload.content(), self._upload.name, self._asked, self._report)
        return f"{self._stem()} - lignes refusées.xlsx", content

    def _cells_file(self, _form: str) -> tuple[str, bytes]:
        assert self._upload
        assert self._report
        content = cell_report(self._app.crm, self._upload.content(), self._upload.name, self._asked, self._report)
        return f"{self._stem()} - cases changées.xlsx", content

    def _kept_file(self, form: str) -> tuple[str, bytes]:
        app = self._app
        rows = [(kept.title, kept.what) for kept in self._kept]
        table = Table("Gardés", (Column("Contact"), Column("Ce qui est gardé")), rows)
        return file_name("import annulé gardés", app.crm.clock.today(), form), csv_file(table, app.region)

    def _stem(self) -> str:
        return PurePath(self.widget.file_name).stem or "classeur"


NOT_READY: ReportShown = {
    "summary": "",
    "ready": False,
    "doubts": [],
    "likenesses": [],
    "aside": [],
    "read_as": [],
    "sheets": [],
    "problems": [],
    "count": 0,
    "changes": [],
    "preview": "",
    "shape": "",
    "cells": False,
}


def _column(column: ColumnShown) -> FileColumn:
    examples = column.examples or [Example(sample, "") for sample in column.samples]
    shown: list[ExampleShown] = [{"before": each.before, "after": each.after} for each in examples]
    return {"sheet": column.sheet, "name": column.name, "field": column.field, "examples": shown}


def _known(chosen: Mapping[str, str], answers: Collection[str]) -> dict[str, str]:
    """What a browser says, without the answers that there are not."""
    return {str(name): answer for name, answer in chosen.items() if answer in answers}


def _doubt(doubt: Doubt) -> DoubtShown:
    readings: list[Reading] = [{"answer": answer, "says": says} for answer, says in doubt.readings]
    return {"column": doubt.column, "sentence": doubt.sentence, "readings": readings, "taken": doubt.taken}


def _persons(chosen: Mapping[str, str]) -> dict[tuple[str, int], bool]:
    found = {}
    for place, answer in _known(chosen, {SAME, OTHER}).items():
        sheet, _, line = place.rpartition("!")
        if line.isdecimal():
            found[sheet, int(line)] = answer == SAME
    return found


def _likeness(each: Likeness) -> LikenessShown:
    fields: list[LikenessField] = [{"label": label, "theirs": theirs, "ours": ours} for label, theirs, ours in each.fields]
    return {"id": f"{each.sheet}!{each.line}", "line": number(each.line), "title": each.title, "fields": fields}


def _words(report: Report) -> list[FileWord]:
    return [{"word": word, "ours": ours, "count": number(count)} for (word, ours), count in report.words.most_common(SHOWN_WORDS)]


def found(report: Report) -> ReportShown:
    """What the check found, as the dialog shows it."""
    sheets: list[SheetShown] = [
        {
            "name": s.name,
            "kind": KINDS.get(s.kind, ""),
            "rows": number(s.rows),
            "taken": number(s.taken),
            "updated": number(s.updated),
            "unchanged": number(s.unchanged),
            "skipped": number(s.skipped),
            "refused": number(s.refused),
            "blank": number(s.blank),
            "set_aside": number(s.set_aside),
        }
        for s in report.sheets
    ]
    problems: list[ProblemShown] = [
        {
            "sheet": p.sheet,
            "line": number(p.line) if p.line else "",
            "column": p.column,
            "value": p.value[:LONGEST_VALUE],
            "reason": p.reason,
        }
        for p in report.problems[:SHOWN_PROBLEMS]
    ]
    changes: list[ChangeShown] = [
        {
            "line": number(change.line),
            "what": change.what,
            "title": change.title,
            "fields": [{"label": label, "before": before, "after": after} for label, before, after in change.fields],
        }
        for change in sorted(report.changes, key=lambda change: (change.sheet, change.line))
    ]
    return {
        "summary": _summary(report),
        "ready": bool(report.taken + report.updated),
        "doubts": [_doubt(doubt) for doubt in report.doubts],
        "likenesses": [_likeness(each) for each in report.likenesses],
        "read_as": [f"{each.column}, {quote(each.value)}\u00a0: {each.reason}" for each in report.read_as],
        "aside": [{"name": sheet.name, "why": sheet.aside} for sheet in report.sheets if sheet.aside],
        "sheets": sheets,
        "problems": problems,
        "count": len(report.problems),
        "changes": changes,
        "preview": _preview(report),
        "shape": report.shape,
        "cells": not report.calendar,
    }


def _preview(report: Report) -> str:
    """That not all the changes are shown, and how many there are."""
    total = sum(sheet.taken + sheet.updated + sheet.skipped for sheet in report.sheets if sheet.kind == LEADS.kind)
    if len(report.changes) == total:
        return ""
    return f"{number(len(report.changes))} lignes sur {number(total)}\u00a0: de chaque sorte, les {SHOWN_CHANGES} premières."


def _summary(report: Report) -> str:
    if report.taken + report.updated:
        return capital(told(report)) + "."
    if report.skipped:
        return "Rien à importer dans ce mode\u00a0: choisissez «\u00a0Les deux\u00a0» pour prendre aussi les autres lignes."
    if report.unchanged:
        return "Rien à importer\u00a0: les lignes de ce classeur sont déjà dans le CRM, à l’identique."
    return "Aucune ligne ne peut être importée\u00a0: corrigez le classeur, puis choisissez-le de nouveau."


def said(undone: Undone) -> UndoneImport:
    """What undoing an import did."""
    parts = [counted(undone.removed, "ligne retirée", "lignes retirées"), counted(undone.restored, "rétablie", "rétablies")]
    kept = len(undone.kept)
    more = f"\u00a0; {counted(kept, 'modifiée depuis, gardée', 'modifiées depuis, gardées')}" if kept else ""
    first = f"Les {SHOWN_KEPT} premières sur {number(kept)}\u00a0; le fichier CSV les contient toutes." if kept > SHOWN_KEPT else ""
    return {"text": f"Import annulé\u00a0: {', '.join(parts)}{more}.", "kept": list(map(str, undone.kept[:SHOWN_KEPT])), "more": first}
