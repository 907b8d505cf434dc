"""Who is to be in two places at once: warned of when an event is saved, never refused."""

from __future__ import annotations

from gnetics.domain import series
from gnetics.domain.quoting import shortened
from gnetics.domain.regions import Region
from gnetics.domain.typography import counted
from gnetics.store.frames import Snapshot
from gnetics.store.occurrence_frames import in_frame
from gnetics.widgets.lead_rows import Row


def said(snapshot: Snapshot, ref: str, event: Row, region: Region) -> str:
    """« Il chevauche « Démo » (10:00 – 11:00). » of the same person, after another sentence; "" when nothing does.

    `event` is the event, or the occurrence of a series, that `ref` names.
    """
    if event["cancelled"] or event["done"] or event["all_day"] or not event["owner"]:
        return ""
    key, wall = series.split(ref)
    frame = snapshot.events
    there = (frame["owner"] == event["owner"]) & ~frame["cancelled"] & ~frame["all_day"]
    found = in_frame(frame[there], snapshot.changed_occurrences, event["starts_at"], event["ends_at"], region)
    itself = (found.index == int(key)) & (found["recurrence"].isna() | (found["occurrence"] == wall))
    found = found[~itself]
    if found.empty:
        return ""
    first = found.iloc[0]
    starts, ends = (first[name].tz_convert(region.zone) for name in ("starts_at", "ends_at"))
    others = f" et {counted(len(found) - 1, 'autre événement', 'autres événements')}" if len(found) > 1 else ""
    return f" Il chevauche « {shortened(first['title'])} » ({starts:%H:%M} – {ends:%H:%M}){others}."
