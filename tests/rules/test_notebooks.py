"""notebooks/ is the web root: eight thin pages, beside the folder where analysts work, which begins with two examples."""

from __future__ import annotations

import json
from typing import Any

import pytest

from gnetics.settings import PROJECT
from gnetics.state.sidebar import MODULES, PAGES

FOLDER = PROJECT / "notebooks"
EXAMPLES = ("charge", "conversion")


def _notebook(key: str) -> dict[str, Any]:
    notebook: dict[str, Any] = json.loads((FOLDER / f"{key}.ipynb").read_text("utf-8"))
    return notebook


def test_the_web_root_holds_the_pages_of_the_sidebar_only() -> None:
    assert {path.name for path in FOLDER.iterdir() if path.is_file()} == {f"{page.key}.ipynb" for page in PAGES}


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_three_short_cells_as_publishing_leaves_them(name: str) -> None:
    notebook = _notebook(f"analyses/{name}")
    code = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert len(code) == 3 and all(len(cell["source"]) <= 8 for cell in code)
    assert all((cell["outputs"], cell["execution_count"], cell["metadata"]) == ([], None, {}) for cell in code)
    assert notebook["metadata"]["title"]


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
