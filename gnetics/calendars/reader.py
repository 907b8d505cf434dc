"""Reads what a server has of many events, in a process of its own (`imports/reading_apart.py`): a list of texts is its standard input."""

from __future__ import annotations

import json
import sys

from gnetics.imports import bounded
from gnetics.imports.ics.components import components
from gnetics.imports.ics.events import Entry, Reader


def entries(text: str, zone: str) -> list[Entry]:
    """What is said of each VEVENT, in the order of the text; `zone` names the region's."""
    calendar = components(text.replace("\0", ""))
    reader = Reader(zone, calendar.zones)
    return [reader.entry(event) for event in calendar.events]


if __name__ == "__main__":
    where, *bounds = sys.argv[1:]
    bounded.answer(lambda: [entries(text, where) for text in json.loads(sys.stdin.buffer.read())], *map(int, bounds))
