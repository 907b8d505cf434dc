"""« Fusionner » on Contacts: the dialog side by side, the merge, and taking it back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import traitlets as tl

from gnetics import texts
from gnetics.actions import merging as actions
from gnetics.domain import dates, leads, merging, values
from gnetics.domain.fields import BY_KEY
from gnetics.domain.typography import counted, spaced
from gnetics.errors import GneticsError, NotFound
from gnetics.pages.contacts.widgets.merge_dialog import MergeDialog, MergeOption
from gnetics.widgets import codec
from gnetics.widgets.lead_rows import Row

if TYPE_CHECKING:
    from gnetics.pages.app import App

MOST = 4  # leads side by side


def team_only(app: App, widget: tl.HasTraits) -> None:
    """While synchronisation is off, `widget.blocked` says that several contacts cannot be written together, before anything is typed."""
    tl.dlink((app.session, "sync_active"), (widget, "blocked"), lambda active: "" if active else spaced(texts.TEAM_ONLY))


class Merging:
    """`on_merged` receives the key of the survivor."""

    def __init__(self, app: App, on_merged: Callable[[int], None]) -> None:
        self._app, self._on_merged = app, on_merged
        self._rows: list[Row] = []  # what is on screen
        self.widget = MergeDialog(self._merge)

    def open(self, keys: Sequence[int]) -> None:
        """Compare these leads, the first proposed to stay; one that was erased is passed over."""
        self._read(keys)
        with self.widget.hold_sync():
            self._fill()
            self.widget.said = ""
            self.widget.opened += 1
            self.widget.shown = True

    def _read(self, keys: Sequence[int]) -> None:
        found = [codec.record(self._app.snapshot.leads, key) for key in keys[:MOST]]
        self._rows = [row for row in found if row and not row["erased_at"]]
        if len(self._rows) < 2:
            raise NotFound(texts.NOTHING_TO_MERGE)

    def _fill(self) -> None:
        proposed = merging.proposed(self._rows)
        self.widget.leads = [{"key": row["key"], "title": leads.title(row), "facts": self._facts(row)} for row in self._rows]
        self.widget.rows = [
            {"field": field, "label": BY_KEY[field].label, "options": self._options(field), "choice": choice}
            for field, choice in proposed.items()
        ]

    def _options(self, field: str) -> list[MergeOption]:
        shown: list[MergeOption] = [
            {"choice": row["key"], "text": values.show(BY_KEY[field].kind, row[field], self._app.region)} for row in self._rows
        ]
        several = sum(bool(each["text"]) for each in shown) > 1
        return shown + ([{"choice": merging.BOTH, "text": ""}] if field in merging.JOINED and several else [])

    def _facts(self, row: Row) -> str:
        snapshot, key = self._app.snapshot, row["key"]
        mails, meetings = (int(frame["lead_key"].eq(key).sum()) for frame in (snapshot.messages, snapshot.events))
        created = f"créé le {dates.show(row['created_at'], self._app.region)}" if row["created_at"] else ""
        has = [counted(mails, "email") if mails else "", counted(meetings, "rendez-vous", "rendez-vous") if meetings else ""]
        return " · ".join(part for part in (row["lead_id"] or "", created, *has) if part)

    def _merge(self, survivor: int, choice: dict[str, int]) -> None:
        app = self._app
        rows = sorted(self._rows, key=lambda row: row["key"] != survivor)
        keys = [row["key"] for row in rows]
        try:
            done = actions.merge_leads(app.crm, app.user, keys, choice, {row["key"]: row for row in rows}, app.snapshot)
        except actions.Moved as moved:
            app.changed()
            self._read(keys)
            self._fill()
            self.widget.said = str(moved)
            return
        except GneticsError as refusal:
            self.widget.said = str(refusal)
            return
        self.widget.shown = False
        app.changed()
        self._on_merged(done.key)
        title = leads.title(app.snapshot.lead(done.key))
        app.notify(texts.MERGED.format(title=title, count=len(keys)), "success", partial(self.undo, done.key, done.rev))

    def undo(self, key: int, rev: int) -> None:
        """« Annuler la fusion »."""
        app = self._app
        kept = actions.undo_merge(app.crm, app.user, key, rev, app.snapshot)
        app.changed()
        app.notify(texts.undone_but(texts.MERGE_UNDONE, kept), "warning" if kept else "success")
