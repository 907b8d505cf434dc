"""The sheets of a plan, read; this takes most of the time of an import, so it is done before the store is held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from gnetics.domain.regions import Region
from gnetics.domain.sheets import LEADS
from gnetics.imports import lead_rows, other_rows
from gnetics.imports.layouts import Layout
from gnetics.imports.lead_rows import Identity, LeadRow
from gnetics.imports.plan import Plan
from gnetics.imports.reading import SheetReading
from gnetics.imports.spool import Spool
from gnetics.imports.steps import Steps


@dataclass(frozen=True)
class SheetRows:
    """A sheet read: its rows ready for the store, which has not been asked anything yet."""

    reading: SheetReading
    rows: Spool[LeadRow] | list[dict[str, Any]]
    named: Mapping[Identity, int] = field(default_factory=dict)  # the line of each identity, on a sheet of leads

    @property
    def kind(self) -> str:
        return self.reading.layout.table.kind


def read(plan: Plan, region: Region, from_text: bool, shift_days: int, steps: Steps) -> list[SheetRows]:
    """In the order of the file."""
    return [_read(layout, region, from_text, shift_days, steps, plan) for layout in plan.layouts]


def _read(layout: Layout, region: Region, from_text: bool, shift_days: int, steps: Steps, plan: Plan) -> SheetRows:
    own = next(each for each in plan.report.sheets if each.name == layout.sheet.name)
    reading = SheetReading(layout, region, from_text, own, plan.asked.dates)
    if layout.table is LEADS:
        spool = Spool(LeadRow._make)
        named = lead_rows.read(reading, shift_days, steps, plan.owners, spool.add)
        return SheetRows(reading, spool, named)
    return SheetRows(reading, other_rows.read(reading, shift_days, steps))
