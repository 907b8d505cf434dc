"""Backups of a store that stays open: one file, taken back by `restore`, which checks it before it replaces anything."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from tempfile import gettempdir
from typing import Any, NamedTuple

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.engine import URL

from gnetics.actions.erasing_people import erase_again
from gnetics.errors import GneticsError, SchemaMismatch, StoreLocked, StoreUnreachable
from gnetics.settings import Settings
from gnetics.store import about, scratch
from gnetics.store.copying import copy, private_file
from gnetics.store.crm import open_crm
from gnetics.store.engine import address, make_engine, place_of, reading
from gnetics.store.failures import said, translated
from gnetics.store.person import beside, digests
from gnetics.store.person.digests import Erased
from gnetics.store.revision import check_revision, stored_revision
from gnetics.store.schema import REVISION, metadata
from gnetics.store.sqlite_file import LOGS, lay_at_rest, put

ENDING = 2.0  # seconds that connections just closed take to be gone, at most
OTHERS = """
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


def back_up(settings: Settings, file: Path) -> None:
    """The store of the settings in `file`, which must not exist; nothing is left there when it fails."""
    if file.exists():
        raise GneticsError(f"Le fichier «\u00a0{file}\u00a0» existe déjà\u00a0: choisissez un autre nom.")
    with _said(file), scratch.folder(file.absolute().parent, ".backup-") as folder:  # on the same disk: the last step is a rename
        part = folder / file.name
        _write(settings, part)
        part.replace(file)
        _list_erased(settings, file.absolute().parent)


class Restored(NamedTuple):
    """Where the store is now, where the SQLite file that was there went, and how many contacts were erased from it again."""

    place: str
    aside: Path | None
    erased: int


def restore(settings: Settings, file: Path, force: bool = False) -> Restored:
    """Put the backup where the store of the settings is; `force` allows to replace one.

    Who was erased since it was made is erased from it again. A backup of an older version is restored as it is, unless there is somebody
    to erase: the next `gnetics serve` upgrades it.
    """
    before = _erased(settings)
    place, aside = _put_back(settings, file, force)
    return Restored(place, aside, _erase_again(settings, file, before, place))


def _put_back(settings: Settings, file: Path, force: bool) -> tuple[str, Path | None]:
    if not file.is_file():
        raise GneticsError(f"Le fichier «\u00a0{file}\u00a0» n’existe pas.")
    with _said(file), file.open("rb") as opened:
        start = opened.read(16)
    wanted = "sqlite" if start.startswith(b"SQLite format 3") else "postgresql" if start.startswith(b"PGDMP") else None
    if wanted is None:
        raise GneticsError(f"Le fichier «\u00a0{file}\u00a0» n’est pas une sauvegarde de CRM GNETICS.")
    if settings.database_url and address(settings.database_url).get_backend_name() != wanted:
        raise GneticsError(
            f"La sauvegarde «\u00a0{file}\u00a0» vient d’une base {wanted}\u00a0: GNETICS_DATABASE_URL en désigne une autre."
        )
    if wanted == "sqlite":
        return _restore_sqlite(settings, file, force)
    if not settings.database_url:
        raise GneticsError("Cette sauvegarde vient de PostgreSQL\u00a0: dites par GNETICS_DATABASE_URL dans quelle base la remettre.")
    return _restore_postgresql(address(settings.database_url), file, force), None


# --- who was erased ---


def _list_erased(settings: Settings, folder: Path) -> None:
    """Beside the backup, and from now on at each erasure."""
    with suppress(SchemaMismatch), closing(open_crm(settings, trusted=True)) as crm:  # an older store knows of nobody
        with crm.read() as connection:
            known = folder in beside.folders_of(connection)
            key, erased = digests.key_of(connection), digests.every(connection)
        if not known:
            with said(crm.engine), crm.engine.begin() as connection:
                beside.remember_folder(connection, folder)
        if erased:
            beside.write(folder, key, erased)


def _erased(settings: Settings) -> tuple[str, list[Erased]]:
    """The key of the store that is there, and whom it knows to be erased; nothing of one that is not there, or cannot say."""
    with suppress(GneticsError), closing(open_crm(settings, trusted=True)) as crm, crm.read() as connection:
        return digests.key_of(connection), digests.every(connection)
    return "", []


def _erase_again(settings: Settings, file: Path, before: tuple[str, list[Erased]], place: str) -> int:
    if not settings.database_url:
        settings = replace(settings, database_url=f"sqlite:///{place}")
    key, erased = before
    own_key, _ = _erased(settings)
    if own_key and own_key != key:  # of another store, or of one that is lost
        key, erased = own_key, []
    if not key:
        return 0
    folders = [file.absolute().parent, beside.store_folder(address(settings.database_url), settings)]
    erased = [*erased, *beside.read(folders, key)]
    if not erased:
        return 0
    with closing(open_crm(settings, migrate=True, trusted=True)) as crm:
        return erase_again(crm, key, erased)


@contextmanager
def _said(file: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise GneticsError(f"Le fichier «\u00a0{file}\u00a0»\u00a0: vérifiez le dossier, ses droits et la place libre.") from error


def _write(settings: Settings, file: Path) -> None:
    engine = make_engine(settings.url)
    try:
        with translated(engine.url), engine.connect() as connection:
            _check_revision(reading(connection))
        if engine.dialect.name == "sqlite":
            with translated(address(f"sqlite:///{file}")), engine.connect() as connection:
                copy(connection, file)
            _check_file(file)
        else:
            private_file(file)
            _run("pg_dump", engine.url, "--format=custom", "--no-owner", "--no-privileges", f"--file={file}")
            _run("pg_restore", None, "--list", str(file))  # readable as a backup
    finally:
        engine.dispose()


def _check_revision(connection: Connection) -> None:
    """SchemaMismatch unless the store is of this version or an older one."""
    if (stored_revision(connection) or REVISION) >= REVISION:
        check_revision(connection)


# --- SQLite ---


def _restore_sqlite(settings: Settings, file: Path, force: bool) -> tuple[str, Path | None]:
    with scratch.folder(_folder(settings), ".restore-") as folder:  # on the same disk: the last step is a rename
        fresh = folder / "store.db"
        private_file(fresh)
        source = f"{file.absolute().as_uri()}?mode=ro"
        with (
            translated(address(f"sqlite:///{file}")),
            closing(sqlite3.connect(source, uri=True)) as theirs,
            closing(sqlite3.connect(fresh)) as ours,
        ):
            theirs.backup(ours)
            lay_at_rest(ours)
        kind = _check_file(fresh)
        target = _target(settings, kind)
        if target.exists() and not force:
            raise _would_replace(str(target))
        with _said(target):
            aside = _set_aside(target, f"{settings.clock.now():%Y%m%d-%H%M%S}") if target.exists() else None
            put(fresh, target)
    return str(target), aside


def _folder(settings: Settings) -> Path:
    folder = Path(str(address(settings.database_url).database)).parent if settings.database_url else settings.data_dir
    with _said(folder):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def _target(settings: Settings, kind: str) -> Path:
    if settings.database_url:
        return Path(str(address(settings.database_url).database))
    return settings.demo_store if kind == "demo" else settings.real_store


def _check_file(file: Path) -> str:
    """The kind of a sound store of this version or an older one; StoreError otherwise."""
    engine = create_engine(f"sqlite:///{file}")  # not ours, which would change the mode of the file
    try:
        with translated(engine.url), engine.connect() as connection:
            faults = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
            if faults != "ok" or connection.exec_driver_sql("PRAGMA foreign_key_check").first():
                raise GneticsError(f"Le fichier «\u00a0{file}\u00a0» est abîmé\u00a0: prenez une autre sauvegarde.")
            _check_revision(connection)
            return about.require(connection, "kind")
    finally:
        engine.dispose()


def _set_aside(store: Path, when: str) -> Path:
    """Rename the store that nobody uses; StoreLocked when somebody does."""
    engine = make_engine(f"sqlite:///{store}", wait=0)
    aside = store.with_name(f"{store.stem}-avant-restauration-{when}{store.suffix}")
    try:
        with translated(engine.url), closing(engine.raw_connection()) as connection:
            raw: Any = connection.driver_connection
            lay_at_rest(raw)  # refused while anybody else has the store open
    except StoreLocked as error:
        raise _used(str(store)) from error
    except StoreUnreachable:
        pass  # no readable store: nobody uses it
    finally:
        engine.dispose()
    for suffix in ("", *LOGS):
        with suppress(FileNotFoundError):
            store.with_name(store.name + suffix).rename(aside.with_name(aside.name + suffix))
    return aside


# --- PostgreSQL ---


def _is_used(connection: Connection) -> bool:
    """By others than this connection; those just closed are given the time to be gone."""
    end = time.monotonic() + ENDING
    while connection.execute(text(OTHERS)).scalar_one():
        if time.monotonic() > end:
            return True
        connection.rollback()  # within a transaction the answer is always the same
        time.sleep(0.05)
    return False


def _restore_postgresql(url: URL, file: Path, force: bool) -> str:
    engine = make_engine(url.render_as_string(hide_password=False))
    place = place_of(url)
    try:
        with translated(url), engine.connect() as connection:
            full = stored_revision(connection) is not None
            used = _is_used(connection)
        if full and not force:
            raise _would_replace(place)
        if used:
            raise _used(place)
        with scratch.folder(Path(gettempdir()), "gnetics-restore-") as folder:
            script = folder / "store.sql"
            _run("pg_restore", None, "--no-owner", "--no-privileges", f"--file={script}", str(file))
            names = ", ".join(f'"{name}"' for name in [*metadata.tables, "alembic_version"])
            orders = ["--command", f"DROP TABLE IF EXISTS {names} CASCADE", "--file", str(script)]
            _run("psql", url, "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null", *orders)
        with translated(url), engine.connect() as connection:
            _check_revision(connection)
    finally:
        engine.dispose()
    return place


def _run(program: str, url: URL | None, *arguments: str) -> None:
    """PostgreSQL's own program; the password goes through the environment, which other accounts cannot read."""
    environment = dict(os.environ)
    where: Sequence[str] = []
    if url is not None:
        place = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
        where = [f"--dbname={place.replace(' ', '%20')}"]
        if url.password:
            environment["PGPASSWORD"] = str(url.password)
    try:
        done = subprocess.run([program, *where, *arguments], env=environment, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise GneticsError(f"{program} est introuvable\u00a0: installez postgresql-client.") from error
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["sans explication"])[-1]
        raise GneticsError(f"{program} a échoué, rien n’a été changé\u00a0: {reason}")


def _would_replace(place: str) -> GneticsError:
    return GneticsError(f"La base «\u00a0{place}\u00a0» existe déjà\u00a0: ajoutez --force pour la remplacer.")


def _used(place: str) -> StoreLocked:
    return StoreLocked(f"La base «\u00a0{place}\u00a0» est utilisée\u00a0: arrêtez d’abord les serveurs et ce qui s’en sert.")
