"""Columns computed from the others at each write, for search, duplicates and figures."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import timedelta
from typing import Any

from gnetics.domain import leads, score
from gnetics.domain.duplicates import email_domain
from gnetics.domain.folding import fold
from gnetics.domain.messages import address
from gnetics.domain.regions import Region
from gnetics.domain.score import Rate
from gnetics.domain.searching import tokens

MESSAGE_TEXTS = ("subject", "sender", "recipients", "text", "reply_text", "reply_final")
RUN_TEXTS = ("rule", "lead_label", "subject", "status", "reason", "error", "detail", "triggered_by")
SORTED_BY = 80  # characters: they stand in an index, of which PostgreSQL has rows of 2.7 kB at most
MOST_WORDS = 10_000  # that differ, of one row: more is no text, and PostgreSQL indexes no more than 1 MB of them


def derived(
    table_name: str, row: Mapping[str, Any], region: Region, rates: Mapping[str, Rate], changed: AbstractSet[str] | None = None
) -> dict[str, Any]:
    """Of a whole row, with the `rates` of sources; « en double » depends on the other leads and is settled by duplicates.py.

    `changed` names the fields of a stored row that change: what depends on none of them is left out (reading phones takes time).
    """
    if table_name == "leads":
        if changed is not None and not changed & leads.READ:
            return {"score_fit": score.fit(row)} if changed & score.FIT_READ else {}
        return follow_leads(row, leads.derive(row, region), rates)
    return {} if table_name == "events" else log_row(table_name, row)


def log_row(table_name: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """The same of a row of a log (messages, runs)."""
    if table_name == "messages":
        return {"search": _words(row, MESSAGE_TEXTS), **_sorted_by(row)}
    return {"search": _words(row, RUN_TEXTS), **_moments(row)}


def _words(row: Mapping[str, Any], names: tuple[str, ...]) -> str:
    texts = (row.get(name) for name in names)
    return " ".join(tokens(fold(" ".join(text for text in texts if text)) or "")[:MOST_WORDS])


def _sorted_by(message: Mapping[str, Any]) -> dict[str, Any]:
    sender = message.get("sender")
    folded = {"sender_fold": _beginning(sender), "subject_fold": _beginning(message.get("subject"))}
    return {**folded, "sender_address": address(sender), "logged_at": message.get("at")}


def _beginning(text: str | None) -> str | None:
    folded = fold(text)
    return folded[:SORTED_BY] if folded else None


def _moments(run: Mapping[str, Any]) -> dict[str, Any]:
    asked, began, ended = (run.get(name) for name in ("queued_at", "started_at", "ended_at"))
    lasted = round((ended - began) / timedelta(milliseconds=1)) if began and ended else None
    return {"logged_at": asked or began or ended, "lasted": lasted, "label_fold": _beginning(run.get("lead_label"))}


def follow_leads(row: Mapping[str, Any], kept: Mapping[str, Any], rates: Mapping[str, Rate]) -> dict[str, Any]:
    """The derived columns of a lead, from those that need only its own values."""
    full = {**kept, "email_domain": email_domain(kept["email_fold"], kept["email_check"])}
    return full | {"score_fit": score.fit({**row, **full}), "score_source": score.source(rates.get(full["source_fold"] or ""))}
