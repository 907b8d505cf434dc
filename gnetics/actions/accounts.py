"""Accounts as the administrator keeps them: added, given a role, disabled; never deleted, since the history names them."""

from __future__ import annotations

from sqlalchemy import insert, select, update

from gnetics.domain import emails, rights, values
from gnetics.domain.accesses import COMMAND, Access
from gnetics.domain.folding import fold
from gnetics.domain.rights import Verb
from gnetics.errors import Refused, Unreadable
from gnetics.store import access_log
from gnetics.store.crm import Crm
from gnetics.store.people.accounts import account_of
from gnetics.store.people.sign_ins import end_all, hashed, set_password
from gnetics.store.people.writers import Writer, keep, taken, writer_of
from gnetics.store.schema import users
from gnetics.store.unit_of_work import UnitOfWork

LONGEST = 80
LONGEST_SIGNATURE = 2_000


def add(crm: Crm, user: str, name: str, role: str, password: str | None, writer: Writer | None = None) -> str:
    """The name as kept; raises Refused. `writer`: the addresses they write from."""
    name = values.clean(name)
    folded = fold(name)
    if not folded or len(name) > LONGEST:
        raise Refused({"": f"Donnez un nom de {LONGEST} caractères au plus."})
    _check_role(role)
    kept = hashed(password, name) if password is not None else None
    with crm.write(user, Verb.ACCOUNTS) as uow:
        if taken := uow.connection.execute(select(users.c.name).where(users.c.name_fold == folded)).scalar():
            raise Refused({"": f"Le compte «\u00a0{taken}\u00a0» existe déjà."})
        row = {"name": name, "name_fold": folded, "role": role, "password": kept, "disabled": False, "own_leads": False}
        uow.connection.execute(insert(users).values(row))
        _note(uow, name, None, role)
        if writer:
            _keep_writer(uow, name, writer)
        uow.commit()
    return name


def set_writer(crm: Crm, user: str, name: str, writer: Writer) -> None:
    """How a person writes, in the place of what was known; raises Refused."""
    with crm.write(user, Verb.ACCOUNTS) as uow:
        _keep_writer(uow, account_of(uow.connection, name).name, writer)
        uow.commit()


def set_role(crm: Crm, user: str, name: str, role: str) -> None:
    _check_role(role)
    with crm.write(user, Verb.ACCOUNTS) as uow:
        account = account_of(uow.connection, name)
        uow.connection.execute(update(users).where(users.c.name == account.name).values(role=role))
        _note(uow, account.name, account.role, role)
        uow.commit()


def set_own_leads(crm: Crm, user: str, name: str, own: bool) -> None:
    """Whether the person sees and changes only the leads whose Responsable has their name; an administrator sees all the same."""
    with crm.write(user, Verb.ACCOUNTS) as uow:
        account = account_of(uow.connection, name)
        uow.connection.execute(update(users).where(users.c.name == account.name).values(own_leads=own))
        _note(uow, account.name, _reach(account.own_leads), _reach(own))
        uow.commit()


def give_password(crm: Crm, user: str, name: str, password: str) -> None:
    """Every session of the person ends."""
    with crm.write(user, Verb.ACCOUNTS) as uow:
        account = account_of(uow.connection, name)
        set_password(uow.connection, account.name, hashed(password, account.name))
        _tell(uow, account.name, "mot de passe donné")
        uow.commit_private()


def set_disabled(crm: Crm, user: str, name: str, disabled: bool) -> None:
    """Every session of a disabled person ends."""
    with crm.write(user, Verb.ACCOUNTS) as uow:
        account = account_of(uow.connection, name)
        uow.connection.execute(update(users).where(users.c.name == account.name).values(disabled=disabled))
        end_all(uow.connection, account.name)
        _note(uow, account.name, _state(account.disabled), _state(disabled))
        uow.commit()


def _note(uow: UnitOfWork, name: str, before: str | None, after: str) -> None:
    """In the history, and in the access log."""
    uow.note_setting(f"account {name}", before, after)
    _tell(uow, name, after)


def _tell(uow: UnitOfWork, name: str, what: str) -> None:
    access_log.add(uow.connection, uow.now, Access.RIGHTS, uow.user, place=COMMAND, detail=f"{name}\u00a0: {what}")


def _keep_writer(uow: UnitOfWork, name: str, writer: Writer) -> None:
    try:
        addresses = [emails.parse(each) for each in (writer.address, *writer.aliases)]
    except Unreadable as error:
        raise Refused({"": str(error)}) from error
    writer = Writer(addresses[0], tuple(addresses[1:]), values.clean(writer.shown_name), writer.signature.strip())
    if len(writer.shown_name) > LONGEST or len(writer.signature) > LONGEST_SIGNATURE:
        raise Refused({"": f"Le nom affiché a {LONGEST} caractères au plus, la signature {LONGEST_SIGNATURE}."})
    if somebody := taken(uow.connection, name, writer):
        raise Refused({"": "L’adresse {} est déjà celle de {}.".format(*somebody)})
    before = writer_of(uow.connection, name)
    keep(uow.connection, name, writer)
    uow.note_setting(f"account {name}", _addresses(before) if before else None, _addresses(writer))


def _addresses(writer: Writer) -> str:
    return ", ".join([writer.address, *writer.aliases])


def _check_role(role: str) -> None:
    if role not in rights.ROLES:
        raise Refused({"": f"Rôle «\u00a0{role}\u00a0» inconnu\u00a0: choisissez {', '.join(rights.ROLES)}."})


def _state(disabled: bool) -> str:
    return "désactivé" if disabled else "actif"


def _reach(own: bool) -> str:
    return "ses leads seulement" if own else "tous les leads"
