"""Other processes, for tests where several use one store."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.store.workers import Workers


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    started = Workers()
    yield started
    started.close()
