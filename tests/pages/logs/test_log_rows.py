"""How dates, durations, sizes and changes read in the logs."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from gnetics.domain.regions import REGIONS
from gnetics.domain.typography import counted, spaced
from gnetics.pages.logs.inbox import InboxPage
from gnetics.pages.logs.log_rows import duration, erased, exact, short, stamp
from gnetics.pages.logs.run_rows import changes
from gnetics.pages.mail_words import person, size
from gnetics.store.reading.erased import Gone

FR, QC = REGIONS["FR"], REGIONS["CA-QC"]
LATE = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # 00:30 the next day in Paris, 18:30 the same day in Montréal


def test_times_are_those_of_the_region() -> None:
    assert short(LATE, date(2026, 11, 24), FR) == "aujourd’hui 00:30"
    assert short(LATE, date(2026, 11, 24), QC) == "hier 18:30"
    assert short(LATE, date(2026, 12, 24), FR) == "24/11/2026 00:30"
    assert short(None, date(2026, 11, 24), FR) == "date inconnue"
    assert exact(LATE, FR) == "mardi 24 novembre 2026 à 00:30:00"
    assert stamp(LATE, QC) == "2026-11-23 à 18:30:00"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, ""), (-1, ""), (0.34, "340 ms"), (1.25, "1,2 s"), (12.0, "12 s"), (125, "2 min 05 s"), (3780, "1 h 03 min")],
)
def test_durations_read_as_people_say_them(seconds: float | None, text: str) -> None:
    assert duration(seconds).replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("gone", "text"),
    [
        (None, ""),
        (Gone(1204, date(2025, 3, 3), 24), "1 204 messages antérieurs au 3 mars 2025 ont été effacés (conservation : 24 mois)."),
        (Gone(1, date(2025, 3, 1), 1), "1 message antérieur au 1er mars 2025 a été effacé (conservation : 1 mois)."),
        (Gone(None, date(2025, 3, 3), 24), "Les messages antérieurs au 3 mars 2025 ont été effacés (conservation : 24 mois)."),
    ],
)
def test_what_went_for_its_age_is_said_in_words(gone: Gone | None, text: str) -> None:
    assert erased(gone, *InboxPage.gone, FR).replace("\u00a0", " ").replace("\u202f", " ") == text


@pytest.mark.parametrize(("count", "text"), [(0, "0 o"), (640, "640 o"), (118_000, "118 ko"), (2_400_000, "2,4 Mo")])
def test_sizes(count: int, text: str) -> None:
    assert size(count).replace("\u00a0", " ") == text


def test_changes_read_field_by_field_or_face_to_face() -> None:
    assert changes('{"score": 40}', '{"score": 65, "owner": "Ana"}') == [
        {"label": "Score", "before": "40", "after": "65"},
        {"label": "Responsable", "before": "", "after": "Ana"},
    ]
    assert changes("25", "34") == [{"label": "", "before": "25", "after": "34"}]
    assert changes(None, None) == []


@pytest.mark.parametrize(
    ("sender", "text"),
    [("Zoé Élan <z@x.fr>", "Zoé Élan"), ("z@x.fr", "z@x.fr"), (None, "(expéditeur absent)"), ("sans adresse", "sans adresse")],
)
def test_a_sender_is_called_by_name(sender: str | None, text: str) -> None:
    assert person(sender) == text


def test_french_spaces_and_plurals() -> None:
    assert spaced("« Oui » : 12 %") == "«\u00a0Oui\u00a0»\u00a0: 12\u00a0%"
    assert counted(1, "échec") == "1\u00a0échec"
    assert counted(1248, "contact") == "1\u202f248\u00a0contacts"
