"""What each role may do: the only table of roles and verbs."""

from __future__ import annotations

from enum import StrEnum

from gnetics.errors import Forbidden

READER, EDITOR, ADMINISTRATOR = "lecture", "édition", "administration"


class Verb(StrEnum):
    """What a write asks the right to do."""

    SAVE_VIEW = "save_view"
    SAVE_LEAD = "save_lead"
    DELETE_LEAD = "delete_lead"
    MERGE_LEADS = "merge_leads"
    CHANGE_LEADS = "change_leads"
    SAVE_EVENT = "save_event"
    DELETE_EVENT = "delete_event"
    SEND = "send"
    IMPORT = "import"
    UNDO_IMPORT = "undo_import"
    SCORE = "score"
    SYNC = "sync"
    ACCOUNTS = "accounts"
    TASKS = "tasks"
    PUBLISH = "publish"
    ERASE_PERSON = "erase_person"


_OF_ADMINISTRATORS = {Verb.SCORE, Verb.SYNC, Verb.ACCOUNTS, Verb.TASKS, Verb.PUBLISH, Verb.ERASE_PERSON}
ROLES: dict[str, frozenset[Verb]] = {
    READER: frozenset({Verb.SAVE_VIEW}),
    EDITOR: frozenset(Verb) - _OF_ADMINISTRATORS,
    ADMINISTRATOR: frozenset(Verb),
}


def require(role: str, verb: Verb) -> None:
    if verb not in ROLES[role]:
        raise Forbidden(f"Votre rôle («\u00a0{role}\u00a0») ne permet pas cette action\u00a0: demandez à votre administrateur.")
