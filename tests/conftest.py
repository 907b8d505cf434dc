"""Fixtures shared by the rings: a demo store built once, copied for whoever writes in it; new empty stores on both databases."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
import pytest

from gnetics import settings as settings_module
from gnetics.clock import fixed

if TYPE_CHECKING:
    from gnetics.store.crm import Crm


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo store; read it, or take a copy."""
    from gnetics.exchange.demo import build_demo

    settings = replace(settings_module.load({}), data_dir=tmp_path_factory.mktemp("demo"))
    build_demo(settings)
    return settings.demo_store


@pytest.fixture(scope="session")
def copy_of_demo(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """Gives the SQLAlchemy address of a fresh copy of the demo store."""

    def make() -> str:
        place = tmp_path_factory.mktemp("store") / "demo.db"
        shutil.copy(demo_store, place)
        return f"sqlite:///{place}"

    return make


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a throw-away server, without a database; the test is skipped where PostgreSQL is not installed."""
    from tests import postgresql

    postgresql.programs()
    with (
        TemporaryDirectory(prefix="gnetics-pg-") as root,
        postgresql.server(Path(root)) as address,
    ):  # not pytest's folder: another account's
        yield address


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new SQLite store that nobody holds open: copy it."""
    return _make_empty(f"sqlite:///{tmp_path_factory.mktemp('empty') / 'gnetics.db'}")


def _make_empty(url: str) -> Path:
    from gnetics.store.crm import create_crm

    create_crm(replace(settings_module.load({}), database_url=url), "real").close()
    return Path(url.removeprefix("sqlite:///"))


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new empty store, once on each database."""
    if request.param == "sqlite":
        return f"sqlite:///{shutil.copy(request.getfixturevalue('empty_store'), tmp_path / 'gnetics.db')}"
    server = request.getfixturevalue("postgresql_server")
    name = f"gnetics_{uuid4().hex}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'gnetics_empty'").fetchone():
            connection.execute("CREATE DATABASE gnetics_empty")
            _make_empty(f"{server}/gnetics_empty")
        connection.execute(f"CREATE DATABASE {name} TEMPLATE gnetics_empty")
    return f"{server}/{name}"


@pytest.fixture
def crm(store_url: str) -> Iterator[Crm]:
    """A new empty store of kind « real », on each database in turn, where it is 24 November 2026, 10:00 in Paris."""
    from gnetics.store.crm import open_crm

    opened = open_crm(replace(settings_module.load({}), database_url=store_url))
    yield replace(opened, clock=fixed(datetime(2026, 11, 24, 9, tzinfo=UTC), opened.region.zone))
    opened.close()
