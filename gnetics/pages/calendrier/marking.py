"""« Fait », « Annulé » and back: from the panel of an event, or from what the calendar asks of one that is over."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from gnetics import texts
from gnetics.actions import events as actions
from gnetics.actions import series
from gnetics.actions.events import SavedEvent
from gnetics.actions.series import mark_occurrence_done, save_occurrence
from gnetics.domain import leads
from gnetics.domain.series_changes import Scope
from gnetics.widgets import codec

if TYPE_CHECKING:
    from gnetics.pages.app import App


Follow = Callable[[int, str], None]  # hears of the key that it has from then on, and of its place in a series


def _nothing_open(_key: int, _wall: str) -> None:
    pass


def finish(app: App, key: int, wall: str, done: bool, follow: Follow = _nothing_open) -> None:
    """It took place, or is to do after all; `wall` is the occurrence of a series that is meant, "" of one that does not repeat."""
    lead = app.snapshot.event(key)["lead_key"]
    before = codec.record(app.snapshot.leads, lead)
    if wall:
        saved = mark_occurrence_done(app.crm, app.user, key, wall, app.snapshot)
    else:
        saved = actions.mark_done(app.crm, app.user, key, app.snapshot, done)
    follow(saved.key, saved.wall)
    app.changed()
    after = codec.record(app.snapshot.leads, lead)
    touched = before is not None and after is not None and before["last_contact"] != after["last_contact"]
    sentence = texts.EVENT_DONE_CONTACT if touched else texts.EVENT_DONE if done else texts.EVENT_TO_DO
    _tell(app, saved, sentence, leads.title(after) if after else "")


def call_off(app: App, key: int, wall: str, cancelled: bool, follow: Follow = _nothing_open) -> None:
    """It does not take place, or does after all."""
    if wall:
        less = {"cancelled": cancelled, "done": False}
        saved = save_occurrence(app.crm, app.user, key, wall, Scope.ONE, less, None, app.snapshot)
    else:
        saved = actions.call_off(app.crm, app.user, key, app.snapshot, cancelled)
    follow(saved.key, saved.wall)
    app.changed()
    _tell(app, saved, texts.EVENT_CANCELLED if cancelled else texts.EVENT_TO_DO)


def _tell(app: App, saved: SavedEvent, sentence: str, lead: str = "") -> None:
    """What was written, with « Annuler »; what only the session has is said to be so."""
    title = app.snapshot.event(saved.key)["title"]
    if saved.rev is None:
        app.notify(texts.SAVED_IN_SESSION.format(title=title), "warning")
    else:
        app.notify(sentence.format(title=title, lead=lead), "success", undo_of(app, saved.rev))


def undo_of(app: App, rev: int | None) -> Callable[[], None] | None:
    """What « Annuler » does in the message about that transaction: the event, and the contact with it, as they were.

    None of what only the session has.
    """
    if rev is None:
        return None

    def undo() -> None:
        series.undo(app.crm, app.user, rev, app.snapshot)
        app.changed()
        app.notify(texts.EVENT_AS_BEFORE, "success")

    return undo
