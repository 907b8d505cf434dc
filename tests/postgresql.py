"""A throw-away PostgreSQL server made from the system's programs; works as root too, which PostgreSQL itself refuses."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TypedDict

import psycopg
import pytest

from gnetics import settings as settings_module
from gnetics.domain.happenings import Consumer
from gnetics.store.crm import create_crm
from gnetics.store.schema import REVISION, VERSIONED, metadata
from tests.served import free_port


def programs() -> Path:
    """The folder of initdb and postgres; skips the test when PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    here = shutil.which("initdb")
    if not found and not here:
        pytest.skip("no PostgreSQL server programs: apt-get install postgresql")
    return found[-1].parent if found else Path(str(here)).parent


@contextmanager
def server(root: Path, port: int = 0) -> Iterator[str]:
    """The address, without a database, of a server whose files are in `root`: made there, or left there by an earlier one."""
    data, account, common = root / "data", _as_account(root), _common(root)
    options = ["-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    if not data.exists():
        subprocess.run([*account, str(programs() / "initdb"), "-D", str(data), *options], check=True, stdout=subprocess.DEVNULL, **common)
    with _running(root, port or free_port()) as address:
        yield address


@contextmanager
def replica(primary: str, root: Path) -> Iterator[str]:
    """The address, without a database, of a server that follows another."""
    command = [*_as_account(root), str(programs() / "pg_basebackup"), "-d", primary, "-D", str(root / "data")]
    subprocess.run([*command, "-R", "-c", "fast", "--no-sync"], check=True, **_common(root))
    with _running(root, free_port()) as address:
        yield address


@contextmanager
def _running(root: Path, port: int) -> Iterator[str]:
    settings = ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
    command = [*_as_account(root), str(programs() / "postgres"), "-D", str(root / "data"), "-p", str(port), "-k", str(root), *settings]
    with (root / "log").open("wb") as log:
        process = subprocess.Popen(command, stderr=log, stdout=log, **_common(root))
    try:
        address = f"postgresql://postgres@127.0.0.1:{port}"
        _wait(address, process, root / "log")
        yield address
    finally:
        process.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
        process.wait(20)


class _Common(TypedDict):
    cwd: Path
    env: dict[str, str]


def _common(root: Path) -> _Common:
    clock = {name: os.environ[name] for name in ("LD_PRELOAD", "AHEAD") if name in os.environ}  # that of tests/days.py
    return {"cwd": root, "env": {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"} | clock}


def _as_account(root: Path) -> list[str]:
    """What runs a program as an ordinary account when we are root.

    A program of its own rather than Popen's `user`, which forks this whole process: refused when the tests before made it large.
    """
    if os.geteuid() != 0:
        return []
    names = {account.pw_name: account for account in pwd.getpwall()}
    account = names.get("postgres") or names["nobody"]
    os.chown(root, account.pw_uid, account.pw_gid)
    return ["setpriv", f"--reuid={account.pw_uid}", f"--regid={account.pw_gid}", "--clear-groups", "--"]


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    limit = time.monotonic() + 20
    while True:
        try:
            psycopg.connect(f"{address}/postgres", connect_timeout=2).close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > limit:
                raise RuntimeError(f"PostgreSQL did not start:\n{log.read_text('utf-8', 'replace')}") from None
            time.sleep(0.05)
        else:
            return


def empty_store(server: str) -> str:
    """The address of the one database that tests share, as empty as when it was made: a new one takes seconds to delete."""
    url = f"{server}/gnetics"
    try:  # a test that kept a transaction open fails the next one
        connection = psycopg.connect(url, autocommit=True, options="-c lock_timeout=5000")
    except psycopg.OperationalError:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as administrator:
            administrator.execute("CREATE DATABASE gnetics")
        connection = psycopg.connect(url, autocommit=True)
    with connection:
        present = {name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
        if present >= metadata.tables.keys():
            connection.execute(_emptying(present))  # one statement: a hundred would take longer than most tests
            return url
        connection.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    create_crm(replace(settings_module.load({}), database_url=url), "real").close()
    return url


def _emptying(present: set[str]) -> str:
    numbered = VERSIONED.keys() | {"history"}
    done = [
        *(f"DROP TABLE {name} CASCADE" for name in present - metadata.tables.keys() - {"alembic_version"}),
        *(f"DELETE FROM {name}" for name in metadata.tables.keys() - {"counters", "meta"}),
        *(f"SELECT setval(pg_get_serial_sequence('{name}', 'key'), 1, false)" for name in numbered),
        "UPDATE counters SET value = 0",
        *(f"INSERT INTO consumers VALUES ('{name}', 0)" for name in Consumer),
        "INSERT INTO marks VALUES (0, md5(random()::text))",
        "DELETE FROM meta WHERE name NOT IN ('kind', 'sync', 'unsubscribe_key', 'erasure_key')",
        "UPDATE meta SET value = 'on' WHERE name = 'sync'",
        "UPDATE meta SET value = 'real' WHERE name = 'kind'",
        f"UPDATE alembic_version SET version_num = '{REVISION}'",
    ]
    return "; ".join(done)
