"""What a template is given: traits that say of which TypedDict their rows are."""

from __future__ import annotations

from typing import Any, Final, TypedDict, TypeVar, get_origin

import traitlets as tl

Kind = TypeVar("Kind")
NOTHING: Final[Any] = {}  # what a template is given in place of one row when there is none


class Link(TypedDict):
    """Where a click leads."""

    page: str
    query: dict[str, str]


class Look(TypedDict):
    """A word with its tint and its icon."""

    text: str
    pill: str
    icon: str


def given(kind: type[Kind], default: Kind | None = None) -> tl.TraitType[Kind, Kind]:
    """A trait of a TypedDict, or of a list or dict of them. mypy holds pages to it, tests/rules/test_given.py the template."""
    value: Any = default
    trait: Any = tl.List(tl.Dict(), value or []) if get_origin(kind) is list else tl.Dict(default_value=value or {})
    trait.tag(sync=True, given=kind)
    typed: tl.TraitType[Kind, Kind] = trait
    return typed
