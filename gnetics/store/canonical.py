"""Which fields are in the history, and their values as text there."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from gnetics.domain import values
from gnetics.domain.fields import BY_KEY
from gnetics.store.schema import events, instant

ENTITY = {"leads": "lead", "events": "event"}
RECORDED: dict[str, frozenset[str]] = {
    "leads": frozenset(BY_KEY),
    "events": frozenset(events.c.keys()) - {"key", "updated_at", "deleted", "rev", "uid"},
}


def encode(table_name: str, field: str, value: Any) -> str | None:
    """Canonical text of a recorded field; domain/values.py knows those of a lead."""
    if table_name == "leads":
        return values.encode(BY_KEY[field].kind, value)
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, datetime):
        return instant(value)
    return None if value is None else str(value)
