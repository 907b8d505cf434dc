"""The row that a page has open. In another store its number names another row: what is typed waits for the one it is for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from gnetics.errors import NotFound
from gnetics.state.session import Session

Row = dict[str, Any]


class OpenRow:
    """`key` is None while no row is open, or a new one; `lost` says that the session now reads a store where it is not the same row.

    `read(key)` gives a row as the session has it, or None; `identity(row)` what is alike in two states of a store only when the row is
    the same. The sentences: `unknown` when there is no such row any more, `other` when it is lost.
    """

    def __init__(
        self, session: Session, read: Callable[[int], Row | None], identity: Callable[[Row], Any], *, unknown: str, other: str
    ) -> None:
        self.key: int | None = None
        self.lost = False
        self._read, self._identity = read, identity
        self._unknown, self._other = unknown, other
        self._was: Any = None  # its identity when it was last read
        session.observe(self._meet_another_store, "stores")

    def open(self, key: int | None) -> None:
        self.key, self.lost = key, False

    @property
    def here(self) -> bool:
        return not self.lost and self._found() is not None

    def row(self) -> Row:
        """As the session has it now; raises NotFound."""
        self.require_same()
        row = self._found()
        if row is None:
            raise NotFound(self._unknown.format(ref=self.key))
        self._was = self._identity(row)
        return row

    def require_same(self) -> None:
        if self.lost:
            raise NotFound(self._other)

    def _found(self) -> Row | None:
        return None if self.key is None else self._read(self.key)

    def _meet_another_store(self, _change: Any) -> None:
        if self.key is not None:
            row = self._found()
            self.lost = row is None or self._identity(row) != self._was
