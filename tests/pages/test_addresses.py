"""Addresses are typed by anybody: whatever they say, every page shows, and what pages write can be sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gnetics import texts
from gnetics.domain.typography import spaced
from gnetics.pages.app import App
from gnetics.pages.contacts.facets import FACETS
from gnetics.pages.contacts.page import ContactsPage
from gnetics.state.address import LONGEST, fitting, number
from gnetics.store.reading.logs import MAIL, RUNS
from tests.pages.conftest import Heard

PACKAGE = Path(__file__).parents[2] / "gnetics"
BOARD = ("periode", "responsable", "au", "chiffre")
LOG = ("q", "jours", "tri", "p")
NAMES: dict[str, tuple[str, ...]] = {
    "accueil": ("q",),
    "dashboard": (*BOARD, "file"),
    "dash_data": (*BOARD, "bloc"),
    "contacts": ("q", "tri", "vue", "col", "p", "lead", "consigner", "importer", *(facet for facet, _ in FACETS)),
    "calendrier": ("vue", "jour", "relances", "responsable", "categorie", "event", "reporter", "new", "lead"),
    "automations": (*LOG, "run", RUNS.counted, RUNS.facet, "lead"),
    "inbox": (*LOG, "message", MAIL.counted, MAIL.facet, "lead"),
    "faq": ("q", "question"),
    "inconnue": ("q",),
}
VALUES = (
    *("9" * digits for digits in (1, 18, 19, 20, 5_000, 70_000)),
    *("-9", "0", "-0", "+1", "1e9", "1.5", " 1 ", "٣", "²", "１", "0x10", "NaN", "inf"),
    *("~", "~-", "~" + "9" * 400, "L-000001", "l-000001", "nouveau", "~1", "~L"),
    *(
        "",
        "\x00",
        "\n",
        "|",
        "\\",
        "\\|" * 900,
        "%",
        "%00",
        "'",
        '"><script>',
        "{ref}",
        "é" * 700,
        "a" * 70_000,
        "1- " * 20_000 + "x",
        "(" * 900,
        "🜚",
    ),
    *("2026-13-45", "0001-01-01", "9999-12-31", "2026-W48-1", "31/12/2026", "2026-11-24T10:00", "demain", "-" * 900),
    *("jour", "semaine", "agenda", "table", "pipeline", "tout", "-email", "email|amount", "amount|amount|nimporte", "Clos|Nouveau", "1"),
)


def test_all_parameters_are_known_here() -> None:
    """Those that the code reads from a query by name."""
    sources = [file.read_text("utf-8") for folder in ("pages", "state") for file in (PACKAGE / folder).rglob("*.py")]
    read = {name for text in sources for name in re.findall(r"""query(?:\.get\(|\[)"(\w+)["]""", text)}
    assert len(read) > 12 and read <= {name for names in NAMES.values() for name in names}


@pytest.mark.parametrize("key", [pytest.param(key, marks=pytest.mark.soak) if key == "dash_data" else key for key in NAMES])
def test_every_parameter_of_every_page_may_say_anything(app: App, heard: Heard, key: str) -> None:
    for value in VALUES:
        show(app, heard, key, dict.fromkeys(NAMES[key], value))


@pytest.mark.soak
@pytest.mark.parametrize("key", NAMES)
def test_each_parameter_alone_may_say_anything(app: App, heard: Heard, key: str) -> None:
    for name in NAMES[key]:
        for value in VALUES:
            show(app, heard, key, {name: value})


@pytest.mark.hypothesis
@pytest.mark.parametrize("key", NAMES)
def test_and_so_may_any_of_them_together(app: App, heard: Heard, key: str) -> None:
    anything = st.sampled_from(VALUES) | st.text(st.characters(exclude_categories=["Cs"]), max_size=80)

    @settings(max_examples=settings().max_examples // 8, suppress_health_check=list(HealthCheck), database=None)  # 0.1 s each: a page
    @given(st.dictionaries(st.sampled_from(NAMES[key]) | st.text(max_size=3), anything))
    def visit(query: dict[str, str]) -> None:
        show(app, heard, key, query)

    visit()


def show(app: App, heard: Heard, key: str, query: dict[str, str]) -> None:
    """As the browser does, and see that what the app answers can be sent and read."""
    heard.calls.clear()
    app.moved(key, query)
    assert app.session.page == (key if key != "inconnue" else "accueil")
    assert all(len(urlencode(written, errors="replace")) <= LONGEST for _, written, _ in heard.addresses())
    assert len(app.frame.notice["text"]) < 300


def test_a_search_too_long_for_an_address_is_followed_said_once_and_left_out_of_it(
    app: App, contacts_page: ContactsPage, heard: Heard, send: Callable[..., None]
) -> None:
    grid = contacts_page._grid
    send(grid, "filter", toggle=["statut", "Clos"])
    found = heard.addresses()[-1][1]
    for text in ("a" * 70_000, "a" * 70_001):
        app.frame.notice = {"text": "", "kind": "info", "n": 0, "undo": False}
        send(grid, "filter", text=text)
        assert grid.text == text and grid.count == 0
        assert heard.addresses()[-1][1] == found, "the rest of the address stays"
        assert app.frame.notice["text"] == (spaced(texts.ADDRESS_TOO_LONG) if text.endswith("a" * 70_000) and len(text) == 70_000 else "")
    send(grid, "filter", text="Zoé")
    assert heard.addresses()[-1][1] == found | {"q": "Zoé"}
    send(grid, "filter", text="é" * 400)
    assert app.frame.notice["text"] == spaced(texts.ADDRESS_TOO_LONG), "as it is sent, not as it is read"


def test_an_address_longer_than_ours_is_followed_in_part_and_says_so(app: App, contacts_page: ContactsPage, heard: Heard) -> None:
    app.moved("contacts", {"q": "a" * 3_000, "statut": "Clos"})
    assert contacts_page._grid.text == "" and contacts_page._grid.count == 1
    assert heard.addresses()[-1] == ("contacts", {"statut": "Clos"}, "replace")
    assert app.frame.notice["text"] == spaced(texts.ADDRESS_NOT_FOLLOWED)


@pytest.mark.parametrize(
    ("text", "found"), [("0", 0), ("-1", -1), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("٣", None), ("", None), ("1_0", None)]
)
def test_numbers_of_addresses_are_those_the_store_can_keep(text: str, found: int | None) -> None:
    assert number(text) == found


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=3_000)))
def test_what_fits_is_kept_whole_in_its_order_and_nothing_else(query: dict[str, str]) -> None:
    kept = fitting(query)
    assert len(urlencode(kept, errors="replace")) <= LONGEST
    assert list(kept.items()) == [item for item in query.items() if item[0] in kept]
    if len(urlencode(query, errors="replace")) < LONGEST:
        assert kept == query
