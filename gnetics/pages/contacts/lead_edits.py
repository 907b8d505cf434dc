"""Changing fields of a contact in place: in a table's row, by moving its card, on its sheet; conflicts and « Perdu » are asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gnetics import texts
from gnetics.actions import leads as actions
from gnetics.domain import leads as rules
from gnetics.domain import values
from gnetics.domain.fields import BY_KEY
from gnetics.domain.statuses import LOST
from gnetics.errors import Conflict, NotFound, Refused
from gnetics.pages.contacts.draft import lead_draft
from gnetics.pages.contacts.lead_saving import ask_which, open_lead, say_saved, still_to_write
from gnetics.pages.contacts.widgets.lost_reason import LostReason
from gnetics.widgets import codec, lead_rows
from gnetics.widgets.conflict import ConflictDialog

if TYPE_CHECKING:
    from gnetics.pages.app import App

REASONS = 50  # offered


class LeadEdits:
    """What was on screen is what a change is compared with, so one made meanwhile elsewhere is never overwritten in silence."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._lead = open_lead(app)  # the one being asked about
        self._pending: tuple[dict[str, Any], dict[str, Any]] = {}, {}  # changes, seen of what is being asked about
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
        self._say(self._change(row, {"status": status} if row["status"] != status else {}))

    def put(self, ref: str, changes: dict[str, Any]) -> None:
        """Write these values, which lead back to where the contact was and ask for no reason."""
        self._hold(self._row(ref), changes)
        self._say(self._write())

    def _change(self, row: dict[str, Any], changes: dict[str, Any]) -> str:
        if not changes:
            return ""
        self._hold(row, changes)
        if changes.get("status") == LOST:
            used = self._app.snapshot.real["lost_reason"].value_counts().head(REASONS)
            self._lost.ask(rules.title(row), row["lost_reason"] or "", [str(reason) for reason in used.index])
            return ""
        return self._write()

    def _hold(self, row: dict[str, Any], changes: dict[str, Any]) -> None:
        self._lead.open(row["key"])
        shown = self._lead.row()
        self._pending = changes, {name: shown[name] for name in changes}

    def _lose(self, reason: str) -> None:
        changes, seen = self._pending
        self._pending = changes | {"lost_reason": reason}, seen | {"lost_reason": self._lost.known or None}
        self._say(self._write())

    def _resolve(self, kept: dict[str, Any], stored: dict[str, Any]) -> None:
        """The choices of the conflict dialog, with the rest of the change."""
        changes, seen = self._pending
        self._pending = still_to_write(changes | kept, stored), seen | stored
        if self._pending[0]:
            self._say(self._write())
        else:
            self._app.changed()
            self._app.notify(texts.NOTHING_CHANGED)

    def _write(self) -> str:
        """Write what is pending; the sentence that refuses it."""
        app, (changes, seen) = self._app, self._pending
        self._lead.require_same()
        assert self._lead.key is not None  # the dialogs open with a contact
        try:
            saved = actions.save_lead(app.crm, app.user, self._lead.key, changes, seen, app.snapshot)
        except Refused as refusal:
            return str(refusal)
        except Conflict as conflict:
            ask_which(self._conflict, conflict, app.region)
            return ""
        app.changed()
        say_saved(app, saved)
        return ""

    def _say(self, sentence: str) -> None:
        if sentence:
            self._app.notify(sentence, "error")

    def _row(self, ref: str) -> dict[str, Any]:
        row = codec.record(self._app.snapshot.leads, lead_rows.key_of(self._app.snapshot.leads, ref))
        if row is None:
            raise NotFound(texts.UNKNOWN_LEAD.format(ref=ref))
        return row
