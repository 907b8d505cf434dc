"""What the evidence panel shows of a figure: its formula, its population, what was left out, and one page of its rows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pandas as pd

from gnetics import texts
from gnetics.domain import dates, leads, money
from gnetics.domain.duplicates import CERTAIN, PROBABLE, SHARED, Kind
from gnetics.domain.regions import Region
from gnetics.domain.typography import capital, counted, spaced
from gnetics.metrics.board import Board
from gnetics.metrics.duplicates import twins
from gnetics.metrics.figure import Figure, Keys, Row
from gnetics.metrics.window import Window
from gnetics.metrics.words import among, shown
from gnetics.pages.boards.book import Entry
from gnetics.pages.boards.widgets.evidence import EvidencePage, EvidenceRow, FigureEntry
from gnetics.store.reading import logs
from gnetics.widgets import codec, lead_rows

if TYPE_CHECKING:
    from gnetics.pages.app import App

SIZE = 25
UNITS = {"leads": "contact", "messages": "message", "events": "événement"}
ERASED = "Message effacé du journal (conservation)"
COUNTED, AMONG = "comptes", "parmi"
_DUPLICATES: dict[str, tuple[Kind, ...]] = {"F.doublon-certain": (CERTAIN, SHARED), "F.doublon-probable": (PROBABLE,)}


def window_words(window: Window, region: Region, day: date | None = None) -> str:
    """`day` is the earlier one that the board shows, None for today."""
    if window.start is None or window.end is None:
        return f"{f'Au {dates.show(day, region)}' if day else 'Maintenant'}, tous les contacts"
    return f"Du {dates.show(window.start, region)} au {dates.show(window.end, region)}"


def parts(figure: Figure) -> list[tuple[str, str, Keys]]:
    """(key, words, row keys): those counted, those of the denominator, and those left out by reason."""
    found = [(COUNTED, "Comptés", figure.keys)]
    if figure.base is not None:
        found.append((AMONG, "Sur", figure.base))
    return found + [(f"hors{rank}", capital(out.words), out.keys) for rank, out in enumerate(figure.left_out)]


def entry(ref: str, of: Entry, app: App, board: Board) -> FigureEntry:
    """The head of the panel."""
    figure, explained, unit = of.figure, of.figure.explained, UNITS[of.figure.table]
    return {
        "ref": ref,
        "title": of.title,
        "value": shown(figure, app.region),
        "detail": among(figure),
        "formula": explained.formula,
        "population": spaced(f"{explained.population} ({counted(figure.population, f'{unit} examiné', f'{unit}s examinés')})"),
        "window": window_words(figure.window, app.region, day if (day := board.population.today) < app.today() else None),
        "traps": list(explained.traps),
        "parts": [{"key": key, "label": words, "count": len(keys)} for key, words, keys in parts(figure)],
    }


def page(ref: str, figure: Figure, part: str, number_: int, app: App, board: Board) -> EvidencePage:
    """One page of the rows of a part; `number_` counts from 1. A duplicate says of whom, and why."""
    keys = next((keys for key, _, keys in parts(figure) if key == part), figure.keys)
    pages = max(1, -(-len(keys) // SIZE))
    at = min(max(1, number_), pages)
    chosen = keys[(at - 1) * SIZE : at * SIZE]
    rows = _rows(figure, chosen, app, board)
    today = board.population.today
    line = {"leads": _lead, "messages": _message, "events": _event}[figure.table]
    why = _duplicates(rows, _DUPLICATES[ref], app) if ref in _DUPLICATES and part == COUNTED else {}
    return {
        "part": part,
        "rows": [line(row, app, today) | ({"facts": why[row["key"]]} if row["key"] in why else {}) for row in rows],
        "count": len(keys),
        "page": at,
        "pages": pages,
        "first": (at - 1) * SIZE + 1,
    }


def _rows(figure: Figure, keys: Keys, app: App, board: Board) -> list[Row]:
    frame: pd.DataFrame = getattr(board.frames, figure.table)
    there = codec.records(frame.loc[[key for key in keys.tolist() if key in frame.index]])
    if figure.table != "messages":
        return there
    whole = {row["key"]: row for row in logs.entries(app.crm, app.user, logs.MAIL, keys.tolist())}
    return [whole.get(row["key"], row) for row in there]


def _duplicates(rows: list[Row], kinds: tuple[Kind, ...], app: App) -> dict[int, str]:
    """By lead, what it shares and with whom."""
    real = app.snapshot.real
    said = {}
    for key, found in twins(real, rows).items():
        if found:
            twin = next((each for each in found if each.verdict.kind in kinds), found[0])
            other = leads.title(codec.record(real, twin.key) or {})
            more = f" (et {counted(len(found) - 1, 'autre')})" if len(found) > 1 else ""
            said[key] = f"{twin.verdict.reason}\u00a0: {other}{more}"
    return said


def _lead(row: Row, app: App, today: date) -> EvidenceRow:
    amount = money.show(int(row["amount"]), app.region) if row["amount"] is not None else texts.NO_AMOUNT
    facts = [leads.company_beside(row), row["owner"] or texts.NO_OWNER, _contacted(row["last_contact"], today, app.region)]
    return {
        "key": f"l{row['key']}",
        "title": leads.title(row),
        "facts": " · ".join(part for part in facts if part),
        "status": lead_rows.status_word(row),
        "amount": amount,
        "link": {"page": "contacts", "query": {"lead": lead_rows.reference(row)}} if row["real"] else None,
    }


def _contacted(last: date | None, today: date, region: Region) -> str:
    if last is None:
        return "jamais contacté"
    return f"contacté {dates.relative(last, today)}" if last <= today else f"dernier contact dans le futur ({dates.show(last, region)})"


def _message(row: Row, app: App, _today: date) -> EvidenceRow:
    """One that was erased from the log is counted all the same."""
    erased = "subject" not in row
    return {
        "key": f"m{row['key']}",
        "title": ERASED if erased else row["subject"] or "(sans objet)",
        "facts": " · ".join(filter(None, (lead_rows.when(row["at"], app.region), row.get("sender")))),
        "status": "",
        "amount": row["direction"] or "",
        "link": None if erased else {"page": "inbox", "query": {"message": str(row["key"])}},
    }


def _event(row: Row, app: App, _today: date) -> EvidenceRow:
    return {
        "key": f"e{row['key']}",
        "title": row["title"],
        "facts": f"{lead_rows.when(row['starts_at'], app.region)} · {row['owner'] or texts.NO_OWNER}",
        "status": "",
        "amount": row["kind"] or "",
        "link": {"page": "calendrier", "query": {"event": str(row["key"])}},
    }
