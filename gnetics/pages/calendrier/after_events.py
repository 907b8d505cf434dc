"""What is asked once a meeting is over: whether it took place, then when to go on with its contact."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from gnetics.actions.leads import save_lead
from gnetics.domain import consigning, dates, leads
from gnetics.domain.calm_hours import working_days_after
from gnetics.domain.events import MET
from gnetics.domain.folding import fold
from gnetics.domain.statuses import LOST, WON
from gnetics.domain.typography import capital
from gnetics.errors import Conflict
from gnetics.pages.calendrier import marking
from gnetics.pages.calendrier.widgets.calendar_grid import Question
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
        self._put_off: set[int] = set()
        self._met = 0  # the event that was just said to have taken place

    def question(self) -> Question:
        if lead := self._to_follow_up():
            return {"key": lead["key"], "words": capital(self._offer(lead)), "left": 0, "follow_up": True}
        waiting = self._waiting()
        return self._past(waiting[0], len(waiting) - 1) if waiting else NOTHING

    def answer(self, key: int, answer: str) -> None:
        """All but « reporté », whose new day is typed in the form."""
        if answer == FOLLOW_UP:
            self._plan()
        elif answer == LATER and self._to_follow_up():
            self._met = 0
        elif answer == LATER:
            self._put_off.add(key)
        elif answer == DONE:
            self.met(key)
            marking.finish(self._app, key, "", True)
        elif answer == CANCELLED:
            marking.call_off(self._app, key, "", True)

    def met(self, key: int) -> None:
        """That event took place: its contact may need a next follow-up."""
        self._met = key

    def _waiting(self) -> list[Row]:
        """The latest first."""
        events, now = self._app.snapshot.events, self._app.crm.clock.now()
        over = (events["ends_at"] <= now) & (events["ends_at"] > now - timedelta(days=DAYS)) & events["kind"].isin(MET)
        open_ = over & ~events["done"] & ~events["cancelled"] & events["recurrence"].isna() & ~events.index.isin(list(self._put_off))
        mine = fold(self._app.user)
        rows = codec.records(events[open_].sort_values("starts_at", ascending=False))
        return [row for row in rows if fold(row["owner"] or "") == mine]

    def _past(self, event: Row, left: int) -> Question:
        lead = codec.record(self._app.snapshot.leads, event["lead_key"])
        starts = event["starts_at"].astimezone(self._app.region.zone)
        when = dates.near(starts.date(), self._app.today(), self._app.region)
        who = f" ({leads.title(lead)})" if lead else ""
        hour = "" if event["all_day"] else f" à {starts:%H:%M}"
        return {"key": event["key"], "words": f"«\u00a0{event['title']}\u00a0»{who}, {when}{hour}", "left": left, "follow_up": False}

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
