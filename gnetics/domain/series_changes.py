"""What a change of one occurrence, of it and the following, or of all, means for the rows of a series."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from gnetics.domain import recurrence, series
from gnetics.domain.regions import Region
from gnetics.domain.series import Series
from gnetics.domain.wall_clocks import written

Row = dict[str, Any]
_NEAR = timedelta(days=7)  # the second Tuesday and the second Thursday of a month are no further from each other than from others


class Scope(StrEnum):
    ONE = "one"
    FOLLOWING = "following"
    ALL = "all"


@dataclass
class Plan:
    """Rows to change and to delete, by key, and one to add; `joining` are changes of rows that become occurrences of the added one.

    What leaves its series keeps its root, by which the rules know what they did for it.
    """

    changed: dict[int, Row] = field(default_factory=dict)
    gone: list[int] = field(default_factory=list)
    added: Row | None = None
    joining: dict[int, Row] = field(default_factory=dict)


def change(master: Mapping[str, Any], at: str, scope: Scope, wanted: Row, others: Sequence[Row], region: Region) -> Plan:
    """`wanted` is what is to differ of the occurrence whose wall clock is `at`; `others` are the rows of occurrences changed before.

    Raises Unreadable when the rule cannot follow.
    """
    whole = _series(master, region)
    wall = datetime.fromisoformat(at)
    row = occurrence_row(master, whole, at) | wanted
    if scope is Scope.ONE:
        one = row | {"recurrence": None, "excluded": None, "series_key": master["key"], "occurrence": at}
        return Plan(added=_clocked(one, region))
    if scope is Scope.FOLLOWING and wall > whole.start:
        return _from_then(master, whole, wall, row, wanted, others, region)
    return _of_all(master, whole, wall, row, wanted, others, region)


def removal(master: Mapping[str, Any], at: str, scope: Scope, others: Sequence[Row], region: Region) -> Plan:
    whole, wall = _series(master, region), datetime.fromisoformat(at)
    if scope is Scope.ONE:
        return Plan(changed={master["key"]: {"excluded": series.listed({*whole.excluded, at})}})
    if scope is Scope.ALL or wall <= whole.start:
        return Plan(gone=[master["key"], *(other["key"] for other in others)])
    return Plan(changed={master["key"]: _ended(master, whole, wall)}, gone=[other["key"] for other in others if other["occurrence"] >= at])


def occurrence_row(master: Mapping[str, Any], whole: Series, at: str) -> Row:
    """The series as one occurrence shows it."""
    each = whole.occurrence(datetime.fromisoformat(at))
    return {**master, "starts_at": each.starts_at, "ends_at": each.ends_at}


def _series(master: Mapping[str, Any], region: Region) -> Series:
    whole = series.of(master, region)
    assert whole is not None  # the caller looked for the occurrence
    return whole


def _from_then(
    master: Mapping[str, Any], whole: Series, wall: datetime, row: Row, wanted: Row, others: Sequence[Row], region: Region
) -> Plan:
    at = written(wall)
    new = _clocked(row, region) | {"root_key": _root(master)}
    if "recurrence" not in wanted:
        new["recurrence"] = str(whole.rule.from_then(whole.start, wall, whole.zone).moved(wall.date(), _day(new)))
    after = series.of(new, region)
    delta = datetime.fromisoformat(new["wall_start"]) - wall
    new["excluded"] = series.listed(_carried(after, whole, (each for each in whole.excluded if each >= at), delta).values())
    later = {other["key"]: other["occurrence"] for other in others if other["occurrence"] >= at}
    places = _carried(after, whole, later.values(), delta)
    plan = Plan(changed={master["key"]: _ended(master, whole, wall)}, added=new)
    plan.joining = {key: {"occurrence": places[was], "root_key": _root(master)} for key, was in later.items() if was in places}
    plan.changed |= {key: _alone(master) for key, was in later.items() if was not in places}
    return plan


def _of_all(master: Mapping[str, Any], whole: Series, wall: datetime, row: Row, wanted: Row, others: Sequence[Row], region: Region) -> Plan:
    new = _clocked(row, region)
    begins, ends = (datetime.fromisoformat(new[name]) for name in ("wall_start", "wall_end"))
    delta, length = begins - wall, ends - begins
    if "recurrence" not in wanted:
        new["recurrence"] = str(whole.rule.moved(wall.date(), begins.date()))
    if new["recurrence"]:  # else what is looked at is what stays
        rule = recurrence.read(new["recurrence"])
        start = _first(replace(whole, rule=rule, start=datetime.combine(whole.start.date(), begins.time())), whole.start, delta)
        each = replace(whole, rule=rule, start=start, length=length).occurrence(start)
        new = _clocked(new | {"starts_at": each.starts_at, "ends_at": each.ends_at}, region)
    after = series.of(new | {"excluded": None}, region)
    new["excluded"] = series.listed(_carried(after, whole, whole.excluded, delta).values())
    places = _carried(after, whole, (other["occurrence"] for other in others), delta)
    kept = {
        other["key"]: {"occurrence": places[other["occurrence"]]} if other["occurrence"] in places else _alone(master) for other in others
    }
    return Plan(changed={master["key"]: {name: value for name, value in new.items() if value != master[name]}, **kept})


def _first(moved: Series, was: datetime, delta: timedelta) -> datetime:
    """Where a series begins whose first occurrence was at `was`, under its new rule: as much later, else on its first day."""
    shifted = was + delta
    if moved.rule.matches(shifted.date()):
        return shifted
    found = moved.rule.between(moved.start, moved.start, moved.start + timedelta(days=800), moved.zone)
    return next((wall for wall in found if moved.rule.matches(wall.date())), moved.start)


def _carried(after: Series | None, before: Series, walls: Iterable[str], delta: timedelta) -> dict[str, str]:
    """Where those occurrences of `before` are in the series `after`; without what is none there."""
    places = {}
    for was in walls:
        if after is not None and (place := _place(after, before, datetime.fromisoformat(was), delta)):
            places[was] = written(place)
    return places


def _place(after: Series, before: Series, was: datetime, delta: timedelta) -> datetime | None:
    shifted = was + delta
    for wall in (shifted, datetime.combine(was.date(), after.start.time())):
        if after.rule.gives(after.start, wall, after.zone):
            return wall
    if after.rule.freq != before.rule.freq or after.rule.freq in ("DAILY", "WEEKLY"):
        return None
    near = after.rule.between(after.start, shifted - _NEAR, shifted + _NEAR, after.zone)
    return min(near, key=lambda wall: abs(wall - shifted), default=None)


def _root(master: Mapping[str, Any]) -> int:
    root: int = master["root_key"] or master["key"]
    return root


def _alone(master: Mapping[str, Any]) -> Row:
    """What makes an event of its own of an occurrence that was changed."""
    return {"series_key": None, "occurrence": None, "root_key": _root(master)}


def _ended(master: Mapping[str, Any], whole: Series, wall: datetime) -> Row:
    """What ends a series before its occurrence `wall`."""
    at = written(wall)
    rule = whole.rule.ended_before(whole.start, wall, master["all_day"], whole.zone)
    return {"recurrence": str(rule), "excluded": series.listed(each for each in whole.excluded if each < at)}


def _clocked(row: Row, region: Region) -> Row:
    return row | series.clocks(row, region)


def _day(row: Row) -> date:
    return datetime.fromisoformat(row["wall_start"]).date()
