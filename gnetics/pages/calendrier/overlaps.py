"""Who is to be in two places at once: warned of when an event is saved, never refused."""

from __future__ import annotations

import pandas as pd

from gnetics.domain.quoting import shortened
from gnetics.domain.regions import Region
from gnetics.domain.typography import counted
from gnetics.widgets import codec


def said(events: pd.DataFrame, key: int, region: Region) -> str:
    """« Il chevauche « Démo » (10:00 – 11:00). » of the same person, after another sentence; "" when nothing does."""
    event = codec.record(events, key)
    if event is None or event["cancelled"] or event["done"] or event["all_day"] or not event["owner"]:
        return ""
    there = (events["owner"] == event["owner"]) & ~events["cancelled"] & ~events["all_day"] & (events.index != key)
    meets = (events["starts_at"] < event["ends_at"]) & (events["ends_at"] > event["starts_at"])
    found = events[there & meets].sort_values("starts_at", kind="stable")
    if found.empty:
        return ""
    first = found.iloc[0]
    starts, ends = (first[name].tz_convert(region.zone) for name in ("starts_at", "ends_at"))
    others = f" et {counted(len(found) - 1, 'autre événement', 'autres événements')}" if len(found) > 1 else ""
    return f" Il chevauche « {shortened(first['title'])} » ({starts:%H:%M} – {ends:%H:%M}){others}."
