"""What is asked once a meeting is over: whether it took place, then when to go on with its contact."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from gnetics.actions.leads import save_lead
from gnetics.domain import consigning, dates, leads, series
from gnetics.domain.calm_hours import working_days_after
from gnetics.domain.events import MET
from gnetics.domain.folding import fold
from gnetics.domain.statuses import LOST, WON
from gnetics.domain.typography import capital
from gnetics.errors import Conflict
from gnetics.pages.calendrier import marking
from gnetics.pages.calendrier.widgets.calendar_grid import Question
from gnetics.store.occurrence_frames import in_frame
from gnetics.widgets import codec
from gnetics.widgets.given import NOTHING
from gnetics.widgets.lead_rows import Row

if TYPE_CHECKING:
    from gnetics.pages.app import App

DAYS = 14  # a meeting older than that is asked about no more
DONE, POSTPONED, CANCELLED, FOLLOW_UP, LATER = "fait", "reporté", "annulé", "relance", "plus tard"


class AfterEvents:
    """The question of the moment, about the person's own meetings; « plus tard » lasts for the session."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._put_off: set[str] = set()
        self._met = 0  # the event that was just said to have taken place
        self._found: list[Row] = []
        self._found_of: tuple[int, str, datetime] | None = None  # which version of the data, whose, in which minute

    def question(self) -> Question:
        if lead := self._to_follow_up():
            return {"key": "", "words": capital(self._offer(lead)), "left": 0, "follow_up": True}
        waiting = self._waiting()
        return self._past(waiting[0], len(waiting) - 1) if waiting else NOTHING

    def answer(self, ref: str, answer: str) -> None:
        """All but « reporté », whose new day is typed in the form."""
        key, wall = series.split(ref)
        if answer == FOLLOW_UP:
            self._plan()
        elif answer == LATER and self._to_follow_up():
            self._met = 0
        elif answer == LATER:
            self._put_off.add(ref)
        elif answer == DONE:
            marking.finish(self._app, int(key), wall, True, self.met)
        elif answer == CANCELLED:
            marking.call_off(self._app, int(key), wall, True)

    def met(self, key: int, _wall: str = "") -> None:
        """That event took place: its contact may need a next follow-up."""
        self._met = key

    def _waiting(self) -> list[Row]:
        """The latest first. They are asked about at each visit and each look, and looked for when these are others."""
        app = self._app
        of = app.snapshot.version, app.user, app.crm.clock.now().replace(second=0, microsecond=0)
        if of != self._found_of:
            self._found_of, self._found = of, self._find()
        return [row for row in self._found if series.ref_of(row) not in self._put_off]

    def _find(self) -> list[Row]:
        snapshot, now, me = self._app.snapshot, self._app.crm.clock.now(), fold(self._app.user)
        events = snapshot.events
        mine = events["owner"].isin([name for name in events["owner"].unique() if isinstance(name, str) and fold(name) == me])
        if not mine.any():
            return []
        waiting = mine & events["kind"].isin(MET) & ~events["done"] & ~events["cancelled"] & (events["starts_at"] <= now)
        open_ = events[waiting.to_numpy(dtype=bool)]
        found = in_frame(open_, snapshot.changed_occurrences, now - timedelta(days=DAYS), now, self._app.region)
        return codec.records(found[found["ends_at"] <= now].sort_values("starts_at", ascending=False))

    def _past(self, event: Row, left: int) -> Question:
        lead = codec.record(self._app.snapshot.leads, event["lead_key"])
        starts = event["starts_at"].astimezone(self._app.region.zone)
        when = dates.near(starts.date(), self._app.today(), self._app.region)
        who = f" ({leads.title(lead)})" if lead else ""
        hour = "" if event["all_day"] else f" à {starts:%H:%M}"
        return {
            "key": series.ref_of(event),
            "words": f"«\u00a0{event['title']}\u00a0»{who}, {when}{hour}",
            "left": left,
            "follow_up": False,
        }

    def _to_follow_up(self) -> Row | None:
        """The contact just met, when it is still open and nothing is planned for it."""
        event = codec.record(self._app.snapshot.events, self._met)
        lead = codec.record(self._app.snapshot.leads, event["lead_key"]) if event and event["done"] and event["kind"] in MET else None
        if lead is None or lead["status"] in (WON, LOST):
            return None
        planned = lead["next_follow_up"]
        return lead if planned is None or planned <= self._app.today() else None

    def _next_day(self) -> date:
        return working_days_after(self._app.today(), consigning.USUAL[consigning.REACHED], self._app.region)

    def _offer(self, lead: Row) -> str:
        return f"relancer {leads.title(lead)} {dates.near(self._next_day(), self._app.today(), self._app.region)}"

    def _plan(self) -> None:
        app, lead = self._app, self._to_follow_up()
        self._met = 0
        if lead is None:
            return
        said, changes, seen = self._offer(lead), {"next_follow_up": self._next_day()}, {"next_follow_up": lead["next_follow_up"]}
        try:
            save_lead(app.crm, app.user, lead["key"], changes, seen, app.snapshot)
        except Conflict:
            app.changed()
            app.notify("La relance de ce contact vient d’être changée par quelqu’un d’autre : la sienne est gardée.", "warning")
            return
        app.changed()
        app.notify(f"C’est noté : {said}.", "success")
