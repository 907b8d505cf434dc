"""Ticking contacts, one by one, in a row, all; the ticks outlive the page on screen."""

from __future__ import annotations

import pandas as pd

from gnetics.pages.contacts.selection import Selection

LISTED = pd.Index([50, 10, 40, 20, 30])


def test_a_range_follows_the_order_on_screen_in_both_directions() -> None:
    ticked = Selection()
    ticked.pick(10, True, LISTED)
    ticked.pick(20, True, LISTED, through=True)
    assert ticked.ordered(LISTED) == [10, 40, 20]
    ticked.pick(50, True, LISTED, through=True)
    assert ticked.ordered(LISTED) == [50, 10, 40, 20]
    ticked.pick(40, False, LISTED, through=True)
    assert ticked.ordered(LISTED) == [20]


def test_a_range_without_a_beginning_is_one_contact() -> None:
    ticked = Selection()
    ticked.pick(40, True, LISTED, through=True)
    assert ticked.keys == {40}
    ticked.pick(20, True, pd.Index([20, 30]), through=True)  # the beginning is no longer in the list
    assert ticked.keys == {40, 20}


def test_all_of_the_list_then_none_and_what_is_gone_is_forgotten() -> None:
    ticked = Selection()
    ticked.pick(99, True, LISTED)
    ticked.pick_all(LISTED)
    assert ticked.ordered(LISTED) == [50, 10, 40, 20, 30, 99]
    ticked.keep(pd.Index([10, 99]))
    assert ticked.keys == {10, 99} and len(ticked) == 2
    ticked.clear()
    assert not len(ticked)
