"""« Rattacher » on Contacts: whose a mail may be, searching whose it is, attaching it to a contact, known or new."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

import traitlets as tl

from gnetics import texts
from gnetics.domain import leads
from gnetics.domain.duplicates import email_domain
from gnetics.domain.folding import fold
from gnetics.errors import Refused
from gnetics.mail import answering
from gnetics.mail.attachments import NOTHING
from gnetics.pages.contacts.mail_lines import text_of_mail
from gnetics.pages.contacts.widgets.loose_mail import Candidate, LooseMail
from gnetics.pages.mail_words import NO_SUBJECT, person
from gnetics.state.search import holding
from gnetics.widgets import codec, lead_rows

if TYPE_CHECKING:
    from gnetics.pages.app import App

MOST = 8  # candidates
Prefill = dict[str, str]


class Attaching:
    """Implements LooseHandler; `on_closed` tells the page that it was left, `on_new` opens a new contact's form with what is known,
    and says its key once it is saved."""

    def __init__(self, app: App, on_closed: Callable[[], None], on_new: Callable[[Prefill, Callable[[int], None]], None]) -> None:
        self._app, self._on_closed, self._on_new = app, on_closed, on_new
        self._mail: dict[str, Any] = {}
        self.widget = LooseMail(self)
        tl.dlink((app.session, "sync_active"), (self.widget, "blocked"), lambda on: "" if on else texts.MAIL_NEEDS_SYNC)

    def open(self, mail: dict[str, Any]) -> None:
        self._mail = mail
        unfolded = text_of_mail(mail, {}, NOTHING)
        with self.widget.hold_sync():
            self.widget.mail = {
                "subject": mail["subject"] or NO_SUBJECT,
                "who": person(mail["sender"]),
                "people": unfolded["people"],
                "when": lead_rows.when(mail["at"], self._app.region),
                "text": unfolded["text"],
                "why": mail["matched_on"] or "",
            }
            self.widget.candidates = self._candidates()
            self.widget.found, self.widget.searched, self.widget.said = [], "", ""
            self.widget.opened += 1
            self.widget.shown = True

    def hide(self) -> None:
        self.widget.shown = False

    def search(self, text: str) -> None:
        found = self._app.find(text.strip(), erased=False)
        with self.widget.hold_sync():
            self.widget.found = [{"ref": each["ref"], "title": each["title"], "detail": each["detail"], "why": ""} for each in found]
            self.widget.searched = text

    def attach(self, ref: str) -> None:
        app = self._app
        key = lead_rows.key_of(app.snapshot.leads, ref)
        try:
            if key is None:
                raise Refused({"": texts.UNKNOWN_LEAD.format(ref=ref)})
            self._attach(self._mail["key"], key)
        except Refused as refusal:
            self.widget.said = str(refusal)

    def create(self) -> None:
        """« Nouveau contact »: the mail is attached to it once it is saved."""
        mail = self._mail
        name, address = parseaddr(mail["sender"] or "")
        self.hide()
        self._on_new({"name": name, "email": address}, lambda lead: self._attach(mail["key"], lead))

    def close(self) -> None:
        self.hide()
        self._on_closed()

    def _attach(self, mail: int, lead: int) -> None:
        app = self._app
        answering.attach(app.crm, app.user, mail, lead)
        self.hide()
        app.changed()
        row = app.snapshot.lead(lead)
        app.go("contacts", lead=lead_rows.reference(row), message=str(mail))
        app.notify(texts.MAIL_ATTACHED.format(title=leads.title(row)), "success")

    def _candidates(self) -> list[Candidate]:
        """The same address first, then the same name, then the same company's domain."""
        real, address = self._app.snapshot.real, self._mail["sender_address"]
        name = fold(parseaddr(self._mail["sender"] or "")[0]) or ""
        domain = email_domain(address or None, "valide")
        why = {
            "même adresse": real["email_fold"] == address if address else None,
            "même nom": holding(name, real["search"]) if len(name.split()) > 1 else None,
            f"même domaine {domain}": real["email_domain"] == domain if domain else None,
        }
        found: dict[int, str] = {}
        for reason, kept in why.items():
            if kept is not None:
                found = {int(key): reason for key in real.index[kept][:MOST]} | found
        rows = codec.records(real.loc[sorted(found, key=lambda key: (list(why).index(found[key]), key))[:MOST]])
        return [_candidate(row, found[row["key"]]) for row in rows]


def _candidate(row: lead_rows.Row, why: str) -> Candidate:
    detail = " · ".join(part for part in (row["company"], row["email"], row["status"]) if part)
    return {"ref": lead_rows.reference(row), "title": leads.title(row), "detail": detail, "why": why}
