"""What a person is reminded of, on every page: their own events, from when their reminder says until they are over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from gnetics.domain import dates, series
from gnetics.domain.folding import fold
from gnetics.pages.calendrier import marking
from gnetics.pages.frame import Recalled
from gnetics.store.occurrence_frames import in_frame
from gnetics.widgets import codec

if TYPE_CHECKING:
    from gnetics.pages.app import App

AHEAD = timedelta(days=1)  # looked for at once; each beat then looks at these only
SEEN, DISMISSED, DONE, POSTPONED = "voir", "masquer", "fait", "reporter"


@dataclass(frozen=True)
class _Coming:
    owner: str | None
    ref: str
    title: str
    recalled_at: datetime
    starts_at: datetime
    ends_at: datetime


class Reminders:
    """What is dismissed is so for the session, until the event is moved.

    What comes is known of everybody: kernels inherit it from a process that has nobody.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._dismissed: set[tuple[str, datetime]] = set()
        self._coming: list[_Coming] = []
        self._known = -1, app.crm.clock.now()  # of which version of the data, and until when

    def now(self) -> list[Recalled]:
        """Those to show, the next event first."""
        now = self._app.crm.clock.now()
        self.look_ahead()
        due = [each for each in self._mine() if each.recalled_at <= now < each.ends_at]
        return [self._row(each) for each in due if (each.ref, each.starts_at) not in self._dismissed]

    def answer(self, ref: str, answer: str) -> None:
        wanted = next((each for each in self._mine() if each.ref == ref), None)
        if wanted is None:
            return
        if answer == SEEN:
            self._app.go("calendrier", event=ref)
        elif answer == POSTPONED:
            self._app.go("calendrier", event=ref, reporter="1")
        elif answer == DONE:
            key, wall = series.split(ref)
            marking.finish(self._app, int(key), wall, True)
        if answer != POSTPONED:
            self._dismissed.add((ref, wanted.starts_at))

    def look_ahead(self) -> None:
        """Know what comes, where that is not known any more."""
        snapshot, now = self._app.snapshot, self._app.crm.clock.now()
        version, until = self._known
        if version == snapshot.version and now < until:
            return
        self._known = snapshot.version, now + AHEAD
        self._coming, events = [], snapshot.events
        wanted = (events["reminder"].notna() & ~events["done"] & ~events["cancelled"]).to_numpy()
        if wanted.any():
            events = events[wanted]
            until = now + AHEAD + timedelta(minutes=int(events["reminder"].max()))
            self._coming = [
                _Coming(
                    row["owner"],
                    series.ref_of(row),
                    row["title"],
                    row["starts_at"] - timedelta(minutes=row["reminder"]),
                    row["starts_at"],
                    row["ends_at"],
                )
                for row in codec.records(in_frame(events, snapshot.changed_occurrences, now, until, self._app.region))
            ]

    def _mine(self) -> list[_Coming]:
        me = fold(self._app.user)
        return [each for each in self._coming if me and fold(each.owner) == me]

    def _row(self, each: _Coming) -> Recalled:
        starts = each.starts_at.astimezone(self._app.region.zone)
        near = dates.near(starts.date(), self._app.today(), self._app.region)
        return {"ref": each.ref, "title": each.title, "when": f"{near} à {starts:%H:%M}"}
