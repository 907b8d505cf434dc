"""What the editor of a mail opens with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gnetics.mail import barred, drafts
from gnetics.mail.answering import NO_ADDRESS, first_draft
from gnetics.mail.composing import Draft
from gnetics.store.crm import Crm
from gnetics.store.people import own_addresses
from gnetics.store.people.writers import writer_of


@dataclass(frozen=True)
class Opening:
    """`kept_at`: when the person left it so; None for what the product begins with.

    `refused`: why it could not be sent as it is, "" when it can: who writes has no address, or nothing is sent to whom it is for.
    """

    draft: Draft
    kept_at: datetime | None
    refused: str


def opening(crm: Crm, user: str, lead: Mapping[str, Any], mail: Mapping[str, Any] | None) -> Opening:
    with crm.read() as connection:
        kept = drafts.kept(connection, user, lead["key"], mail["key"] if mail else None)
        writer = writer_of(connection, user)
    begun = kept.draft if kept else first_draft(mail, lead, writer, own_addresses.of_boxes(crm))
    with crm.read() as connection:
        said_no = barred.why(connection, begun.recipients, lead["key"])
    return Opening(begun, kept.at if kept else None, said_no if writer else NO_ADDRESS)
