"""The schema that migrations make is the one the code uses, and upgrades lose nothing."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from gnetics.actions.leads import save_lead
from gnetics.errors import SchemaMismatch
from gnetics.settings import Settings
from gnetics.store import crm as crm_module
from gnetics.store import migrate, revision
from gnetics.store.crm import Crm, open_crm
from gnetics.store.schema import REVISION, metadata

THEN = f"{int(REVISION) + 1:04d}"
NEXT = f"""
import sqlalchemy as sa
from alembic import op
revision = "{THEN}"
down_revision = "{REVISION}"
def upgrade():
    with op.batch_alter_table("parent") as batch:
        batch.add_column(sa.Column("more", sa.Text))
"""


def test_the_migrated_schema_is_the_one_of_the_code(crm: Crm) -> None:
    def ours(name: str | None, kind: str, _parents: object) -> bool:
        return not (kind in ("table", "index") and "_words" in str(name))  # what full_text.py makes

    with crm.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"include_name": ours}), metadata) == []


def test_the_revision_known_to_kernels_is_the_last_migration(crm: Crm) -> None:
    with crm.engine.connect() as connection:
        scripts = ScriptDirectory.from_config(migrate.alembic_config(connection))
    assert scripts.get_current_head() == REVISION


def test_kernels_do_not_load_alembic(empty_store: Path) -> None:
    program = (
        "import sys; from gnetics.settings import Settings; from gnetics.store.crm import open_crm\n"
        f"open_crm(Settings(database_url='sqlite:///{empty_store}')).snapshot()\n"
        "print([name for name in ('alembic', 'voila', 'ipyvuetify') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=Path(__file__).parents[2], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.fixture
def next_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The program one schema later."""
    scripts = tmp_path / "migrations"
    shutil.copytree(migrate.MIGRATIONS, scripts)
    (scripts / "versions" / f"{THEN}_next.py").write_text(NEXT)
    monkeypatch.setattr(migrate, "MIGRATIONS", scripts)
    monkeypatch.setattr(migrate, "REVISION", THEN)
    monkeypatch.setattr(revision, "REVISION", THEN)


@pytest.fixture
def family(crm: Crm, store_url: str) -> Settings:
    """A store with a contact, and a parent row that a child row points to."""
    save_lead(crm, "alice", None, {"name": "Zoé"}, None, crm.snapshot())
    with crm.engine.begin() as connection:
        connection.execute(text("CREATE TABLE parent (key INTEGER PRIMARY KEY)"))
        connection.execute(text("CREATE TABLE child (parent INTEGER REFERENCES parent(key) ON DELETE CASCADE)"))
        connection.execute(text("INSERT INTO parent VALUES (1)"))
        connection.execute(text("INSERT INTO child VALUES (1)"))
    return Settings(database_url=store_url)


def test_an_older_store_is_refused_until_it_is_upgraded(family: Settings, next_version: None) -> None:
    with pytest.raises(SchemaMismatch, match="plus ancienne"):
        open_crm(family)
    open_crm(family, migrate=True).close()
    upgraded = open_crm(family)
    assert upgraded.snapshot().leads["name"].tolist() == ["Zoé"]
    with upgraded.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM child")).scalar() == 1  # not deleted with its rebuilt parent
        assert connection.execute(text("SELECT more FROM parent")).all() == [(None,)]
    upgraded.close()


def test_a_backup_of_the_older_store_is_made_first(family: Settings, next_version: None, store_url: str) -> None:
    open_crm(family, migrate=True).close()
    if not store_url.startswith("sqlite"):
        return  # a server has its own backups
    (backup,) = Path(store_url.removeprefix("sqlite:///")).parent.glob(f"gnetics-avant-{REVISION}-*.db")
    assert backup.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(backup)) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchall() == [(REVISION,)]
        assert copy.execute("SELECT name FROM leads").fetchall() == [("Zoé",)]


def test_a_failed_upgrade_leaves_the_older_store_as_it_was(family: Settings, next_version: None) -> None:
    broken = migrate.MIGRATIONS / "versions" / f"{THEN}_next.py"
    broken.write_text(NEXT + "    raise RuntimeError('panne')\n")
    with pytest.raises(RuntimeError, match="panne"):
        open_crm(family, migrate=True)
    with pytest.raises(SchemaMismatch, match="plus ancienne"):
        open_crm(family)
    broken.write_text(NEXT)
    open_crm(family, migrate=True).close()


def test_a_newer_store_is_refused(crm: Crm, store_url: str) -> None:
    with crm.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    for migrating in (False, True):
        with pytest.raises(SchemaMismatch, match="plus récente"):
            open_crm(Settings(database_url=store_url), migrate=migrating)


def test_a_save_is_refused_once_the_store_was_upgraded_under_it(crm: Crm) -> None:
    snapshot = crm.snapshot()
    with crm.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    with pytest.raises(SchemaMismatch):
        save_lead(crm, "alice", None, {"name": "Zoé"}, None, snapshot)


def test_nothing_to_upgrade_makes_no_backup(crm: Crm, store_url: str, tmp_path: Path) -> None:
    crm_module.open_crm(Settings(database_url=store_url), migrate=True).close()
    assert not list(tmp_path.glob("*avant*"))
