"""Columns and rows of the table view, from the one table of fields."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from gnetics.domain import leads, values
from gnetics.domain.fields import BY_KEY, LEAD_FIELDS
from gnetics.domain.regions import Region
from gnetics.domain.statuses import OPEN
from gnetics.pages.contacts import list_rows
from gnetics.pages.contacts.list_rows import NUMERIC
from gnetics.pages.contacts.sheet_rows import link
from gnetics.pages.contacts.sorts import SORTABLE
from gnetics.pages.contacts.widgets.leads_table import ContactRow, Flag, TableColumn
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


def table_row(row: Row, keys: Sequence[str], today: date, region: Region) -> ContactRow:
    """Cells that can be edited hold the whole value, as `values.parse` reads it back."""
    shown = list_rows.cells(row, today, region)
    cells = [values.show(BY_KEY[key].kind, row[key], region) if key in INLINE else shown[_PLACES[key]] for key in keys]
    return {
        "ref": lead_rows.reference(row),
        "cells": cells,
        "title": leads.title(row),
        "status": lead_rows.status_word(row),
        "call": link(BY_KEY["phone"], row),
        "write": link(BY_KEY["email"], row),
        "doubled": row["doubled"],
        "erased": bool(row["erased_at"]),
        "flags": {} if row["erased_at"] else _flags(row, today),
    }


def _flags(row: Row, today: date) -> dict[str, Flag]:
    """What is late or due, said beside the date of an open lead."""
    flags: dict[str, Flag] = {}
    if days := leads.overdue_days(row, today):
        flags["next_follow_up"] = {"text": f"{days}\u00a0j de retard", "tone": "late"}
    elif row["status"] in OPEN and row["next_follow_up"] == today:
        flags["next_follow_up"] = {"text": "aujourd’hui", "tone": "soon"}
    if row["status"] in OPEN and row["expected_close"] and row["expected_close"] < today:
        flags["expected_close"] = {"text": "dépassée", "tone": "late"}
    return flags
