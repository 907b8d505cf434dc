from __future__ import annotations

import pytest

from gnetics.exports.charts import Chart, Form, Mark
from gnetics.exports.drawing import LETTER, drawn

NAMES = ("Recommandation", "Un nom bien trop long pour tenir à gauche des barres", "Web")


def chart(form: Form, *parts: tuple[float, ...]) -> Chart:
    marks = (
        Mark(name, each, f"{sum(each):.0f} · 12,5 %", ("#0F5C6E",) * len(each), each[0]) for name, each in zip(NAMES, parts, strict=True)
    )
    return Chart(form, "Titre", tuple(marks))


@pytest.mark.parametrize("form", ["bars", "columns", "ranges"])
@pytest.mark.parametrize("width", [244, 480])
def test_nothing_leaves_its_picture(form: Form, width: int) -> None:
    made = drawn(chart(form, (3.0, 8.0), (0.0, 0.0), (250.0, 1250.0)), width)
    for box in made.boxes:
        assert box.x >= 0 and box.x + box.width <= width
        assert box.y >= 0 and box.y + box.height <= made.height
    for text in made.texts:
        start = text.x - len(text.text) * LETTER * {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor]
        assert form == "columns" or (start >= 0 and start + len(text.text) * LETTER <= width)


def test_bars_are_as_long_as_their_values() -> None:
    one, _, three = (box.width for box in drawn(chart("bars", (10.0,), (0.0,), (30.0,)), 300).boxes)
    assert three == pytest.approx(3 * one)


def test_nothing_to_draw_draws_nothing_wrong() -> None:
    assert all(box.width == 0 for box in drawn(chart("bars", (0.0,), (0.0,), (0.0,)), 300).boxes)
    assert drawn(Chart("columns", "", ()), 300).boxes == []
