"""A table as a CSV file that Excel in French opens by itself: semicolons, decimal commas, the mark of UTF-8."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from gnetics.domain import dates
from gnetics.domain.regions import Region
from gnetics.exports.inert import guarded
from gnetics.exports.tables import Cell, Kind, Table, opened


def csv_file(table: Table, region: Region, heading: Sequence[tuple[str, str]] = ()) -> bytes:
    """`heading` are lines (label, words) above the columns; as wide as the table, so that they hide no separator from an import."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    width = len(table.columns)
    for line in (*heading, ()) if heading else ():
        writer.writerow([guarded(part) for part in line] + [""] * (width - len(line)))
    writer.writerow([guarded(column.label) for column in table.columns])
    kinds = [column.kind for column in table.columns]
    writer.writerows([written(cell, kind, region) for cell, kind in zip(row, kinds, strict=True)] for row in table.rows)
    return text.getvalue().encode("utf-8-sig", "replace")


def written(cell: Cell, kind: Kind, region: Region) -> str:
    """The cell as Excel takes it for what it is: a number, a day, or a text that runs nothing."""
    value, kind = opened(cell, kind)
    if value is None:
        return ""
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, datetime):
        local = value.astimezone(region.zone)
        return f"{dates.show(local.date(), region)} {local:%H:%M}"
    if isinstance(value, date):
        return dates.show(value, region)
    if kind == "money":
        return f"{Decimal(value) / 100:.2f}".replace(".", ",")
    if kind == "percent":
        return f"{value}%"
    return f"{_decimal(100 * value)}%" if kind == "ratio" else _decimal(value)


def _decimal(value: int | float) -> str:
    return str(value) if isinstance(value, int) else f"{value:.4f}".rstrip("0").rstrip(".").replace(".", ",")
