"""What JupyterLab saves of the pages, through its own manager of files."""

from __future__ import annotations

import asyncio
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from jupyter_server.services.contents.largefilemanager import AsyncLargeFileManager

from tests.served import ROOT

HOOK = re.search(r"--ContentsManager\.pre_save_hook=(\S+)", (ROOT / "Makefile").read_text("utf-8"))
PAGES = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))


def _run_and_saved(folder: Path, path: str) -> bytes:
    """The file once somebody has run its cells and saved."""
    assert HOOK
    manager = AsyncLargeFileManager(root_dir=str(folder), pre_save_hook=HOOK[1])

    async def save() -> None:
        model = await manager.get(path)
        for count, cell in enumerate(cell for cell in model["content"].cells if cell.cell_type == "code"):
            cell.outputs, cell.execution_count = [nbformat.v4.new_output("stream", text="386 contacts")], count
            cell.metadata["execution"] = {"iopub.status.busy": "2026-12-01T10:00:00Z"}
        model["content"].metadata["language_info"] = nbformat.from_dict({"name": "python", "version": "3.11.7"})
        await manager.save(model, path)

    asyncio.run(save())
    return (folder / path).read_bytes()


@pytest.mark.parametrize("page", PAGES)
def test_a_page_that_was_run_and_saved_in_lab_is_the_file_it_was(tmp_path: Path, page: str) -> None:
    shutil.copy(ROOT / "notebooks" / page, tmp_path)
    assert _run_and_saved(tmp_path, page) == (ROOT / "notebooks" / page).read_bytes()


def test_an_analysis_keeps_its_outputs_until_it_is_published(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "notebooks" / "analyses", tmp_path / "analyses")
    assert b"386 contacts" in _run_and_saved(tmp_path, "analyses/charge.ipynb")
