"""Giving a person the address by which another calendar follows theirs, and taking it back."""

from __future__ import annotations

from datetime import datetime

from gnetics.domain.accesses import Access
from gnetics.domain.rights import Verb
from gnetics.errors import Forbidden, NotFound, Refused
from gnetics.store import access_log
from gnetics.store.crm import Crm
from gnetics.store.people import feeds
from gnetics.store.people.accounts import account_of
from gnetics.store.unit_of_work import UnitOfWork

_WITHOUT_ACCOUNT = "Un abonnement est celui d’un compte\u00a0: demandez à votre administrateur de vous en ouvrir un."
_DISABLED = "Ce compte est désactivé\u00a0: son calendrier n’a pas d’adresse."
_NOT_YOURS = "Chacun ne règle que l’adresse de son propre calendrier\u00a0: demandez à votre administrateur."


def give(crm: Crm, user: str, name: str) -> str:
    """The path of a new address, which cannot be shown again; the one before ends. Raises Refused, NotFound or Forbidden."""
    with crm.write(user, Verb.SAVE_VIEW) as uow:
        account = _account(crm, uow, user, name)
        before = _said(feeds.made_at(uow.connection, account))
        secret = feeds.renew(uow.connection, account, uow.now)
        uow.note_setting(f"calendar {account}", before, _said(uow.now))
        _tell(crm, uow, account, "adresse donnée")
        uow.commit()
    return feeds.path_of(secret)


def revoke(crm: Crm, user: str, name: str) -> None:
    """Nobody follows this person's calendar any more."""
    with crm.write(user, Verb.SAVE_VIEW) as uow:
        account = _account(crm, uow, user, name)
        before = _said(feeds.made_at(uow.connection, account))
        feeds.end(uow.connection, account)
        uow.note_setting(f"calendar {account}", before, None)
        _tell(crm, uow, account, "adresse retirée")
        uow.commit()


def _tell(crm: Crm, uow: UnitOfWork, account: str, what: str) -> None:
    detail = f"{account}\u00a0: {what}"
    access_log.add(uow.connection, uow.now, Access.FOLLOWED, uow.user, place=access_log.place_of(crm), detail=detail)


def _account(crm: Crm, uow: UnitOfWork, user: str, name: str) -> str:
    try:
        account = account_of(uow.connection, name)
    except NotFound as missing:
        if crm.trusted:
            raise
        raise Refused({"": _WITHOUT_ACCOUNT}) from missing
    if account.disabled:
        raise Refused({"": _DISABLED})
    if account.name != user and not crm.trusted:
        raise Forbidden(_NOT_YOURS)
    return account.name


def _said(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
