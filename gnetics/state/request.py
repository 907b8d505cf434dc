"""What brought a visitor here: the page, its query and who asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


def _nothing() -> None:
    """Nobody waits to be told."""


@dataclass(frozen=True)
class Request:
    """`page` is the notebook's name without its ending, None outside Voilà; `shown` is called once the page is there."""

    page: str | None
    query: dict[str, str]
    user: str
    shown: Callable[[], None] = field(default=_nothing, compare=False, repr=False)
