"""« Actions récentes » on Contacts: what was done to many contacts at once in the last 30 days, each lot with « Annuler »."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gnetics import texts
from gnetics.actions.lots import undo_lot
from gnetics.domain.typography import counted
from gnetics.pages.contacts.merging import team_only
from gnetics.pages.contacts.widgets.recent_lots import RecentLot, RecentLotsDialog
from gnetics.store.nights import KEPT_DAYS
from gnetics.store.reading.lots import PastLot, recent_lots
from gnetics.widgets import lead_rows

if TYPE_CHECKING:
    from gnetics.pages.app import App

MOST = 100  # lots shown, the latest


class RecentLots:
    def __init__(self, app: App) -> None:
        self._app = app
        self.widget = RecentLotsDialog(self.undo, days=KEPT_DAYS)
        team_only(app, self.widget)

    def open(self) -> None:
        self._fill()
        self.widget.shown = True

    def undo(self, rev: int) -> None:
        """Take a lot back, from here or from the message that followed it."""
        app = self._app
        try:
            kept = undo_lot(app.crm, app.user, rev, app.snapshot)
        finally:
            self._fill()  # somebody else may just have done so
        app.changed()
        app.notify(texts.undone_but(texts.UNDONE, kept), "warning" if kept else "success")

    def _fill(self) -> None:
        lots = recent_lots(self._app.crm, self._app.user)
        self.widget.rows, self.widget.count = [self._line(lot) for lot in lots[:MOST]], len(lots)

    def _line(self, lot: PastLot) -> RecentLot:
        facts = (counted(lot.count, "contact"), lead_rows.when(lot.at, self._app.region), lot.who)
        return {"rev": lot.rev, "what": lot.what, "facts": " · ".join(filter(None, facts)), "undone": lot.undone}
