"""A document as one HTML page to read or print: A4, light, nothing fetched from anywhere, every text escaped."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gnetics.domain.regions import Region
from gnetics.exports.csv_file import written
from gnetics.exports.tables import Cell, Document, Kind, Measure, Table, opened

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


def printed(document: Document, colours: Mapping[str, str], region: Region) -> bytes:
    """`colours` are the tokens of the light theme, by name."""
    page = _TEMPLATES.get_template("printed.html.j2")
    words = partial(_words, region=region)
    return page.render(document=document, colours=colours, words=words, highest=_highest, length=_length).encode("utf-8", "replace")


def _words(cell: Cell, kind: Kind, region: Region) -> str:
    """As on screen; a plain number or day as an export writes it."""
    if isinstance(cell, str | Measure):
        return cell if isinstance(cell, str) else cell.text
    return written(cell, kind, region)


def _number(cell: Cell) -> float:
    value, _ = opened(cell, "text")
    return max(0.0, float(value)) if isinstance(value, int | float) else 0.0


def _highest(table: Table) -> float:
    """The value drawn as a full bar; 0 when the table has none to draw."""
    if table.bars is None:
        return 0.0
    return max((_number(row[table.bars]) for place, row in enumerate(table.rows) if place not in table.strong), default=0.0)


def _length(cell: Cell, most: float) -> str:
    return f"{100 * _number(cell) / most:.1f}"
