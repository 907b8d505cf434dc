"""What a save means against what the store holds now: fields merged, a conflict field by field, or a refusal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from gnetics.domain.values import is_missing
from gnetics.errors import Conflict, FieldConflict, Refused
from gnetics.store.unsaved import Draft

Values = Mapping[str, Any]


def plain(value: Any) -> Any:
    """A form's or a frame's value as the store takes it: None when blank, no pandas or numpy type."""
    if is_missing(value):
        return None
    if isinstance(value, str):
        return value.strip() or None
    if hasattr(value, "to_pydatetime"):
        value = value.to_pydatetime()
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.date()  # days are naive midnights in frames
    if isinstance(value, bool | int | date):
        return value
    return value.item() if hasattr(value, "item") else value


def cleaned(values: Values | None, allowed: frozenset[str]) -> dict[str, Any]:
    """The plain values; a field that may not be written this way is a defect of the caller."""
    values = values or {}
    if unknown := values.keys() - allowed:
        raise ValueError(f"not editable: {sorted(unknown)}")
    return {name: plain(value) for name, value in values.items()}


def with_draft(draft: Draft | None, changes: Values, seen: Values) -> tuple[dict[str, Any], dict[str, Any]]:
    """A save also carries what the session had kept for the row while synchronisation was inactive."""
    return ({**draft.changes, **changes}, {**seen, **draft.seen}) if draft else (dict(changes), dict(seen))


def refuse(sentences: dict[str, str]) -> None:
    """Raises Refused when there is any sentence."""
    if sentences:
        raise Refused(sentences)


def compare(stored: Values, changes: Values, seen: Values, message: str) -> tuple[dict[str, Any], list[str]]:
    """(changes still to write, fields somebody else changed meanwhile); raises Conflict on the same field.

    A field absent from `seen` is taken as unchanged since the form opened.
    """
    moved = [name for name, original in seen.items() if stored[name] != original]
    wanted = {name: mine for name, mine in changes.items() if stored[name] != mine}
    if clashes := [FieldConflict(name, wanted[name], stored[name], seen[name]) for name in moved if name in wanted]:
        raise Conflict(message, clashes)
    return wanted, [name for name in moved if name not in changes]
