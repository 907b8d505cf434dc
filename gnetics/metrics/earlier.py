"""All the frames of a board as they were at the end of an earlier day, as far as the history tells."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import pandas as pd

from gnetics.metrics.frames import EarlierFrames, Frames
from gnetics.metrics.past import end_of, leads_on
from gnetics.metrics.window import instants


class Dated(Frames, Protocol):
    """Frames whose history can be read further; a snapshot's are."""

    def changes_after(self, moment: datetime) -> pd.DataFrame: ...


def moment_after(day: date, zone: ZoneInfo) -> datetime:
    """The first instant that is not of `day` any more."""
    return datetime.combine(day + timedelta(days=1), time.min, zone)


def earlier_frames(frames: Dated, day: date, today: date, zone: ZoneInfo) -> EarlierFrames:
    """What the store held at the end of an earlier day, as its history tells."""
    return frames_on(frames, frames.changes_after(moment_after(day, zone)), day, today, zone)


def frames_on(frames: Frames, changes: pd.DataFrame, day: date, today: date, zone: ZoneInfo) -> EarlierFrames:
    """`changes` are the lines of the history after that day, of any field of a lead."""
    stop = end_of(day, zone)

    def until(frame: pd.DataFrame, column: str) -> pd.DataFrame:
        return frame[instants(frame[column]) < stop]

    return EarlierFrames(
        leads=leads_on(frames, changes, day, today, zone),
        events=until(frames.events, "starts_at"),
        messages=until(frames.messages, "at"),
        journal=until(frames.journal, "at"),
        pairs=frames.pairs,
        history_since=frames.history_since,
        now=frames,
        today=today,
    )
