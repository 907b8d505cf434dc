"""The people of a demo in the team's own store that takes its place: else whoever comes first would be its administrator."""

from __future__ import annotations

from sqlalchemy import insert, select

from gnetics.domain.rights import Verb
from gnetics.store.crm import Crm
from gnetics.store.schema import devices, sign_ins, user_addresses, users

_TABLES = (users, user_addresses, sign_ins, devices)


def hand_over(old: Crm, new: Crm, user: str) -> None:
    """Accounts, with what signs them in; `new` has none yet."""
    with old.read() as connection:
        found = {table: [row._asdict() for row in connection.execute(select(table))] for table in _TABLES}
    if not found[users]:
        return
    with new.write(user, Verb.ACCOUNTS) as uow:
        for table, rows in found.items():
            if rows:
                uow.connection.execute(insert(table), rows)
        uow.commit_private()
