"""An automatic answer says until when somebody is away."""

from __future__ import annotations

from datetime import date

import pytest

from gnetics.automations.absences import said_back
from gnetics.domain.regions import REGIONS

RECEIVED = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Je suis absente jusqu’au 4 décembre inclus.", date(2026, 12, 5)),
        ("Absent du 20/11 au 27/11/2026.", date(2026, 11, 28)),
        ("Je serai de retour le lundi 7 décembre.", date(2026, 12, 7)),
        ("De retour le 1er décembre 2026", date(2026, 12, 1)),
        ("En congés jusqu'au 3 janvier", date(2027, 1, 4)),
        ("Retour le 30.11.2026", date(2026, 11, 30)),
        ("Je suis absent cette semaine.", None),
        ("De retour le 12 mars 2031", None),
        ("De retour le 31 novembre", None),
        ("Je suis rentré le 3 novembre 2026", None),
        ("", None),
    ],
)
def test_the_day_of_return_is_read_where_it_is_said(text: str, day: date | None) -> None:
    assert said_back(text, RECEIVED, REGIONS["FR"]) == day
