"""A text of another program is patched: what is changed says what is meant, every other line stays as its author wrote it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from gnetics.calendars import documents, sayings
from gnetics.calendars.documents import Part
from gnetics.calendars.reader import entries
from gnetics.calendars.sayings import Reading, Said
from gnetics.domain.regions import REGIONS
from gnetics.exports.icalendar import icalendar
from tests import real_files

REGION = REGIONS["FR"]
FILES = real_files.of("ics")
STAMPED = ("SUMMARY", "DTSTAMP", "LAST-MODIFIED")
ADDED = ("issue_1081_tzid_param", "issue_1633_rdate_with_dates_and_tzid")  # which name a zone that they do not define


def objects(path: Path) -> Iterator[str]:
    """One text for each event of the file, as a server has them."""
    whole = path.read_text("utf-8", "replace")
    if not documents.is_whole(whole):
        return
    calendar = documents.read(whole)
    shared = [each for each in calendar.lines if isinstance(each, str) or each.name == "VTIMEZONE"]
    events: dict[str, list[Part]] = {}
    for event in calendar.parts("VEVENT"):
        events.setdefault("".join(event.properties("UID")), []).append(event)
    for some in list(events.values())[:50]:
        yield f"{Part('VCALENDAR', [*shared, *some])}\r\n"


def read(text: str) -> Reading:
    return sayings.reading(entries(text, REGION.zone_name), REGION)


def said(found: Reading) -> dict[str, Said]:
    return {at: sayings.of_entry(entry, at or None, "", REGION) for at, entry in found.parts.items()}


def rows(found: Reading) -> list[dict[str, Any]]:
    """Of the store, once it has taken them."""
    made = []
    for key, (at, each) in enumerate(sorted(said(found).items()), 1):
        more = {"key": key, "uid": found.uid, "series_key": 1 if at else None, "occurrence": at or None, "lead": ""}
        values = sayings.columns(found.parts[at], each, each.keys() - {"occurrence"})
        made.append(values | more | {"updated_at": datetime(2026, 1, 1, tzinfo=UTC)})
    return made


def patched(text: str, found: Reading, made: list[dict[str, Any]], then: dict[str, Said]) -> str:
    order = sorted(found.parts)
    now = [(found.blocks[at], sayings.of_row(row, REGION)) for at, row in zip(order, made, strict=True)]
    return documents.patched(text, [(found.blocks[at], then[at]) for at in order], now, documents.fresh(icalendar(made, REGION)))[0]


def lines(text: str) -> list[str]:
    return [line for line in documents._lines(text) if documents.property_of(line) not in STAMPED]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_of_a_real_calendar_what_is_changed_is_read_so_and_all_else_survives(path: Path) -> None:
    for text in objects(path):
        found = read(text)
        if found.refusal or not found.parts:
            continue
        made = [row | {"title": "Autre titre"} for row in rows(found)]
        wanted = {at: each | {"title": "Autre titre"} for at, each in said(found).items()}
        one = patched(text, found, made, said(found))
        assert said(read(one)) == wanted
        assert lines(one) == lines(text) or path.stem in ADDED
        kept = ("participants", "occurrence")
        every = {at: {name: each[name] if name in kept else "?" for name in each} for at, each in wanted.items()}
        assert said(read(patched(text, found, made, every))) == wanted, "each of its fields written anew"


def test_an_answer_is_patched_into_its_participant_s_own_line() -> None:
    text = (
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20261201T090000Z\r\nSUMMARY:Point\r\n"
        'ATTENDEE;CUTYPE=ROOM;CN="Salle: 2";PARTSTAT=ACCEPTED:MAILTO:salle@x.example\r\n'
        'ATTENDEE;SENT-BY="mailto:b@x.example";PARTSTAT=NEEDS-ACTION;X-NUM=0:mailto:zo\r\n e@x.example\r\n'
        "ATTENDEE:urn:uuid:1234\r\nATTENDEE:mailto:parti@x.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    found = read(text)
    (row,) = rows(found)
    people = '[["salle@x.example", "Salle: 2", "ACCEPTED"], ["zoe@x.example", "", "DECLINED"], ["neuf@x.example", "Neuf", ""]]'
    result = patched(text, found, [row | {"participants": people}], said(found))
    unfolded = result.replace("\r\n ", "")
    assert 'ATTENDEE;CUTYPE=ROOM;CN="Salle: 2";PARTSTAT=ACCEPTED:MAILTO:salle@x.example\r\n' in unfolded
    assert 'ATTENDEE;SENT-BY="mailto:b@x.example";X-NUM=0;PARTSTAT=DECLINED:mailto:zoe@x.example\r\n' in unfolded
    assert "ATTENDEE:urn:uuid:1234" in unfolded and "parti@x.example" not in unfolded
    assert "ATTENDEE;SCHEDULE-AGENT=CLIENT;CN=Neuf" in unfolded


@pytest.mark.parametrize(
    "text", ["", "BEGIN:VCALENDAR\r\n", "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nEND:VCALENDAR\r\n", "END:VEVENT", "<html>"]
)
def test_a_text_that_is_cut_is_none(text: str) -> None:
    assert not documents.is_whole(text)
