"""What a report of delivery says of each address (RFC 3464), and why, in French."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gnetics.domain.quoting import shortened
from gnetics.mail.reading import charsets
from gnetics.mail.reading.parts import Part, source, walk

LONGEST = 20_000  # bytes of a report
LONGEST_SAID = 2_000  # characters
UNKNOWN, REFUSED = "raison non précisée", "refusé par le serveur du destinataire"
_FIELD = re.compile(r"^([a-z-]{4,24})[ \t]*:[ \t]*([^\n]*(?:\n[ \t]+[^\n]*)*)", re.IGNORECASE | re.MULTILINE)
_ADDRESS = re.compile(r"[^\s;<>\"@]{1,128}@[^\s;<>\"@]{1,255}")
_CODE = re.compile(r"\b[245]\.(\d{1,3}\.\d{1,3})\b")
_ANSWER = re.compile(r"\b[45]\d\d[ -][^\n]+")  # of a server
# by the last two numbers of a status (RFC 3463), then by the words of servers
_BY_CODE = {
    "1.1": "boîte inconnue", "1.10": "boîte inconnue", "1.2": "domaine inconnu", "1.3": "adresse mal écrite", "1.6": "boîte déplacée",
    "2.1": "boîte désactivée", "2.2": "boîte pleine", "2.3": "message trop gros", "3.4": "message trop gros",
    "4.1": "serveur injoignable", "4.4": "domaine inconnu", "4.6": "le courrier y tourne en rond", "4.7": "délai dépassé",
}  # fmt: skip
_BY_WORDS = {
    "boîte inconnue": (
        r"(?:user|recipient|mailbox|address|account|alias)\w*(?: \w+){0,3} (?:unknown|not found|doesn.t exist|does not exist|unavailable)",
        r"(?:unknown|no such|invalid|unrouteable|not a valid) (?:local )?(?:user|recipient|mailbox|address|account)",
        r"not listed|doesn't have an? |n.existe pas|introuvable|inconnue?\b",
    ),
    "boîte pleine": (r"(?:mailbox|mailfolder|boîte)(?: \w+){0,3} (?:full|pleine)|quota|insufficient (?:system )?storage",),
    "domaine inconnu": (
        r"(?:host|domain)(?: name)?(?: \w+){0,2} (?:unknown|not found|lookup failure)",
        r"unknown (?:host|domain)|name service error|nxdomain",
    ),
    "message trop gros": (r"too (?:large|big)|size (?:limit|exceeds)|trop (?:gros|volumineux)",),
    "délai dépassé": (r"timed? ?out|timeout|expired|retry time|délai",),
    "serveur injoignable": (r"connection (?:refused|reset|lost)|unreachable|not reachable|injoignable",),
    REFUSED: (r"spam|block(?:ed|list)|black ?list|polic(?:y|ies)|denied|reject|refus|authenticat|dmarc|spf",),
}
_WORDS = [(re.compile("|".join(words), re.IGNORECASE), why) for why, words in _BY_WORDS.items()]


@dataclass(frozen=True)
class Status:
    """Of one address. `action`: failed, delayed, delivered, relayed or expanded."""

    action: str
    address: str
    status: str
    diagnostic: str


def statuses(message: Part) -> list[Status]:
    reports = [source(part)[:LONGEST] for part in walk(message) if part.get_content_type() == "message/delivery-status"]
    groups = (group for report in reports for group in re.split(r"\n[ \t]*\n", charsets.decode(report, "utf-8")))
    return [status for group in groups if (status := _status(group))]


def why(status: str, diagnostic: str, notice: str) -> str:
    """In a few words of French; the server's own where they are none we know."""
    diagnostic, notice = diagnostic[:LONGEST_SAID], notice[:LONGEST_SAID]
    number = next((each for each in _CODE.findall(f"{status}\n{diagnostic}\n{notice}") if each != "0.0"), "")
    if known := _BY_CODE.get(number):
        return known
    for said in (diagnostic, notice):
        if known := next((why for words, why in _WORDS if words.search(said)), ""):
            return known
    if number.startswith("7."):
        return REFUSED
    answer = _ANSWER.search(notice)
    return shortened(diagnostic or (answer[0] if answer else ""), 120) or UNKNOWN


def _status(group: str) -> Status | None:
    fields = {name.lower(): value for name, value in _FIELD.findall(group)}
    # the original one is whom we wrote to; it may have been sent on
    recipient = _ADDRESS.search(fields.get("original-recipient", "")) or _ADDRESS.search(fields.get("final-recipient", ""))
    if "action" not in fields and not recipient:
        return None
    action = re.match(r"\w*", fields.get("action", "").lower())
    diagnostic = fields.get("diagnostic-code", "").partition(";")
    return Status(action[0] if action else "", recipient[0] if recipient else "", fields.get("status", ""), diagnostic[2] or diagnostic[0])
