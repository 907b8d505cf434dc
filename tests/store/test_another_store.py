"""The store deleted, replaced, written over or taken back under whoever reads and writes it: never said saved and gone."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, text

from gnetics.actions.events import save_event
from gnetics.actions.leads import save_lead
from gnetics.domain.rights import Verb
from gnetics.errors import GneticsError, SchemaMismatch, StoreError, StoreReplaced, StoreUnreachable
from gnetics.operations.backup import back_up, restore
from gnetics.settings import Settings
from gnetics.store.copying import copy
from gnetics.store.crm import Crm, open_crm
from gnetics.store.frames import COLUMNS, Snapshot
from gnetics.store.people import sign_ins
from gnetics.store.people.guessing import Visitor
from gnetics.store.sqlite_file import LOGS, put, refuse_foreign_log

pytestmark = pytest.mark.costly

START = datetime(2026, 11, 24, 8, tzinfo=UTC)
EVENT = {"title": "Point", "starts_at": START, "ends_at": START + timedelta(hours=1)}
GoBack = Callable[[], None]
Asks = tuple[Callable[[], object], ...]


@pytest.fixture
def settings(store_url: str, tmp_path: Path) -> Settings:
    return Settings(database_url=store_url, data_dir=tmp_path)


@pytest.fixture
def go_back(crm: Crm, settings: Settings, tmp_path: Path) -> GoBack:
    """Zoé is in the store; go_back() takes it back there, by hand, while it stays open."""
    save_lead(crm, "alice", None, {"name": "Zoé"}, None, crm.snapshot())
    back_up(settings, tmp_path / "zoe")

    def by_file() -> None:
        shutil.copy(tmp_path / "zoe", tmp_path / "again")
        put(tmp_path / "again", _file(crm))

    def by_database() -> None:
        """In place, in the middle of open connections, as an administrator's pg_restore does."""
        place = settings.url.replace("+psycopg", "")
        command = ["pg_restore", "--clean", "--if-exists", "--single-transaction", "--no-owner", "--dbname", place, str(tmp_path / "zoe")]
        subprocess.run(command, check=True, capture_output=True)

    return by_file if crm.engine.dialect.name == "sqlite" else by_database


def _file(crm: Crm) -> Path:
    return Path(str(crm.engine.url.database))


def _add(crm: Crm, name: str, snapshot: Snapshot) -> int:
    return save_lead(crm, "alice", None, {"name": name}, None, snapshot).key


def _write(crm: Crm, meanwhile: Callable[[Connection], None]) -> None:
    with crm.write("alice", Verb.SAVE_LEAD) as uow:
        uow.insert("leads", {"name": "Inès"})
        meanwhile(uow.connection)
        uow.commit()


def _names(settings: Settings) -> list[str]:
    with closing(open_crm(settings)) as crm:
        return list(crm.snapshot().leads["name"])


def _same(mine: Snapshot, theirs: Snapshot) -> bool:
    frames = all(getattr(mine, name).equals(getattr(theirs, name)) for name in COLUMNS)
    return frames and mine.journal.equals(theirs.journal) and (mine.rev, mine.history_since) == (theirs.rev, theirs.history_since)


def test_a_save_into_a_store_taken_back_is_refused_and_a_refresh_reads_it_anew(crm: Crm, settings: Settings, go_back: GoBack) -> None:
    mine = crm.snapshot()
    leo = _add(crm, "Léo", mine)
    save_event(crm, "alice", None, EVENT | {"lead_key": leo}, None, mine)
    go_back()
    for _ in range(2):
        with pytest.raises(StoreReplaced, match="restaurée ou remplacée"):
            save_lead(crm, "alice", 1, {"notes": "vu"}, {"notes": None}, mine)
        with pytest.raises(StoreReplaced):
            save_event(crm, "alice", None, EVENT, None, mine)
        with pytest.raises(StoreReplaced):
            mine.catch_up()
        with pytest.raises(StoreReplaced):
            mine.is_behind()
    assert list(mine.leads["name"]) == ["Zoé", "Léo"], "what is shown stays until it is asked for anew"
    assert _names(settings) == ["Zoé"]
    assert mine.refresh().replaced and not mine.refresh().replaced
    assert _same(mine, crm.snapshot()) and list(mine.leads["name"]) == ["Zoé"] and mine.events.empty
    _add(crm, "Inès", mine)
    assert _names(settings) == list(mine.leads["name"]) == ["Zoé", "Inès"]


def test_a_store_taken_back_that_then_went_further_than_before_is_another_one(crm: Crm, settings: Settings, go_back: GoBack) -> None:
    mine = crm.snapshot()
    _add(crm, "Léo", mine)
    go_back()
    with closing(open_crm(settings)) as theirs:
        seen = theirs.snapshot()
        for name in ("Ana", "Bruno", "Chloé"):
            _add(theirs, name, seen)
    with pytest.raises(StoreReplaced):
        save_lead(crm, "alice", 2, {"notes": "pour Léo"}, {"notes": None}, mine)
    assert mine.refresh().replaced
    assert list(mine.leads["name"]) == ["Zoé", "Ana", "Bruno", "Chloé"] and _same(mine, crm.snapshot())


def test_a_store_taken_back_to_what_is_shown_is_the_same_one(crm: Crm, go_back: GoBack) -> None:
    mine = crm.snapshot()
    go_back()
    _add(crm, "Léo", mine)
    assert not mine.refresh().replaced and list(mine.leads["name"]) == ["Zoé", "Léo"]


def test_what_was_committed_and_then_taken_back_is_not_said_saved(crm: Crm, go_back: GoBack, monkeypatch: pytest.MonkeyPatch) -> None:
    mine, catch_up = crm.snapshot(), Snapshot.catch_up

    def taken_back_first(snapshot: Snapshot) -> dict[str, int]:
        go_back()
        return catch_up(snapshot)

    monkeypatch.setattr(Snapshot, "catch_up", taken_back_first)
    with pytest.raises(StoreReplaced):
        _add(crm, "Léo", mine)


def test_session_only_changes_outlive_a_store_that_was_replaced_until_the_refresh(crm: Crm, go_back: GoBack) -> None:
    mine = crm.snapshot()
    crm.set_sync(False, "admin")
    save_lead(crm, "alice", 1, {"amount": 5}, {"amount": None}, mine)
    go_back()
    with pytest.raises(StoreReplaced):
        save_lead(crm, "alice", 1, {"notes": "vu"}, {"notes": None}, mine)
    assert (mine.unsaved, mine.lead(1)["amount"]) == (1, 5)
    changes = mine.refresh()
    assert (changes.replaced, changes.dropped, mine.unsaved) == (True, 1, 0)


def test_an_import_another_store_takes_the_place_of_is_not_said_done(crm: Crm, go_back: GoBack) -> None:
    def take_the_place(connection: Connection) -> None:
        if connection.dialect.name == "sqlite":
            go_back()
        else:  # a database dropped by force ends what uses it
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(StoreError):
        _write(crm, take_the_place)
    assert list(crm.snapshot().leads["name"]) == ["Zoé"]


def test_whoever_keeps_no_snapshot_follows_to_the_store_that_is_there(crm: Crm, settings: Settings, go_back: GoBack) -> None:
    """As the server, which looks at a store for months."""
    with closing(open_crm(settings)) as server:
        assert server.latest_rev() == 1
        _add(crm, "Léo", crm.snapshot())
        assert server.latest_rev() == 2
        go_back()
        assert server.latest_rev() == 1
        with pytest.raises(GneticsError, match="inconnu"):
            sign_ins.sign_in(server, "Ana", "un mot de passe", Visitor("127.0.0.1"), timedelta(hours=1))
    with closing(open_crm(settings)) as fresh, fresh.read() as connection:
        assert connection.execute(text("SELECT count(*) FROM failed_sign_ins")).scalar() == 3


def test_an_empty_store_or_one_of_an_older_version_put_in_its_place_is_told_as_such(crm: Crm, go_back: GoBack) -> None:
    mine = crm.snapshot()
    with crm.engine.begin() as connection:
        connection.execute(text("DROP TABLE marks"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0008'"))
    older: Asks = (lambda: _add(crm, "Léo", mine), mine.refresh, mine.is_behind, crm.snapshot)
    for ask in older:
        with pytest.raises(SchemaMismatch, match="version plus ancienne"):
            ask()
    with crm.engine.begin() as connection:
        for name in ("counters", "alembic_version", "leads", "users"):
            connection.execute(text(f"DROP TABLE {name}"))
    empty: Asks = (lambda: _add(crm, "Léo", mine), mine.refresh, crm.latest_rev, crm.snapshot, lambda: crm.standing("alice"))
    for ask in empty:
        with pytest.raises(SchemaMismatch, match="n’est pas une base de CRM GNETICS"):
            ask()


def test_a_store_deleted_keeps_no_connection_alive_and_one_put_back_goes_on(empty_store: Path, tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{shutil.copy(empty_store, tmp_path / 'gnetics.db')}")
    with closing(open_crm(settings)) as crm:
        mine, file = crm.snapshot(), _file(crm)
        _add(crm, "Zoé", mine)
        crm.close()
        file.rename(tmp_path / "away")
        for ask in (lambda: _add(crm, "Léo", mine), mine.refresh, mine.is_behind, crm.snapshot):
            with pytest.raises(StoreUnreachable, match="n’existe pas"):
                ask()
        assert not file.exists(), "nobody makes an empty one"
        (tmp_path / "away").rename(file)
        _add(crm, "Léo", mine)
        assert list(crm.snapshot().leads["name"]) == ["Zoé", "Léo"]

        with pytest.raises(StoreReplaced, match="supprimé ou remplacé"):
            _write(crm, lambda _: file.unlink())


def test_a_sign_in_counted_in_a_deleted_file_is_not_counted(empty_store: Path, tmp_path: Path) -> None:
    settings = Settings(database_url=f"sqlite:///{shutil.copy(empty_store, tmp_path / 'gnetics.db')}")
    with closing(open_crm(settings)) as crm, crm.engine.connect() as connection:
        connection.execute(text("DELETE FROM sign_ins"))
        _file(crm).unlink()
        with pytest.raises(StoreReplaced):
            connection.commit()


def test_a_store_that_a_log_is_being_copied_into_is_neither_foreign_nor_damaged(empty_store: Path, tmp_path: Path) -> None:
    """Its first page, written first, already counts the pages that its end is still without."""
    place = tmp_path / "gnetics.db"
    place.write_bytes(empty_store.read_bytes()[:-4096])
    place.with_name(place.name + LOGS[0]).write_bytes(bytes(100))
    with pytest.raises(sqlite3.DatabaseError), closing(sqlite3.connect(f"file:{place}?immutable=1", uri=True)) as looking:
        looking.execute("PRAGMA user_version")
    refuse_foreign_log(place)


@pytest.mark.parametrize("by", ["mv", "cp"])
def test_a_backup_put_beside_the_log_of_the_store_in_use_is_refused_and_left_whole(by: str, empty_store: Path, tmp_path: Path) -> None:
    """SQLite would read that log into the backup: by the first reader, what was restored would be gone."""
    settings = Settings(database_url=f"sqlite:///{shutil.copy(empty_store, tmp_path / 'gnetics.db')}")
    with closing(open_crm(settings)) as crm:
        mine, file = crm.snapshot(), _file(crm)
        _add(crm, "Zoé", mine)
        back_up(settings, tmp_path / "zoe")
        kept = (tmp_path / "zoe").read_bytes()
        _add(crm, "Léo", mine)
        subprocess.run([by, tmp_path / "zoe", file], check=True)
        for ask in (lambda: _add(crm, "Inès", mine), mine.refresh, crm.snapshot, lambda: open_crm(settings)):
            with pytest.raises(StoreUnreachable, match="journal d’une autre base"):
                ask()
        assert subprocess.run(["cat", file], capture_output=True, check=True).stdout == kept
        crm.close()
        if by == "cp":  # connections to that very file go on until their processes end, and hold its locks
            return
        for log in LOGS:
            file.with_name(file.name + log).rename(tmp_path / f"old{log}")
        with pytest.raises(StoreReplaced):
            _add(crm, "Inès", mine)
        assert mine.refresh().replaced and list(mine.leads["name"]) == ["Zoé"]


def test_a_store_put_where_one_was_deleted_is_not_mixed_with_its_log(
    empty_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Restored, or imported first: the log of a store that was killed, then deleted, is still there."""
    settings = Settings(data_dir=tmp_path)
    (tmp_path / "dead").mkdir()
    with closing(open_crm(Settings(database_url=f"sqlite:///{shutil.copy(empty_store, tmp_path / 'dead' / 'gnetics.db')}"))) as dead:
        back_up(dead.settings, tmp_path / "empty")
        _add(dead, "Léo", dead.snapshot())
        logs = {log: (tmp_path / "dead" / f"gnetics.db{log}").read_bytes() for log in LOGS}
    for log, content in logs.items():
        (tmp_path / f"gnetics.db{log}").write_bytes(content)
    restore(settings, tmp_path / "empty")
    assert _names(settings) == []


@pytest.mark.postgres
def test_a_database_dropped_and_made_again_is_another_store(postgresql_server: str) -> None:
    url = f"{postgresql_server}/again"

    def make() -> None:
        from gnetics.store.migrate import create

        with psycopg.connect(f"{postgresql_server}/postgres", autocommit=True) as administrator:
            administrator.execute("DROP DATABASE IF EXISTS again WITH (FORCE)")
            administrator.execute("CREATE DATABASE again")
        create(url, "real", Settings().clock)

    make()
    with closing(open_crm(Settings(database_url=url))) as crm:
        mine = crm.snapshot()
        make()
        with pytest.raises(StoreReplaced):
            _add(crm, "Léo", mine)
        assert mine.refresh().replaced
        _add(crm, "Inès", mine)
        assert list(crm.snapshot().leads["name"]) == ["Inès"]


def test_restoring_with_force_under_open_pages_that_hold_no_connection_is_noticed(
    crm: Crm, settings: Settings, go_back: GoBack, tmp_path: Path
) -> None:
    mine = crm.snapshot()
    _add(crm, "Léo", mine)
    crm.close()
    restore(settings, tmp_path / "zoe", force=True)
    with pytest.raises(StoreReplaced):
        _add(crm, "Inès", mine)
    assert mine.refresh().replaced and list(mine.leads["name"]) == ["Zoé"]


def test_a_copy_stays_one_file_until_it_is_opened(crm: Crm, tmp_path: Path) -> None:
    if crm.engine.dialect.name != "sqlite":
        pytest.skip("SQLite's")
    with crm.engine.connect() as connection:
        copy(connection, tmp_path / "copy.db")
    opened = replace(crm.settings, database_url=f"sqlite:///{tmp_path / 'copy.db'}")
    for _ in range(2):  # its own log is its own
        with closing(open_crm(opened)) as first, closing(open_crm(opened)) as second:
            _add(first, "Zoé", first.snapshot())
            second.snapshot().refresh()
