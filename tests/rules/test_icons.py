"""Browsers are given the icons that pages use, and hardly more."""

from __future__ import annotations

from fontTools.ttLib import TTFont

from gnetics.server import static
from tests import icons


def test_every_icon_used_is_served() -> None:
    assert TTFont(static.OUR_ICONS).getBestCmap().keys() >= icons.used(), "run `make icons`"


def test_icons_are_a_small_file() -> None:
    assert static.OUR_ICONS.stat().st_size < 40_000
