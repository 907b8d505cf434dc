"""A document as one HTML page to read or print: A4, light, nothing fetched from anywhere, every text escaped."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from functools import cache, partial
from itertools import zip_longest
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from gnetics.domain.regions import Region
from gnetics.exports.csv_file import written
from gnetics.exports.drawing import drawn
from gnetics.exports.tables import Cell, Column, Document, Kind, Measure, Table

_HERE = Path(__file__).parent
_TEMPLATES = Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
BESIDE = 8  # columns of a table that leaves room for a picture beside it, of which two are of words


def printed(document: Document, colours: Mapping[str, str], region: Region) -> bytes:
    """`colours` are the tokens of the light theme, by name."""
    page = _TEMPLATES.get_template("printed.html.j2")
    given = {"words": partial(_words, region=region), "columns": _columns, "noted": _noted, "drawn": drawn, "narrow": _narrow}
    return page.render(document=document, colours=colours, fonts=_fonts(), **given).encode("utf-8", "replace")


@cache
def _fonts() -> dict[int, str]:
    """By weight, the product's type, which the page carries itself."""
    return {weight: b64encode((_HERE / f"roboto-{weight}.woff2").read_bytes()).decode() for weight in (400, 500)}


def _words(cell: Cell, kind: Kind, region: Region) -> str:
    """As on screen; a plain number or day as an export writes it."""
    if isinstance(cell, str | Measure):
        return cell if isinstance(cell, str) else cell.text
    return written(cell, kind, region)


def _narrow(table: Table) -> bool:
    """Whether a picture has room beside it."""
    columns = _columns(table)
    return len(columns) <= BESIDE and sum(column.kind == "text" for column in columns) <= 2


def _columns(table: Table) -> tuple[Column, ...]:
    """Without that of the remarks, which paper has as notes under the cells."""
    return table.columns[:-1] if table.notes else table.columns


def _noted(table: Table) -> list[list[tuple[Cell, str]]]:
    """The cells of each row with their notes."""
    width = len(_columns(table))
    notes: list[tuple[str, ...]] = list(table.notes)
    return [list(zip(row[:width], note or ("",) * width, strict=True)) for row, note in zip_longest(table.rows, notes, fillvalue=())]
