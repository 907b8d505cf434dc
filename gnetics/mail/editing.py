"""What the editor of a mail opens with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gnetics.mail import drafts
from gnetics.mail.answering import first_draft
from gnetics.mail.composing import Draft
from gnetics.store.crm import Crm
from gnetics.store.people.writers import writer_of


@dataclass(frozen=True)
class Opening:
    """`kept_at`: when the person left it so; None for what the product begins with. Without an address they write to nobody."""

    draft: Draft
    kept_at: datetime | None
    has_address: bool


def opening(crm: Crm, user: str, lead: Mapping[str, Any], mail: Mapping[str, Any] | None) -> Opening:
    with crm.read() as connection:
        kept = drafts.kept(connection, user, lead["key"], mail["key"] if mail else None)
        writer = writer_of(connection, user)
    boxes = [each.own_address for each in crm.settings.mail_boxes]
    return Opening(kept.draft if kept else first_draft(mail, lead, writer, boxes), kept.at if kept else None, writer is not None)
