"""Leads as vCards (RFC 2426, version 3.0): the version that Outlook, Google Contacts and telephones all take."""

from __future__ import annotations

import re

import pandas as pd

from gnetics.domain.leads import title
from gnetics.domain.name_parts import split
from gnetics.domain.values import text_of
from gnetics.exports.lead_table import values_of

OURS = "-//GNETICS//CRM//FR"  # whose card it is: its UID is an ID Lead
ORIGIN = "X-GNETICS-IMPORT"  # which lead it is, of one without ID Lead
_KEYS = ("lead_id", "origin", "name", "company", "job_title", "email", "phone", "phone_e164", "tags", "notes")
_LONGEST = 75  # bytes of a line before it is folded


def vcards(leads: pd.DataFrame) -> bytes:
    """A card per lead, in their order; rows of the snapshot's `leads`."""
    columns = [values_of(leads[key]) for key in _KEYS]
    cards = (_card(dict(zip(_KEYS, row, strict=True))) for row in zip(*columns, strict=True))
    return "".join(f"{_folded(line)}\r\n" for card in cards for line in card).encode("utf-8", "replace")


def _card(lead: dict[str, str | None]) -> list[str]:
    name, company = text_of(lead, "name"), text_of(lead, "company")
    parts = split(name)
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"PRODID:{OURS}"]
    lines.append("N:" + ";".join(map(_escaped, (parts.family, parts.given, "", parts.title, parts.suffix))))
    lines.append(f"FN:{_escaped(title(lead))}")
    lines += [] if name or not company else ["X-ABSHOWAS:COMPANY"]
    named = (("ORG", company), ("TITLE", text_of(lead, "job_title")), ("EMAIL;TYPE=INTERNET,WORK", text_of(lead, "email")))
    lines += [f"{label}:{_escaped(text)}" for label, text in named if text]
    if phone := text_of(lead, "phone_e164") or text_of(lead, "phone"):
        lines.append(f"TEL;TYPE=WORK,VOICE:{_escaped(phone)}")
    if tags := text_of(lead, "tags"):
        lines.append("CATEGORIES:" + ",".join(_escaped(tag.strip()) for tag in tags.split(",")))
    which = ("UID", text_of(lead, "lead_id")) if text_of(lead, "lead_id") else (ORIGIN, text_of(lead, "origin"))
    lines += [f"{label}:{_escaped(text)}" for label, text in (("NOTE", text_of(lead, "notes")), which) if text]
    return [*lines, "END:VCARD"]


def _escaped(text: str) -> str:
    return re.sub(r"([\\;,])", r"\\\1", text).replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Parts of at most 75 bytes, cut between letters, each but the first after a space."""
    if len(line.encode("utf-8", "replace")) <= _LONGEST:
        return line
    parts, room = [""], _LONGEST
    for sign in line:
        size = len(sign.encode("utf-8", "replace"))
        if size > room:
            parts.append(" ")
            room = _LONGEST - 1
        parts[-1] += sign
        room -= size
    return "\r\n".join(parts)
