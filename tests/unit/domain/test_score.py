"""The automatic score: what each fact is worth, and that the parts say so."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest

from gnetics.domain import score
from gnetics.domain.score import Exchanges, Rate
from gnetics.store.scored import with_scores

TODAY = date(2026, 11, 24)
FULL: dict[str, Any] = {
    "email_check": "valide", "email_domain": "lumen.fr", "phone_e164": "+33199001234", "company": "Lumen", "job_title": "Directrice",
    "amount": 1, "last_contact": TODAY, "source": "Salon",
}  # fmt: skip


def test_the_table_of_weights_makes_a_hundred() -> None:
    assert score.FIT_MOST + score.ACTIVITY_MOST + score.RECENCY_MOST + score.SOURCE_MOST == 100
    assert sum(points for name, points in score.FIT.items() if name != "email personnel") == score.FIT_MOST
    perfect = score.parts(FULL, Exchanges(meetings=4, received=5, sent=9), Rate(10**6, 10**6), TODAY)
    assert score.total(perfect) == 100


def test_a_lead_without_anything_has_only_the_neutral_source() -> None:
    parts = score.parts({}, Exchanges(), None, TODAY)
    assert [part.points for part in parts] == [0, 0, 0, score.SOURCE_NEUTRAL]
    assert parts[0].sentence == "Profil\u00a0: rien de renseigné, 0 sur 30"
    assert parts[2].facts == "jamais contacté"


def test_each_part_says_the_facts_behind_it() -> None:
    lead = FULL | {"job_title": None, "email_domain": None, "last_contact": TODAY - timedelta(days=12)}
    fit, activity, recency, source = score.parts(lead, Exchanges(meetings=1, received=2), Rate(12, 40), TODAY)
    assert fit.facts == "email personnel, téléphone, entreprise, montant estimé" and fit.points == 22
    assert activity.facts == "1 rendez-vous ou appel, 2 emails reçus" and activity.points == 14
    assert recency.facts == "dernier contact il y a 12 jours" and recency.points == 20
    assert source.sentence == "Source\u00a0: Salon (12 gagnées sur 40 décidées), 4 sur 20"


@pytest.mark.parametrize(("won", "decided", "points"), [(9, 9, 6), (0, 10, 0), (10, 10, 14), (3, 12, 2), (500, 1000, 9)])
def test_a_source_is_worth_what_it_has_proved_and_neutral_until_then(won: int, decided: int, points: int) -> None:
    assert score.source(Rate(won, decided)) == points


@pytest.mark.parametrize("amount", [None, 0, -5, pd.NA])
def test_no_amount_earns_nothing(amount: Any) -> None:
    assert score.fit(FULL | {"amount": amount}) == score.FIT_MOST - score.FIT["montant estimé"]


def test_frames_age_the_score_as_the_sheet_does() -> None:
    days = [*range(-3, 120), None]
    lasts = [None if day is None else TODAY - timedelta(days=day) for day in days]
    frame = pd.DataFrame({"last_contact": np.array(lasts, dtype="datetime64[s]")})
    for name, points in (("score_fit", 1), ("score_activity", 2), ("score_source", 3), ("score", None)):
        frame[name] = pd.array([points] * len(days), dtype="Int64")
    sheets = [score.parts({"last_contact": last}, Exchanges(), None, TODAY)[2].points + 6 for last in lasts]
    assert with_scores(frame, TODAY)["auto_score"].tolist() == sheets
    assert {0 + 6, 5 + 6, 25 + 6} <= set(sheets)
