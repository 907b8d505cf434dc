"""What each role may do: the only table of rights."""

from __future__ import annotations

from gnetics.errors import Forbidden

EDITOR = "éditeur"
ROLES: dict[str, frozenset[str]] = {
    EDITOR: frozenset({"save_lead", "delete_lead", "save_event", "delete_event", "import", "undo_import", "score", "save_view"})
}


def role_of(user: str) -> str:
    """Everyone who reaches the page is an editor until accounts exist."""
    return EDITOR


def require(user: str, action: str) -> None:
    if action not in ROLES[role_of(user)]:
        raise Forbidden("Votre rôle ne permet pas cette action\u00a0: demandez à votre administrateur.")
