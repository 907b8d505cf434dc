"""Inbox Log: mails received and, beside each, its answer or proposal and its state; read only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from gnetics.domain.messages import RECEIVED, WAITING, Answer, Filed
from gnetics.domain.typography import capital, counted
from gnetics.pages.app import App
from gnetics.pages.logs import mail_log, mail_rows
from gnetics.pages.logs.log_page import LogPage
from gnetics.pages.logs.log_rows import Row, tile
from gnetics.pages.logs.widgets.details import MessageDetail
from gnetics.pages.logs.widgets.log_table import LogRow, Select, Tile
from gnetics.pages.logs.widgets.mailboxes import Mailboxes
from gnetics.pages.opening import opener
from gnetics.store.reading import attachments, logs
from gnetics.store.reading.logs import Group, Shown
from gnetics.store.reading.mailboxes import states

NOTHING = {
    "icon": "mdi-email-outline",
    "title": "Aucun email pour l’instant",
    "text": "Ce journal montrera les emails reçus, le contact auquel chacun est rattaché, et la réponse envoyée ou proposée. "
    "Une feuille «\u00a0Inbox Log\u00a0» d’un classeur importé y apparaît aussi.",
}


class InboxPage(LogPage):
    """The counters reconcile: reçus = rattachés + non rattachés + ignorés; the mails sent are apart."""

    key = "inbox"
    log = logs.MAIL
    detail_name = "message"
    missing = "Le message n°\u00a0{ref} n’existe pas ou n’existe plus."
    gone = ("message antérieur au {day} a été effacé", "messages antérieurs au {day} ont été effacés")

    def __init__(self, app: App) -> None:
        super().__init__(
            app,
            MessageDetail,
            name="Emails reçus et leurs réponses",
            placeholder="Expéditeur, objet, texte, contact…",
            columns=mail_rows.COLUMNS,
            nothing=NOTHING,
        )

        self.boxes = Mailboxes()
        self.widget.children = [self.boxes, *self.widget.children]

    def show_around(self) -> None:
        app = self.app
        self.boxes.boxes = [mail_rows.mailbox(name, state, app.crm.clock.now(), app.region) for name, state in states(app.crm).items()]

    def facts(self, every: Counter[Group]) -> str:
        total = sum(count for (filed, *_), count in every.items() if filed != Filed.SENT)
        waiting = sum(count for (_, answer, _), count in every.items() if answer in WAITING)
        decide = f" · {counted(waiting, 'réponse')} à décider" if waiting else ""
        return counted(total, "email reçu", "emails reçus") + decide if total else ""

    def counters(self, counts: Counter[str], shown: Shown) -> list[Tile]:
        chosen = self.filters.chosen.get(self.log.counted, "")
        owners = mail_log.owners(self.app.snapshot.real, set(shown.senders))
        reasons = mail_log.reasons(shown.chosen_facet, shown.senders, owners) | {Filed.SENT: "à part"}
        tiles = [tile("", "Reçus", sum(counts[each] for each in RECEIVED), "", "mdi-email-outline", on=not chosen)]
        for each, sign in zip((*RECEIVED, Filed.SENT), ("=", "+", "+", ""), strict=True):
            tint, icon = mail_rows.CLASS_LOOKS[each]
            tiles.append(tile(each, capital(each), counts[each], tint, icon, sign, reasons.get(each, ""), on=each == chosen))
        return tiles

    def selects(self, counts: Counter[str]) -> list[Select]:
        return [self.select("Réponse", "Toutes les réponses", counts, tuple(Answer))]

    def rows(self, lines: list[Row], leads: Mapping[int, Row]) -> list[LogRow]:
        app = self.app
        owners = mail_log.owners(app.snapshot.real, {line["sender_address"] for line in lines})
        return [
            mail_rows.row(line, mail_log.motive(line, owners), leads.get(line["lead_key"] or 0), app.today(), app.region) for line in lines
        ]

    def show_detail(self, line: Row, lead: Row | None) -> None:
        app = self.app
        thread = logs.thread(app.crm, app.user, line["key"])
        motive = mail_log.motive(line, mail_log.owners(app.snapshot.real, {line["sender_address"]}))
        kept = len(attachments.names(app.crm, app.user, line["key"])) if line["attachments"] else 0
        with self.detail.hold_sync():
            self.detail.entry = mail_rows.detail(line, motive, lead, kept, app.region)
            self.detail.around = [mail_rows.in_thread(each, each["key"] == line["key"], app.today(), app.region) for each in thread]


def build(app: App) -> InboxPage:
    return InboxPage(app)


show = opener("inbox")
