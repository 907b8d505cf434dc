"""« ⋯ » of a contact in a list: open, consign, call, write, compare with its duplicates, move."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gnetics import texts
from gnetics.domain.duplicates import SHARED
from gnetics.domain.quoting import shortened
from gnetics.domain.statuses import LABELS
from gnetics.errors import NotFound
from gnetics.metrics.duplicates import twins
from gnetics.pages.contacts.merging import Merging
from gnetics.pages.contacts.widgets.lead_menu import LeadMenu
from gnetics.widgets import codec, lead_rows

if TYPE_CHECKING:
    from gnetics.pages.app import App


class Menu:
    """Implements MenuHandler; `address` gives the query of the list with a contact open."""

    def __init__(
        self,
        app: App,
        merging: Merging,
        on_open: Callable[[str], None],
        on_move: Callable[[str, str], None],
        address: Callable[[str], dict[str, str]],
    ) -> None:
        self._app, self._merging, self._address = app, merging, address
        self._on_open, self._on_move = on_open, on_move
        self.widget = LeadMenu(self, statuses=list(LABELS))

    def open(self, ref: str) -> None:
        self._on_open(ref)

    def move(self, ref: str, status: str) -> None:
        self._on_move(ref, status)

    def consign(self, ref: str) -> None:
        self._app.go("contacts", **self._address(ref), consigner="1")

    def compare(self, ref: str) -> None:
        """Side by side with those that look like it; who only shares its telephone when there is nobody else."""
        snapshot = self._app.snapshot
        row = codec.record(snapshot.real, lead_rows.key_of(snapshot.leads, ref))
        if row is None:
            raise NotFound(texts.UNKNOWN_LEAD.format(ref=shortened(ref)))
        found = twins(snapshot.real, [row])[row["key"]]
        sure = [twin.key for twin in found if twin.verdict.kind != SHARED]
        self._merging.open([row["key"], *(sure or [twin.key for twin in found])])
