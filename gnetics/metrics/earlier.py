"""All the frames of a board as they were at the end of an earlier day, as far as the history tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

import pandas as pd

from gnetics.metrics.board import Frames
from gnetics.metrics.past import end_of, whole_leads_on
from gnetics.metrics.window import instants


@dataclass(frozen=True, eq=False)
class EarlierFrames:
    """Named as the frames of a snapshot."""

    leads: pd.DataFrame
    events: pd.DataFrame
    messages: pd.DataFrame
    runs: pd.DataFrame
    journal: pd.DataFrame
    pairs: pd.DataFrame
    history_since: pd.Timestamp | None


def frames_on(frames: Frames, changes: pd.DataFrame, day: date, today: date, zone: ZoneInfo) -> EarlierFrames:
    """`changes` are the lines of the history after that day, of any field of a lead."""
    stop = end_of(day, zone)

    def until(frame: pd.DataFrame, column: str) -> pd.DataFrame:
        return frame[instants(frame[column]) < stop]

    return EarlierFrames(
        leads=whole_leads_on(frames.leads, changes, frames.journal, day, today, zone),
        events=until(frames.events, "starts_at"),
        messages=until(frames.messages, "at"),
        runs=frames.runs,
        journal=until(frames.journal, "at"),
        pairs=frames.pairs,
        history_since=frames.history_since,
    )
