"""Every bench still runs to its end; in small sizes, so what it measures is not looked at."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.bench.__main__ import AREAS
from tests.served import ROOT


@pytest.mark.parametrize("area", AREAS)
def test_a_bench_runs_to_its_end(area: str) -> None:
    run = subprocess.run([sys.executable, "-m", "tests.bench", "--quick", area], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"{area}." in run.stdout
