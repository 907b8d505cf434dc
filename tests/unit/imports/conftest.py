"""An empty store to import into."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from gnetics.settings import Settings
from gnetics.store.crm import Crm, open_crm
from tests.conftest import copied


@pytest.fixture
def crm(empty_store: Path, tmp_path: Path) -> Iterator[Crm]:
    copied(empty_store, tmp_path)
    opened = open_crm(Settings(data_dir=tmp_path))
    yield opened
    opened.close()
