"""The lines that README gives to analysts run as they stand."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

import gnetics
from tests.served import ROOT

README = (ROOT / "README.md").read_text("utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", README.partition("## Analysts")[2].partition("\n## ")[0], re.DOTALL)


def test_the_lines_of_the_readme_run(copy_of_demo: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GNETICS_DATABASE_URL", copy_of_demo())
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    assert len(BLOCKS) == 3
    for block in BLOCKS:
        exec(block, names)
    crm = names["crm"]
    assert isinstance(crm, gnetics.OpenCrm)
    with closing(crm):
        assert (tmp_path / "leads.parquet").is_file() and not crm.leads["tags"].str.contains("à recontacter").fillna(False).any()
