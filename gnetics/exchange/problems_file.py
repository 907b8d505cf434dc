"""The problems of an import as a CSV file that a French spreadsheet opens, to correct the workbook beside it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from gnetics.exchange.report import Problem

_HEADERS = ("Feuille", "Ligne", "Colonne", "Valeur", "Raison")
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def problems_csv(problems: Iterable[Problem]) -> bytes:
    """UTF-8 with its mark and semicolons, as Excel in French reads them."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(_HEADERS)
    for each in problems:
        writer.writerow([_inert(each.sheet), each.line or "", _inert(each.column), _inert(each.value), _inert(each.reason)])
    return text.getvalue().encode("utf-8-sig")


def _inert(text: str) -> str:
    """A spreadsheet would run a cell that begins like a formula: an apostrophe makes it a text."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
