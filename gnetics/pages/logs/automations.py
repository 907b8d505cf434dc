"""Automations Log: what the automations did, for which lead, with which result and why; read only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from gnetics.domain.runs import FAILURES, Status
from gnetics.domain.typography import capital, counted
from gnetics.pages.app import App
from gnetics.pages.logs import rule_rows, run_rows
from gnetics.pages.logs.log_page import LogPage
from gnetics.pages.logs.log_rows import UNKNOWN_LOOK, Row, tile
from gnetics.pages.logs.widgets.details import RunDetail
from gnetics.pages.logs.widgets.log_table import LogRow, Select, Tile
from gnetics.pages.logs.widgets.rules import Rules
from gnetics.pages.opening import opener
from gnetics.store.heartbeat import last
from gnetics.store.reading import logs
from gnetics.store.reading.automations import states
from gnetics.store.reading.logs import Group, Shown
from gnetics.widgets.given import Link

RARE = (Status.MISSED, Status.LOOP)  # have a counter where there are some
NOTHING = {
    "icon": "mdi-robot-outline",
    "title": "Aucune action automatique pour l’instant",
    "text": "Ce journal dira ce que les automatisations ont fait\u00a0: envois, relances, doublons traités, "
    "avec leur résultat et leur raison. Une feuille «\u00a0Automations Log\u00a0» d’un classeur importé y apparaît aussi.",
}


class AutomationsPage(LogPage):
    """The counters are the statuses: they add up to the number of runs."""

    key = "automations"
    log = logs.RUNS
    detail_name = "run"
    missing = "L’exécution n°\u00a0{ref} n’existe pas ou n’existe plus."
    gone = ("exécution antérieure au {day} a été effacée", "exécutions antérieures au {day} ont été effacées")

    def __init__(self, app: App) -> None:
        super().__init__(
            app,
            RunDetail,
            name="Exécutions des automatisations",
            placeholder="Règle, contact, raison, erreur…",
            columns=run_rows.COLUMNS,
            nothing=NOTHING,
        )
        self.rules = Rules()
        self.widget.children = [self.rules, *self.widget.children]

    def show_around(self) -> None:
        app, now = self.app, self.app.crm.clock.now()
        found, seen = states(app.crm, app.user), last(app.crm)
        with self.rules.hold_sync():
            self.rules.rules = [rule_rows.line(rule, now, app.region) for rule in found]
            self.rules.summary = rule_rows.summary(found, seen, now, app.region)
            self.rules.silent = rule_rows.silent(seen, now, app.region)

    def facts(self, every: Counter[Group]) -> str:
        total = every.total()
        failed = sum(count for (status, *_), count in every.items() if status in FAILURES)
        return counted(total, "exécution") + (f" · {counted(failed, 'échec')}" if failed else "") if total else ""

    def counters(self, counts: Counter[str], shown: Shown) -> list[Tile]:
        chosen = self.filters.chosen.get(self.log.counted, "")
        tiles = [tile("", "Exécutions", counts.total(), on=not chosen)]
        for status in (*(each for each in Status if each not in RARE or counts[each]), *sorted(counts.keys() - set(Status))):
            tint, icon = run_rows.LOOKS.get(status, UNKNOWN_LOOK)
            sign = "=" if len(tiles) == 1 else "+"
            tiles.append(tile(status, capital(status), counts[status], tint, icon, sign, on=status == chosen))
        return tiles

    def selects(self, counts: Counter[str]) -> list[Select]:
        return [self.select("Règle", "Toutes les règles", counts)]

    def rows(self, lines: list[Row], leads: Mapping[int, Row]) -> list[LogRow]:
        return [run_rows.row(line, leads.get(line["lead_key"] or 0), self.app.crm.clock.now(), self.app.region) for line in lines]

    def show_detail(self, line: Row, lead: Row | None) -> None:
        app, now = self.app, self.app.crm.clock.now()
        chain = logs.attempts(app.crm, app.user, line["key"])
        with self.detail.hold_sync():
            self.detail.entry = run_rows.detail(line, lead, self._message(line), now, app.region)
            self.detail.around = [run_rows.link_in_chain(each, each["key"] == line["key"], now, app.region) for each in chain]

    def _message(self, run: Row) -> Link | None:
        """The mail a run sent, when the store has it."""
        found = logs.message_sent(self.app.crm, self.app.user, run["message_id"]) if run["message_id"] else None
        return {"page": "inbox", "query": {"message": str(found)}} if found is not None else None


def build(app: App) -> AutomationsPage:
    return AutomationsPage(app)


show = opener("automations")
