"""What each role may do: the only table of roles and verbs."""

from __future__ import annotations

from gnetics.errors import Forbidden

READER, EDITOR, ADMINISTRATOR = "lecture", "édition", "administration"

_READ = frozenset({"save_view"})
_EDIT = _READ | {"save_lead", "delete_lead", "merge_leads", "change_leads", "save_event", "delete_event", "import", "undo_import"}
ROLES: dict[str, frozenset[str]] = {
    READER: _READ,
    EDITOR: _EDIT,
    ADMINISTRATOR: _EDIT | {"score", "sync", "accounts", "tasks"},
}
_VERBS = ROLES[ADMINISTRATOR]


def allows(role: str, verb: str) -> bool:
    """A verb that no role has is a defect of the caller."""
    if verb not in _VERBS:
        raise ValueError(f"not a verb of the table: {verb}")
    return verb in ROLES[role]


def require(role: str, verb: str) -> None:
    if not allows(role, verb):
        raise Forbidden(f"Votre rôle («\u00a0{role}\u00a0») ne permet pas cette action\u00a0: demandez à votre administrateur.")
