"""The source of a mailbox, by what its settings name."""

from __future__ import annotations

from gnetics.mail.boxes.files import FileSource
from gnetics.mail.boxes.imap import ImapSource
from gnetics.settings.mailbox import MailBox


def source(box: MailBox) -> ImapSource | FileSource:
    """Nothing is opened before something is asked; close it."""
    return ImapSource(box) if box.url else FileSource(box)
