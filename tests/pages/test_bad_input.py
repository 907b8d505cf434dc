"""Both boards on stores of one kind of trouble each: an unknown value reads « n/d » or says why, and nothing breaks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gnetics import settings as settings_module
from gnetics.clock import fixed
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.domain.statuses import LABELS
from gnetics.pages.app import App
from gnetics.pages.boards.dash_data import DashDataPage
from gnetics.pages.boards.dashboard import DashboardPage
from gnetics.pages.boards.period import PERIODS
from gnetics.store.crm import Crm, open_crm
from tests.pages.conftest import page_of

TODAY = date(2026, 11, 24)
NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)
DATES = ("created_at", "closed_at", "status_since", "last_contact", "next_follow_up", "expected_close")
FUTURE = dict.fromkeys(DATES, date(2031, 1, 1))
REVERSED = {"created_at": TODAY, "closed_at": TODAY - timedelta(days=90), "status_since": TODAY + timedelta(days=9)}

Row = dict[str, Any]


def _each_status(**values: Any) -> list[Row]:
    return [{"name": f"Contact {n}", "status": status, **values} for n in range(2) for status in (*LABELS, None)]


STORES: dict[str, list[Row]] = {
    "no lead": [],
    "only rows without identity": [{"notes": "?"}, {"phone": "12"}],
    "one lead": [{"name": "Seul", "status": "Nouveau"}],
    "all lost": [{"name": f"Perdu {n}", "status": "Perdu", "created_at": TODAY, "amount": 100} for n in range(3)],
    "all blocked": [{"name": f"Bloqué {n}", "status": "À corriger"} for n in range(3)],
    "all won without a date": [{"name": f"Clos {n}", "status": "Clos", "amount": 5} for n in range(3)],
    "no amount": _each_status(created_at=TODAY, closed_at=TODAY),
    "unknown statuses": [{"name": f"X {n}", "status": text, "amount": 100} for n, text in enumerate(("Prospect", "<b>chaud</b>", None))],
    "reversed dates": _each_status(amount=100, **REVERSED),
    "future dates": _each_status(amount=100, **FUTURE),
    "ancient dates": _each_status(amount=100, **dict.fromkeys(DATES, date(1, 1, 1))),
    "amounts of 0": _each_status(amount=0, created_at=TODAY, closed_at=TODAY),
    "negative amounts": _each_status(amount=-12_345, created_at=TODAY, closed_at=TODAY),
    "huge amounts": _each_status(amount=10**14, created_at=TODAY, closed_at=TODAY),
    "probability without amount": _each_status(probability=100, score=0),
}
NO_VALUE = re.compile(r"\b(nan|NaN|NaT|None|inf|Infinity|undefined|null)\b")


@pytest.fixture
def crm(empty_store: Path, tmp_path: Path) -> Iterator[Crm]:
    place = tmp_path / "gnetics.db"
    place.write_bytes(empty_store.read_bytes())
    opened = open_crm(replace(settings_module.load({}), database_url=f"sqlite:///{place}"))
    yield replace(opened, clock=fixed(NOON, opened.region.zone))
    opened.close()


def _texts(value: Any) -> Iterator[str]:
    """What is read on screen: references and keys are not."""
    if isinstance(value, dict):
        for name, each in value.items():
            if name not in ("ref", "key", "query"):
                yield from _texts(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, str):
        yield value


@pytest.mark.parametrize("name", STORES)
def test_both_boards_say_what_they_do_not_know(crm: Crm, name: str, monkeypatch: pytest.MonkeyPatch, send: Callable[..., None]) -> None:
    with crm.write("Ana", Verb.SAVE_LEAD) as work:
        work.insert_many("leads", STORES[name], Action.IMPORTED)
        work.commit()
    app = App(crm, "Ana")
    said: list[tuple[str, str]] = []
    monkeypatch.setattr(app.frame, "run", lambda *_: None)
    monkeypatch.setattr(app, "notify", lambda text, kind="info": said.append((text, kind)))
    for period in PERIODS:
        app.moved("dashboard", {"periode": period.key})
        app.moved("dash_data", {"periode": period.key})
        board, data = page_of(app, "dashboard", DashboardPage), page_of(app, "dash_data", DashDataPage)
        _read(board, data, real=any(row.get("name") for row in STORES[name]))
    for ref in list(data.book.entries)[list(STORES).index(name) % 4 :: 4]:  # each entry is opened on some of these stores
        send(data.screen, "choose", ref=ref)
        assert not NO_VALUE.search(" ".join(_texts([data.evidence.entry, data.evidence.listed])))
    assert not said


def _read(board: DashboardPage, data: DashDataPage, real: bool) -> None:
    words = [*_texts([board.screen.heads, board.screen.waiting, board.screen.split, board.screen.blocks]), *_texts(data.screen.blocks)]
    assert not [text for text in words if NO_VALUE.search(text)]
    json.dumps([board.screen.blocks, data.screen.blocks], allow_nan=False)
    for chart in (*board.charts.values(), *data.charts.values()):
        for values in (chart.bars.x, chart.bars.y, chart.labels.x, chart.labels.y):
            assert "nan" not in str(values)
    assert bool(board.screen.empty) is not real
    assert bool(data.screen.empty) is not real
    for block in (*board.screen.blocks, *data.screen.blocks):
        assert block["reading"].endswith("."), block
    _no_zero_by_default(data)


def _no_zero_by_default(data: DashDataPage) -> None:
    """A rate of nobody is unknown: « 0 % » needs a denominator."""
    for entry in data.book.entries.values():
        figure = entry.figure
        if figure.unit == "ratio":
            assert figure.known is bool(figure.denominator)
        elif figure.unit in ("days", "score"):
            assert figure.known is bool(figure.numerator)
