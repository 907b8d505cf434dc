"""« Doublon possible »: who a contact looks like, said on its sheet and while it is being typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from gnetics.domain import leads
from gnetics.domain.duplicates import SHARED, Verdict
from gnetics.domain.regions import Region
from gnetics.metrics.duplicates import Twin, namesakes, twins
from gnetics.store.derived import derived
from gnetics.widgets import codec, lead_rows

MOST = 3
_LOOKED_AT = {"name", "company", "email", "phone"}
_NEW = 0  # no stored lead has this key
_NAMESAKE = Verdict(SHARED, "même nom")


def notes(real: pd.DataFrame, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """{ref, title, why, sure, more} per lead that looks like this one, those only sharing its telephone in one note."""
    return _notes(real, twins(real, [row])[row["key"]])


def while_typing(real: pd.DataFrame, known: Mapping[str, Any], changes: Mapping[str, Any], region: Region) -> list[dict[str, Any]]:
    """The same for a form: `known` is the lead it changes, empty for a new one, which a mere namesake is told of too."""
    if not _LOOKED_AT & changes.keys():
        return []
    typed: dict[str, Any] = (
        dict.fromkeys(_LOOKED_AT | {"lead_id", "source", "status", "notes"}) | {"key": _NEW} | dict(known) | dict(changes)
    )
    row = typed | derived("leads", typed, region, {})
    found = twins(real, [row])[row["key"]]
    if not found and not row["company_fold"]:
        found = [Twin(key, _NAMESAKE) for key in namesakes(real, row["name_fold"]) if key != row["key"]]
    return _notes(real, found)


def _notes(real: pd.DataFrame, found: list[Twin]) -> list[dict[str, Any]]:
    sure = [twin for twin in found if twin.verdict.kind != SHARED][:MOST]
    shared = [twin for twin in found if twin.verdict.kind == SHARED]
    said = [_note(real, twin, 0) for twin in sure]
    return said + ([_note(real, shared[0], len(shared) - 1)] if shared else [])


def _note(real: pd.DataFrame, twin: Twin, more: int) -> dict[str, Any]:
    row = codec.record(real, twin.key) or {}
    return {
        "ref": lead_rows.reference(row),
        "title": leads.title(row),
        "why": twin.verdict.reason,
        "sure": twin.verdict.kind != SHARED,
        "more": more,
    }
