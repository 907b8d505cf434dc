"""What outlives a lead that is forgotten: that nothing is to be sent to its address, when they had said no."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, insert, select

from gnetics.domain.consent import BARRING
from gnetics.store.duplicates import chunks
from gnetics.store.schema import leads, suppressions, user_addresses


def keep(connection: Connection, keys: Collection[int], at: datetime, who: str) -> None:
    """Enter the addresses of those of these leads that said no into the list of oppositions, save those of colleagues."""
    elsewhere = (select(suppressions.c.address), select(user_addresses.c.address))
    for some in chunks(keys):
        said_no = select(leads.c.email_fold, leads.c.consent).where(leads.c.key.in_(some), leads.c.consent.in_(BARRING))
        new = said_no.where(leads.c.email_fold.is_not(None), *(leads.c.email_fold.not_in(each) for each in elsewhere))
        if found := dict(connection.execute(new).all()):
            rows = [{"address": address, "reason": f"consentement {consent}", "at": at, "who": who} for address, consent in found.items()]
            connection.execute(insert(suppressions), rows)
