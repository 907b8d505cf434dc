"""Who may use the store: accounts, and what the store lets each do. Without any account, everyone is an administrator."""

from __future__ import annotations

from sqlalchemy import Connection, select

from gnetics.domain import rights
from gnetics.errors import Forbidden
from gnetics.store.schema import users

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


def require(connection: Connection, user: str, verb: str) -> None:
    """Raises Forbidden unless this person may do that now."""
    rights.require(role_of(connection, user), verb)


def owner_of(connection: Connection, user: str) -> str | None:
    """The folded Responsable whose leads are all this person sees and changes; None: every lead."""
    limited = (users.c.name == user, users.c.own_leads, users.c.role != rights.ADMINISTRATOR)
    return connection.execute(select(users.c.name_fold).where(*limited)).scalar()
