"""A throw-away PostgreSQL server made from the system's programs; works as root too, which PostgreSQL itself refuses."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest


def programs() -> Path:
    """The folder of initdb and postgres; skips the test when PostgreSQL is not installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    here = shutil.which("initdb")
    if not found and not here:
        pytest.skip("no PostgreSQL server programs: apt-get install postgresql")
    return found[-1].parent if found else Path(str(here)).parent


@contextmanager
def server(root: Path) -> Iterator[str]:
    """The address, without a database, of a server whose files are in `root`."""
    bin_, data, port = programs(), root / "data", _free_port()
    identity = _identity(root)
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    common: dict[str, Any] = {"cwd": root, "env": environment, **identity}
    options = ["-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    subprocess.run([bin_ / "initdb", "-D", data, *options], check=True, stdout=subprocess.DEVNULL, **common)
    settings = ["-c", "listen_addresses=127.0.0.1", "-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
    with (root / "log").open("wb") as log:
        process = subprocess.Popen(
            [bin_ / "postgres", "-D", data, "-p", str(port), "-k", root, *settings], stderr=log, stdout=log, **common
        )
    try:
        address = f"postgresql://postgres@127.0.0.1:{port}"
        _wait(address, process, root / "log")
        yield address
    finally:
        process.send_signal(signal.SIGQUIT)  # at once: nothing of it is kept
        process.wait(20)


def _identity(root: Path) -> dict[str, Any]:
    """Who runs the server: an ordinary account when we are root."""
    if os.geteuid() != 0:
        return {}
    names = {account.pw_name: account for account in pwd.getpwall()}
    account = names.get("postgres") or names["nobody"]
    os.chown(root, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
