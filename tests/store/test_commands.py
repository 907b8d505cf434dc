"""Each command of the command line gives its store back: SQLite removes its log at the last close."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

from gnetics.cli import main
from tests.conftest import copied

LEADS = "Nom;Email\nZoé;zoe@exemple.fr\n"


@pytest.mark.parametrize(
    "command",
    [
        ["import", "leads.csv", "--refused", "refused.xlsx"],
        ["import", "--undo", "1"],
        ["imports"],
        ["sync", "off"],
        ["user", "list"],
        ["report", "--out", "report.html"],
        ["duplicates"],
        ["score"],
        ["backup", "saved.db"],
        ["restore", "refused.db"],
        ["check"],
        ["demo"],
    ],
    ids=" ".join,
)
def test_a_command_closes_the_store_it_opened(
    command: list[str], empty_store: Path, demo_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "leads.csv").write_text(LEADS, "utf-8")
    copied(empty_store, tmp_path / "refused.db")
    stores = [copied(empty_store, tmp_path / "gnetics.db"), copied(demo_store, tmp_path / "demo.db")]
    monkeypatch.setenv("GNETICS_DATA_DIR", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    gc.disable()  # which might close what was left open
    try:
        main(command)
        assert [store.name for store in stores if store.with_name(f"{store.name}-wal").exists()] == []
    finally:
        gc.enable()
