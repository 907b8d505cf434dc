"""Who may use the store: accounts, and what the store lets each do. Without any account, everyone is an administrator."""

from __future__ import annotations

from sqlalchemy import Connection, select

from gnetics.domain import rights
from gnetics.errors import Forbidden
from gnetics.store.schema import meta, users

UNKNOWN = "Votre compte n’existe pas dans ce CRM\u00a0: demandez à votre administrateur."
DISABLED = "Votre compte est désactivé\u00a0: demandez à votre administrateur."


def any_account(connection: Connection) -> bool:
    return connection.execute(select(users.c.name).limit(1)).first() is not None


def role_of(connection: Connection, user: str) -> str:
    """Raises Forbidden for a person whose account is disabled or does not exist."""
    account = connection.execute(select(users.c.role, users.c.disabled).where(users.c.name == user)).first()
    if account is None and not any_account(connection):
        return rights.ADMINISTRATOR
    if account is None or account.disabled:
        raise Forbidden(DISABLED if account else UNKNOWN)
    return str(account.role)


def require(connection: Connection, user: str, verb: str) -> str:
    """The role of this person; raises Forbidden unless they may do that now."""
    role = role_of(connection, user)
    rights.require(role, verb)
    return role


def only_own(connection: Connection, user: str, role: str) -> str | None:
    """The person's name when « ses leads seulement » keeps them to the leads they are the owner of; None when they see all."""
    if role == rights.ADMINISTRATOR:
        return None
    on = connection.execute(select(meta.c.value).where(meta.c.name == "own_leads")).scalar_one()
    return user if on == "on" else None
