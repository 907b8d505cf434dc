"""Servers over notebooks that only tell what they know."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.probes import write_probe
from tests.served import Served, serve


@pytest.fixture(scope="session")
def probes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notebooks")
    for name in ("accueil", "contacts", "dashboard"):
        write_probe(folder, name)
    write_probe(folder, "cassee", "1 / 0")
    return folder


@pytest.fixture(scope="session")
def probe_server(probes: Path, copy_of_demo: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Contacts has two warm kernels; the other pages start theirs on demand."""
    log = tmp_path_factory.mktemp("server") / "log"
    with serve(log, notebooks_dir=str(probes), database_url=copy_of_demo(), user="Ana Lopès", pools="contacts=2") as server:
        yield server
