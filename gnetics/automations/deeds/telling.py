"""A mail to one of our own, by which the product tells something."""

from __future__ import annotations

from collections.abc import Sequence

from gnetics.automations.book import key
from gnetics.automations.deeds.job import Batch
from gnetics.mail import outbox, smtp
from gnetics.mail.composing import Draft, composed, new_id
from gnetics.mail.outbox import Posted
from gnetics.store.people.writers import Writer, writer_of

ME = "CRM GNETICS"


def why_not(batch: Batch, person: str) -> str:
    """Why nothing can be told to that person, "" when it can."""
    if not batch.crm.settings.mail_from:
        return "GNETICS_MAIL_FROM ne dit pas de quelle adresse le CRM écrit."
    writer = writer_of(batch.uow.connection, person)
    return "" if writer else f"{person} n’a pas d’adresse email (gnetics user email)."


def post(batch: Batch, person: str, subject: str, lines: Sequence[str], name: str, run_key: int | None = None) -> str | None:
    """Its Message-ID; None where it cannot be told."""
    writer = writer_of(batch.uow.connection, person)
    if writer is None or why_not(batch, person) or not batch.leaves:
        return None
    me = Writer(smtp.sender(batch.crm.settings), (), ME)
    text = "\n".join([f"Bonjour {writer.shown_name},", "", *lines, "", "-- ", f"{ME}, message automatique"])
    draft = Draft((writer.address,), (), subject, text)
    message_id = new_id(me)
    content = composed(me, draft, message_id, batch.uow.now, unsubscribe="")
    posted = Posted(key(batch.entry, name), message_id, content, me.address, draft, None, None, batch.uow.now, run_key)
    outbox.post(batch.uow, posted)
    return message_id
