"""Keys as a short text."""

from __future__ import annotations

from hypothesis import given
from hypothesis.strategies import integers, sets

from gnetics.domain.key_ranges import read, written


def test_keys_that_follow_each_other_take_two_numbers() -> None:
    assert written([3, *range(7, 100_001)]) == "3,7-100000"
    assert written([]) == ""


@given(sets(integers(1, 300)))
def test_what_was_written_is_read(keys: set[int]) -> None:
    assert read(written(keys)) == sorted(keys)
