"""« ⋯ » of Calendrier: events as files that other calendars read, and the address by which they follow this one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any

from gnetics import texts
from gnetics.actions import calendar_feed
from gnetics.domain import dates, leads
from gnetics.domain.accesses import Access
from gnetics.exports.lead_table import values_of
from gnetics.exports.tables import file_name
from gnetics.pages.calendrier.widgets.calendar_menu import CalendarMenu
from gnetics.store.frames import Snapshot
from gnetics.store.people import feeds
from gnetics.widgets import codec
from gnetics.widgets.download import TYPES

if TYPE_CHECKING:
    from gnetics.pages.app import App


class Menu:
    """Implements CalendarMenuHandler; `opened` gives the key of the event on screen (0 for none), `shown` those of the period."""

    def __init__(self, app: App, opened: Callable[[], int], shown: Callable[[], Collection[int]]) -> None:
        self._app, self._opened, self._shown = app, opened, shown
        self.widget = CalendarMenu(self)

    def save(self, what: str) -> None:
        from gnetics.exports.icalendar import icalendar  # 70 ms of whoever exports, not of each kernel

        app = self._app
        keys = {"event": lambda: [self._opened()], "shown": self._shown}[what]() if what != "all" else None
        rows = event_rows(app.snapshot, keys)
        if rows:
            name = file_name("événement" if what == "event" else "calendrier", app.today(), "ics")
            app.hand_over(Access.EXPORTED, name, len(rows))
            self.widget.download.save(name, TYPES["ics"], icalendar(rows, app.region))
        else:
            app.notify(texts.NO_EVENT_TO_EXPORT)

    def subscribe(self) -> None:
        with self.widget.hold_sync():
            self.widget.path, self.widget.since = "", self._since()
            self.widget.subscribing = True

    def renew(self) -> None:
        path = calendar_feed.give(self._app.crm, self._app.user, self._app.user)
        with self.widget.hold_sync():
            self.widget.path, self.widget.since = path, self._since()

    def revoke(self) -> None:
        calendar_feed.revoke(self._app.crm, self._app.user, self._app.user)
        with self.widget.hold_sync():
            self.widget.path, self.widget.since = "", ""
        self._app.notify(texts.FEED_REVOKED, "success")

    def _since(self) -> str:
        made_at = feeds.since(self._app.crm, self._app.user)
        return dates.show(made_at.astimezone(self._app.region.zone).date(), self._app.region) if made_at else ""


def event_rows(snapshot: Snapshot, keys: Collection[int] | None = None) -> list[dict[str, Any]]:
    """What the session sees of these events, each with the whole of its series; None: all there are."""
    frame = snapshot.events
    if keys is not None:
        wanted = frame.index.isin(keys)
        heads = {*frame.index[wanted], *frame["series_key"][wanted].dropna().astype(int)}
        frame = frame[frame.index.isin(heads) | frame["series_key"].isin(heads)]
    columns = {"key": frame.index.tolist()} | {str(name): values_of(frame[name]) for name in frame}
    rows = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    found = {key: codec.record(snapshot.leads, key) for key in {row["lead_key"] for row in rows}}
    return [row | {"lead": leads.title(lead) if (lead := found[row["lead_key"]]) else ""} for row in rows]
