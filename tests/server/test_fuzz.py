"""Ten minutes of whatever may come by the wire (`make soak MINUTES=60` for an hour)."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import fuzz


@pytest.mark.soak
def test_the_server_answers_all_along_whatever_comes(tmp_path: Path, copy_of_demo: Callable[[], str]) -> None:
    print(fuzz.run(copy_of_demo(), tmp_path / "log", seconds=60 * float(os.environ.get("MINUTES", "10"))))
