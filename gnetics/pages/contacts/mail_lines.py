"""The mails of a lead as threads of lines: those of the log, and those that wait to leave or did not."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from gnetics.domain import dates
from gnetics.domain.messages import WAITING, Answer, Direction, Kind
from gnetics.domain.outbox import State
from gnetics.domain.quoting import shortened
from gnetics.domain.regions import Region
from gnetics.mail.attachments import Keeping
from gnetics.mail.composing import written_in
from gnetics.pages.contacts.widgets.mail_thread import MailFile, MailLine, MailText, Thread
from gnetics.pages.mail_words import NO_SUBJECT, files, look, person, size, why
from gnetics.widgets import lead_rows
from gnetics.widgets.given import Look

Row = Mapping[str, Any]
FIRST_WORDS = 140
OPEN = (None, *WAITING, Answer.REJECTED)  # states of what is proposed that leave a mail to be answered
STATE_LOOKS: dict[str, tuple[str, str, str]] = {
    State.TO_DO: ("En attente d’envoi", "info", "mdi-clock-outline"),
    State.RUNNING: ("En cours d’envoi", "info", "mdi-progress-clock"),
    State.SIMULATED: ("Simulé", "plain", "mdi-flask-outline"),
    State.REFUSED: ("Refusé", "late", "mdi-alert-circle-outline"),
    State.UNKNOWN: ("Inconnu", "soon", "mdi-help-circle-outline"),
}
SIMULATED = "Rien n’est parti\u00a0: ici, les envois se font à blanc."
UNKNOWN = (
    "Rien ne dit si ce message est parti, et il ne sera pas renvoyé de lui-même\u00a0: regardez dans vos messages envoyés, "
    "ou demandez au destinataire."
)


@dataclass(frozen=True)
class _Placed:
    """A line with what puts it in its place."""

    root: str
    at: datetime | None
    subject: str
    line: MailLine


def threads(mails: Sequence[Row], unsent: Sequence[Row], begun: Collection[int], today: date, region: Region) -> list[Thread]:
    """The one with the newest mail first; `begun` are the mails whose answer was begun."""
    fates = {row["answers"]: row for row in reversed(unsent) if row["answers"] is not None}
    placed = [_mail(row, root, fates.get(row["key"]), row["key"] in begun, today, region) for row, root in _rooted(mails)]
    placed += [_post(row, today, region) for row in unsent]
    placed.sort(key=lambda each: (each.at is not None, each.at))
    grouped: dict[str, list[_Placed]] = {}
    for each in reversed(placed):
        grouped.setdefault(each.root, []).append(each)
    return [{"name": root, "subject": some[-1].subject, "lines": [each.line for each in reversed(some)]} for root, some in grouped.items()]


def _rooted(mails: Sequence[Row]) -> list[tuple[Row, str]]:
    """Each with the name of its thread; mails of an import may know only what they answer."""
    roots: dict[str, str] = {}
    found = []
    for row in reversed(mails):
        parent = row["in_reply_to"] or ""
        roots[row["message_id"]] = row["thread"] or roots.get(parent) or parent or row["message_id"]
        found.append((row, roots[row["message_id"]]))
    return found


def is_open(mail: Row) -> bool:
    """Whether a mail may be answered."""
    return mail["direction"] == Direction.RECEIVED and mail["drop_reason"] is None and mail["reply_state"] in OPEN


def to_decide(mail: Row) -> bool:
    return is_open(mail) and mail["reply_state"] in WAITING


def _mail(row: Row, root: str, fate: Row | None, begun: bool, today: date, region: Region) -> _Placed:
    received = row["direction"] == Direction.RECEIVED
    fate = None if row["reply_state"] == Answer.SENT else fate  # what was refused before is no longer news
    state, note = (_fate(fate, region) if fate else (_answered(row), "")) if received else (None, row["said"] or "")
    line: MailLine = {
        "line": f"m{row['key']}",
        "key": row["key"],
        "post": 0,
        "icon": "mdi-email-outline" if received else "mdi-send-outline",
        "direction": "Reçu de" if received else "Envoyé par",
        "who": person(row["sender"]) if received or not row["colleague"] else row["colleague"],
        "when": lead_rows.when(row["at"], region),
        "day": _short(row["at"], today, region),
        "beginning": shortened(row["beginning"] or "", FIRST_WORDS),
        "files": len(files(row["attachments"])),
        "state": state,
        "note": note,
        "answer": ("Reprendre la réponse" if begun else "Répondre") if is_open(row) else "",
        "waits": False,
        "refused": False,
        "unknown": False,
    }
    return _Placed(root, row["at"], shortened(row["subject"] or "", FIRST_WORDS) or NO_SUBJECT, line)


def _answered(row: Row) -> Look | None:
    """The state of its answer, where there is something to say; of what calls for none, its nature."""
    if row["reply_state"] in WAITING:
        return {"text": "À décider", "pill": "soon", "icon": "mdi-lightbulb-on-outline"}
    if row["answer"] in (Answer.NONE, Answer.NOT_EXPECTED):
        nature = "" if row["kind"] == Kind.MESSAGE else str(row["kind"])
        return {"text": nature.capitalize(), "pill": "plain", "icon": "mdi-email-outline"} if nature else None
    said = look(row["answer"])
    return {**said, "text": "Répondu" if row["answer"] == Answer.SENT else f"Réponse {row['answer']}"}


def _post(row: Row, today: date, region: Region) -> _Placed:
    """A mail of the outbox."""
    draft = written_in(row["content"])
    state, note = _fate(row, region)
    line: MailLine = {
        "line": f"o{row['key']}",
        "key": 0,
        "post": row["key"],
        "icon": "mdi-send-clock-outline",
        "direction": "Écrit par",
        "who": row["asked_by"],
        "when": lead_rows.when(row["asked_at"], region),
        "day": _short(row["asked_at"], today, region),
        "beginning": shortened(draft.text[: 2 * FIRST_WORDS], FIRST_WORDS),
        "files": 0,
        "state": state,
        "note": note,
        "answer": "",
        "waits": row["state"] == State.TO_DO,
        "refused": row["state"] == State.REFUSED and (row["answers"] is None or row["answered_state"] in (*OPEN, Answer.EXPIRED)),
        "unknown": row["state"] == State.UNKNOWN,
    }
    return _Placed(row["root"], row["asked_at"], shortened(draft.subject, FIRST_WORDS) or NO_SUBJECT, line)


def _short(moment: datetime | None, today: date, region: Region) -> str:
    """« 14:32 » of today, else the day."""
    local = moment.astimezone(region.zone) if moment else None
    return "" if local is None else f"{local:%H:%M}" if local.date() == today else dates.show(local.date(), region)


def _fate(row: Row, region: Region) -> tuple[Look, str]:
    """What became of a mail that somebody decided to send, and what explains it."""
    text, pill, icon = STATE_LOOKS[row["state"]]
    if row["state"] == State.TO_DO and (row["due_at"] > row["asked_at"]):
        text = f"À envoyer le {lead_rows.when(row['due_at'], region)}"
    note = {State.SIMULATED: SIMULATED, State.UNKNOWN: UNKNOWN}.get(row["state"], "")
    again = f"{row['said']} Nouvel essai prévu." if row["state"] == State.TO_DO and row["said"] else row["said"]
    return {"text": text, "pill": pill, "icon": icon}, " ".join(part for part in (note, again) if part)


def text_of_mail(mail: Row, kept: Mapping[int, str], rule: Keeping) -> MailText:
    """A whole message of the log, unfolded; `kept`: its attachments that can be saved, and `rule` which are."""
    people = [("De", mail["sender"]), ("À", mail["recipients"]), ("Cc", mail["cc"])]
    return {
        "people": [f"{name}\u00a0: {who}" for name, who in people if who],
        "text": mail["text"] or "",
        "quoted": mail["quoted"] or "",
        "attachments": [_file(place, name, count, kept, rule) for place, (name, count) in enumerate(files(mail["attachments"]))],
        "why": why(mail),
    }


def _file(place: int, name: str, count: int | None, kept: Mapping[int, str], rule: Keeping) -> MailFile:
    too_large = place not in kept and count is not None and rule.wants(name) and not rule.has_room(count)
    return {
        "name": kept.get(place, name),
        "size": "" if count is None else size(count),
        "position": place,
        "kept": place in kept,
        "why": f"trop grande pour être gardée ({rule.megabytes}\u00a0Mo au plus)" if too_large else "",
    }


def text_of_post(post: Row) -> MailText:
    """A mail of the outbox, unfolded: all of it as it leaves."""
    draft = written_in(post["content"])
    people = [("À", ", ".join(draft.to)), ("Cc", ", ".join(draft.cc))]
    return {
        "people": [f"{name}\u00a0: {who}" for name, who in people if who],
        "text": draft.text,
        "quoted": "",
        "attachments": [],
        "why": f"Écrit ici par {post['asked_by']}.",
    }
