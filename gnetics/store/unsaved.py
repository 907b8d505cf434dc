"""Session-only changes: what is « saved » while synchronisation is inactive, kept until the next refresh."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Draft:
    """`row` as the session shows it (None: deleted), the fields the user changed, and those fields before."""

    row: dict[str, Any] | None
    changes: dict[str, Any]
    seen: dict[str, Any]


class Drafts:
    """By table and key; a row that is not in the store has a negative key."""

    def __init__(self) -> None:
        self._rows: dict[str, dict[int, Draft]] = defaultdict(dict)
        self._last_key = 0
        self._given: dict[tuple[str, int], int] = {}  # the keys that the store gave to rows that were not in it

    def __len__(self) -> int:
        return sum(map(len, self._rows.values()))

    def new_key(self) -> int:
        self._last_key -= 1
        return self._last_key

    def get(self, table_name: str, key: int | None) -> Draft | None:
        return None if key is None else self._rows[table_name].get(key)

    def put(self, table_name: str, key: int, row: Mapping[str, Any], changes: Mapping[str, Any], seen: Mapping[str, Any]) -> None:
        """Add changes to the row's draft; the oldest `seen` of a field is what the store had."""
        old = self._rows[table_name].get(key) or Draft(None, {}, {})
        self._rows[table_name][key] = Draft({**row, "key": key}, {**old.changes, **changes}, {**seen, **old.seen})

    def hide(self, table_name: str, key: int) -> None:
        """Delete a row in this session only."""
        if key < 0:
            self._rows[table_name].pop(key)
        else:
            self._rows[table_name][key] = Draft(None, {}, {})

    def discard(self, table_name: str, key: int | None, stored_key: int) -> None:
        """The row was written to the store; drafts that point to it follow its stored key."""
        if key is None or self._rows[table_name].pop(key, None) is None:
            return
        if key != stored_key:
            self._given[table_name, key] = stored_key
        if table_name == "leads" and key != stored_key:
            for event_key, draft in self._rows["events"].items():
                if draft.row and draft.row.get("lead_key") == key:
                    moved = {"lead_key": stored_key}
                    self._rows["events"][event_key] = Draft(draft.row | moved, draft.changes | moved, draft.seen)

    def stored_as(self, table_name: str, key: int) -> int:
        """The key by which the store has a row, whatever it was before."""
        return self._given.get((table_name, key), key)

    def rows(self, table_name: str) -> tuple[list[dict[str, Any]], list[int]]:
        """Rows to show and keys to hide."""
        drafts = self._rows[table_name]
        return [draft.row for draft in drafts.values() if draft.row], [key for key, draft in drafts.items() if draft.row is None]

    def clear(self) -> None:
        self._rows.clear()
        self._given.clear()
