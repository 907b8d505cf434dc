"""An event that was dragged or stretched on the grid: what that means, saved as the form saves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from gnetics import texts
from gnetics.actions.events import SavedEvent, save_event
from gnetics.actions.series import save_occurrence
from gnetics.domain import event_words, series
from gnetics.domain.recurrence import clock, instant
from gnetics.domain.regions import Region
from gnetics.domain.series_changes import Scope
from gnetics.errors import Conflict
from gnetics.pages.calendrier import marking, overlaps
from gnetics.pages.calendrier.event_sheet import EventSheet
from gnetics.pages.calendrier.widgets.calendar_grid import Shift
from gnetics.pages.calendrier.widgets.series_question import Which
from gnetics.widgets.given import NOTHING
from gnetics.widgets.lead_rows import Row

if TYPE_CHECKING:
    from gnetics.pages.app import App


@dataclass(frozen=True)
class _Moved:
    """What was dragged, and to when."""

    ref: str
    changes: dict[str, datetime]
    event: Row


class Moving:
    """`on_saved(day, ref)` hears where the event is, before it is shown there."""

    def __init__(self, app: App, sheet: EventSheet, on_saved: Callable[[date, str], None]) -> None:
        self._app, self._sheet, self._on_saved = app, sheet, on_saved
        self._asked: _Moved | None = None

    @property
    def asking(self) -> bool:
        return self._asked is not None

    @property
    def which(self) -> Which:
        """The question about the series just dragged, while it has no answer."""
        asked = self._asked
        return self._question(asked.event) if asked else NOTHING

    def _question(self, event: Row) -> Which:
        return {"title": event["title"], "repeats": event_words.repeats(event, self._app.region), "scopes": list(Scope)}

    def shift(self, ref: str, by: Shift) -> str:
        """What the event is called from then on. Raises what the actions raise; one that somebody changed meanwhile stays as it is."""
        self._asked = None
        if self._sheet.typed_first():
            return ref
        ref = self._sheet.find(ref)
        event = self._sheet.row(ref)
        moved = _Moved(ref, shifted(event, by, self._app.region), event)
        if not series.split(ref)[1]:
            return self._save(moved, Scope.ONE)
        self._asked = moved  # the answer saves
        return ref

    def choose(self, scope: str) -> str:
        """« Cet événement », « celui-ci et les suivants » or « tous », or none of them (""): it stays where it was."""
        asked, self._asked = self._asked, None
        if asked is None or not scope:
            return asked.ref if asked else ""
        return self._save(asked, Scope(scope))

    def _save(self, moved: _Moved, scope: Scope) -> str:
        app = self._app
        opened = moved.ref == self._sheet.ref
        try:
            saved = self._written(moved, scope)
        except Conflict:
            app.changed()
            app.notify(texts.EVENT_MOVED_MEANWHILE.format(title=moved.event["title"]), "warning")
            return moved.ref
        ref = self._sheet.find(series.ref(saved.key, saved.wall))
        now = self._sheet.row(ref)
        self._on_saved(self._sheet.day_of(ref), ref)
        app.changed()
        if opened:
            self._sheet.show(ref)
        sentence = texts.SAVED_IN_SESSION if saved.session_only else texts.EVENT_MOVED
        clash = overlaps.said(app.snapshot, ref, now, app.region)
        said = sentence.format(title=now["title"], when=event_words.when(now, app.region)) + clash
        app.notify(said, "warning" if saved.session_only or clash else "success", marking.undo_of(app, saved.rev))
        return ref

    def _written(self, moved: _Moved, scope: Scope) -> SavedEvent:
        app, changes = self._app, moved.changes
        seen = {name: moved.event[name] for name in changes}
        name, wall = series.split(moved.ref)
        if wall:
            return save_occurrence(app.crm, app.user, int(name), wall, scope, changes, seen, app.snapshot)
        return save_event(app.crm, app.user, int(name), changes, seen, app.snapshot)


def shifted(event: Row, by: Shift, region: Region) -> dict[str, datetime]:
    """The event's new instants: the region's clock goes on by so much, whatever the season; it lasts as long on that clock."""
    delta = timedelta(days=by.days, minutes=by.minutes)

    def later(moment: datetime) -> datetime:
        return instant(clock(moment, region.zone) + delta, region.zone)

    ends = later(event["ends_at"])
    if by.edge:
        return {"ends_at": ends}
    starts = later(event["starts_at"])
    return {"starts_at": starts, "ends_at": ends if ends > starts else starts + (event["ends_at"] - event["starts_at"])}
