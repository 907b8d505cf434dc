"""Columns and rows of the table view, from the one table of fields."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from gnetics.domain import values
from gnetics.domain.fields import BY_KEY, LEAD_FIELDS
from gnetics.domain.regions import Region
from gnetics.pages.contacts import list_rows
from gnetics.pages.contacts.list_rows import NUMERIC
from gnetics.pages.contacts.sorts import SORTABLE
from gnetics.pages.contacts.widgets.leads_table import LeadRow, TableColumn
from gnetics.widgets import lead_rows
from gnetics.widgets.lead_rows import Row

# simple fields; the score, the stage and the next action may be automatic, and long texts need their sheet
INLINE: tuple[str, ...] = tuple(
    field.key for field in LEAD_FIELDS if field.editable and field.kind not in ("long_text", "score") and field.key in SORTABLE
)
_PLACES = {column["key"]: place for place, column in enumerate(list_rows.columns())}


def columns(keys: Sequence[str]) -> list[TableColumn]:
    fields = [BY_KEY[key] for key in keys]
    return [
        {
            "key": f.key,
            "label": f.label,
            "num": f.kind in NUMERIC,
            "kind": f.kind,
            "sortable": f.key in SORTABLE,
            "editable": f.key in INLINE,
        }
        for f in fields
    ]


def table_row(row: Row, keys: Sequence[str], today: date, region: Region) -> LeadRow:
    """Cells that can be edited hold the whole value, as `values.parse` reads it back."""
    shown = list_rows.cells(row, today, region)
    cells = [values.show(BY_KEY[key].kind, row[key], region) if key in INLINE else shown[_PLACES[key]] for key in keys]
    return {"ref": lead_rows.reference(row), "cells": cells}
