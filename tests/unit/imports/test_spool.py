"""Rows put aside come back as they were, as often as asked, and a heavy one waits for no other."""

from __future__ import annotations

from typing import NamedTuple

from gnetics.imports.spool import CHUNK, Spool


class Named(NamedTuple):
    line: int
    values: dict[str, str]


def filled(count: int, weight: int = 1) -> Spool[Named]:
    spool = Spool(Named._make)
    for line in range(count):
        spool.add(Named(line, {"name": str(line)}), weight)
    return spool


def test_rows_come_back_in_order_with_their_type_to_two_at_once() -> None:
    spool = filled(2 * CHUNK + 1)
    for one, other in zip(spool.chunks(), spool.chunks(), strict=True):
        assert one == other and all(row.values == {"name": str(row.line)} for row in one)
    assert [len(chunk) for chunk in spool.chunks()] == [CHUNK, CHUNK, 1]


def test_rows_are_still_there_for_who_goes_through_them_when_nobody_else_has_them() -> None:
    assert sum(len(chunk) for chunk in filled(2 * CHUNK).chunks()) == 2 * CHUNK


def test_more_rows_may_come_after_some_were_read() -> None:
    spool = filled(2)
    assert len(next(spool.chunks())) == 2
    spool.add(Named(2, {}))
    assert [row.line for chunk in spool.chunks() for row in chunk] == [0, 1, 2]


def test_heavy_rows_are_put_aside_by_fewer_at_a_time() -> None:
    assert [len(chunk) for chunk in filled(5, CHUNK // 2).chunks()] == [2, 2, 1]
