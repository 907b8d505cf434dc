"""Identity of rows that bring none: the same content, the same number of times, is the same row."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from datetime import date, datetime
from typing import Any

from gnetics.domain.folding import fold


class Fingerprints:
    """One per sheet: equal rows are told apart by their order."""

    def __init__(self, prefix: str = "") -> None:
        self._prefix = prefix
        self._seen: dict[bytes, int] = {}  # the line of the first, by digest: the texts of a million rows would not fit
        self._again: Counter[bytes] = Counter()  # how many times more

    def of(self, values: dict[str, Any], unread: dict[str, str]) -> str:
        return self.look(values, unread, 0)[0]

    def look(self, values: dict[str, Any], unread: dict[str, str], line: int) -> tuple[str, int | None]:
        """The identity of the row, and the line of the first that is equal, None when none came before."""
        content = {key: _canonical(value) for key, value in {**values, **unread}.items()}
        state = hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode())
        same = state.digest()
        first = self._seen.get(same)
        if first is None:
            self._seen[same] = line
        else:
            self._again[same] += 1
        state.update(f"#{1 + self._again.get(same, 0)}".encode())
        return self._prefix + state.hexdigest(), first


def _canonical(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return fold(value) if isinstance(value, str) else value
