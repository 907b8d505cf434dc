"""Changing one field of a contact where it stands, in a table's row or by moving its card; conflicts and « Perdu » are asked about."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from gnetics import texts
from gnetics.actions import leads as actions
from gnetics.domain import leads as rules
from gnetics.domain import values
from gnetics.domain.fields import BY_KEY
from gnetics.domain.statuses import LOST
from gnetics.errors import Conflict, NotFound, Refused
from gnetics.pages.contacts.draft import lead_draft
from gnetics.pages.contacts.lead_saving import ask_which, say_saved, still_to_write
from gnetics.pages.contacts.widgets.lost_reason import LostReason
from gnetics.widgets import codec, lead_rows
from gnetics.widgets.conflict import ConflictDialog

if TYPE_CHECKING:
    from gnetics.pages.app import App

REASONS = 50  # offered


class LeadEdits:
    """`on_undo` takes a change back, by key and rev.

    What was on screen is what the change is compared with, so a change made meanwhile elsewhere is never overwritten in silence.
    """

    def __init__(self, app: App, on_undo: Callable[[int, int], None]) -> None:
        self._app, self._on_undo = app, on_undo
        self._pending: tuple[int, dict[str, Any], dict[str, Any]] | None = None  # key, changes, seen of what is being asked about
        self._conflict = ConflictDialog(self._resolve)
        self._lost = LostReason(self._lose)
        self.widgets = (self._conflict, self._lost)

    def edit(self, ref: str, field: str, text: str) -> str:
        """Take what was typed for a field; the sentence that refuses it, "" when it is saved or something is asked first."""
        row = self._row(ref)
        draft = lead_draft(self._app.region)
        draft.open({field: values.show(BY_KEY[field].kind, row[field], self._app.region)}, row)
        draft.type({field: text})
        if draft.errors:
            return " ".join(draft.errors.values())
        return self._change(row, draft.changes())

    def set_status(self, ref: str, status: str) -> None:
        row = self._row(ref)
        if sentence := self._change(row, {"status": status} if row["status"] != status else {}):
            self._app.notify(sentence, "error")

    def _change(self, row: dict[str, Any], changes: dict[str, Any]) -> str:
        if not changes:
            return ""
        self._pending = row["key"], changes, {name: row[name] for name in changes}
        if changes.get("status") == LOST:
            used = self._app.snapshot.real["lost_reason"].value_counts().head(REASONS)
            self._lost.ask(rules.title(row), row["lost_reason"] or "", [str(reason) for reason in used.index])
            return ""
        return self._write(*self._pending)

    def _lose(self, reason: str) -> None:
        assert self._pending  # the dialog opens with it
        key, changes, seen = self._pending
        self._pending = key, changes | {"lost_reason": reason}, seen | {"lost_reason": self._lost.known or None}
        if sentence := self._write(*self._pending):
            self._app.notify(sentence, "error")

    def _resolve(self, kept: dict[str, Any], stored: dict[str, Any]) -> None:
        """The choices of the conflict dialog, with the rest of the change."""
        assert self._pending
        key, changes, seen = self._pending
        wanted = still_to_write(changes | kept, stored)
        if not wanted:
            self._app.changed()
            self._app.notify(texts.NOTHING_CHANGED)
        elif sentence := self._write(key, wanted, seen | stored):
            self._app.notify(sentence, "error")

    def _write(self, key: int, changes: dict[str, Any], seen: dict[str, Any]) -> str:
        app = self._app
        try:
            saved = actions.save_lead(app.crm, app.user, key, changes, seen, app.snapshot)
        except Refused as refusal:
            return str(refusal)
        except Conflict as conflict:
            ask_which(self._conflict, conflict, app.region)
            return ""
        app.changed()
        say_saved(app, saved, self._on_undo)
        return ""

    def _row(self, ref: str) -> dict[str, Any]:
        row = codec.record(self._app.snapshot.leads, lead_rows.key_of(self._app.snapshot.leads, ref))
        if row is None:
            raise NotFound(texts.UNKNOWN_LEAD.format(ref=ref))
        return row
