"""The cheap ring: every notebook runs without error outside Voilà, as in JupyterLab (pytest --nbval-lax notebooks/)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

from tests.served import ROOT, environment


def test_every_notebook_runs_without_error(copy_of_demo: Callable[[], str]) -> None:
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-kernel-name=python3", "-q", "-W", "default", "notebooks/"]
    run = subprocess.run(command, cwd=ROOT, env=environment(database_url=copy_of_demo()), capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "24 passed" in run.stdout
