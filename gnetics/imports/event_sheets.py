"""What the sheet of events of another program says beside its titles: whose the numbers are, which column holds the hours."""

from __future__ import annotations

from dataclasses import replace

from gnetics.domain.sheets import EVENTS, Column, header_key
from gnetics.imports.layouts import Layout

# Titles that only one program gives. « Activity - Subject », « Activity - Due date », « Person - Name »: Pipedrive's export of
# activities, as public code reads it (github.com: several connectors, under these very titles).
_PROGRAMS = {"activity subject": "pipedrive"}
# Outlook in French titles the day and the hour alike: « Début, Début, Fin, Fin »
_HOURS = {"starts": "start_time", "ends": "end_time"}
_BY_KEY = {column.key: column for column in EVENTS.columns}


def completed(layout: Layout) -> Layout:
    """The layout of another sheet than leads, with what its program is known for."""
    if layout.table is not EVENTS:
        return layout
    titles = {header_key(name) for name in layout.names.values()}
    program = next((program for title, program in _PROGRAMS.items() if title in titles), "")
    hours = _hours(layout)
    return replace(
        layout,
        columns=layout.columns | hours,
        ignored={place: told for place, told in layout.ignored.items() if place not in hours},
        program=program,
    )


def _hours(layout: Layout) -> dict[int, Column]:
    """The second column of one title, when the first is a beginning or an end that has no hours of its own."""
    taken = {column.key for column in layout.columns.values()}
    titles = layout.sheet.head[layout.header_at][1]
    found: dict[int, Column] = {}
    for place, column in layout.columns.items():
        hour = _HOURS.get(column.key)
        again = next((other for other in layout.ignored if other > place and titles[other] == titles[place]), None)
        if hour and hour not in taken and again is not None:
            found[again] = _BY_KEY[hour]
    return found
