"""Reads an iCalendar file, in a process of its own (`imports/reading_apart.py`): the file is its standard input."""

from __future__ import annotations

import sys

from gnetics.errors import UnreadableFile
from gnetics.imports import bounded, text_file
from gnetics.imports.ics.components import MOST_EVENTS, components
from gnetics.imports.ics.events import Entry, Reader

NO_CALENDAR = "Ce fichier n’est pas un calendrier (.ics)\u00a0: il n’a pas de «\u00a0BEGIN:VCALENDAR\u00a0»."
TOO_MANY = f"Ce calendrier a plus de {MOST_EVENTS} événements\u00a0: exportez-le en plusieurs périodes."


def entries(data: bytes, zone: str) -> tuple[list[Entry], int]:
    """(what is said of each event, in the order of the file; how many tasks, journals and busy times it has beside).

    `zone` names the region's. Raises UnreadableFile.
    """
    with text_file.opened(data, text_file.encoding_of(data)) as lines:
        calendar = components(lines.read().replace("\0", ""))
    if not calendar.found:
        raise UnreadableFile(NO_CALENDAR)
    if len(calendar.events) >= MOST_EVENTS:
        raise UnreadableFile(TOO_MANY)
    reader = Reader(zone, calendar.zones, calendar.method == "CANCEL")
    return [reader.entry(event) for event in calendar.events], calendar.others


if __name__ == "__main__":
    where, *bounds = sys.argv[1:]
    bounded.answer(lambda: entries(sys.stdin.buffer.read(), where), *map(int, bounds))
