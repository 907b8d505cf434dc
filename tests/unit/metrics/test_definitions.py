"""The words of the figures, as they are shown."""

from __future__ import annotations

import re

from gnetics.metrics.definitions import DEFINITIONS, EVERYONE, UNREAL, reason_of


def test_one_row_left_out_is_said_as_one() -> None:
    assert reason_of(UNREAL, 1) == "écarté, sans identité"
    assert reason_of(UNREAL, 2) == reason_of(UNREAL, 30) == UNREAL
    assert reason_of("sans montant", 1) == "sans montant"


def test_definitions_are_typeset_in_french() -> None:
    shown = [EVERYONE, *(text for each in DEFINITIONS.values() for text in (each.title, each.formula, each.population, *each.traps))]
    assert not [text for text in shown if re.search(r" [:;?!»%€]|« |'", text)]
    assert any("«\u00a0" in text for text in shown)
