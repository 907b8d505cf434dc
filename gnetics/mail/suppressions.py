"""Addresses that nothing is sent to, whoever asks for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, delete, insert, select

from gnetics.actions.consent import withdraw
from gnetics.domain.folding import fold
from gnetics.domain.messages import Kind
from gnetics.domain.rights import Verb
from gnetics.errors import NotFound, Refused
from gnetics.store.crm import Crm
from gnetics.store.people import own_addresses
from gnetics.store.person import digests
from gnetics.store.schema import suppressions
from gnetics.store.unit_of_work import UnitOfWork

FORGOTTEN = "opposition d’une personne effacée depuis"


@dataclass(frozen=True)
class Suppression:
    address: str
    reason: str
    at: datetime
    who: str


def add(uow: UnitOfWork, addresses: Collection[str], reason: str, ours: Collection[str]) -> None:
    """Those that are there already stay as they are; those of `ours`, folded, are never added: colleagues in copy would stop a mail."""
    new = {folded for each in addresses if (folded := fold(each))} - set(among(uow.connection, addresses)) - set(ours)
    if new:
        rows = [{"address": each, "reason": reason, "at": uow.now, "who": uow.user} for each in sorted(new)]
        uow.connection.execute(insert(suppressions), rows)


def opt_out(uow: UnitOfWork, addresses: Collection[str], on: date, by: str, ours: Collection[str]) -> None:
    """Whoever has these addresses asked for no more: they are barred, and leads of theirs take their consent back."""
    theirs = [each for each in addresses if fold(each) not in ours]
    add(uow, theirs, Kind.OPT_OUT, ours)
    withdraw(uow, theirs, on, f"désinscription par {by}")


def among(connection: Connection, addresses: Collection[str]) -> dict[str, str]:
    """Those of these addresses that nothing is sent to, and why."""
    folded = {fold(each) or "" for each in addresses}
    found = select(suppressions.c.address, suppressions.c.reason).where(suppressions.c.address.in_(folded))
    forgotten = digests.among(connection, digests.What.BARRED, folded)
    return dict.fromkeys(sorted(forgotten), FORGOTTEN) | dict(connection.execute(found).all())


def every(connection: Connection) -> list[Suppression]:
    """The latest first."""
    columns = (suppressions.c.address, suppressions.c.reason, suppressions.c.at, suppressions.c.who)
    return [Suppression(*row) for row in connection.execute(select(*columns).order_by(suppressions.c.at.desc(), suppressions.c.address))]


def suppress(crm: Crm, user: str, address: str, reason: str) -> None:
    """Raises Refused for an address of ours."""
    ours = own_addresses.of_all(crm)
    if fold(address) in ours:
        raise Refused({"": f"L’adresse {address} est l’une des vôtres\u00a0: elle n’entre pas dans la liste d’opposition."})
    with crm.write(user, Verb.ACCOUNTS) as uow:
        add(uow, [address], reason, ours)
        uow.note_setting(f"opposition {fold(address)}", None, reason)
        uow.commit()


def allow(crm: Crm, user: str, address: str) -> None:
    """The address may be written to again; raises NotFound."""
    with crm.write(user, Verb.ACCOUNTS) as uow:
        reason = among(uow.connection, [address]).get(fold(address) or "")
        if reason is None:
            raise NotFound(f"L’adresse {address} n’est pas dans la liste d’opposition.")
        uow.connection.execute(delete(suppressions).where(suppressions.c.address == fold(address)))
        digests.forget(uow.connection, digests.What.BARRED, fold(address) or "")
        uow.note_setting(f"opposition {fold(address)}", reason, None)
        uow.commit()
