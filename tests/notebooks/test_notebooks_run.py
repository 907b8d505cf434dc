"""The cheap ring: every notebook runs without error outside Voilà, as in JupyterLab (pytest --nbval-lax)."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

from gnetics.state.sidebar import PAGES
from tests.rules.test_notebooks import EXAMPLES
from tests.served import ROOT, environment


def test_every_notebook_runs_without_error(copy_of_demo: Callable[[], str]) -> None:
    notebooks = [f"notebooks/{name}.ipynb" for name in (*(page.key for page in PAGES), *(f"analyses/{name}" for name in EXAMPLES))]
    command = [sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-kernel-name=python3", "-q", "-W", "default", *notebooks]
    run = subprocess.run(command, cwd=ROOT, env=environment(database_url=copy_of_demo()), capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stdout + run.stderr
    assert "30 passed" in run.stdout
