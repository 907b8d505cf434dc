"""How long before an event is said as people say it."""

from __future__ import annotations

import pytest

from gnetics.domain import reminders


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "à l’heure"),
        (1, "1 minute avant"),
        (10, "10 minutes avant"),
        (60, "1 heure avant"),
        (90, "90 minutes avant"),
        (120, "2 heures avant"),
        (1440, "1 jour avant"),
        (2880, "2 jours avant"),
    ],
)
def test_a_reminder_is_said_in_its_largest_whole_unit(minutes: int, said: str) -> None:
    assert reminders.words(minutes).replace("\u00a0", " ") == said
