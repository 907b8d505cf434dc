"""Writes data/gnetics-demo.xlsx, the fictional workbook of the demo: `python -m gnetics.demo.workbook`.

The same seed gives the same bytes, so a change of the file in the repository is a change of these modules.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from random import Random
from typing import Any

import xlsxwriter

from gnetics.demo import consents as demo_consents
from gnetics.demo import events as demo_events
from gnetics.demo import flaws as demo_flaws
from gnetics.demo import leads as demo_leads
from gnetics.demo import mail as demo_mail
from gnetics.demo import runs as demo_runs
from gnetics.demo.leads import DemoLead
from gnetics.domain.sheets import (
    CURRENCY,
    DEAL,
    EVENTS,
    FIRST_NAME,
    FOREIGN,
    FOREIGN_KEYS,
    FULL_NAME,
    HISTORY,
    LEADS,
    MESSAGES,
    OPT_IN,
    OPT_OUT,
    OPT_OUT_ON,
    ORIGIN,
    RUNS,
    SUBSCRIBED,
    Column,
    Table,
)
from gnetics.settings import PROJECT

PATH = PROJECT / "data" / "gnetics-demo.xlsx"
SCORED_BY_HAND = 0.75  # of the leads that have a score at all
# what only other files say
_OF_OTHERS = (FIRST_NAME, FULL_NAME, DEAL, CURRENCY, FOREIGN, FOREIGN_KEYS, ORIGIN, OPT_OUT, OPT_IN, SUBSCRIBED, OPT_OUT_ON)
_LEFT_OUT = {each.key for each in _OF_OTHERS} | {"stage", "next_action"}
_MADE = datetime(2026, 11, 23, 8, tzinfo=UTC)  # written in the file's properties: the hour it is built must not change its bytes


def content() -> bytes:
    leads = demo_leads.make(_random("leads"))
    demo_flaws.spoil(leads, _random("flaws"))
    messages = demo_mail.make(leads, _random("mail"))
    demo_consents.give(leads, messages)
    events = demo_events.make(leads, _random("events"))
    runs = demo_runs.make(leads, messages, _random("runs"))
    buffer = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties(
            {"title": "CRM GNETICS, données de démonstration", "comments": "Personnes et entreprises fictives.", "created": _MADE}
        )
        sheets = _Writer(book)
        sheets.write(LEADS, _lead_rows(leads))
        sheets.write(EVENTS, events)
        sheets.write(RUNS, runs)
        sheets.write(MESSAGES, messages)
        sheets.write(HISTORY, _history_rows(leads))
    return buffer.getvalue()


def _random(what: str) -> Random:
    """Each part draws on its own, so that changing one leaves the others as they are."""
    return Random(f"gnetics-{what}")  # noqa: S311 – fiction, not secrets


def _lead_rows(leads: list[DemoLead]) -> list[dict[str, Any]]:
    """With rows of nobody and blank rows in between, as in a workbook several people fill."""
    rng = _random("rows")
    rows = [lead.values for lead in leads] + demo_flaws.doubles(leads, rng)
    by_hand = _random("scores")
    rows = [row if by_hand.random() < SCORED_BY_HAND else row | {"score": None} for row in rows]  # these show the automatic one
    for extra in [*demo_flaws.NOBODY, *[{}] * demo_flaws.BLANK_ROWS]:
        rows.insert(rng.randint(40, len(rows) - 1), dict(extra))
    return rows


def _history_rows(leads: list[DemoLead]) -> list[dict[str, Any]]:
    lines = [(line.at, lead, line) for lead in leads if lead.lead_id for line in lead.lines]
    lines.sort(key=lambda each: (each[0], each[1].lead_id or ""))
    return [
        {
            "lead_id": lead.lead_id,
            "at": at,
            "field": line.field,
            # a history reads the same in every region: plain numbers and ISO days
            "before": line.before.isoformat() if isinstance(line.before, date) else line.before,
            "after": line.after.isoformat() if isinstance(line.after, date) else line.after,
            "who": lead.values["owner"] or "Camille Roussel",
        }
        for at, lead, line in lines
    ]


class _Writer:
    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._header = book.add_format({"bold": True, "bg_color": "#E8EEF7", "bottom": 1})
        self._formats = {
            "date": book.add_format({"num_format": "dd/mm/yyyy", "align": "left"}),
            "moment": book.add_format({"num_format": "dd/mm/yyyy hh:mm", "align": "left"}),
            "clock": book.add_format({"num_format": "hh:mm", "align": "left"}),
            "money": book.add_format({"num_format": '# ##0.00\\ "€"'}),
            "percent": book.add_format({"num_format": "0 %"}),
        }

    def write(self, table: Table, rows: Sequence[dict[str, Any]]) -> None:
        sheet = self._book.add_worksheet(table.label)
        columns = [column for column in table.columns if column.key not in _LEFT_OUT]
        for place, column in enumerate(columns):
            sheet.write_string(0, place, column.label, self._header)
            sheet.set_column(place, place, 40 if column.kind == "long_text" else 18)
            for line, row in enumerate(rows, 1):
                self._cell(sheet, line, place, column, row.get(column.key))
        sheet.freeze_panes(1, 2)
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)

    def _cell(self, sheet: Any, line: int, place: int, column: Column, value: Any) -> None:
        form = self._formats.get(column.kind)
        if value is None:
            return
        if isinstance(value, str):
            sheet.write_string(line, place, value)
        elif isinstance(value, date | time):
            sheet.write_datetime(line, place, value, form)
        else:
            sheet.write_number(line, place, value / 100 if column.kind == "percent" else value, form)


def main(path: Path = PATH) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content())


if __name__ == "__main__":
    main()
