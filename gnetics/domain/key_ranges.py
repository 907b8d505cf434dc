"""Many keys as a short text, since those of one import follow each other."""

from __future__ import annotations

from collections.abc import Iterable


def written(keys: Iterable[int]) -> str:
    """Keys as text, those that follow each other by their ends: « 3,7-100000 »."""
    parts: list[str] = []
    first = last = None
    for key in [*sorted(keys), None]:
        if first is not None and last is not None and key != last + 1:
            parts.append(f"{first}-{last}" if last > first else f"{first}")
            first = key
        first = key if first is None else first
        last = key
    return ",".join(parts)


def read(text: str) -> list[int]:
    """The keys that `written` wrote."""
    ends = (part.partition("-") for part in text.split(",") if part)
    return [key for first, _, last in ends for key in range(int(first), int(last or first) + 1)]
