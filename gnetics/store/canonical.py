"""Which fields are in the history, and their values as text there."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean

from gnetics.domain import values
from gnetics.domain.fields import BY_KEY
from gnetics.store.schema import VERSIONED, Held, events

ENTITY = {"leads": "lead", "events": "event", "messages": "message", "runs": "run"}
WHOLE = frozenset({"leads", "events"})  # whose rows have a line when they come and go
RECORDED: dict[str, frozenset[str]] = {
    "leads": frozenset(BY_KEY),
    "events": frozenset(events.c.keys()) - {"key", "updated_at", "deleted", "rev", "uid", "sequence", "wall_start", "wall_end"},
    "messages": frozenset({"lead_key"}),
    "runs": frozenset({"lead_key"}),
}


def encode(table_name: str, field: str, value: Any) -> str | None:
    """Canonical text of a recorded field; domain/values.py knows those of a lead."""
    if table_name == "leads":
        return values.encode(BY_KEY[field].kind, value)
    if isinstance(value, bool):
        return "1" if value else "0"
    kind = VERSIONED[table_name].c[field].type
    return None if value is None else kind.hold(value) if isinstance(kind, Held) else str(value)


def decode(table_name: str, field: str, text: str | None) -> Any:
    """The value `encode` wrote."""
    if table_name == "leads":
        return values.decode(BY_KEY[field].kind, text)
    kind = VERSIONED[table_name].c[field].type
    if text is None:
        return None
    if isinstance(kind, Boolean):
        return text == "1"
    return kind.give(text) if isinstance(kind, Held) else kind.python_type(text)
