"""The form of an event: strict days and hours, sentences beside the fields, nothing changed that was not touched."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gnetics.domain.regions import REGIONS
from gnetics.pages.calendrier.event_draft import YES, EventDraft, event_form

FR = REGIONS["FR"]
NEW = {"title": "Démo", "day": "24/11/2026", "start": "14:00", "end": "15:00", "kind": "Rendez-vous"}
EVENT: dict[str, Any] = {
    "title": "Démo", "starts_at": datetime(2026, 11, 24, 13, 0, 30, tzinfo=UTC), "ends_at": datetime(2026, 11, 24, 14, tzinfo=UTC),
    "all_day": False, "kind": "Visio", "description": "Deux\nlignes", "video_url": "https://visio.exemple.fr/a", "lead_key": 7,
    "done": False,
}  # fmt: skip


def draft(form: dict[str, str] | None = None, event: dict[str, Any] | None = None, region: str = "FR") -> EventDraft:
    made = EventDraft(REGIONS[region], lambda ref: {"L-000007": 7}.get(ref))
    made.open(form if form is not None else NEW, event)
    return made


def editing(event: dict[str, Any] = EVENT) -> EventDraft:
    return draft(event_form(event, FR, "L-000007"), event)


def test_what_is_typed_becomes_instants_of_the_region() -> None:
    changes = draft().changes()
    assert (changes["starts_at"], changes["ends_at"]) == (datetime(2026, 11, 24, 13, tzinfo=UTC), datetime(2026, 11, 24, 14, tzinfo=UTC))
    there = draft(NEW | {"day": "2026-11-24"}, region="CA-QC").changes()
    assert there["starts_at"] == datetime(2026, 11, 24, 19, tzinfo=UTC)


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("title", "  ", "titre"),
        ("title", "x" * 5000, "5000"),
        ("day", "", "date"),
        ("day", "31/02/2026", "existe pas"),
        ("day", "24/11/26", "quatre chiffres"),
        ("day", "24/11/1601", "L’année 1601"),
        ("day", "24/11/9999", "L’année 9999"),
        ("start", "", "heure de début"),
        ("start", "25:00", "entre 00:00 et 23:59"),
        ("start", "-5", "hh:mm"),
        ("end", "", "heure de fin"),
        ("end", "14:00", "après le début"),
        ("end", "13:59", "après le début"),
        ("end", "1e9", "hh:mm"),
        ("end_day", "23/11/2026", "avant le début"),
        ("end_day", "24/11/2028", "plus d’un an"),
        ("video_url", "javascript:alert(1)", "https://"),
        ("video_url", "visio.exemple.fr", "https://"),
        ("lead", "L-999999", "existe pas"),
        ("kind", "Fête", "type"),
        ("description", "x" * 5001, "5001"),
    ],
)
def test_what_cannot_be_saved_is_said_beside_its_field(field: str, text: str, words: str) -> None:
    made = draft()
    made.type({field: text})
    assert words in made.errors[field]
    assert set(made.errors) == {field}
    assert made.form[field] == text


@pytest.mark.parametrize("title", ["🎉 Démo", "<script>alert(1)</script>", "=1+1", "L’été d’Élise"])
def test_any_honest_title_is_kept_as_typed(title: str) -> None:
    assert draft(NEW | {"title": title}).changes()["title"] == title


def test_an_event_opened_and_left_alone_has_nothing_to_save() -> None:
    made = editing()
    assert made.blockers() == {}
    assert made.changes() == {}
    assert not made.dirty


def test_only_what_was_touched_is_saved_and_seconds_of_an_import_stay() -> None:
    made = editing()
    made.type({"end": "15:30"})
    assert made.dirty
    assert made.changes() == {"ends_at": datetime(2026, 11, 24, 14, 30, tzinfo=UTC)}
    assert made.seen(made.changes()) == {"ends_at": EVENT["ends_at"]}


def test_whole_days_go_from_midnight_to_midnight() -> None:
    made = draft(NEW | {"all_day": YES, "start": "", "end": "", "end_day": "26/11/2026"})
    changes = made.changes()
    assert (changes["starts_at"], changes["ends_at"]) == (datetime(2026, 11, 23, 23, tzinfo=UTC), datetime(2026, 11, 26, 23, tzinfo=UTC))
    assert event_form(changes | {"done": False}, FR, "")["end_day"] == "26/11/2026"


def test_a_whole_day_turned_into_hours_asks_for_them() -> None:
    event = EVENT | {
        "all_day": True,
        "starts_at": datetime(2026, 11, 23, 23, tzinfo=UTC),
        "ends_at": datetime(2026, 11, 24, 23, tzinfo=UTC),
    }
    made = editing(event)
    made.type({"all_day": ""})
    assert set(made.errors) == {"start", "end"}


def test_an_event_until_midnight_reads_back_as_itself() -> None:
    event = EVENT | {"starts_at": datetime(2026, 11, 24, 21, tzinfo=UTC), "ends_at": datetime(2026, 11, 24, 23, tzinfo=UTC)}
    form = event_form(event, FR, "")
    assert (form["end"], form["end_day"]) == ("00:00", "25/11/2026")
    made = editing(event)
    made.type({"end": "00:30"})
    assert made.changes()["ends_at"] == datetime(2026, 11, 24, 23, 30, tzinfo=UTC)


def test_an_hour_the_clocks_jump_over_is_refused() -> None:
    made = draft(NEW | {"day": "29/03/2026", "start": "02:30", "end": "04:00"})
    assert "n’existe pas" in made.errors["start"]


def test_the_hour_that_comes_twice_may_end_what_it_began() -> None:
    made = draft(NEW | {"day": "25/10/2026", "start": "02:45", "end": "02:15"})
    assert made.errors == {}
    changes = made.changes()
    assert changes["ends_at"] - changes["starts_at"] == timedelta(minutes=30)


def test_times_stored_in_the_second_such_hour_are_not_moved_by_another_change() -> None:
    event = EVENT | {
        "starts_at": datetime(2026, 10, 25, 1, 30, tzinfo=UTC),
        "ends_at": datetime(2026, 10, 25, 2, tzinfo=UTC),
    }  # 02:30 again, 03:00
    made = editing(event)
    made.type({"title": "Autre", "end": "03:30"})
    assert set(made.changes()) == {"title", "ends_at"}


def test_a_contact_can_be_taken_off() -> None:
    made = editing()
    made.type({"lead": ""})
    assert made.changes() == {"lead_key": None}


@pytest.mark.parametrize(("text", "minutes"), [("", None), ("0", 0), ("1440", 1440)])
def test_a_reminder_is_read_from_the_form_and_shown_in_it(text: str, minutes: int | None) -> None:
    draft = EventDraft(FR, lambda _: None)
    draft.open({"title": "Démo", "day": "26/11/2026", "start": "14:00", "end": "15:00", "reminder": text}, None)
    assert draft.changes()["reminder"] == minutes
    assert event_form(draft.changes() | {"done": False}, FR, "")["reminder"] == text
