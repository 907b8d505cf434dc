"""ID Leads of the form we give: « L-000001 », numbered upwards for good."""

from __future__ import annotations

import re

_OURS = re.compile("L-0*([0-9]{1,15})")  # a longer number is nobody's count, and no database's

_NAMED = re.compile(r"\bL-([0-9]{6,15})\b")


def written(number: int) -> str:
    return f"L-{number:06d}"


def number_of(lead_id: str | None) -> int:
    """0 for an ID Lead of another form."""
    match = _OURS.fullmatch(lead_id) if lead_id else None
    return int(match[1]) if match else 0


def named_in(text: str) -> list[str]:
    """Those that a text names, as we write them."""
    return [written(int(each)) for each in _NAMED.findall(text)]
