"""Which attachments of mails are kept, as the settings say, and how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert

from gnetics.domain import file_names, mail_server
from gnetics.mail.reading import parts
from gnetics.settings import Settings
from gnetics.store.schema import attachments

if TYPE_CHECKING:
    from gnetics.mail.reading.letter import Letter  # brings lxml, which kernels do without

MEGABYTE = 1_000_000
_CUT = {parts.TOO_LONG, parts.TOO_MANY}  # the last file of such a mail may be half of it


@dataclass(frozen=True)
class Keeping:
    """Files of these extensions are kept, up to so many megabytes each."""

    extensions: frozenset[str] = frozenset()
    megabytes: int = 0

    def wants(self, name: str) -> bool:
        return file_names.extension(name) in self.extensions

    def has_room(self, size: int) -> bool:
        return size <= self.megabytes * MEGABYTE


NOTHING = Keeping()


def keeping(settings: Settings) -> Keeping:
    return Keeping(frozenset(map(file_names.wanted, mail_server.listed(settings.mail_keep_attachments))), settings.mail_attachment_mb)


def keep(connection: Connection, message_key: int, letter: Letter, rule: Keeping) -> None:
    """In the transaction that files the mail; one file after the other, since together they may be 50 times the largest."""
    for row in _kept(letter, rule):
        connection.execute(insert(attachments).values(message_key=message_key, **row))


def _kept(letter: Letter, rule: Keeping) -> Iterator[dict[str, Any]]:
    if _CUT & set(letter.flaws):
        return
    for position, each in enumerate(letter.attachments):
        if not rule.wants(each.name) or not rule.has_room(each.size):
            continue
        content = each.content()
        if not file_names.is_program(content):
            yield {
                "position": position,
                "name": file_names.safe(each.name),
                "media_type": file_names.media_type(each.name),
                "digest": sha256(content).hexdigest(),
                "content": content,
            }
