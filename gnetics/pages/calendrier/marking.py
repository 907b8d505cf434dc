"""« Fait », « Annulé » and back: from the panel of an event, or from what the calendar asks of one that is over."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gnetics import texts
from gnetics.actions import events as actions
from gnetics.actions.events import SavedEvent
from gnetics.domain import leads
from gnetics.widgets import codec

if TYPE_CHECKING:
    from gnetics.pages.app import App


def _nothing_open(_key: int) -> None:
    pass


def finish(app: App, key: int, done: bool, follow: Callable[[int], None] = _nothing_open) -> None:
    """It took place, or is to do after all; `follow` hears of the key that it has from then on."""
    lead = app.snapshot.event(key)["lead_key"]
    before = codec.record(app.snapshot.leads, lead)
    saved = actions.mark_done(app.crm, app.user, key, app.snapshot, done)
    follow(saved.key)
    app.changed()
    after = codec.record(app.snapshot.leads, lead)
    touched = before is not None and after is not None and before["last_contact"] != after["last_contact"]
    sentence = texts.EVENT_DONE_CONTACT if touched else texts.EVENT_DONE if done else texts.EVENT_TO_DO
    _tell(app, saved, sentence, leads.title(after) if after else "")


def call_off(app: App, key: int, cancelled: bool, follow: Callable[[int], None] = _nothing_open) -> None:
    """It does not take place, or does after all."""
    saved = actions.call_off(app.crm, app.user, key, app.snapshot, cancelled)
    follow(saved.key)
    app.changed()
    _tell(app, saved, texts.EVENT_CANCELLED if cancelled else texts.EVENT_TO_DO)


def _tell(app: App, saved: SavedEvent, sentence: str, lead: str = "") -> None:
    """What was written, with « Annuler »; what only the session has is said to be so."""
    title = app.snapshot.event(saved.key)["title"]
    if saved.rev is None:
        app.notify(texts.SAVED_IN_SESSION.format(title=title), "warning")
    else:
        app.notify(sentence.format(title=title, lead=lead), "success", undo_of(app, saved.rev))


def undo_of(app: App, rev: int) -> Callable[[], None]:
    """What « Annuler » does in the message about that transaction: the event, and the contact with it, as they were."""

    def undo() -> None:
        actions.undo_save(app.crm, app.user, rev, app.snapshot)
        app.changed()
        app.notify(texts.EVENT_AS_BEFORE, "success")

    return undo
