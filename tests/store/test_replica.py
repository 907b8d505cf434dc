"""A PostgreSQL that another one follows: reading from the follower, and going on with it when the first one dies."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import psycopg
import pytest

from gnetics.actions.leads import save_lead
from gnetics.errors import StoreReadOnly, StoreUnreachable
from gnetics.operations.backup import back_up
from gnetics.settings import Settings
from gnetics.store.crm import Crm, create_crm, open_crm
from tests import postgresql

pytestmark = [pytest.mark.postgres, pytest.mark.soak]


@pytest.fixture
def folder() -> Iterator[Path]:
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with TemporaryDirectory(prefix="gnetics-pg-", dir=memory) as name:
        for each in ("first", "second"):
            (Path(name) / each).mkdir()
        Path(name).chmod(0o755)
        yield Path(name)


def _save(crm: Crm, name: str) -> None:
    save_lead(crm, "alice", None, {"name": name}, None, crm.snapshot())


def _names(crm: Crm) -> list[str]:
    return list(crm.snapshot().leads["name"])


def test_a_replica_is_read_and_takes_over_when_its_primary_dies(folder: Path, tmp_path: Path) -> None:
    with ExitStack() as primary, ExitStack() as rest:
        first = primary.enter_context(postgresql.server(folder / "first"))
        second = rest.enter_context(postgresql.replica(first, folder / "second"))
        postgresql.empty_store(first)
        ports = ",".join(str(urlsplit(each).port) for each in (first, second))
        both = f"postgresql://postgres@/gnetics?host=127.0.0.1,127.0.0.1&port={ports}&target_session_attrs=read-write"
        crm = rest.enter_context(closing(create_crm(Settings(database_url=both), "real")))
        _save(crm, "Zoé")
        _follow(first, second)

        with closing(open_crm(Settings(database_url=f"{second}/gnetics"))) as reader:
            assert _names(reader) == ["Zoé"]
            with pytest.raises(StoreReadOnly, match="réplique"):
                _save(reader, "Léo")
        primary.close()
        with pytest.raises(StoreUnreachable):
            _save(crm, "Léo")
        with psycopg.connect(f"{second}/postgres", autocommit=True) as connection:
            connection.execute("SELECT pg_promote()")
        _save(crm, "Léo")
        assert _names(crm) == ["Zoé", "Léo"]
        back_up(Settings(database_url=both), tmp_path / "sauvegarde")


def _follow(first: str, second: str) -> None:
    """Wait until the second server has all that the first one wrote."""
    with psycopg.connect(f"{first}/postgres", autocommit=True) as ahead, psycopg.connect(f"{second}/postgres", autocommit=True) as behind:
        written = ahead.execute("SELECT pg_current_wal_insert_lsn()").fetchone()
        end = time.monotonic() + 10
        while behind.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", written).fetchone() != (True,):
            assert time.monotonic() < end
            time.sleep(0.05)
