"""Above the Inbox Log: how each mailbox answered the last time that it was asked."""

from __future__ import annotations

from typing import TypedDict

from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import given


class MailboxLine(TypedDict):
    """`answered` says when all was read last; `error` why it could not be since, "" when it could."""

    name: str
    answered: str
    error: str


class Mailboxes(GuardedTemplate):
    source = "mailboxes.vue"
    boxes = given(list[MailboxLine])
