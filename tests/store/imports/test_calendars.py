"""iCalendar files come in as what they say, once; what leaves by our own export comes back to no change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from gnetics.actions import accounts
from gnetics.actions.past_imports import undo_import
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.errors import UnreadableFile
from gnetics.exports.icalendar import icalendar
from gnetics.imports.ics import importer
from gnetics.imports.importer import import_workbook
from gnetics.imports.plan import Asked
from gnetics.imports.report import Report
from gnetics.store.crm import Crm
from gnetics.store.reading.calendar import calendar_rows
from gnetics.store.schema import events

PARIS = "DTSTART;TZID=Europe/Paris:20260303T100000\nDTEND;TZID=Europe/Paris:20260303T110000\n"
SERIES = (
    f"BEGIN:VEVENT\nUID:serie@x\nSUMMARY:Point\n{PARIS}RRULE:FREQ=WEEKLY;BYDAY=TU\nEXDATE;TZID=Europe/Paris:20260310T100000\nEND:VEVENT\n"
    "BEGIN:VEVENT\nUID:serie@x\nRECURRENCE-ID:20260317T090000Z\nSUMMARY:Point déplacé\n"
    "DTSTART;TZID=Europe/Paris:20260318T140000\nDTEND;TZID=Europe/Paris:20260318T150000\nEND:VEVENT\n"
)


def event(*lines: str, uid: str = "un@x", times: str = PARIS) -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", "SUMMARY:Visite", *times.split(), *lines, "END:VEVENT\n"])


def take(crm: Crm, *components: str, user: str = "Léa", dry_run: bool = False) -> Report:
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{''.join(components)}END:VCALENDAR\n"
    return import_workbook(crm, user, text.encode(), "agenda.ics", dry_run=dry_run)


def counts(report: Report) -> tuple[int, int, int, int]:
    return report.taken, report.updated, report.unchanged, report.refused


def told(report: Report) -> list[tuple[str, str]]:
    return [(problem.value, problem.reason) for problem in report.problems]


def stored(crm: Crm) -> list[dict[str, Any]]:
    with crm.read() as connection:
        return [dict(row) for row in connection.execute(select(events).where(~events.c.deleted).order_by(events.c.key)).mappings()]


def exported(crm: Crm) -> bytes:
    with crm.read() as connection:
        return icalendar(calendar_rows(connection), crm.region)


def hold(crm: Crm, rows: Iterable[dict[str, Any]]) -> list[int]:
    with crm.write("Léa", Verb.SAVE_EVENT) as uow:
        keys = uow.insert_many("events", list(rows), Action.CREATED)
        uow.commit()
    return keys


def moments(*hours: int) -> dict[str, datetime]:
    start, end = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in hours)
    return {"starts_at": start, "ends_at": end}


def test_a_series_its_dates_left_out_and_those_that_moved_are_kept_as_they_are_meant(crm: Crm) -> None:
    assert counts(take(crm, SERIES)) == (2, 0, 0, 0)
    series, moved = stored(crm)
    assert (series["recurrence"], series["excluded"]) == ("FREQ=WEEKLY;BYDAY=TU", "2026-03-10T10:00:00")
    assert (series["wall_start"], series["zone"], series["starts_at"].hour) == ("2026-03-03T10:00:00", None, 9)
    assert (moved["series_key"], moved["occurrence"]) == (series["key"], "2026-03-17T10:00:00")
    assert (moved["title"], moved["wall_start"]) == ("Point déplacé", "2026-03-18T14:00:00")


def test_the_same_file_again_changes_nothing(crm: Crm) -> None:
    without_identity = event(uid="").replace("UID:\n", "")
    take(crm, SERIES, event(), without_identity)
    before = crm.latest_rev()
    assert counts(take(crm, SERIES, event(), without_identity)) == (0, 0, 4, 0)
    assert crm.latest_rev() == before


def test_an_export_of_ours_comes_back_to_no_change(crm: Crm) -> None:
    with crm.write("Léa", Verb.SAVE_LEAD) as uow:
        lead = uow.insert("leads", {"name": "Marie Curie", "status": "Nouveau"})
        uow.commit()
    hold(
        crm,
        [
            {"uid": "simple", "title": "Été, « ici » ; là", "description": "Une\nDeux", "lead_key": lead, "kind": "Appel", **moments(8, 9)},
            {"uid": "nuit", "title": "La seconde 02:30", **moments(1, 2)},
            {"uid": "jours", "title": "Salon", "all_day": True, "category": "Salon, foire", "place": "Lyon",
             "participants": '[["a@b.fr","A; B",""]]',
             "starts_at": datetime(2026, 10, 24, 22, tzinfo=UTC), "ends_at": datetime(2026, 10, 26, 23, tzinfo=UTC)},
            {"uid": "ailleurs", "title": "Appel", "zone": "America/New_York", "wall_start": "2026-10-25T05:30:00", "reminder": 15,
             "wall_end": "2026-10-25T06:30:00", "video_url": "https://visio.example/a", "cancelled": True, "sequence": 3, **moments(9, 10)},
        ],
    )  # fmt: skip
    take(crm, SERIES)
    before = crm.latest_rev()
    report = import_workbook(crm, "Léa", exported(crm), "export.ics")
    assert (counts(report), told(report)) == ((0, 0, 6, 0), [])
    assert crm.latest_rev() == before


def test_a_known_event_follows_what_the_file_says_otherwise(crm: Crm) -> None:
    take(crm, event("LOCATION:Lyon", "DESCRIPTION:Apporter le devis"))
    later = PARIS.replace("T10", "T14").replace("T11", "T15")
    assert counts(take(crm, event("SEQUENCE:1", "STATUS:CANCELLED", times=later))) == (0, 1, 0, 0)
    (row,) = stored(crm)
    assert (row["wall_start"], row["starts_at"].hour, row["cancelled"], row["sequence"]) == ("2026-03-03T14:00:00", 13, True, 1)
    assert (row["place"], row["description"]) == ("Lyon", "Apporter le devis"), "what a file leaves empty stays"


def test_an_older_version_does_not_undo_a_newer_one(crm: Crm) -> None:
    take(crm, event("SEQUENCE:2"))
    report = take(crm, event("SEQUENCE:1", "LOCATION:Lyon"))
    assert (report.updated, report.skipped, stored(crm)[0]["place"]) == (0, 1, None)
    assert told(report)[0][0] == "Visite"


def test_an_event_said_twice_is_taken_as_last_revised(crm: Crm) -> None:
    report = take(crm, event("SEQUENCE:5", "LOCATION:Lyon"), event("SEQUENCE:4", "LOCATION:Paris"))
    assert (counts(report), report.skipped, stored(crm)[0]["place"]) == ((1, 0, 0, 0), 1, "Lyon")


def test_a_bad_event_stops_no_other_and_is_told_by_its_title(crm: Crm) -> None:
    report = take(crm, event("RRULE:FREQ=SECONDLY"), event(uid="deux@x"))
    assert counts(report) == (1, 0, 0, 1)
    why = "Cette répétition ne peut pas être gardée\u00a0: elle a lieu chaque seconde, et le calendrier va de jour en jour."
    assert told(report) == [("Visite", why)]


def test_a_date_changed_of_a_series_that_is_refused_is_not_taken_alone(crm: Crm) -> None:
    report = take(crm, SERIES.replace("FREQ=WEEKLY", "FREQ=HOURLY"))
    assert (counts(report), stored(crm)) == ((0, 0, 0, 2), [])


def test_a_trial_writes_nothing(crm: Crm) -> None:
    report = take(crm, SERIES, dry_run=True)
    assert (counts(report), stored(crm), report.number) == ((2, 0, 0, 0), [], None)


def test_an_import_of_a_calendar_is_undone_as_any_other(crm: Crm) -> None:
    take(crm, event("LOCATION:Lyon"))
    before = stored(crm)
    later = PARIS.replace("T10", "T14").replace("T11", "T15")
    report = take(crm, event("LOCATION:Paris", "SEQUENCE:1", times=later), SERIES)
    assert report.number is not None
    undo_import(crm, "Léa", report.number)
    kept = {"updated_at", "rev"}
    assert [{name: row[name] for name in row.keys() - kept} for row in stored(crm)] == [
        {name: row[name] for name in row.keys() - kept} for row in before
    ]


def test_whoever_has_leads_of_their_own_changes_no_event_of_others(crm: Crm) -> None:
    trusted = replace(crm, trusted=True)
    accounts.add(trusted, "Léa", "Ana", "édition", None)
    accounts.add(trusted, "Léa", "Bruno", "édition", None)
    take(crm, SERIES, user="Bruno")
    accounts.set_own_leads(trusted, "Léa", "Ana", True)
    moved = SERIES.split("END:VEVENT\n")[1].replace("20260317", "20260324") + "END:VEVENT\n"
    report = take(crm, SERIES.replace("Point", "Autre"), moved, event(), user="Ana")
    assert counts(report) == (1, 0, 0, 3)
    assert [(row["title"], row["owner"]) for row in stored(crm)] == [("Point", "Bruno"), ("Point déplacé", "Bruno"), ("Visite", "Ana")]
    with crm.read() as connection:
        assert [row["title"] for row in calendar_rows(connection, "ana")] == ["Visite"]


def test_an_event_of_a_removed_contact_leaves_without_name(crm: Crm) -> None:
    with crm.write("Léa", Verb.SAVE_LEAD) as uow:
        lead = uow.insert("leads", {"name": "Marie Curie", "status": "Nouveau"})
        uow.commit()
    hold(crm, [{"uid": "simple", "title": "Appel", "lead_key": lead, **moments(8, 9)}])
    assert b"CONTACT:Marie Curie" in exported(crm)
    with crm.write("Léa", Verb.DELETE_LEAD) as uow:
        uow.delete("leads", lead)
        uow.commit()
    assert b"Curie" not in exported(crm)


def test_a_calendar_too_large_or_too_heavy_is_refused_whole(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableFile, match="20\u00a0Mo"):
        import_workbook(crm, "Léa", b"BEGIN:VCALENDAR\n" + b"X" * importer.LARGEST, "gros.ics")
    monkeypatch.setattr(importer, "MEMORY", 2**26)  # bytes: less than its own code
    with pytest.raises(UnreadableFile, match="plus de mémoire ou de temps"):
        take(crm, event("DESCRIPTION:" + "x" * 10_000_000))
    assert stored(crm) == []


def test_a_removed_event_comes_back_with_its_file(crm: Crm) -> None:
    take(crm, event())
    with crm.engine.begin() as connection:
        connection.execute(update(events).values(deleted=True))
    assert counts(take(crm, event())) == (0, 1, 0, 0)
    assert len(stored(crm)) == 1


def test_only_what_is_new_or_only_what_is_known_can_be_asked_for(crm: Crm) -> None:
    take(crm, event())
    data = f"BEGIN:VCALENDAR\n{event('LOCATION:Lyon')}{event(uid='deux@x')}END:VCALENDAR".encode()
    added = import_workbook(crm, "Léa", data, "agenda.ics", asked=Asked("create"))
    assert (counts(added), added.skipped) == ((1, 0, 0, 0), 1)
    known = import_workbook(crm, "Léa", data, "agenda.ics", asked=Asked("update"))
    assert counts(known) == (0, 1, 1, 0)


def test_a_source_that_is_read_again_and_again_is_no_calendar(crm: Crm) -> None:
    with pytest.raises(UnreadableFile, match="source"):
        import_workbook(crm, "Léa", b"BEGIN:VCALENDAR\nEND:VCALENDAR", "agenda.ics", asked=Asked(over_edits=False))
