"""What the columns of a mail say, in words and looks: on the lead's sheet and in the Inbox Log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from email.utils import parseaddr
from typing import Any, TypedDict

from gnetics.domain.messages import Answer, Filed, Matched
from gnetics.widgets.given import Look

NO_SUBJECT = "(sans objet)"
UNKNOWN_STATE = ("plain", "mdi-help-circle-outline")  # tint and icon of an imported word we do not know
# tint and icon of each state of an answer; the word always comes with them
REPLY_LOOKS: dict[str, tuple[str, str]] = {
    Answer.PROPOSED: ("soon", "mdi-lightbulb-on-outline"),
    Answer.EDITED: ("soon", "mdi-pencil-outline"),
    Answer.APPROVED: ("info", "mdi-check"),
    Answer.SENT: ("done", "mdi-send-check-outline"),
    Answer.REJECTED: ("plain", "mdi-close"),
    Answer.EXPIRED: ("plain", "mdi-timer-off-outline"),
    Answer.NONE: ("plain", "mdi-email-outline"),
    Answer.NOT_EXPECTED: ("plain", "mdi-minus"),
}
MATCHED: dict[str, str] = {
    Matched.REFERENCE: "il cite une référence du contact",
    Matched.REPLY: "c’est la réponse à un message connu",
    Matched.SENDER: "l’adresse de l’expéditeur est celle du contact",
    Matched.REPLY_TO: "l’adresse de réponse est celle du contact",
    Matched.RECIPIENT: "le contact est parmi les destinataires",
    Matched.FORWARD: "un collègue a transféré ce que le contact a écrit",
    Matched.RETURNED: "un envoi à l’adresse du contact est revenu",
    Matched.BY_HAND: "quelqu’un l’a rattaché à la main",
}


class Attachment(TypedDict):
    name: str
    size: str


def person(sender: str | None) -> str:
    """The name of « Nom <adresse> », else the address."""
    name, address = parseaddr(sender or "")
    return (name or address if "@" in address else (sender or "").strip()) or "(expéditeur absent)"


def attachments(raw: str | None) -> list[Attachment]:
    return [{"name": name, "size": "" if count is None else size(count)} for name, count in files(raw)]


def files(raw: str | None) -> list[tuple[str, int | None]]:
    """The attachments that a mail lists, [[name, bytes], …]; a text of another form is one as it is."""
    if not raw:
        return []
    try:
        found = json.loads(raw)
    except ValueError:
        return [(raw, None)]
    return [_file(each) for each in found] if isinstance(found, list) else [(raw, None)]


def _file(found: Any) -> tuple[str, int | None]:
    name, count = (*found, None, None)[:2] if isinstance(found, list) else (found, None)
    return str(name or "(sans nom)"), count if isinstance(count, int) else None


def size(count: int) -> str:
    """« 640 o », « 12 ko », « 3,4 Mo »."""
    if count < 1000:
        return f"{count}\u00a0o"
    if count < 1_000_000:
        return f"{round(count / 1000)}\u00a0ko"
    return f"{count / 1_000_000:.1f}\u00a0Mo".replace(".", ",")


def look(state: str) -> Look:
    """Of the state of an answer; an imported state may be a word we do not know: it is shown as it is."""
    pill, icon = REPLY_LOOKS.get(state, UNKNOWN_STATE)
    return {"text": state[:1].upper() + state[1:], "pill": pill, "icon": icon}


def why(mail: Mapping[str, Any], loose: str = "") -> str:
    """Why a mail is where it is, and what proved it; `loose`: why one is attached to nobody, as things are now."""
    if mail["filed"] == Filed.IGNORED:
        return f"Ignoré\u00a0: {mail['drop_reason']}."
    if mail["filed"] == Filed.LOOSE:
        then = f" (à son arrivée\u00a0: {mail['matched_on']})" if mail["matched_on"] not in (None, "", loose) else ""
        return f"Non rattaché\u00a0: {loose}{then}."
    if mail["filed"] == Filed.SENT and not mail["matched_by"]:
        return ""
    proof = f" ({mail['matched_on']})" if mail["matched_on"] else ""
    return f"Rattaché\u00a0: {MATCHED.get(mail['matched_by'], 'on ne sait comment')}{proof}."
