"""Automations Log: what the automations did, for which lead, with which result and why; read only."""

from __future__ import annotations

import pandas as pd

from gnetics.domain.typography import counted
from gnetics.pages.app import App
from gnetics.pages.logs import run_log, run_rows
from gnetics.pages.logs.log import LogIndex
from gnetics.pages.logs.log_page import LogPage
from gnetics.pages.logs.log_rows import Link, Row, capital, lead_title, tile
from gnetics.pages.logs.widgets.details import RunDetail
from gnetics.pages.opening import opener
from gnetics.widgets import codec

NOTHING = {
    "icon": "mdi-robot-outline",
    "title": "Aucune action automatique pour l’instant",
    "text": "Ce journal dira ce que les automatisations ont fait\u00a0: envois, relances, doublons traités, "
    "avec leur résultat et leur raison. Une feuille «\u00a0Automations Log\u00a0» d’un classeur importé y apparaît aussi.",
}


class AutomationsPage(LogPage):
    """The counters are the statuses: they add up to the number of runs."""

    key = "automations"
    detail_name = "run"
    missing = "L’exécution n°\u00a0{ref} n’existe pas ou n’existe plus."
    counted = "statut"

    def __init__(self, app: App) -> None:
        super().__init__(
            app,
            run_log.filters(),
            RunDetail,
            name="Exécutions des automatisations",
            placeholder="Règle, contact, raison, erreur…",
            columns=run_rows.COLUMNS,
            nothing=NOTHING,
        )

    def lines(self) -> pd.DataFrame:
        return self.app.snapshot.runs

    def build_index(self) -> LogIndex:
        return run_log.index(self.app.snapshot.runs, self.app.snapshot.leads)

    def facts(self) -> str:
        total = self.index.total
        failed = int(self.index.rows["statut"].isin(run_log.FAILED).sum())
        return counted(total, "exécution") + (f" · {counted(failed, 'échec')}" if failed else "") if total else ""

    def counters(self, counts: dict[str, int]) -> list[Row]:
        chosen = self.filters.chosen.get(self.counted, "")
        tiles = [tile("", "Exécutions", sum(counts.values()), on=not chosen)]
        for status in (*run_log.STATUSES, *sorted(counts.keys() - set(run_log.STATUSES))):
            tint, icon = run_rows.look(status)
            sign = "=" if len(tiles) == 1 else "+"
            tiles.append(tile(status, capital(status), counts.get(status, 0), tint, icon, sign, on=status == chosen))
        return tiles

    def selects(self) -> list[Row]:
        return [self.select("regle", "Règle", "Toutes les règles")]

    def rows(self, pairs: list[tuple[Row, Row]]) -> list[Row]:
        return [run_rows.row(line, sorted_out, self.app.today(), self.app.region) for line, sorted_out in pairs]

    def show_detail(self, key: int) -> None:
        run, sorted_out = self.line(key)
        app = self.app
        chain = run_log.attempts(app.snapshot.runs, key)
        attempts = codec.records(app.snapshot.runs.loc[chain])
        moments = codec.records(self.index.rows.loc[chain, ["at"]])
        with self.detail.hold_sync():
            self.detail.entry = run_rows.detail(run, sorted_out, lead_title(self.lead(run["lead_key"])), self._message(run), app.region)
            self.detail.around = [
                run_rows.link_in_chain(each, moment["at"], each["key"] == key, app.today(), app.region)
                for each, moment in zip(attempts, moments, strict=True)
            ]

    def _message(self, run: Row) -> Link | None:
        """The mail a run sent, when the store has it."""
        messages = self.app.snapshot.messages
        found = messages.index[messages["message_id"] == run["message_id"]] if run["message_id"] else []
        return {"page": "inbox", "query": {"message": str(found[0])}} if len(found) else None


def build(app: App) -> AutomationsPage:
    return AutomationsPage(app)


show = opener("automations")
