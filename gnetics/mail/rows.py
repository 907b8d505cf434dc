"""A mail that was read, as a row of the store."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from gnetics.domain.folding import fold
from gnetics.domain.messages import Direction, Kind
from gnetics.mail.matching import Match, Part, folded
from gnetics.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from gnetics.mail.reading.headers import Address
    from gnetics.mail.reading.letter import Letter


def row(letter: Letter, part: Part, match: Match, now: datetime) -> dict[str, Any]:
    """The columns of a message but its Message-ID and mailbox; one that does not say when it was written came now."""
    return {
        "in_reply_to": letter.in_reply_to or next(reversed(letter.references), None),
        "thread": match.thread or None,
        "direction": part.direction,
        "kind": kind_of(letter, part),
        "sender": written([part.author]),
        "recipients": written(letter.to),
        "cc": written(letter.cc),
        "reply_to": written(letter.reply_to),
        "subject": letter.subject,
        "at": letter.sent_at or now,
        "text": letter.text,
        "quoted": letter.quoted or None,
        "attachments": json.dumps([[each.name, each.size] for each in letter.attachments], ensure_ascii=False)
        if letter.attachments
        else None,
        "lead_key": match.lead_key,
        "matched_by": match.by,
        "matched_on": match.on,
        "drop_reason": letter.drop_reason or None if part.direction is Direction.RECEIVED else None,
        "digest": letter.digest,
        "colleague": part.colleague or None,
        "concerns": next(iter(concerned(letter, part)), None) if kind_of(letter, part) is not Kind.MESSAGE else None,
    }


def kind_of(letter: Letter, part: Part) -> Kind:
    """Only whoever writes to us asks for no more: our own words about it are a message."""
    ours = part.direction is Direction.SENT and letter.kind is Kind.OPT_OUT
    return Kind.MESSAGE if ours else letter.kind


def written(people: Sequence[Address]) -> str | None:
    """« Nom <adresse> », as a header says it."""
    return (
        ", ".join(f"{each.name} <{each.address}>" if each.name and each.address else each.address or each.name for each in people) or None
    )


def concerned(letter: Letter, part: Part) -> list[str]:
    """The folded addresses that a bounce, a complaint or an opt-out is about."""
    if letter.bounce:
        return [fold(each) or "" for each in letter.bounce.failed]
    return [folded(part.author)] if part.author.address else []


def contacted(rows: Sequence[Mapping[str, Any]], uow: UnitOfWork) -> dict[int, date]:
    """The last day of each lead on which one of these mails was written to them, or by them."""
    days: dict[int, date] = {}
    for each in rows:
        if each["lead_key"] is not None and each["kind"] == Kind.MESSAGE:
            day = each["at"].astimezone(uow.region.zone).date()
            days[each["lead_key"]] = max(day, days.get(each["lead_key"], day))
    return days
