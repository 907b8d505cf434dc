"""Messages and events as tables, under the titles that the import knows."""

from __future__ import annotations

from typing import Any

import pandas as pd

from gnetics.domain import sheets
from gnetics.exports.lead_table import values_of
from gnetics.exports.tables import Column, Kind, Table

_KINDS: dict[sheets.CellKind, Kind] = {"moment": "moment", "clock": "moment", "long_text": "long_text"}
# the store's column → the sheet's
_MESSAGE = {
    name: name for name in ("message_id", "at", "direction", "kind", "sender", "recipients", "subject", "text", "lead_id", "drop_reason")
}
_EVENT = {
    "uid": "uid",
    "title": "title",
    "starts_at": "starts",
    "ends_at": "ends",
    **{name: name for name in ("all_day", "kind", "done", "description", "video_url", "lead_id", "owner")},
}


def message_table(messages: pd.DataFrame, leads: pd.DataFrame) -> Table:
    """Whole messages, as `frame_of_messages` reads them; `leads` is all of the snapshot’s, to name theirs."""
    return _table(sheets.MESSAGES, messages, leads, _MESSAGE)


def event_table(events: pd.DataFrame, leads: pd.DataFrame) -> Table:
    # the store ends a whole day at the next midnight, a person at its last minute
    last = events["ends_at"].where(~events["all_day"], events["ends_at"] - pd.Timedelta(minutes=1))
    return _table(sheets.EVENTS, events.assign(ends_at=last), leads, _EVENT)


def _table(of: sheets.Table, frame: pd.DataFrame, leads: pd.DataFrame, columns: dict[str, str]) -> Table:
    known = {column.key: column for column in of.columns}
    titled = [(known[key].label, known[key].kind) for key in columns.values()]
    ids = leads["lead_id"].reindex(frame["lead_key"].fillna(0).astype("int64"))
    cells = [_words(values_of(ids if name == "lead_id" else frame[name])) for name in columns]
    return Table(of.label, tuple(Column(label, _KINDS.get(kind, "text")) for label, kind in titled), list(zip(*cells, strict=True)))


def _words(values: list[Any]) -> list[Any]:
    return [("Oui" if value else "Non") if isinstance(value, bool) else value for value in values]
