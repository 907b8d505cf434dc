"""What the sheet of a contact and the edits in place do alike: hold it, ask which values to keep, say what was written, take it back."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from gnetics import texts
from gnetics.actions import restoring
from gnetics.actions.leads import Saved
from gnetics.domain import leads as rules
from gnetics.domain import values
from gnetics.domain.fields import BY_KEY
from gnetics.domain.regions import Region
from gnetics.domain.typography import counted
from gnetics.errors import Conflict
from gnetics.pages.contacts.timeline import shorten
from gnetics.state.open_row import OpenRow
from gnetics.widgets import codec
from gnetics.widgets.conflict import ConflictDialog

if TYPE_CHECKING:
    from gnetics.pages.app import App

SAID = 2  # changes that a message names


def open_lead(app: App) -> OpenRow:
    """Where a contact is held while it is read or written."""
    return OpenRow(
        app.session,
        lambda key: codec.record(app.snapshot.leads, key),
        lambda row: (row["lead_id"], row["created_at"], rules.title(row)),
        unknown=texts.UNKNOWN_LEAD,
        other=texts.LEAD_OF_ANOTHER_STORE,
    )


def ask_which(dialog: ConflictDialog, conflict: Conflict, region: Region) -> None:
    """Open the dialog on the fields of a contact that somebody else changed."""
    dialog.ask(conflict.fields, lambda key: BY_KEY[key].label, lambda key, value: values.show(BY_KEY[key].kind, value, region))


def still_to_write(changes: Mapping[str, Any], stored: Mapping[str, Any]) -> dict[str, Any]:
    """The changes once the dialog has told what the store now holds: a value it already has needs no writing."""
    return {key: value for key, value in changes.items() if key not in stored or value != stored[key]}


def say_saved(app: App, saved: Saved, said: str = "") -> None:
    """The message after a save: what was `said` of it, else what changed; with « Annuler » when it went to the store."""
    if saved.rev is None and not saved.session_only:
        app.notify(texts.NOTHING_CHANGED)
        return
    row = codec.record(app.snapshot.leads, saved.key)
    if row is None:  # given to another Responsable, who alone may take it back
        app.notify(texts.SAVED_AND_GONE, "success")
        return
    said = said or told(saved.changes, app.region)
    sentence = (texts.CHANGED if said else texts.SAVED).format(title=rules.title(row), what=said)
    sentence += texts.ALSO_MERGED * bool(saved.merged) + texts.IN_SESSION * saved.session_only
    back = None if saved.rev is None else partial(undo, app, saved.key, saved.rev)
    app.notify(sentence, "warning" if saved.session_only else "success", back)


def told(changes: Mapping[str, tuple[Any, Any]], region: Region) -> str:
    """« Nouveau → À contacter », « Responsable : Ana → Léa · et 2 autres champs »; "" when nothing changed."""
    ordered = sorted(changes, key=lambda name: name != "status")
    words = [_change(name, *changes[name], region) for name in ordered[:SAID]]
    more = len(ordered) - len(words)
    return " · ".join([*words, *([f"et {counted(more, 'autre champ', 'autres champs')}"] if more else [])])


def _change(name: str, before: Any, after: Any, region: Region) -> str:
    field = BY_KEY[name]
    if field.kind == "long_text":
        return "note ajoutée" if str(after or "").startswith(str(before or "")) else f"{field.label} à jour"
    both = " → ".join(shorten(values.show(field.kind, value, region), 40) or "vide" for value in (before, after))
    return both if name == "status" else f"{field.label}\u00a0: {both}"


def undo(app: App, key: int, rev: int) -> None:
    """« Annuler » in the message that followed a save or a deletion."""
    try:
        restoring.undo(app.crm, app.user, key, rev, app.snapshot)
    except Conflict as conflict:
        names = ", ".join(BY_KEY[each.field].label for each in conflict.fields)
        app.notify(texts.UNDO_REFUSED.format(names=names), "warning")
        return
    app.changed()
    app.notify(texts.UNDONE, "success")
