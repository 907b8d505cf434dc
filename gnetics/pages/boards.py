"""The board of a session: computed once per version of the data, period and owner, and shared by the pages that show it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from gnetics.metrics.board import Board, board
from gnetics.metrics.population import UNASSIGNED
from gnetics.metrics.window import Window
from gnetics.state.period import NOBODY, BoardFilters

if TYPE_CHECKING:
    from gnetics.pages.frame import App


@dataclass
class Boards:
    """`get` gives the very same object while nothing changed: pages compare with `is`."""

    _version: tuple[int, date] | None = None
    _kept: dict[tuple[Window, str], Board] = field(default_factory=dict)

    def get(self, app: App, filters: BoardFilters) -> Board:
        version = app.snapshot.version, app.today()
        if version != self._version:
            self._version, self._kept = version, {}
        window = Window(*filters.span(app.today()))
        wanted = window, filters.owner
        if wanted not in self._kept:
            owner = UNASSIGNED if filters.owner == NOBODY else filters.owner or None
            region = app.region
            self._kept[wanted] = board(app.snapshot, app.today(), region.zone, window, owner, region.first_weekday)
        return self._kept[wanted]


_of_app: WeakKeyDictionary[App, Boards] = WeakKeyDictionary()


def boards(app: App) -> Boards:
    """The boards of this app."""
    return _of_app.setdefault(app, Boards())
