"""« Upgrade » then « Roll back » of the README, by the next version of the program itself, on both databases."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import inspect

from gnetics.actions.leads import save_lead
from gnetics.errors import SchemaMismatch
from gnetics.operations.backup import back_up
from gnetics.settings import Settings
from gnetics.store.crm import Crm, open_crm
from gnetics.store.schema import REVISION
from tests.served import ROOT

pytestmark = pytest.mark.costly
THEN = f"{int(REVISION) + 1:04d}"
MIGRATION = f"""
import sqlalchemy as sa
from alembic import op
revision, down_revision = "{THEN}", "{REVISION}"
def upgrade():
    op.create_table("extra", sa.Column("name", sa.Text, primary_key=True))
    with op.batch_alter_table("leads") as batch:
        batch.add_column(sa.Column("extra", sa.Text, server_default="neuf"))
"""
TABLE = '\nextra = Table("extra", metadata, Column("name", Text, primary_key=True))\n'


@pytest.fixture
def newer(tmp_path: Path) -> Path:
    """The next version of the program, whose schema has one more table, and one more column of leads."""
    project = tmp_path / "newer"
    shutil.copytree(ROOT / "gnetics", project / "gnetics", ignore=shutil.ignore_patterns("__pycache__"))
    store = project / "gnetics/store"
    schema = (store / "schema.py").read_text("utf-8").replace(f'REVISION = "{REVISION}"', f'REVISION = "{THEN}"')
    (store / "schema.py").write_text(schema + TABLE, "utf-8")
    (store / f"migrations/versions/{THEN}_next.py").write_text(MIGRATION, "utf-8")
    return project


def _commands(project: Path, url: str, *commands: list[str]) -> None:
    """Those of that version, as one would type them."""
    program = f"from gnetics.cli import main\nfor each in {commands}:\n    assert main(each) == 0, each"
    environment = os.environ | {"GNETICS_DATABASE_URL": url, "PYTHONPATH": str(project)}
    done = subprocess.run([sys.executable, "-P", "-c", program], cwd=project, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_backup_made_before_an_upgrade_brings_the_older_version_back(crm: Crm, store_url: str, newer: Path, tmp_path: Path) -> None:
    settings, before = Settings(database_url=store_url), tmp_path / "before"
    save_lead(crm, "alice", None, {"name": "Zoé"}, None, crm.snapshot())
    back_up(settings, before)
    crm.close()

    _commands(newer, store_url, ["user", "list"], ["check"], ["backup", str(tmp_path / "since")])  # the first one upgrades
    with pytest.raises(SchemaMismatch, match="plus récente"):
        open_crm(settings)
    _commands(newer, store_url, ["restore", str(before), "--force"])

    older = open_crm(settings)
    assert older.snapshot().leads["name"].tolist() == ["Zoé"]
    assert not inspect(older.engine).has_table("extra"), "the next upgrade would find it there"
    save_lead(older, "alice", None, {"name": "Ana"}, None, older.snapshot())
    older.close()
    _commands(newer, store_url, ["user", "list"], ["check"])
