"""« Consigner » on the sheet of a contact: the dialog that notes an exchange, and what is then to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from gnetics import texts
from gnetics.actions.consigning import Noted, consign
from gnetics.actions.leads import Saved
from gnetics.domain import consigning, dates
from gnetics.domain import leads as rules
from gnetics.domain.calm_hours import working_days_after
from gnetics.domain.regions import Region
from gnetics.domain.statuses import LABELS, STATUSES
from gnetics.errors import Conflict, NotFound, Refused, Unreadable
from gnetics.pages.contacts.lead_saving import ask_which, still_to_write
from gnetics.pages.contacts.widgets.consigning import Asked, ConsignDialog, FollowUp
from gnetics.state.open_row import OpenRow
from gnetics.widgets.conflict import ConflictDialog

if TYPE_CHECKING:
    from gnetics.pages.app import App

_SEEN = ("next_follow_up", "status", "lost_reason")  # what the dialog shows of the contact, and may change


class Consigning:
    """Implements ConsignHandler for the contact open in `lead`; `on_saved` shows what became of it, and says what was done."""

    def __init__(self, app: App, lead: OpenRow, on_saved: Callable[[Saved, str], None]) -> None:
        self._app, self._lead = app, lead
        self._on_saved = on_saved
        self._noted = Noted("", "", "")
        self._pending: tuple[dict[str, Any], dict[str, Any]] = {}, {}  # changes, seen
        self.conflict = ConflictDialog(self._resolve)
        self.widget = ConsignDialog(
            self,
            kinds=[{"label": kind.label, "results": list(kind.results)} for kind in consigning.KINDS],
            usual=consigning.USUAL,
            statuses=list(LABELS),
            closed_statuses=[each.label for each in STATUSES if each.type in ("gagné", "perdu")],
            date_format=app.region.date_format,
            date_hint=app.region.date_hint,
            first_day=(app.region.first_weekday + 1) % 7,
        )

    def open(self) -> None:
        """For the contact on the sheet; what was typed for it and not saved is still there."""
        row, widget, today = self._lead.row(), self.widget, self._app.today()
        with widget.hold_sync():
            if widget.ref != row["key"]:
                widget.ref = row["key"]
                widget.opened += 1
            widget.title = rules.title(row)
            widget.status = row["status"] or ""
            widget.reason = row["lost_reason"] or ""
            widget.days = [
                _follow_up(count, working_days_after(today, count, self._app.region), self._app.region) for count in consigning.FOLLOW_UPS
            ]
            widget.errors = {}
            widget.shown = True

    def hide(self) -> None:
        self.widget.shown = False

    def consign(self, asked: Asked) -> None:
        row = self._lead.row()
        try:
            planned = dates.parse(asked["follow_up"], self._app.region) if asked["follow_up"].strip() else None
        except Unreadable as error:
            self.widget.errors = {"next_follow_up": str(error)}
            return
        self._noted = Noted(asked["kind"], asked["result"], asked["line"])
        changes: dict[str, Any] = {"next_follow_up": planned}
        if asked["status"] and asked["status"] != row["status"]:
            changes["status"] = asked["status"]
            if asked["reason"]:
                changes["lost_reason"] = asked["reason"]
        self._pending = changes, {name: row[name] for name in _SEEN if name in changes}
        self._write()

    def _write(self) -> None:
        app, (changes, seen) = self._app, self._pending
        self._lead.require_same()
        assert self._lead.key is not None  # the dialog is on the sheet of a contact
        try:
            saved = consign(app.crm, app.user, self._lead.key, self._noted, changes, seen, app.snapshot)
        except Refused as refusal:
            self.widget.errors = dict(refusal.sentences)
            return
        except Conflict as conflict:
            ask_which(self.conflict, conflict, app.region)
            return
        except NotFound as gone:
            self.widget.errors = {"": str(gone)}
            return
        self.widget.ref = 0  # the next exchange starts afresh
        self.hide()
        self._on_saved(saved, self._said(changes.get("next_follow_up")))

    def _resolve(self, kept: dict[str, Any], stored: dict[str, Any]) -> None:
        changes, seen = self._pending
        self._pending = still_to_write(changes | kept, stored), seen | stored
        self._write()

    def _said(self, planned: date | None) -> str:
        what = consigning.title(consigning.BY_LABEL[self._noted.kind], self._noted.result)
        return f"«\u00a0{what}\u00a0» consigné, " + (
            texts.NEXT_FOLLOW_UP.format(day=dates.show(planned, self._app.region)) if planned else texts.NO_FOLLOW_UP
        )


def _follow_up(count: int, day: date, region: Region) -> FollowUp:
    return {"days": count, "label": f"+{count}\u00a0j", "day": dates.brief(day, region), "text": dates.show(day, region)}
