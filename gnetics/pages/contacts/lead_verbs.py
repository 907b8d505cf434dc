"""What the sheet of a lead does in place, without its form: status, note, deletion, going back, undoing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from gnetics import texts
from gnetics.actions import bin as bin_actions
from gnetics.actions import leads as actions
from gnetics.actions import notes, restoring
from gnetics.domain import leads as rules
from gnetics.domain.fields import BY_KEY
from gnetics.errors import Conflict
from gnetics.pages.contacts.lead_saving import say_saved
from gnetics.pages.contacts.widgets.lead_sheet import LeadSheet
from gnetics.store.nights import KEPT_DAYS
from gnetics.widgets import lead_rows

if TYPE_CHECKING:
    from gnetics.pages.app import App


class LeadVerbs(ABC):
    """A part of Sheet, which has the lead (`_key`, `_row`, `_find`) and shows what became of it (`_write`, `_written`, `_closed`)."""

    _app: App
    _key: int | None
    widget: LeadSheet
    _on_status: Callable[[str, str], None]

    def set_status(self, status: str) -> None:
        self._on_status(lead_rows.reference(self._row()), status)

    def unblock(self) -> None:
        """« Corrigé → retour à … »."""
        row = self._row()
        self._write({"status": row["previous_status"]}, {"status": row["status"]})

    def clear_score(self) -> None:
        """« Revenir au score automatique »."""
        self._write({"score": None}, {"score": self._row()["score"]})

    def add_note(self, ref: str, text: str) -> None:
        """To the lead it was typed for, or the one that took it over meanwhile."""
        self._require_same()
        saved = notes.add_note(self._app.crm, self._app.user, self._find(ref), text, self._app.snapshot)
        self.widget.noting = False
        self._written(saved)

    def restore(self, history_key: int) -> None:
        self._require_same()
        self._written(actions.restore_field(self._app.crm, self._app.user, history_key, self._app.snapshot))

    def restore_version(self, history_key: int) -> None:
        self._require_same()
        self._written(restoring.restore_version(self._app.crm, self._app.user, history_key, self._app.snapshot))

    def remove(self) -> None:
        """« Supprimer », once confirmed."""
        app, key, title = self._app, self._shown_key(), rules.title(self._row())
        rev = bin_actions.delete_lead(app.crm, app.user, key, app.snapshot)
        self._closed()
        app.changed()
        if rev is None:
            app.notify(texts.LEAD_DELETED_IN_SESSION.format(title=title), "warning")
        else:
            app.notify(texts.LEAD_DELETED.format(title=title, days=KEPT_DAYS), "success", partial(self.undo, key, rev))

    def say_saved(self, saved: actions.Saved) -> None:
        """The message after a save, with « Annuler » when it went to the store."""
        if saved.rev is None and not saved.session_only:
            self._app.notify(texts.NOTHING_CHANGED)
            return
        say_saved(self._app, saved, self.undo)

    def undo(self, key: int, rev: int) -> None:
        app = self._app
        try:
            restoring.undo(app.crm, app.user, key, rev, app.snapshot)
        except Conflict as conflict:
            names = ", ".join(BY_KEY[each.field].label for each in conflict.fields)
            app.notify(texts.UNDO_REFUSED.format(names=names), "warning")
            return
        if key == self._key and key not in app.snapshot.leads.index:
            self._closed()
        app.changed()
        app.notify(texts.UNDONE, "success")

    def _shown_key(self) -> int:
        self._require_same()
        assert self._key is not None  # these verbs are on the sheet of a lead
        return self._key

    @abstractmethod
    def _row(self) -> dict[str, Any]: ...

    @abstractmethod
    def _require_same(self) -> None: ...

    @abstractmethod
    def _find(self, ref: str) -> int: ...

    @abstractmethod
    def _write(self, changes: dict[str, Any], seen: dict[str, Any] | None) -> None: ...

    @abstractmethod
    def _written(self, saved: actions.Saved) -> None: ...

    @abstractmethod
    def _closed(self) -> None: ...
