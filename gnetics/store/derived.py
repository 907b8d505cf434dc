"""Columns computed from the others at each write, for search, duplicates and figures."""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from gnetics.domain import leads, score
from gnetics.domain.duplicates import email_domain
from gnetics.domain.folding import fold
from gnetics.domain.regions import Region
from gnetics.domain.score import Rate

_SEARCHED = {
    "messages": ("subject", "sender", "recipients", "text", "reply_text", "reply_final"),
    "runs": ("rule", "lead_label", "subject", "status", "reason", "error", "detail", "triggered_by"),
}


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
    if table_name in _SEARCHED:
        texts = (row.get(name) for name in _SEARCHED[table_name])
        return {"search": fold(" ".join(text for text in texts if text)) or ""}
    return {}


def follow_leads(row: Mapping[str, Any], kept: Mapping[str, Any], rates: Mapping[str, Rate]) -> dict[str, Any]:
    """The derived columns of a lead, from those that need only its own values."""
    full = {**kept, "email_domain": email_domain(kept["email_fold"], kept["email_check"])}
    return full | {"score_fit": score.fit({**row, **full}), "score_source": score.source(rates.get(full["source_fold"] or ""))}
