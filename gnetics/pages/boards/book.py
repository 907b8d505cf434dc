"""The figures a page shows, each under a reference that a click, a bar or an address can name."""

from __future__ import annotations

from dataclasses import dataclass, field

from gnetics.domain.regions import Region
from gnetics.metrics.figure import Figure


@dataclass(frozen=True, eq=False)
class Entry:
    figure: Figure
    title: str


@dataclass
class Book:
    """Filled while a page prepares what it shows."""

    region: Region
    entries: dict[str, Entry] = field(default_factory=dict)

    def ref(self, ref: str, figure: Figure, title: str = "") -> str:
        """Register a figure, under its definition's title unless another is given; the reference comes back."""
        self.entries[ref] = Entry(figure, title or figure.explained.title)
        return ref
