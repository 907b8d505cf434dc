"""Fixtures shared by the rings: a demo store built once, copied for whoever writes in it; new empty stores on both databases."""

from __future__ import annotations

import gc
import os
import shutil
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from gnetics import settings as settings_module
from gnetics.clock import fixed
from tests.served import ZONE

if TYPE_CHECKING:
    from gnetics.store.crm import Crm
    from tests.dovecot import Dovecot
    from tests.server.mail_server import Box

gc.disable()  # of what is imported and collected nothing goes, and looking through it again and again costs each worker 10 s

signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background ignores it, and so would the servers it starts

# judged on what they find, not on how fast a busy machine runs an example. `make test` tells of a commit, not of luck: the same examples
# each time; `make soak` looks for new ones
settings.register_profile("test", max_examples=100, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("soak", settings.get_profile("test"), max_examples=2_000, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "test"))

# those that start servers first, or one worker would end with them alone; Playwright leaves its event loop running: last. Long files of a
# ring first, for the same reason
RINGS = {"bench": 0, "server": 0, "browser": 2}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    sizes = Counter(item.path for item in items)
    items.sort(key=lambda item: (RINGS.get(item.path.relative_to(Path(__file__).parent).parts[0], 1), -sizes[item.path], item.path))
    for item in items:
        if item.get_closest_marker("costly") and item.get_closest_marker("postgres"):
            item.add_marker("soak")


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


def copied(store: Path, place: Path) -> Path:
    """A copy of a store nobody holds open: else it could miss what is in the log, and would drop this process's locks on the file."""
    assert not store.with_name(f"{store.name}-wal").exists(), f"{store} is open: SQLite removes its log at the last close"
    return Path(shutil.copy(store, place))


def live(crm: Crm, count: int) -> None:
    """Be there in so many nights, the last one of them before crm's now."""
    from gnetics.store import nights

    trusted, today = replace(crm, trusted=True), crm.clock.today()
    for ago in range(count, 0, -1):
        nights.note(trusted, today - timedelta(days=ago))


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo store, which nobody opens: take a copy."""
    from gnetics.demo.store import build_demo

    settings = replace(settings_module.load({}), region_zone=ZONE, data_dir=tmp_path_factory.mktemp("demo"))
    build_demo(settings)
    return settings.demo_store


@pytest.fixture(scope="session")
def copy_of_demo(demo_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], str]:
    """Gives the SQLAlchemy address of a fresh copy of the demo store."""

    def make() -> str:
        return f"sqlite:///{copied(demo_store, tmp_path_factory.mktemp('store') / 'demo.db')}"

    return make


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of a throw-away server, without a database; the test is skipped where PostgreSQL is not installed."""
    from tests import postgresql

    postgresql.programs()
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # pytest’s own folders are closed to the server’s account
    with TemporaryDirectory(prefix="gnetics-pg-", dir=memory) as root, postgresql.server(Path(root)) as address:
        yield address


@pytest.fixture(scope="session")
def imap_server() -> Iterator[Dovecot]:
    """A throw-away server; the test is skipped where Dovecot is not installed."""
    from tests import dovecot

    with dovecot.server() as running:
        yield running


@pytest.fixture
def smtp() -> Iterator[Box]:
    """A real mail server, on this machine, that keeps what it takes."""
    from tests.server.mail_server import mail_server

    with mail_server() as box:
        yield box


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new SQLite store that nobody holds open: copy it."""
    from gnetics.store.crm import create_crm

    settings = replace(settings_module.load({}), data_dir=tmp_path_factory.mktemp("empty"))
    create_crm(settings, "real").close()
    return settings.real_store


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a new empty store, once on each database."""
    if request.param == "sqlite":
        return f"sqlite:///{copied(request.getfixturevalue('empty_store'), tmp_path / 'gnetics.db')}"
    from tests import postgresql

    return postgresql.empty_store(request.getfixturevalue("postgresql_server"))


@pytest.fixture
def crm(store_url: str) -> Iterator[Crm]:
    """A new empty store of kind « real », on each database in turn, where it is 24 November 2026, 10:00 in Paris."""
    from gnetics.store.crm import open_crm

    opened = open_crm(replace(settings_module.load({}), database_url=store_url))
    yield replace(opened, clock=fixed(datetime(2026, 11, 24, 9, tzinfo=UTC), opened.region.zone))
    opened.close()
