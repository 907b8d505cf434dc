"""« Importer » on Contacts: the file comes in slices, is checked without writing anything, then imported."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from gnetics.actions.imports import require_import
from gnetics.errors import GneticsError
from gnetics.exchange.importer import import_workbook
from gnetics.exchange.problems_file import problems_csv
from gnetics.exchange.report import Problem, Report
from gnetics.exchange.upload import LARGEST, SLICE, Upload
from gnetics.widgets.download import Download
from gnetics.widgets.import_dialog import UNKNOWN, ImportDialog
from gnetics.widgets.typography import counted, number

if TYPE_CHECKING:
    from gnetics.pages.frame import App

SHOWN_PROBLEMS = 200
LONGEST_VALUE = 200  # characters of a refused value shown
COUNTS = ("rows", "taken", "updated", "unchanged", "refused", "blank", "set_aside")
KINDS = {"leads": "Contacts", "events": "Événements", "messages": "Emails", "runs": "Automatisations", "history": "Historique"}
UNREAD = "Votre navigateur n’a pas pu lire ce fichier\u00a0: fermez-le dans votre tableur, puis choisissez-le de nouveau."


class Import:
    """Implements ImportHandler; nothing of the file is kept once the dialog is closed."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._upload: Upload | None = None
        self._number = 0
        self._problems: list[Problem] = []
        exporter = Download(self._problems_file, ("csv",), label="Toutes les remarques")
        self.widget = ImportDialog(self, limit=LARGEST, slice_size=SLICE, exporter=exporter)

    def open(self) -> None:
        self.again()
        try:
            require_import(self._app.crm, self._app.user)
            self.widget.refusal = ""
        except GneticsError as refused:
            self.widget.refusal = str(refused)
        self.widget.shown = True

    def begin(self, number: int, name: str, size: int) -> None:
        self.again()
        with self._busy("send", "choose"):
            require_import(self._app.crm, self._app.user)
            self._upload, self._number = Upload(name, size), number
            self.widget.file_name = self._upload.name
            self._go_on(self._upload)

    def take(self, number: int, offset: int, data: memoryview | bytes) -> None:
        upload = self._sending(number)
        if upload is None:
            return
        with self._busy("send", "choose"):
            upload.take(offset, data)
            self.widget.progress = 100 * upload.received // max(upload.size, 1)
            self._go_on(upload)

    def unread(self, number: int) -> None:
        if self._sending(number):
            self.again()
            self.widget.error = UNREAD

    def again(self) -> None:
        """Forget the file, and wait for another."""
        self._forget()
        with self.widget.hold_sync():
            self.widget.step, self.widget.error, self.widget.file_name = "choose", "", ""
            self.widget.progress, self.widget.report = UNKNOWN, {}

    def confirm(self) -> None:
        if self._upload is None or self.widget.step != "review":
            return
        with self._busy("write", "review"):
            report = self._run(self._upload, dry_run=False)
            self.widget.step = "done"
        if self.widget.step != "done":
            return
        self._forget()
        try:
            self._app.changed()
        finally:
            self.widget.shown = False
        self._app.notify(told(report), "warning" if report.refused else "success")

    def _problems_file(self, _form: str) -> tuple[str, bytes]:
        stem = PurePath(self.widget.file_name).stem or "classeur"
        return f"{stem} - problèmes.csv", problems_csv(self._problems)

    def close(self) -> None:
        self.widget.shown = False
        self.again()

    def _sending(self, number: int) -> Upload | None:
        """The upload under way; None for a slice of one that was given up."""
        return self._upload if number == self._number and self.widget.step == "send" else None

    def _go_on(self, upload: Upload) -> None:
        if upload.complete:
            self._check(upload)
        else:
            self.widget.step = "send"
            self.widget.ask_slice(self._number, upload.received)

    def _check(self, upload: Upload) -> None:
        with self._busy("check", "choose"):
            report = self._run(upload, dry_run=True)
            self._problems = report.problems
            with self.widget.hold_sync():
                self.widget.report, self.widget.step = found(report), "review"

    def _run(self, upload: Upload, dry_run: bool) -> Report:
        app = self._app
        require_import(app.crm, app.user)
        return import_workbook(app.crm, app.user, upload.content(), upload.name, dry_run=dry_run, progress=self._progress)

    def _progress(self, done: int, total: int) -> None:
        """Sent to the browser at once, while the kernel works; the percentage keeps it to a hundred messages."""
        self.widget.progress = 100 * done // max(total, 1)

    @contextmanager
    def _busy(self, step: str, otherwise: str) -> Iterator[None]:
        """A step of the dialog; one that fails says why and shows `otherwise`, whatever the failure."""
        with self.widget.hold_sync():
            self.widget.step, self.widget.error = step, ""
            if step != "send":
                self.widget.progress = UNKNOWN
        done = False
        try:
            yield
            done = True
        except GneticsError as error:
            self.widget.error = str(error)
        finally:
            if not done:
                if otherwise == "choose":
                    self._forget()
                self.widget.step = otherwise

    def _forget(self) -> None:
        if self._upload:
            self._upload.close()
        self._upload, self._problems = None, []


def found(report: Report) -> dict[str, Any]:
    """What the check found, as the dialog shows it."""
    sheets = [{"name": s.name, "kind": KINDS.get(s.kind, "")} | {key: number(getattr(s, key)) for key in COUNTS} for s in report.sheets]
    problems = [
        {
            "sheet": p.sheet,
            "line": number(p.line) if p.line else "",
            "column": p.column,
            "value": p.value[:LONGEST_VALUE],
            "reason": p.reason,
        }
        for p in report.problems[:SHOWN_PROBLEMS]
    ]
    return {
        "summary": _summary(report),
        "ready": bool(report.taken + report.updated),
        "sheets": sheets,
        "problems": problems,
        "count": len(report.problems),
    }


def _summary(report: Report) -> str:
    if report.taken + report.updated:
        parts = [counted(report.taken, "ligne sera ajoutée", "lignes seront ajoutées")] if report.taken else []
        if report.updated:
            noun = "" if parts else "ligne "
            nouns = "" if parts else "lignes "
            parts.append(counted(report.updated, f"{noun}sera mise à jour", f"{nouns}seront mises à jour"))
        return " et ".join(parts) + "."
    if report.unchanged:
        return "Rien à importer\u00a0: les lignes de ce classeur sont déjà dans le CRM, à l’identique."
    return "Aucune ligne ne peut être importée\u00a0: corrigez le classeur, puis choisissez-le de nouveau."


def told(report: Report) -> str:
    """The notice after an import."""
    parts = [
        counted(report.taken, "ligne ajoutée", "lignes ajoutées"),
        counted(report.updated, "mise à jour", "mises à jour"),
        counted(report.unchanged, "inchangée", "inchangées"),
    ]
    if report.refused:
        parts.append(counted(report.refused, "refusée", "refusées"))
    return f"Import terminé\u00a0: {', '.join(parts)}."
