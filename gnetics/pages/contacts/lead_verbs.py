"""What the sheet of a lead does in place, without its form: status, score, going back, deletion."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from gnetics import texts
from gnetics.actions import bin as bin_actions
from gnetics.actions import leads as actions
from gnetics.actions import restoring, sequences
from gnetics.domain import leads as rules
from gnetics.errors import NotFound, Refused
from gnetics.pages.contacts.lead_edits import LeadEdits
from gnetics.pages.contacts.lead_saving import undo
from gnetics.state.open_row import OpenRow
from gnetics.store.nights import KEPT_DAYS
from gnetics.widgets import lead_rows

if TYPE_CHECKING:
    from gnetics.pages.app import App


class LeadVerbs:
    """Implements VerbsHandler for the contact open in `lead`; `on_saved` and `on_gone` show what became of it."""

    def __init__(
        self, app: App, lead: OpenRow, edits: LeadEdits, on_saved: Callable[[actions.Saved], None], on_gone: Callable[[], None]
    ) -> None:
        self._app, self._lead, self._edits = app, lead, edits
        self._on_saved, self._on_gone = on_saved, on_gone

    def set_status(self, status: str) -> None:
        self._edits.set_status(lead_rows.reference(self._lead.row()), status)

    def unblock(self) -> None:
        """« Corrigé → retour à … »."""
        row = self._lead.row()
        self._edits.put(lead_rows.reference(row), {"status": row["previous_status"]})

    def clear_score(self) -> None:
        """« Revenir au score automatique »."""
        self._edits.put(lead_rows.reference(self._lead.row()), {"score": None})

    def restore(self, history_key: int) -> None:
        self._lead.require_same()
        self._on_saved(actions.restore_field(self._app.crm, self._app.user, history_key, self._app.snapshot))

    def restore_version(self, history_key: int) -> None:
        self._lead.require_same()
        self._on_saved(restoring.restore_version(self._app.crm, self._app.user, history_key, self._app.snapshot))

    def stop_follow_ups(self) -> None:
        """« Arrêter » of those that a rule sends."""
        app = self._app
        self._lead.require_same()
        assert self._lead.key is not None  # the verb is on the sheet of a lead
        try:
            sequences.stop(app.crm, app.user, self._lead.key)
        except (NotFound, Refused) as refusal:
            app.notify(str(refusal), "warning")
        else:
            app.notify(texts.FOLLOW_UPS_STOPPED, "success")
        app.changed()

    def remove(self) -> None:
        """« Supprimer », once confirmed."""
        app, row = self._app, self._lead.row()
        title = rules.title(row)
        rev = bin_actions.delete_lead(app.crm, app.user, row["key"], app.snapshot)
        self._on_gone()
        app.changed()
        if rev is None:
            app.notify(texts.LEAD_DELETED_IN_SESSION.format(title=title), "warning")
        else:
            app.notify(texts.LEAD_DELETED.format(title=title, days=KEPT_DAYS), "success", partial(undo, app, row["key"], rev))
