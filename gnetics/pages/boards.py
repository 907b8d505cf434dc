"""The board of a session: computed once per version of the data, period and owner, and shared by the pages that show it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from gnetics.domain.regions import Region
from gnetics.metrics.board import Board, Frames, board
from gnetics.metrics.population import UNASSIGNED
from gnetics.metrics.window import Window
from gnetics.state.period import NOBODY, BoardFilters

if TYPE_CHECKING:
    from gnetics.pages.frame import App


def board_of(frames: Frames, filters: BoardFilters, today: date, region: Region) -> Board:
    """The board of a period and an owner."""
    owner = UNASSIGNED if filters.owner == NOBODY else filters.owner or None
    return board(frames, today, region.zone, Window(*filters.span(today)), owner, region.first_weekday)


@dataclass
class Boards:
    """`get` gives the very same object while nothing changed: pages compare with `is`."""

    _version: tuple[int, date] | None = None
    _kept: dict[tuple[Window, str], Board] = field(default_factory=dict)

    def get(self, app: App, filters: BoardFilters) -> Board:
        version = app.snapshot.version, app.today()
        if version != self._version:
            self._version, self._kept = version, {}
        wanted = Window(*filters.span(app.today())), filters.owner
        if wanted not in self._kept:
            self._kept[wanted] = board_of(app.snapshot, filters, app.today(), app.region)
        return self._kept[wanted]


_of_app: WeakKeyDictionary[App, Boards] = WeakKeyDictionary()


def boards(app: App) -> Boards:
    """The boards of this app."""
    return _of_app.setdefault(app, Boards())
