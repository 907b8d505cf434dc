"""Who may use the store: accounts, and what the store lets each do. Without any account, everyone is an administrator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, and_, select

from gnetics.domain import rights
from gnetics.domain.folding import fold
from gnetics.domain.rights import Verb
from gnetics.errors import Forbidden, NotFound
from gnetics.store.schema import users

if TYPE_CHECKING:
    from gnetics.store.crm import Crm

UNKNOWN = "Votre compte n’existe pas dans ce CRM\u00a0: demandez à votre administrateur."
DISABLED = "Votre compte est désactivé\u00a0: demandez à votre administrateur."
_LIMITED = and_(users.c.own_leads, users.c.role != rights.ADMINISTRATOR)  # to their own leads
_ACCOUNT = select(users.c.name, users.c.role, users.c.password.is_not(None), users.c.disabled, users.c.own_leads)


def any_account(connection: Connection) -> bool:
    return connection.execute(select(users.c.name).limit(1)).first() is not None


@dataclass(frozen=True)
class Standing:
    """What one person may do now.

    `role` is empty when they may not enter any more, and `refusal` says why; `account`: there are accounts; `own_leads`: they see only
    the leads of which they are the Responsable.
    """

    role: str
    account: bool
    refusal: str = ""
    own_leads: bool = False


def standing_of(connection: Connection, user: str) -> Standing:
    """Asked before all that a browser asks: one query, two of a store without accounts."""
    asked = select(users.c.role, users.c.disabled, _LIMITED.label("limited")).where(users.c.name == user)
    found = connection.execute(asked).first()
    if found is None and not any_account(connection):
        return Standing(rights.ADMINISTRATOR, False)
    if found is None or found.disabled:
        return Standing("", True, DISABLED if found else UNKNOWN)
    return Standing(found.role, True, own_leads=bool(found.limited))


def role_of(connection: Connection, user: str) -> str:
    """Raises Forbidden for a person whose account is disabled or does not exist."""
    standing = standing_of(connection, user)
    if standing.refusal:
        raise Forbidden(standing.refusal)
    return standing.role


def require(connection: Connection, user: str, verb: Verb) -> None:
    """Raises Forbidden unless this person may do that now."""
    rights.require(role_of(connection, user), verb)


def owner_of(connection: Connection, user: str) -> str | None:
    """The folded Responsable whose leads are all this person sees and changes; None: every lead."""
    return connection.execute(select(users.c.name_fold).where(users.c.name == user, _LIMITED)).scalar()


@dataclass(frozen=True)
class Account:
    """Without `password`, only a trusted proxy signs the person in; `own_leads`: sees only the leads they are the Responsable of."""

    name: str
    role: str
    password: bool
    disabled: bool
    own_leads: bool


def accounts(crm: Crm) -> list[Account]:
    """By name."""
    with crm.read() as connection:
        return [Account(*row) for row in connection.execute(_ACCOUNT.order_by(users.c.name_fold))]


def account_of(connection: Connection, name: str) -> Account:
    """By its name, whatever its case and accents; raises NotFound."""
    row = connection.execute(_ACCOUNT.where(users.c.name_fold == fold(name))).first()
    if row is None:
        raise NotFound(f"Aucun compte ne s’appelle «\u00a0{name}\u00a0».")
    return Account(*row)
