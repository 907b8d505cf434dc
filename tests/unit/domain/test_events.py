"""A calendar event is refused with a sentence beside the field that is wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gnetics.domain import events

START = datetime(2026, 11, 24, 9, tzinfo=UTC)
GOOD: dict[str, Any] = {
    "title": "Rendez-vous",
    "starts_at": START,
    "ends_at": START + timedelta(hours=1),
    "video_url": "https://visio.exemple.fr/salle",
}


def test_a_complete_event_is_accepted() -> None:
    assert events.check(GOOD) == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "  "),
        ("title", "x" * 5000),
        ("starts_at", None),
        ("ends_at", None),
        ("ends_at", START),
        ("ends_at", START - timedelta(minutes=1)),
        ("ends_at", START + timedelta(days=4000)),
        ("video_url", "javascript:alert(1)"),
        ("video_url", "visio.exemple.fr"),
        ("video_url", "https://"),
        ("video_url", "https://a b.fr"),
        ("video_url", "https://[bad"),
        ("video_url", "https://banque.fr@pirate.fr"),
        ("kind", "Fête"),
    ],
)
def test_a_wrong_field_gets_its_sentence(field: str, value: Any) -> None:
    assert list(events.check(GOOD | {field: value})) == [field]


def test_only_a_plain_web_address_is_made_clickable() -> None:
    assert events.safe_link(" https://visio.exemple.fr/salle?x=1#a ") == "https://visio.exemple.fr/salle?x=1#a"
    assert events.safe_link("data:text/html,x") is None
    assert events.safe_link(None) is None
