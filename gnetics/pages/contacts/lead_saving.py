"""What the sheet of a contact and the edits in place do alike when they save: ask which values to keep, say what was written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from gnetics import texts
from gnetics.actions.leads import Saved
from gnetics.domain import leads as rules
from gnetics.domain import values
from gnetics.domain.fields import BY_KEY
from gnetics.domain.regions import Region
from gnetics.errors import Conflict
from gnetics.widgets import codec
from gnetics.widgets.conflict import ConflictDialog

if TYPE_CHECKING:
    from gnetics.pages.app import App


def ask_which(dialog: ConflictDialog, conflict: Conflict, region: Region) -> None:
    """Open the dialog on the fields of a contact that somebody else changed."""
    dialog.ask(conflict.fields, lambda key: BY_KEY[key].label, lambda key, value: values.show(BY_KEY[key].kind, value, region))


def still_to_write(changes: Mapping[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """The changes once the dialog has told what the store now holds: a value it already has needs no writing."""
    return {key: value for key, value in changes.items() if key not in stored or value != stored[key]}


def say_saved(app: App, saved: Saved, on_undo: Callable[[int, int], None]) -> None:
    """The message after a save; « Annuler » calls `on_undo` with the key and the transaction, when it went to the store."""
    row = codec.record(app.snapshot.leads, saved.key)
    if row is None:  # given to another Responsable, who alone may take it back
        app.notify(texts.SAVED_AND_GONE, "success")
        return
    sentence = texts.SAVED_IN_SESSION if saved.session_only else texts.SAVED_MERGED if saved.merged else texts.SAVED
    undo = None if saved.rev is None else partial(on_undo, saved.key, saved.rev)
    app.notify(sentence.format(title=rules.title(row)), "warning" if saved.session_only else "success", undo)
