"""« Fil du contact » on the sheet: which entries are shown, and how many of them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pandas as pd

from gnetics.pages.contacts import timeline
from gnetics.pages.contacts.timeline import DatedEntry
from gnetics.pages.contacts.widgets.lead_sheet import LeadSheet
from gnetics.store.occurrence_frames import at_their_next
from gnetics.store.reading import history, logs
from gnetics.store.reading.merges import undoable_merges
from gnetics.widgets import codec

if TYPE_CHECKING:
    from gnetics.pages.app import App

MOST = 40  # entries shown, then as many more each time
ALL, EXCHANGES, CHANGES = KINDS = ("Tout", "Échanges", "Modifications")
_KEPT = ("at", "rev")  # of an entry, what the browser is not told


class LeadTimeline:
    """Of each kind no more rows are read than can be shown."""

    def __init__(self, app: App, widget: LeadSheet) -> None:
        self._app, self._widget = app, widget
        self._most = MOST

    def start(self) -> None:
        """For another contact."""
        self._most = MOST

    def more(self) -> None:
        self._most += MOST

    def choose(self, kind: str) -> None:
        self._most = MOST
        self._widget.timeline_kind = kind if kind in KINDS else ALL

    def show(self, key: int) -> None:
        kind = self._widget.timeline_kind
        entries: list[DatedEntry] = []
        count = 0
        for wanted, read in ((CHANGES, self._changes), (EXCHANGES, self._mails), (EXCHANGES, self._events), (ALL, self._runs)):
            if kind in (ALL, wanted):
                found, total = read(key)
                entries += found
                count += total
        if kind == ALL:
            entries, joined = self._joined(key, entries)
            count -= joined
        entries.sort(key=lambda entry: (entry["at"] is not None, entry["at"]), reverse=True)
        self._widget.timeline = [{name: text for name, text in entry.items() if name not in _KEPT} for entry in entries[: self._most]]
        self._widget.timeline_length = count

    def _changes(self, key: int) -> tuple[list[DatedEntry], int]:
        crm = self._app.crm
        lines = codec.records(history.history_of(crm, key, self._most))
        return timeline.history_entries(lines, key, undoable_merges(crm, key), self._app.region), len(history.moments_of(crm, key))

    def _mails(self, key: int) -> tuple[list[DatedEntry], int]:
        rows, total = logs.about(self._app.crm, self._app.user, logs.MAIL, key, self._most)
        return [timeline.message_entry(row, self._app.region) for row in rows], total

    def _runs(self, key: int) -> tuple[list[DatedEntry], int]:
        rows, total = logs.about(self._app.crm, self._app.user, logs.RUNS, key, self._most)
        return [timeline.run_entry(row, self._app.region) for row in rows], total

    def _events(self, key: int) -> tuple[list[DatedEntry], int]:
        snapshot, now = self._app.snapshot, self._app.crm.clock.now()
        mine = at_their_next(self._events_of(key), snapshot.changed_occurrences, now, self._app.region)
        latest = mine["starts_at"].sort_values(ascending=False).index[: self._most]
        return [timeline.event_entry(row, self._app.region) for row in codec.records(mine.loc[latest])], len(mine)

    def _events_of(self, key: int) -> pd.DataFrame:
        events = self._app.snapshot.events
        return events[events["lead_key"].eq(key).fillna(False)]

    def _joined(self, key: int, entries: list[DatedEntry]) -> tuple[list[DatedEntry], int]:
        """An exchange that was consigned, or an event that was done, takes what it changed of the contact into its own entry.

        (the entries left, how many of all went into others)
        """
        saves = Counter(moment.rev for moment in history.moments_of(self._app.crm, key) if moment.entity_key == key and not moment.whole)
        brought = Counter(self._events_of(key)["rev"].tolist())
        joining = {rev for rev, events in brought.items() if events == saves[rev] == 1}
        changes = {entry["rev"]: entry for entry in entries if entry["id"].startswith("h") and entry["rev"] in joining}
        takers = {entry["rev"]: entry for entry in entries if entry["id"].startswith("e") and entry["rev"] in changes}
        for rev, entry in takers.items():
            save = changes[rev]
            entry["at"], entry["when"] = save["at"], save["when"]
            entry["lines"], entry["restores"] = [save["title"], *save["lines"]], save["restores"]
            if "version" in save:
                entry["version"] = save["version"]
        return [entry for entry in entries if entry["rev"] not in takers or entry["id"].startswith("e")], len(joining)
