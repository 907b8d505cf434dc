"""Consent that somebody takes back by themselves, by a mail or a link: no person of the team is there to note it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import select

from gnetics.domain.consent import Consent, prevails
from gnetics.domain.folding import fold
from gnetics.domain.history import Action
from gnetics.domain.leads import still_unread
from gnetics.store.duplicates import chunks
from gnetics.store.schema import leads
from gnetics.store.unit_of_work import UnitOfWork


def withdraw(uow: UnitOfWork, addresses: Collection[str], on: date, source: str) -> None:
    """Of all leads that have one of these addresses, save those that took it back before, or gave it again later. The caller commits."""
    told = {"consent": Consent.WITHDRAWN.value, "consent_on": on, "consent_source": source}
    for some in chunks({folded for each in addresses if (folded := fold(each))}):
        keys = uow.connection.execute(select(leads.c.key).where(leads.c.email_fold.in_(some), ~leads.c.deleted)).scalars().all()
        rows = [row for row in uow.rows("leads", keys).values() if row["consent"] != Consent.WITHDRAWN and prevails(told, row)]
        uow.update_many("leads", [(row, told | still_unread(row, told)) for row in rows], Action.CHANGED)
