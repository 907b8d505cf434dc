"""« Échanges » on the sheet of a lead: its mails by thread, unfolded one by one, answered in place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import traitlets as tl

from gnetics import texts
from gnetics.domain.messages import Answer
from gnetics.domain.outbox import State
from gnetics.errors import NotFound, Refused
from gnetics.mail import drafts, outbox
from gnetics.mail.attachments import keeping
from gnetics.mail.composing import written_in
from gnetics.pages.contacts import mail_lines
from gnetics.pages.contacts.mail_editor import Editor
from gnetics.pages.contacts.widgets.mail_thread import NOWHERE, MailText, MailThread
from gnetics.state.open_row import OpenRow
from gnetics.store.reading import attachments, lead_mail, logs

if TYPE_CHECKING:
    from gnetics.pages.app import App

Row = dict[str, Any]
PAGE = 30  # mails listed, then as many more each time


class Exchange:
    """Implements ThreadHandler for the contact open in `lead`."""

    def __init__(self, app: App, lead: OpenRow) -> None:
        self._app, self._lead = app, lead
        self._shown: int | None = None  # the contact listed
        self._most = PAGE
        self._mails: list[Row] = []
        self._unsent: list[Row] = []
        self.editor = Editor(app, lead, self._list)
        self.widget = MailThread(self, editor=self.editor.widget)
        tl.dlink((app.session, "sync_active"), (self.widget, "blocked"), lambda on: "" if on else texts.MAIL_NEEDS_SYNC)

    @property
    def typing(self) -> bool:
        """Whether the editor holds text that is not kept."""
        return self.editor.widget.typing

    def show(self) -> None:
        """The mails of the contact now open; on another one than before, the editor opens on what is to be decided."""
        key = self._lead.key
        if key is None or key < 0:  # of this session only: nobody can be written to from it
            self.hide()
            return
        fresh = key != self._shown
        if fresh:
            self.hide()
            self._shown = key
        self.editor.refresh()
        self._list()
        if fresh and self._writes():
            waiting = next((mail for mail in self._mails if mail_lines.to_decide(mail)), None)
            if waiting:
                self._open(waiting["key"], asked=False)

    def hide(self) -> None:
        self.editor.close()
        self._shown, self._most, self._mails, self._unsent = None, PAGE, [], []
        with self.widget.hold_sync():
            self.widget.shown, self.widget.editing = False, NOWHERE
            self.widget.threads, self.widget.texts = [], {}

    def show_mail(self, key: int) -> None:
        """The one that an address names: unfolded, and answered if it is to be."""
        if key not in {mail["key"] for mail in self._mails}:
            self._most = max(self._most, self.widget.count)
            self._list()
        self.unfold(f"m{key}")
        mail = self._mail(key)
        asked = self.editor.answers == key and self.editor.widget.opened["asked"]
        if mail_lines.to_decide(mail) and not asked and self._writes() and not self._typed_first():
            self._open(key, asked=True)

    def answer(self, key: int) -> None:
        if self.editor.answers != key and not self._typed_first():
            self._open(key, asked=True)

    def write(self) -> None:
        if self.editor.answers != 0 and not self._typed_first():
            self.editor.open(None, asked=True)
            self._list()

    def cancel(self, post: int) -> None:
        """« Annuler l’envoi »: what it said is a draft again."""
        app, answers = self._app, self._post(post)["answers"]
        if self._typed_first():
            return
        try:
            draft = outbox.cancel(app.crm, app.user, post)
        except Refused as refusal:
            app.notify(str(refusal), "error")
            app.changed()
            return
        drafts.keep(app.crm, app.user, self._key(), answers, draft)
        app.changed()
        if answers is None:
            self.write()
        else:
            self.answer(answers)
        app.notify(texts.MAIL_CALLED_BACK, "success")

    def again(self, post: int) -> None:
        """What the mail server refused, to be corrected: an answer in its exchange, a new mail as a new one."""
        refused = self._post(post)
        if self._typed_first():
            return
        if refused["answers"] is not None:
            self._open(refused["answers"], asked=True, refused=refused)
        elif self.widget.begun:
            self._app.notify(texts.FINISH_MAIL, "warning")
        else:
            self.editor.open(None, asked=True, refused=written_in(refused["content"]))
            self._list()

    def settle(self, post: int, left: bool) -> None:
        """« Il est parti » or « Le renvoyer », of one of which nothing says whether it left."""
        app = self._app
        self._post(post)
        try:
            outbox.settle(app.crm, app.user, post, left)
        except Refused as refusal:
            app.notify(str(refusal), "error")
            app.changed()
            return
        app.changed()
        app.notify(texts.MAIL_SAID_SENT if left else texts.MAIL_LEAVES, "success")

    def unfold(self, line: str) -> None:
        kind, key = line[:1], int(line[1:])
        text = self._text(self._mail(key)) if kind == "m" else mail_lines.text_of_post(self._post(key))
        self.widget.texts = {**self.widget.texts, line: text}

    def fold(self, line: str) -> None:
        self.widget.texts = {name: text for name, text in self.widget.texts.items() if name != line}

    def older(self) -> None:
        self._most += PAGE
        self._list()

    def take(self, key: int, position: int) -> None:
        """An attachment that is kept, for the browser to save."""
        app = self._app
        self._mail(key)
        file = attachments.whole(app.crm, app.user, key, position)
        if file is None:
            raise NotFound(texts.UNKNOWN_FILE)
        self.widget.download.save(file.name, file.media_type, file.content)

    def _open(self, key: int, *, asked: bool, refused: Row | None = None) -> None:
        """The editor, on what was kept of an answer to this mail, else on what the mail server refused."""
        mail = self._mail(key)
        refused = refused or self._refused(mail)
        begun = key in drafts.writing(self._app.crm, self._app.user, self._key()).begun
        self.editor.open(mail, asked=asked, refused=written_in(refused["content"]) if refused and not begun else None)
        self.widget.texts = {**self.widget.texts, f"m{key}": self._text(mail)}
        self._list()

    def _list(self) -> None:
        app, key = self._app, self._key()
        self._mails, count = lead_mail.mails(app.crm, app.user, key, self._most)
        self._unsent = lead_mail.unsent(app.crm, app.user, key, self._most)
        writing = drafts.writing(app.crm, app.user, key)
        with self.widget.hold_sync():
            self.widget.threads = mail_lines.threads(self._mails, self._unsent, writing.begun, app.today(), app.region)
            self.widget.count, self.widget.older = count, count - len(self._mails)
            self.widget.begun = 0 in writing.begun
            self.widget.editing = self.editor.answers
            self.widget.erased = bool(self._lead.row()["erased_at"])
            self.widget.shown = bool(count or self._unsent or self._writes())

    def _writes(self) -> bool:
        """Whether mails are written here: by whoever may, to somebody who was not erased."""
        return not (self._app.session.locked or self._lead.row()["erased_at"])

    def _key(self) -> int:
        self._lead.require_same()
        assert self._lead.key is not None  # these verbs are on the sheet of a lead
        return self._lead.key

    def _mail(self, key: int) -> Row:
        """One of this contact, whole."""
        mail = logs.entry(self._app.crm, self._app.user, logs.MAIL, key)
        if mail is None or mail["lead_key"] != self._key():
            raise NotFound(texts.UNKNOWN_MAIL.format(ref=key))
        return mail

    def _text(self, mail: Row) -> MailText:
        app = self._app
        kept = attachments.names(app.crm, app.user, mail["key"]) if mail["attachments"] else {}
        return mail_lines.text_of_mail(mail, kept, keeping(app.crm.settings))

    def _post(self, key: int) -> Row:
        found = next((post for post in self._unsent if post["key"] == key), None)
        if found is None:
            raise NotFound(texts.UNKNOWN_MAIL.format(ref=key))
        return found

    def _refused(self, mail: Row) -> Row | None:
        """The last answer to it, when this person wrote it, it was refused, and nobody decided otherwise since."""
        last = next((post for post in self._unsent if post["answers"] == mail["key"]), None)
        mine = last is not None and last["state"] == State.REFUSED and last["asked_by"] == self._app.user
        return last if mine and mail["reply_state"] != Answer.REJECTED else None

    def _typed_first(self) -> bool:
        """Whether text that is not kept must be finished first; says so."""
        if self.typing:
            self._app.notify(texts.FINISH_MAIL, "warning")
        return self.typing
