"""Inbox Log: mails received and, beside each, its answer or proposal and its state; read only."""

from __future__ import annotations

import pandas as pd

from gnetics.domain.typography import counted, number
from gnetics.pages.app import App
from gnetics.pages.logs import mail_log, mail_rows
from gnetics.pages.logs.log import LogIndex
from gnetics.pages.logs.log_page import LogPage
from gnetics.pages.logs.log_rows import Row, capital, lead_title, tile
from gnetics.pages.logs.widgets.details import MessageDetail
from gnetics.pages.opening import opener
from gnetics.widgets import codec

NOTHING = {
    "icon": "mdi-email-outline",
    "title": "Aucun email pour l’instant",
    "text": "Ce journal montrera les emails reçus, le contact auquel chacun est rattaché, et la réponse envoyée ou proposée. "
    "Une feuille «\u00a0Inbox Log\u00a0» d’un classeur importé y apparaît aussi.",
}


class InboxPage(LogPage):
    """The counters reconcile: reçus = rattachés + non rattachés + ignorés; the mails sent are apart."""

    key = "inbox"
    detail_name = "message"
    missing = "Le message n°\u00a0{ref} n’existe pas ou n’existe plus."
    counted = "classement"

    def __init__(self, app: App) -> None:
        super().__init__(
            app,
            mail_log.filters(),
            MessageDetail,
            name="Emails reçus et leurs réponses",
            placeholder="Expéditeur, objet, texte, contact…",
            columns=mail_rows.COLUMNS,
            nothing=NOTHING,
        )

    def lines(self) -> pd.DataFrame:
        return self.app.snapshot.messages

    def build_index(self) -> LogIndex:
        return mail_log.index(self.app.snapshot.messages, self.app.snapshot.leads)

    def facts(self) -> str:
        total = self.index.total
        waiting = int(self.index.rows["reponse"].isin(mail_log.WAITING).sum())
        decide = f" · {counted(waiting, 'réponse')} à décider" if waiting else ""
        return counted(total, "email reçu", "emails reçus") + decide if total else ""

    def counters(self, counts: dict[str, int]) -> list[Row]:
        chosen = self.filters.chosen.get(self.counted, "")
        reasons = self._reasons()
        received = sum(counts.get(each, 0) for each in mail_log.RECEIVED)
        tiles = [tile("", "Reçus", received, "", "mdi-email-outline", on=not chosen)]
        for each, sign in zip((*mail_log.RECEIVED, mail_log.SENT), ("=", "+", "+", ""), strict=True):
            tint, icon = mail_rows.CLASS_LOOKS[each]
            tiles.append(tile(each, capital(each), counts.get(each, 0), tint, icon, sign, reasons.get(each, ""), on=each == chosen))
        return tiles

    def _reasons(self) -> dict[str, str]:
        """Why the mails of each class are in it: « expéditeur 80 · réponse 31 », the most frequent first."""
        kept = self.index.matching(self.filters, self.app.today(), self.app.region.zone, leave_out=self.counted)
        found: dict[str, list[str]] = {mail_log.SENT: ["à part"]}
        for line in self.index.rows.loc[kept, ["classement", "motif"]].value_counts().reset_index().to_dict("records"):
            if line["motif"]:
                found.setdefault(line["classement"], []).append(f"{line['motif']}\u00a0{number(line['count'])}")
        return {group: " · ".join(parts) for group, parts in found.items()}

    def selects(self) -> list[Row]:
        return [self.select("reponse", "Réponse", "Toutes", mail_log.REPLY_STATES)]

    def rows(self, pairs: list[tuple[Row, Row]]) -> list[Row]:
        app = self.app
        leads = app.snapshot.leads
        named = leads.index.intersection([line["lead_key"] for line, _ in pairs if line["lead_key"] is not None])
        titles = {lead["key"]: lead_title(lead) for lead in codec.records(leads.loc[named])}  # together: one by one they cost 3 ms each
        return [mail_rows.row(line, sorted_out, titles.get(line["lead_key"], ""), app.today(), app.region) for line, sorted_out in pairs]

    def show_detail(self, key: int) -> None:
        mail, sorted_out = self.line(key)
        app = self.app
        thread = codec.records(app.snapshot.messages.loc[mail_log.thread(app.snapshot.messages, key)])
        with self.detail.hold_sync():
            self.detail.entry = mail_rows.detail(mail, sorted_out, lead_title(self.lead(mail["lead_key"])), app.region)
            self.detail.around = [mail_rows.in_thread(each, each["key"] == key, app.today(), app.region) for each in thread]


def build(app: App) -> InboxPage:
    return InboxPage(app)


show = opener("inbox")
