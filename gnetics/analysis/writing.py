"""Changes of many contacts from a notebook: by the pages' own actions, with their rights and history, each taken back as one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from gnetics.actions import lots
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot


@dataclass(frozen=True, repr=False)
class WrittenLot:
    """`count` contacts changed."""

    _writing: Writing
    count: int
    rev: int | None

    def undo(self) -> None:
        """Take the change back, but for what was edited since."""
        if self.rev is not None:
            lots.undo_lot(self._writing.crm, self._writing.user, self.rev, self._writing.snapshot)

    def __repr__(self) -> str:
        return f"<{self.count} contact{'s' if self.count > 1 else ''} modifié{'s' if self.count > 1 else ''}>"


@dataclass(frozen=True)
class Writing:
    """In the name of `user`; each call is one transaction, all or nothing."""

    crm: Crm
    user: str
    snapshot: Snapshot

    def tag(self, keys: Collection[int], tags: str) -> WrittenLot:
        """Add tags, separated by commas; `keys` is the index of leads."""
        return self._written(lots.tag_leads(self.crm, self.user, _plain(keys), tags, True, self.snapshot))

    def untag(self, keys: Collection[int], tags: str) -> WrittenLot:
        return self._written(lots.tag_leads(self.crm, self.user, _plain(keys), tags, False, self.snapshot))

    def change(self, keys: Collection[int], **values: Any) -> WrittenLot:
        """Give all of them one status, lost_reason, owner, source or next_follow_up."""
        return self._written(lots.change_leads(self.crm, self.user, _plain(keys), values, self.snapshot))

    def _written(self, lot: lots.Lot) -> WrittenLot:
        return WrittenLot(self, lot.count, lot.rev)


def _plain(keys: Collection[int]) -> list[int]:
    return [int(key) for key in keys]
