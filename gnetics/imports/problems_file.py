"""The problems of an import as a CSV file that a French spreadsheet opens, to correct the workbook beside it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from gnetics.exports.inert import guarded
from gnetics.imports.report import Problem

_HEADERS = ("Feuille", "Ligne", "Colonne", "Valeur", "Raison")


def problems_csv(problems: Iterable[Problem]) -> bytes:
    """UTF-8 with its mark and semicolons, as Excel in French reads them."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";")
    writer.writerow(_HEADERS)
    for each in problems:
        writer.writerow([guarded(each.sheet), each.line or "", guarded(each.column), guarded(each.value), guarded(each.reason)])
    return text.getvalue().encode("utf-8-sig")
