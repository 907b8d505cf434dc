"""« Corbeille » on Contacts: the contacts deleted in the last 30 days, searched, and restored one by one or together."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from gnetics import texts
from gnetics.actions.bin import restore_leads
from gnetics.domain import leads
from gnetics.domain.typography import counted
from gnetics.pages.contacts.widgets.bin_dialog import BinDialog, BinnedLead
from gnetics.store.nights import KEPT_DAYS
from gnetics.store.reading.bin import binned
from gnetics.widgets import lead_rows

if TYPE_CHECKING:
    from gnetics.pages.app import App

MOST = 100  # rows shown, the last deleted


class Bin:
    def __init__(self, app: App) -> None:
        self._app = app
        self._text = ""
        self.widget = BinDialog(self, days=KEPT_DAYS)

    def open(self) -> None:
        self.find("")
        self.widget.shown = True

    def find(self, text: str) -> None:
        self._text = text
        rows, count = binned(self._app.crm, self._app.user, MOST, text)
        with self.widget.hold_sync():
            self.widget.rows, self.widget.count, self.widget.text = [self._line(row) for row in rows], count, text

    def _line(self, row: Mapping[str, Any]) -> BinnedLead:
        erased = row["updated_at"] + timedelta(days=KEPT_DAYS)
        return {
            "key": row["key"],
            "title": leads.title(row),
            "facts": " · ".join(part for part in (leads.company_beside(row), row["lead_id"] or "") if part),
            "when": f"Supprimé le {lead_rows.when(row['updated_at'], self._app.region)}" + (f" par {row['who']}" if row["who"] else ""),
            "left": max(0, (erased.astimezone(self._app.region.zone).date() - self._app.today()).days),
        }

    def restore(self, keys: Collection[int]) -> None:
        app = self._app
        restore_leads(app.crm, app.user, keys, app.snapshot)
        app.changed()
        self.find(self._text)
        back = [key for key in keys if key in app.snapshot.leads.index]
        if len(back) == 1:
            app.notify(texts.LEAD_RESTORED.format(title=leads.title(app.snapshot.lead(back[0]))), "success")
        else:
            app.notify(texts.LEADS_RESTORED.format(count=counted(len(back), "contact")), "success")
