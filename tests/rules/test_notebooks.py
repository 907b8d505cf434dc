"""notebooks/ is the web root: eight thin pages and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from gnetics.pages.sidebar import MODULES, PAGES
from gnetics.settings import PROJECT

FOLDER = PROJECT / "notebooks"


def _notebook(key: str) -> dict[str, Any]:
    notebook: dict[str, Any] = json.loads((FOLDER / f"{key}.ipynb").read_text("utf-8"))
    return notebook


def test_the_web_root_holds_the_pages_of_the_sidebar_only() -> None:
    found = {path.relative_to(FOLDER) for path in FOLDER.rglob("*") if path.is_file() and ".ipynb_checkpoints" not in path.parts}
    assert found == {Path(f"{page.key}.ipynb") for page in PAGES}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_a_page_is_three_short_cells(page: Any) -> None:
    folder, _, module = MODULES[page.key].rpartition(".")
    cells = ["".join(cell["source"]) for cell in _notebook(page.key)["cells"]]
    assert cells == [
        f'from gnetics.kernel.request import prepare\n\nprepare("{page.key}")',
        f"from gnetics.kernel.request import wait\nfrom {folder} import {module}\n\nrequest = wait()",
        f"{module}.show(request)",
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.key)
def test_a_page_keeps_no_output_and_has_the_title_of_its_tab(page: Any) -> None:
    notebook = _notebook(page.key)
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in notebook["cells"])
    assert notebook["metadata"]["title"] == f"{page.title} · CRM GNETICS"
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"
