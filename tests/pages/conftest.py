"""An app on a small real store, without a browser: traits are read, events are sent as the browser would."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from gnetics import settings as settings_module
from gnetics.actions.leads import save_lead
from gnetics.clock import Clock, fixed
from gnetics.pages.app import App
from gnetics.pages.contacts.page import ContactsPage
from gnetics.store.crm import Crm, open_crm
from tests.conftest import copied

Made = TypeVar("Made")
NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)  # a Tuesday, 12:00 in Paris
LEADS: tuple[dict[str, Any], ...] = (
    {"name": "Alice Durand", "company": "Lumen SAS", "email": "alice@lumen.fr", "status": "En suivi", "owner": "Ana", "amount": 1240000},
    {"company": "Atelier Nord", "status": "Nouveau", "source": "LinkedIn"},
    {"name": "Zoé Lefèvre", "email": "zoe@exemple.fr", "phone": "06 12 34 56 78", "status": "Clos", "amount": 800000},
)


@pytest.fixture(scope="session")
def small_store(empty_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real store with three contacts, L-000001 to L-000003, made at NOON, which nobody opens: take a copy."""
    folder = tmp_path_factory.mktemp("small")
    store = copied(empty_store, folder)
    with closing(open_crm(replace(settings_module.load({}), data_dir=folder))) as crm:
        crm = replace(crm, clock=fixed(NOON, crm.region.zone))
        snapshot = crm.snapshot()
        for lead in LEADS:
            save_lead(crm, "Ana", None, lead, None, snapshot)
    return store


@pytest.fixture
def crm(small_store: Path, tmp_path: Path) -> Iterator[Crm]:
    """A copy of the small store; it is NOON, and time goes on from there."""
    copied(small_store, tmp_path)
    crm = open_crm(replace(settings_module.load({}), data_dir=tmp_path))
    began = time.monotonic()
    yield replace(crm, clock=Clock(crm.region.zone, lambda: NOON + timedelta(seconds=time.monotonic() - began)))
    crm.close()


def page_of(app: App, key: str, kind: type[Made]) -> Made:
    """A page as what it is, for tests that reach its widgets."""
    page = app.page(key)
    assert isinstance(page, kind)
    return page


@pytest.fixture
def app(crm: Crm) -> App:
    return App(crm, "Ana")


@dataclass
class Heard:
    """What a widget sent to the browser with `run`."""

    calls: list[tuple[Any, ...]]

    def addresses(self) -> list[tuple[Any, ...]]:
        return [call[1:] for call in self.calls if call[0] == "navigate"]


@pytest.fixture
def heard(app: App, monkeypatch: pytest.MonkeyPatch) -> Heard:
    """Records what the frame asks of the browser; there is none here."""
    heard = Heard([])
    monkeypatch.setattr(app.frame, "run", lambda method, *arguments: heard.calls.append((method, *arguments)))
    return heard


@pytest.fixture
def send() -> Callable[..., None]:
    """send(widget, event, **data): an event of the browser."""

    def event(widget: Any, name: str, /, **data: Any) -> None:
        widget._handle_event(widget, {"event": name, "data": data}, [])

    return event


@pytest.fixture
def contacts_page(app: App, heard: Heard) -> ContactsPage:
    app.moved("contacts", {})
    return page_of(app, "contacts", ContactsPage)
