"""Which events of a series a change is for: what the question is given."""

from __future__ import annotations

from typing import TypedDict


class Which(TypedDict):
    """`repeats` is the rule of the series in words, `scopes` the answers that there are."""

    title: str
    repeats: str
    scopes: list[str]
