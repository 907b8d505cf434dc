"""How people with an account write: from which addresses, under which name, with which signature."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select, update

from gnetics.domain.folding import fold
from gnetics.store import about
from gnetics.store.schema import user_addresses, users

DEMO = "contact@gnetics.example"  # the mailbox of the demo: its mails came to it, so its people answer from it


@dataclass(frozen=True)
class Writer:
    """Writes from `address`; what comes from one of the `aliases` is theirs too. Without `shown_name`: the name of the account."""

    address: str
    aliases: tuple[str, ...] = ()
    shown_name: str = ""
    signature: str = ""


def writer_of(connection: Connection, user: str) -> Writer | None:
    """None for a person without an address, who writes to nobody from here; in the demo, from which nothing leaves, all have one."""
    theirs = select(user_addresses.c.address, user_addresses.c.main).where(user_addresses.c.user == user).order_by(user_addresses.c.address)
    found = connection.execute(theirs).all()
    main = next((row.address for row in found if row.main), None)
    if main is None:
        demo = about.require(connection, "kind") == "demo"
        return Writer(DEMO, (), user) if demo else None
    shown, signature = connection.execute(select(users.c.shown_name, users.c.signature).where(users.c.name == user)).one()
    return Writer(main, tuple(row.address for row in found if not row.main), shown or user, signature or "")


def account_of(connection: Connection, owner: str | None) -> str | None:
    """The account of a Responsable, whatever the case and accents."""
    theirs = (users.c.name_fold == fold(owner), ~users.c.disabled)
    return connection.execute(select(users.c.name).where(*theirs)).scalar() if owner else None


def colleagues(connection: Connection) -> dict[str, str]:
    """Each folded address of ours, and whose it is."""
    return dict(connection.execute(select(user_addresses.c.address, user_addresses.c.user)).all())


def taken(connection: Connection, user: str, writer: Writer) -> tuple[str, str] | None:
    """An address that is somebody else's, and whose."""
    wanted = {fold(each) or "" for each in (writer.address, *writer.aliases)}
    return next(((address, who) for address, who in colleagues(connection).items() if address in wanted and who != user), None)


def keep(connection: Connection, user: str, writer: Writer) -> None:
    """In the place of what was known."""
    connection.execute(delete(user_addresses).where(user_addresses.c.user == user))
    main = fold(writer.address) or ""
    rows = {fold(each) or "": False for each in writer.aliases} | {main: True}
    connection.execute(insert(user_addresses), [{"address": address, "user": user, "main": is_main} for address, is_main in rows.items()])
    shown = {"shown_name": writer.shown_name or None, "signature": writer.signature or None}
    connection.execute(update(users).where(users.c.name == user).values(shown))
