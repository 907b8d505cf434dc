"""The open store: reading, writing, snapshots, and the administrator's synchronisation switch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, cast

from sqlalchemy import Connection, Engine, select

from gnetics import settings as settings_module
from gnetics.clock import Clock
from gnetics.domain.regions import Region
from gnetics.domain.rights import Verb
from gnetics.errors import StoreError, StoreReplaced
from gnetics.settings import Settings
from gnetics.store import about, foreign_keys
from gnetics.store.engine import make_engine, place_of, reading
from gnetics.store.failures import said, translated
from gnetics.store.lineage import REPLACED, Known, latest_rev
from gnetics.store.people import accounts
from gnetics.store.people.accounts import Standing
from gnetics.store.revision import check_revision
from gnetics.store.schema import counters
from gnetics.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from gnetics.store.frames import Snapshot

Kind = Literal["demo", "real"]


@dataclass(frozen=True)
class Crm:
    """One per process; every error it raises about the store is a StoreError with a French sentence.

    `trusted` is for the command line and the worker, whose system account already reads and writes the store: no role is asked.
    """

    settings: Settings
    engine: Engine = field(repr=False)
    clock: Clock
    region: Region
    trusted: bool = False
    known: Known = field(default_factory=Known, compare=False)

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection on one consistent view of the store, which never waits for a writer and cannot write."""
        with said(self.engine), self.engine.connect() as connection:
            yield reading(connection)

    @contextmanager
    def write(self, user: str, verb: Verb) -> Iterator[UnitOfWork]:
        """The only writer of the moment; everything is undone unless `.commit()` was called.

        Raises Forbidden unless the user's role, read here and now, has this verb of domain/rights.py, and StoreReplaced when
        the store does not go on from what was read or written last. Whoever sees only their own leads is given a unit of work
        that reads and writes no other.
        """
        with said(self.engine), self.engine.connect() as connection:
            # the counter's row lock does on PostgreSQL what BEGIN IMMEDIATE does on SQLite
            seen = connection.execute(select(counters.c.value).where(counters.c.name == "rev").with_for_update()).scalar_one()
            check_revision(connection)  # the store may have been upgraded since it was opened
            if not self.known.holds(connection):
                raise StoreReplaced(REPLACED)
            owner = None
            if not self.trusted:
                accounts.require(connection, user, verb)
                owner = accounts.owner_of(connection, user)
            uow = UnitOfWork(connection, seen + 1, user, self.clock.now(), self.region, owner)
            try:
                yield uow
            finally:
                self.known.point = uow.kept or self.known.point

    def require(self, user: str, verb: Verb) -> None:
        """The check of `write`, for what writes nothing to the store."""
        if not self.trusted:
            with self.read() as connection:
                accounts.require(connection, user, verb)

    def snapshot(self, user: str = "") -> Snapshot:
        """The first load of a session, as this person sees it; without one, everything."""
        from gnetics.store.frames import Snapshot  # brings pandas: half of the start of a server, which reads no frame

        with said(self.engine):
            return Snapshot(self.engine, self.read, self.clock.today, self.known, user)

    def latest_rev(self) -> int:
        """Number of the last transaction; a snapshot with a smaller `rev` is out of date."""
        with self.read() as connection:
            return latest_rev(connection)

    def foreign_keys(self, keys: Iterable[int]) -> dict[int, str]:
        """What other programs call these leads, where any does: « source: value » a line each."""
        with self.read() as connection:
            return foreign_keys.texts(connection, keys)

    def sync_active(self) -> bool:
        """Whether « Sauvegarder » writes to the store, or only to the open session."""
        return self._meta("sync") == "on"

    def set_sync(self, active: bool, user: str) -> None:
        with self.write(user, Verb.SYNC) as uow:
            uow.set_meta("sync", "on" if active else "off")
            uow.commit()

    def standing(self, user: str) -> Standing:
        """What the person may do now."""
        with self.read() as connection:
            return accounts.standing_of(connection, user)

    @property
    def kind(self) -> Kind:
        return cast(Kind, self._meta("kind"))

    def _meta(self, name: str) -> str:
        with self.read() as connection:
            return about.require(connection, name)

    def close(self) -> None:
        """Give back every connection; the store may then be moved or deleted."""
        self.engine.dispose()


def open_crm(settings: Settings | None = None, *, migrate: bool = False, trusted: bool = False) -> Crm:
    """The existing store of the settings; `migrate` (command line and server only) first upgrades an older one.

    The demo, where it is served for want of a real store, gives way to that one as soon as it is there.
    """
    settings = settings or settings_module.load()
    engine = make_engine(settings.url, successor=None if settings.database_url else settings.real_store)
    try:
        with translated(engine.url):
            if migrate:
                from gnetics.store.migrate import upgrade  # here, so that kernels never load alembic

                upgrade(engine, settings.clock)
            with engine.connect() as connection:
                check_revision(reading(connection))
    except BaseException:
        engine.dispose()
        raise
    return Crm(settings, engine, settings.clock, settings.place, trusted)


def create_crm(settings: Settings, kind: Kind, *, trusted: bool = False) -> Crm:
    """The store of that kind, made first when there is none: data/demo.db, or the address set, or data/gnetics.db."""
    real = settings.database_url or f"sqlite:///{settings.real_store}"
    settings = replace(settings, database_url=f"sqlite:///{settings.demo_store}" if kind == "demo" else real)
    from gnetics.store.migrate import create  # here, so that kernels never load alembic

    create(settings.url, kind, settings.clock)
    crm = open_crm(settings, trusted=trusted)
    try:
        if crm.kind != kind:
            place = place_of(crm.engine.url)
            raise StoreError(f"La base «\u00a0{place}\u00a0» contient la démonstration\u00a0: vos données ne s’y mêlent pas.")
    except BaseException:
        crm.close()
        raise
    return crm
