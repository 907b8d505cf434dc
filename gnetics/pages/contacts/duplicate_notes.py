"""« Doublon possible »: who a contact looks like, said on its sheet and while it is being typed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from gnetics import texts
from gnetics.domain import leads
from gnetics.domain.duplicates import SHARED, Verdict
from gnetics.domain.emails import is_shared
from gnetics.domain.regions import Region
from gnetics.metrics.duplicates import Twin, namesakes, twins
from gnetics.pages.contacts.widgets.lead_sheet import Duplicate
from gnetics.store.derived import derived
from gnetics.store.frames import Snapshot
from gnetics.widgets import codec, lead_rows

MOST = 3
_LOOKED_AT = {"name", "company", "email", "phone"}
_NEW = 0  # no stored lead has this key
_NAMESAKE = Verdict(SHARED, "même nom")
_SAME = {"email_fold": "même email", "phone_e164": "même téléphone"}


def notes(snapshot: Snapshot, row: Mapping[str, Any]) -> list[Duplicate]:
    """The leads that look like this one, those only sharing its telephone in one note.

    Of a lead that the person does not see, that it exists is all that is told: its `ref` is empty.
    """
    return _notes(snapshot.real, twins(snapshot.real, [row])[row["key"]]) + _elsewhere(snapshot, row)


def while_typing(snapshot: Snapshot, known: Mapping[str, Any], changes: Mapping[str, Any], region: Region) -> list[Duplicate]:
    """The same for a form: `known` is the lead it changes, empty for a new one, which a mere namesake is told of too."""
    if not _LOOKED_AT & changes.keys():
        return []
    typed: dict[str, Any] = (
        dict.fromkeys(_LOOKED_AT | {"lead_id", "deal_of", "source", "status", "notes"}) | {"key": _NEW} | dict(known) | dict(changes)
    )
    row = typed | derived("leads", typed, region, {})
    real = snapshot.real
    found = twins(real, [row])[row["key"]]
    if not found and not row["company_fold"] and not row["deal_of"]:
        found = [Twin(key, _NAMESAKE) for key in namesakes(real, row["name_fold"]) if key != row["key"]]
    return _notes(real, found) + _elsewhere(snapshot, row)


def _elsewhere(snapshot: Snapshot, row: Mapping[str, Any]) -> list[Duplicate]:
    shared = snapshot.elsewhere(row["email_fold"], row["phone_e164"])[:1]
    sure = [name == "email_fold" and not is_shared(row["email_fold"]) for name in shared]
    return [
        {"ref": "", "title": texts.ELSEWHERE, "why": _SAME[name], "sure": own, "more": 0} for name, own in zip(shared, sure, strict=True)
    ]


def _notes(real: pd.DataFrame, found: list[Twin]) -> list[Duplicate]:
    sure = [twin for twin in found if twin.verdict.kind != SHARED][:MOST]
    shared = [twin for twin in found if twin.verdict.kind == SHARED]
    said = [_note(real, twin, 0) for twin in sure]
    return said + ([_note(real, shared[0], len(shared) - 1)] if shared else [])


def _note(real: pd.DataFrame, twin: Twin, more: int) -> Duplicate:
    row = codec.record(real, twin.key) or {}
    return {
        "ref": lead_rows.reference(row),
        "title": leads.title(row),
        "why": twin.verdict.reason,
        "sure": twin.verdict.kind != SHARED,
        "more": more,
    }
