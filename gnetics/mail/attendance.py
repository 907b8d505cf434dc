"""An answer to an invitation that came by mail becomes the answer of that participant, of whoever wrote it and nobody else (RFC 5546)."""

from __future__ import annotations

import json

from sqlalchemy import select

from gnetics.domain.folding import fold
from gnetics.store.schema import events
from gnetics.store.unit_of_work import Row, UnitOfWork

ANSWERS = ("ACCEPTED", "DECLINED", "TENTATIVE")
LARGEST = 100_000  # bytes of an answer; a calendar is no answer


def take(uow: UnitOfWork, author: str, calendar: bytes) -> None:
    """Of the events that it answers, those of which `author` is a participant; an answer to what was told before a change is none."""
    from gnetics.imports.ics.components import components  # brings icalendar, which most mail has no need of

    if len(calendar) > LARGEST:
        return
    found = components(calendar.decode("utf-8", "replace"))
    for each in found.events if found.method == "REPLY" and author else ():
        uid, sequence = each.first("UID"), each.first("SEQUENCE")
        answer = next((given.answer for given in each.all("ATTENDEE") if fold(given.address) == fold(author)), "")
        row = _event(uow, uid.value.strip()) if uid and not each.all("RECURRENCE-ID") and answer in ANSWERS else None
        if row is not None and (sequence is None or not sequence.value.isdecimal() or int(sequence.value) >= row["sequence"]):
            _answer(uow, row, author, answer)


def _event(uow: UnitOfWork, uid: str) -> Row | None:
    row = uow.connection.execute(select(events).where(events.c.uid == uid, ~events.c.deleted)).mappings().first()
    return dict(row) if row else None


def _answer(uow: UnitOfWork, row: Row, author: str, answer: str) -> None:
    known = json.loads(row["participants"] or "[]")
    now = [[address, person, answer if fold(address) == fold(author) else before] for address, person, before in known]
    if now != known:
        uow.update("events", row["key"], {"participants": json.dumps(now, ensure_ascii=False)})
