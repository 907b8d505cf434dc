"""Ticking contacts on Contacts, and doing one thing to all of them: change, export, merge, delete, undo."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import pandas as pd

from gnetics import texts
from gnetics.actions import lots as actions
from gnetics.domain import values
from gnetics.domain.accesses import Access
from gnetics.domain.fields import BY_KEY
from gnetics.domain.statuses import LABELS, LOST
from gnetics.domain.typography import counted
from gnetics.errors import GneticsError, NotFound
from gnetics.exports.csv_file import csv_file
from gnetics.exports.lead_table import lead_table
from gnetics.exports.tables import file_name
from gnetics.exports.vcards import vcards
from gnetics.exports.xlsx_file import xlsx_file
from gnetics.pages.contacts.merging import MOST, Merging, team_only
from gnetics.pages.contacts.selection import Selection
from gnetics.pages.contacts.shown import ContactIndex
from gnetics.pages.contacts.widgets.lot_bar import LotBar
from gnetics.widgets import lead_rows
from gnetics.widgets.download import Download

if TYPE_CHECKING:
    from gnetics.pages.app import App

OFFERED = ("owner", "source")  # fields whose known values are offered while typing
MOST_OFFERED = 200


class Lots:
    """Implements LotHandler; `on_pick` is told that what is ticked changed, `undo` takes a lot back."""

    def __init__(self, app: App, merging: Merging, on_pick: Callable[[], None], undo: Callable[[int], None]) -> None:
        self._app, self._merging, self._on_pick, self._undo = app, merging, on_pick, undo
        self._listed = pd.Index([])
        self._offered = -1  # the version of the data whose values are offered
        self._selection = Selection()
        self.exporter = Download(self._file, ("csv", "xlsx", "vcf"))
        self.widget = LotBar(self, exporter=self.exporter, date_hint=app.region.date_hint)
        team_only(app, self.widget)
        app.session.observe(lambda _: self.forget(), "stores")

    def show(self, index: ContactIndex, listed: pd.Index, shown: pd.Index) -> list[int]:
        """Follow the list of contacts of `index`, of which `shown` is on screen; the keys ticked there."""
        self._listed = listed
        self._selection.keep(self._app.snapshot.real.index)
        count = len(self._selection)
        with self.widget.hold_sync():
            self.widget.count, self.widget.matching = count, len(listed)
            self.widget.mergeable = 2 <= count <= MOST
            if count and self._offered != self._app.snapshot.version:
                self._offered = self._app.snapshot.version
                self.widget.options = self._options(index)
        what = counted(count or len(listed), "contact")
        self.exporter.what = f"les {what} sélectionnés" if count else f"{what} de la liste"
        return [key for key in shown.tolist() if key in self._selection.keys]

    def forget(self) -> None:
        """Other filters show other contacts: nothing stays ticked out of sight."""
        self._selection.clear()

    def pick(self, refs: list[str], on: bool, through: bool) -> None:
        """Tick the contacts of these references; `through`, those between the last one touched and it."""
        leads = self._app.snapshot.leads
        for ref in refs:
            key = lead_rows.key_of(leads, ref)
            if key is not None:
                self._selection.pick(key, on, self._listed, through=through)
        self._on_pick()

    def pick_all(self) -> None:
        self._selection.pick_all(self._listed.tolist())
        self._on_pick()

    def clear(self) -> None:
        self._selection.clear()
        self._on_pick()

    def merge(self) -> None:
        self._merging.open(self._selection.ordered(self._listed))

    def apply(self, verb: str, texts: dict[str, str]) -> str:
        """Do to all of them what the dialog asks; the sentence that refuses it, "" when it is done."""
        try:
            lot = self._write(verb, texts)
        except NotFound:
            raise
        except GneticsError as refusal:
            return str(refusal)
        self._tell(verb, lot)
        return ""

    def _write(self, verb: str, typed: dict[str, str]) -> actions.Lot:
        app, keys = self._app, self._selection.keys
        if verb == "delete":
            return actions.delete_leads(app.crm, app.user, keys, app.snapshot)
        if verb in ("tags", "untag"):
            return actions.tag_leads(app.crm, app.user, keys, values.clean(typed.get("tags", "")), verb == "tags", app.snapshot)
        fields = ["status", "lost_reason"] if typed.get("status") == LOST else [verb]
        changes = {field: values.parse(BY_KEY[field].kind, typed.get(field, ""), app.region) for field in fields}
        return actions.change_leads(app.crm, app.user, keys, changes, app.snapshot)

    def _tell(self, verb: str, lot: actions.Lot) -> None:
        app = self._app
        app.changed()
        if lot.rev is None:
            app.notify(texts.NOTHING_CHANGED)
            return
        sentence = texts.LOT_DELETED if verb == "delete" else texts.LOT_CHANGED
        said = sentence.format(count=counted(lot.count, "contact"), s="s" if lot.count > 1 else "")
        given_away = verb == "owner" and app.snapshot.limited  # what is not ours any more is not ours to take back
        app.notify(said, "success", None if given_away else partial(self._undo, lot.rev))

    def _file(self, form: str) -> tuple[str, bytes]:
        """Those ticked, or else the whole list, in its order."""
        app = self._app
        keys = self._selection.ordered(self._listed) if self._selection.keys else self._listed.tolist()
        leads = app.snapshot.real.loc[keys]
        name = file_name("contacts", app.today(), form)
        app.hand_over(Access.EXPORTED, name, len(leads))
        if form == "vcf":
            return name, vcards(leads[leads["erased_at"].isna()])
        return name, {"csv": csv_file, "xlsx": xlsx_file}[form](lead_table(leads, app.crm.foreign_keys(keys)), app.region)

    @staticmethod
    def _options(index: ContactIndex) -> dict[str, list[str]]:
        used = {key: index.known(key, MOST_OFFERED) for key in OFFERED}
        return {"status": list(LABELS)} | used
