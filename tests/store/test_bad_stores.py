"""A store that cannot answer says so in French, with what to do, and never shows a password."""

from __future__ import annotations

import shutil
import sqlite3
import stat
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from gnetics.actions.leads import save_lead
from gnetics.domain.regions import REGIONS
from gnetics.domain.rights import Verb
from gnetics.errors import SchemaMismatch, StoreError, StoreLocked, StoreReadOnly, StoreUnreachable
from gnetics.operations.backup import back_up
from gnetics.settings import Settings
from gnetics.store.crm import Crm, create_crm, open_crm
from gnetics.store.engine import address, make_engine
from gnetics.store.schema import leads
from tests import postgresql
from tests.store.workers import Workers, read_only


def _open(url: str) -> Crm:
    return open_crm(Settings(database_url=url))


def test_a_missing_file_is_unreachable_and_is_not_created(tmp_path: Path) -> None:
    with pytest.raises(StoreUnreachable, match="n’existe pas"):
        _open(f"sqlite:///{tmp_path}/absent.db")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "photo.db"
    path.write_bytes(b"GIF89a" * 1000)
    with pytest.raises(StoreUnreachable, match="pas une base lisible"):
        _open(f"sqlite:///{path}")
    assert path.read_bytes() == b"GIF89a" * 1000


def test_a_store_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "autre.db"
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE leads (key INTEGER)")
    with pytest.raises(SchemaMismatch, match="pas une base de CRM GNETICS"):
        _open(f"sqlite:///{path}")


@pytest.mark.parametrize(
    "url", ["", "n'importe quoi", "mysql://u:secret@h/b", "sqlite://", "sqlite:///:memory:", "postgresql://u:secret@h:port/b"]
)
def test_a_wrong_address_is_refused_without_its_password(url: str) -> None:
    with pytest.raises(StoreUnreachable) as refusal:
        make_engine(url)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_usual_scheme_leads_to_our_driver(scheme: str) -> None:
    assert address(f"{scheme}://u:p@h/b").drivername == "postgresql+psycopg"


def test_a_silent_server_is_unreachable_without_showing_the_password() -> None:
    with pytest.raises(StoreUnreachable, match="ne répond pas") as refusal:
        _open("postgresql://crm:motdepasse@127.0.0.1:1/crm")
    assert "motdepasse" not in str(refusal.value)


@pytest.mark.postgres
def test_a_server_lost_before_the_first_load_is_unreachable(postgresql_server: str) -> None:
    crm = _open(_postgresql_store(postgresql_server, "perdue"))
    lost = replace(crm, engine=make_engine("postgresql://crm:motdepasse@127.0.0.1:1/perdue"))
    with pytest.raises(StoreUnreachable, match="ne répond pas") as refusal:
        lost.snapshot()
    assert "motdepasse" not in str(refusal.value)
    crm.close()


@pytest.mark.postgres
def test_an_unknown_database_is_unreachable(postgresql_server: str) -> None:
    with pytest.raises(StoreUnreachable):
        _open(f"{postgresql_server}/absente")


@pytest.mark.postgres
def test_an_account_without_rights_is_read_only(postgresql_server: str) -> None:
    url = _postgresql_store(postgresql_server, "droits")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE ROLE lecteur LOGIN")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO lecteur")
    crm = _open(url.replace("postgres@", "lecteur@"))
    snapshot = crm.snapshot()
    with pytest.raises(StoreReadOnly):
        save_lead(crm, "alice", None, {"name": "Zoé"}, None, snapshot)
    crm.close()


@pytest.mark.postgres
def test_a_password_may_hold_spaces_and_signs(postgresql_server: str, tmp_path: Path) -> None:
    url = postgresql.empty_store(postgresql_server).replace("postgres@", "postgres:mot%20de%20p%40sse%2F%C3%A9@")
    crm = _open(url)
    save_lead(crm, "alice", None, {"name": "Zoé"}, None, crm.snapshot())
    back_up(Settings(database_url=url), tmp_path / "copie")
    crm.close()


def _postgresql_store(server: str, name: str) -> str:
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    create_crm(Settings(database_url=f"{server}/{name}"), "real").close()
    return f"{server}/{name}"


def test_a_store_held_by_another_process_is_locked_and_nothing_is_written(crm: Crm, store_url: str) -> None:
    impatient = replace(crm, engine=make_engine(store_url, wait=0.1))
    snapshot = impatient.snapshot()
    with crm.write("long", Verb.SAVE_LEAD):
        with pytest.raises(StoreLocked, match="réessayez"):
            save_lead(impatient, "alice", None, {"name": "Zoé"}, None, snapshot)
        assert snapshot.refresh().rows == {}
    assert save_lead(impatient, "alice", None, {"name": "Zoé"}, None, snapshot).key == 1
    impatient.close()


def test_a_read_only_disk_says_so(empty_store: Path, workers: Workers) -> None:
    with TemporaryDirectory() as folder:  # pytest's own folders are closed to other accounts
        path = Path(shutil.copy(empty_store, folder))
        path.chmod(0o444)
        Path(folder).chmod(0o555)
        said = workers.run(read_only, f"sqlite:///{path}")
        Path(folder).chmod(0o755)
    assert "n’est pas accessible en écriture" in said[0]


def test_a_reading_connection_cannot_write(crm: Crm) -> None:
    with pytest.raises((StoreReadOnly, DBAPIError)), crm.read() as connection:
        connection.execute(text("UPDATE counters SET value = 99"))
    with crm.write("alice", Verb.SAVE_LEAD) as uow:  # the same pooled connection writes again
        uow.set_meta("sync", "off")
        uow.commit()
    assert crm.latest_rev() == 1


def test_a_write_without_commit_is_undone(crm: Crm) -> None:
    def fail() -> None:
        with crm.write("alice", Verb.SAVE_LEAD) as uow:
            uow.insert("leads", {"name": "Zoé"})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with crm.write("alice", Verb.SAVE_LEAD) as uow:
        uow.insert("leads", {"name": "Zoé"})
    with crm.read() as connection:
        assert connection.execute(select(leads)).all() == []
    assert crm.latest_rev() == 0


def test_the_store_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    crm = create_crm(Settings(data_dir=tmp_path / "neuf"), "real")
    save_lead(crm, "alice", None, {"name": "Zoé"}, None, crm.snapshot())
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "neuf").iterdir()}
    crm.close()
    assert modes == dict.fromkeys(("gnetics.db", "gnetics.db-wal", "gnetics.db-shm"), 0o600)


def test_the_first_load_leaves_no_copy_behind(crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from gnetics.store import loading

    monkeypatch.setattr(loading, "MEMORY", tmp_path / "copies")
    (tmp_path / "copies").mkdir()
    crm.snapshot()
    assert list((tmp_path / "copies").iterdir()) == []


def test_demo_and_real_data_never_mix(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    demo, real = create_crm(settings, "demo"), create_crm(settings, "real")
    assert (demo.kind, real.kind) == ("demo", "real")
    assert (settings.demo_store.exists(), settings.real_store.exists()) == (True, True)
    with pytest.raises(StoreError, match="démonstration"):
        create_crm(replace(settings, database_url=f"sqlite:///{settings.demo_store}"), "real")
    demo.close()
    real.close()


def test_opening_an_existing_store_again_changes_nothing(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    crm = create_crm(settings, "real")
    save_lead(crm, "alice", None, {"name": "Zoé"}, None, crm.snapshot())
    again = create_crm(settings, "real")
    assert again.latest_rev() == 1
    assert again.region == REGIONS["FR"]
    crm.close()
    again.close()
