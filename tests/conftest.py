"""Fixtures shared by the rings: a demo store built once, copied for whoever writes in it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gnetics import settings as settings_module


@pytest.fixture(scope="session")
def demo_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo store; read it, or take a copy."""
    from gnetics.exchange.demo import build_demo

    settings = replace(settings_module.load({}), data_dir=tmp_path_factory.mktemp("demo"))
    shutil.copy(settings_module.PROJECT / "data" / "gnetics-demo.xlsx", settings.data_dir)
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
