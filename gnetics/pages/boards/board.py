"""The board of a session: computed once per version of the data, day, period and owner, and shared by the pages that show it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from gnetics.domain.folding import fold
from gnetics.domain.regions import Region
from gnetics.domain.spellings import names
from gnetics.metrics.board import Board, board
from gnetics.metrics.earlier import earlier_frames
from gnetics.metrics.frames import EarlierFrames, Frames
from gnetics.metrics.population import UNASSIGNED
from gnetics.metrics.window import Window
from gnetics.pages.boards.period import NOBODY, BoardFilters
from gnetics.store.frames import Snapshot

if TYPE_CHECKING:
    from gnetics.pages.app import App


def board_of(frames: Frames, filters: BoardFilters, today: date, region: Region) -> Board:
    """The board of a period and an owner."""
    owner = UNASSIGNED if filters.owner == NOBODY else filters.owner or None
    return board(frames, today, region.zone, Window(*filters.span(today)), owner, region.first_weekday)


@dataclass
class Boards:
    """`get` gives the very same object while nothing changed: pages compare with `is`."""

    _version: tuple[int, date] | None = None
    _kept: dict[tuple[date, Window, str], Board] = field(default_factory=dict)
    _earlier: tuple[date, EarlierFrames] | None = None  # of the last earlier day asked for: its frames are wide

    def get(self, app: App, filters: BoardFilters) -> Board:
        version = app.snapshot.version, app.today()
        if version != self._version:
            self._version, self._kept, self._earlier = version, {}, None
        day = filters.day or app.today()
        wanted = day, Window(*filters.span(day)), filters.owner
        if wanted not in self._kept:
            self._kept[wanted] = board_of(self._frames(app, filters.day), filters, day, app.region)
        return self._kept[wanted]

    def _frames(self, app: App, day: date | None) -> Frames:
        if day is None:
            return app.snapshot
        if self._earlier is None or self._earlier[0] != day:
            self._kept = {key: kept for key, kept in self._kept.items() if key[0] == app.today()}
            self._earlier = day, earlier_frames(app.snapshot, day, app.today(), app.region.zone)
        return self._earlier[1]


def owner_names(snapshot: Snapshot) -> dict[str, str]:
    """Folded text → the one name of each owner of a lead."""
    return names((str(text), int(count)) for text, count in snapshot.real["owner"].value_counts().items())


def known_as(owner: str, snapshot: Snapshot) -> str:
    """An owner of an address under the name that pages show; NOBODY, and whoever owns nothing, as they are."""
    return owner_names(snapshot).get(fold(owner) or "", owner) if owner else ""


def first_day(frames: Frames, region: Region) -> date | None:
    """The first day that the history tells of; None without history."""
    since = frames.history_since
    return None if since is None else since.tz_convert(region.zone).date()


_of_app: WeakKeyDictionary[App, Boards] = WeakKeyDictionary()


def boards(app: App) -> Boards:
    """The boards of this app."""
    return _of_app.setdefault(app, Boards())
