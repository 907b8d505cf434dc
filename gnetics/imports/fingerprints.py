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
        self._seen: Counter[bytes] = Counter()  # by digest: the texts of a million rows would not fit

    def of(self, values: dict[str, Any], unread: dict[str, str]) -> str:
        content = {key: _canonical(value) for key, value in {**values, **unread}.items()}
        state = hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode())
        same = state.digest()
        self._seen[same] += 1
        state.update(f"#{self._seen[same]}".encode())
        return self._prefix + state.hexdigest()


def _canonical(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return fold(value) if isinstance(value, str) else value
