"""What would become of the first rows, field by field."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from gnetics.domain import values
from gnetics.domain.fields import BY_KEY
from gnetics.domain.leads import title
from gnetics.domain.regions import Region
from gnetics.imports.lead_rows import LeadRow
from gnetics.imports.plan import LONGEST_SAMPLE
from gnetics.imports.reading import SheetReading
from gnetics.imports.report import Change, Report

SHOWN_CHANGES = 200  # of each sort


class Preview:
    """Of one import; the rest is counted by its report."""

    def __init__(self, report: Report, region: Region) -> None:
        self._report, self._region = report, region
        self._shown: Counter[str] = Counter()

    def left(self, what: str) -> int:
        """How many more rows of that sort are shown."""
        return max(0, SHOWN_CHANGES - self._shown[what])

    def show(self, reading: SheetReading, row: LeadRow, what: str, changed: Mapping[str, tuple[Any, Any]]) -> None:
        """`what` is said of the row, `changed` the values before and after by field."""
        self._shown[what] += 1
        if self._shown[what] <= SHOWN_CHANGES:
            fields = tuple(
                (BY_KEY[name].label, self._text(name, before), self._text(name, after))
                for name, (before, after) in changed.items()
                if name in BY_KEY
            )
            self._report.changes.append(Change(reading.report.name, row.line, what, title(row.values), fields))

    def _text(self, name: str, value: Any) -> str:
        return values.show(BY_KEY[name].kind, value, self._region)[:LONGEST_SAMPLE]
