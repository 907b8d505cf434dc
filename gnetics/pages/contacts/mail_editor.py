"""The editor of a mail on the sheet of a lead: what it opens with, drafts kept, sending, rejecting what is proposed."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import traitlets as tl

from gnetics import texts
from gnetics.domain.messages import WAITING, Answer
from gnetics.domain.typography import spaced
from gnetics.errors import Refused
from gnetics.mail import answering, drafts, editing
from gnetics.mail.answering import EXPIRED
from gnetics.mail.composing import Draft
from gnetics.pages.contacts import mail_form, mail_lines
from gnetics.pages.contacts.widgets.mail_editor import Form, MailEditor
from gnetics.pages.contacts.widgets.mail_thread import NOWHERE
from gnetics.pages.mail_words import person
from gnetics.state.open_row import OpenRow
from gnetics.store.reading import logs
from gnetics.widgets import lead_rows

if TYPE_CHECKING:
    from gnetics.pages.app import App

Row = dict[str, Any]
REFUSED = "Le serveur de courrier a refusé ce message\u00a0: corrigez-le, puis envoyez-le de nouveau."
NOT_PROPOSED = "Rien n’est proposé\u00a0: la réponse est à écrire."


class Editor:
    """Implements EditorHandler; `answers` is the mail answered, 0 for a new one, NOWHERE while it is closed.

    `on_changed` is told when it closes, or opens on another mail.
    """

    def __init__(self, app: App, lead: OpenRow, on_changed: Callable[[], None]) -> None:
        self._app, self._lead, self._on_changed = app, lead, on_changed
        self.answers = NOWHERE
        self._left: dict[str, str] = {}  # as it was opened, or kept last
        self._n = 0
        region = app.region
        self.widget = MailEditor(self, date_format=region.date_format, date_hint=region.date_hint, first_day=(region.first_weekday + 1) % 7)
        tl.dlink((app.session, "sync_active"), (self.widget, "blocked"), lambda on: "" if on else texts.MAIL_NEEDS_SYNC)
        self.widget.observe(lambda change: self._note_typing(change.new), "typing")

    def open(self, mail: Row | None, *, asked: bool, refused: Draft | None = None) -> None:
        """On an answer to this mail, or a new one; with what was kept of it, or with what the mail server `refused`."""
        app, lead = self._app, self._lead.row()
        opening = editing.opening(app.crm, app.user, lead, mail)
        form = mail_form.written(refused or opening.draft)
        self.answers, self._n = (mail["key"] if mail else 0), self._n + 1
        self._left = form
        proposed = mail is not None and mail["reply_state"] in WAITING
        with self.widget.hold_sync():
            self.widget.opened = {
                "n": self._n,
                "title": f"Répondre à {person(mail['reply_to'] or mail['sender'])}" if mail else "Nouveau message",
                "origin": REFUSED if refused else _origin(mail) if mail else "",
                "proposed": proposed,
                "asked": asked,
                "alone": mail is None,
                "zone": app.region.zone_name.replace("_", " "),
            }
            self.widget.form = form | mail_form.next_morning(app.today(), app.region)
            self.widget.errors = {"": opening.refused} if opening.refused else {}
            self.widget.expired = False
            at = "" if refused or opening.kept_at is None else lead_rows.when(opening.kept_at, app.region)
            self.widget.kept_words = at and f"Brouillon du {at}"
            self.widget.typing = False
            if mail and not mail_lines.is_open(mail):
                self._show_expiry(mail)
        self._show_others()

    def close(self) -> None:
        self.answers = NOWHERE
        self.widget.typing = False

    def _note_typing(self, typing: bool) -> None:
        if typing and self.answers == NOWHERE:  # the browser said so before it heard that all is closed
            self.widget.typing = False
        else:
            self._app.frame.note_typing("mail", typing)

    def refresh(self) -> None:
        """Others may have answered, or written, meanwhile."""
        if self.answers == NOWHERE:
            return
        self._show_others()
        mail = self._mail()
        if mail and not mail_lines.is_open(mail):
            self._show_expiry(mail)

    def keep(self, n: int, form: Form, count: int) -> None:
        if n == self._n and self.answers != NOWHERE:
            self._keep(form)
            with self.widget.hold_sync():  # the browser says so again, if it holds newer text
                self.widget.kept, self.widget.typing = count, False
            self._show_others()

    def send(self, form: Form, click: str, later: bool) -> None:
        app = self._app
        self.widget.form = form
        try:
            due = mail_form.due(form, app.crm.clock.now(), app.region) if later else None
            answering.send(app.crm, app.user, self._key(), self.answers or None, mail_form.draft(form), click, due)
        except Refused as refusal:
            self._refused(refusal)
            return
        self.close()
        app.changed()
        said = texts.MAIL_LATER.format(when=lead_rows.when(due, app.region)) if due else texts.MAIL_LEAVES
        app.notify(said, "success")

    def reject(self) -> None:
        app = self._app
        self._lead.require_same()
        try:
            answering.reject(app.crm, app.user, self.answers)
        except Refused as refusal:
            self._refused(refusal)
            return
        self.close()
        app.changed()
        app.notify(texts.MAIL_REJECTED, "success")

    def leave(self, form: Form) -> None:
        """« Fermer »: what was written stays as a draft."""
        if self._keep(form):
            self._app.notify(texts.DRAFT_KEPT, "info")
        self.close()
        self._on_changed()

    def follow_on(self, form: Form) -> None:
        """The text, as an answer to the newest mail of its exchange."""
        app, key = self._app, self._key()
        mails = logs.thread(app.crm, app.user, self.answers)
        newest = next((each for each in reversed(mails) if each["lead_key"] == key and mail_lines.is_open(each)), None)
        if newest is None:
            self.widget.errors = {"": "Il n’y a plus de message à répondre dans cet échange\u00a0: écrivez un nouveau message."}
            return
        draft = mail_form.draft(form)
        drafts.keep(app.crm, app.user, key, newest["key"], draft)
        drafts.give_up(app.crm, app.user, key, self.answers)
        self.open(newest, asked=True)
        self._on_changed()

    def _key(self) -> int:
        self._lead.require_same()
        assert self._lead.key is not None  # the editor is on the sheet of a lead
        return self._lead.key

    def _mail(self) -> Row | None:
        """The one that is answered, as it is now."""
        return logs.entry(self._app.crm, self._app.user, logs.MAIL, self.answers) if self.answers > 0 else None

    def _keep(self, form: Form) -> bool:
        """Whether there was something to keep."""
        written = mail_form.written(mail_form.draft(form))
        if written == self._left:
            return False
        app = self._app
        drafts.keep(app.crm, app.user, self._key(), self.answers or None, mail_form.draft(form))
        self._left = written
        self.widget.form = form
        self.widget.kept_words = f"Brouillon gardé à {app.crm.clock.now().astimezone(app.region.zone):%H:%M}"
        return True

    def _refused(self, refusal: Refused) -> None:
        """What was typed stays, with why."""
        self.widget.errors = dict(refusal.sentences)
        mail = self._mail()
        if mail and not mail_lines.is_open(mail):
            self._show_expiry(mail)
        self._on_changed()

    def _show_expiry(self, mail: Row) -> None:
        expired = mail["reply_state"] == Answer.EXPIRED
        decided = f"{mail['reply_by'] or 'Un collègue'} a déjà répondu à ce message."
        self.widget.errors = {**self.widget.errors, "": EXPIRED if expired else decided}
        self.widget.expired = expired

    def _show_others(self) -> None:
        app = self._app
        names = drafts.writing(app.crm, app.user, self._key()).others
        self.widget.others = f"{' et '.join(names)} {'répond' if len(names) == 1 else 'répondent'} aussi" if names else ""


def _origin(mail: Row) -> str:
    """What made the text, or why there is none."""
    if mail["reply_state"] in WAITING:
        return spaced(f"Réponse proposée : {mail['reply_origin']}") if mail["reply_origin"] else "Réponse proposée"
    if mail["reply_state"] == Answer.REJECTED:
        return f"La proposition a été rejetée par {mail['reply_by'] or 'un collègue'}."
    return str(mail["reply_origin"] or NOT_PROPOSED)
