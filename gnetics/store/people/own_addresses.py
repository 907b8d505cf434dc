"""Addresses that are ours: those of people with an account, and those of mailboxes themselves."""

from __future__ import annotations

from gnetics.domain.folding import fold
from gnetics.store.crm import Crm
from gnetics.store.people.writers import DEMO, colleagues


def of_boxes(crm: Crm) -> list[str]:
    """Mailboxes' own; the demo, which reads none, has the one that its mails came to."""
    return [DEMO] if crm.kind == "demo" else [each.own_address for each in crm.settings.mail_boxes if each.own_address]


def of_all(crm: Crm) -> dict[str, str]:
    """Each of them, folded, and whose it is: "" for a mailbox's own."""
    own = {folded: "" for each in of_boxes(crm) if (folded := fold(each))}
    with crm.read() as connection:
        return {**own, **colleagues(connection)}
