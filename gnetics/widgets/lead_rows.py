"""How a lead is named, on any page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd

from gnetics.domain import dates, values
from gnetics.domain.regions import Region
from gnetics.domain.statuses import UNKNOWN
from gnetics.state.address import number

Row = dict[str, Any]


def reference(row: Row) -> str:
    """How an address names a lead: its ID Lead, or ~key for a lead that has none yet."""
    return str(row["lead_id"] or f"~{row['key']}")


def key_of(leads: pd.DataFrame, ref: str) -> int | None:
    """The key of the lead that an address names; None when there is none (any more)."""
    if ref.startswith("~"):
        key = number(ref[1:])
        return key if key in leads.index else None
    found = leads.index[leads["lead_id"] == ref]
    return int(found[0]) if ref and len(found) else None


def status_word(row: Row) -> str:
    """The status as kept; « Statut inconnu » when there is none."""
    return values.text_of(row, "status") or UNKNOWN


def when(moment: datetime | None, region: Region) -> str:
    """« 24/11/2026 à 14:32 » in the region's zone."""
    if moment is None:
        return "date inconnue"
    local = moment.astimezone(region.zone)
    return f"{dates.show(local.date(), region)} à {local:%H:%M}"
