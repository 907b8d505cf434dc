"""What each kind of mailbox gives: its folders, the messages that are there now, and their bytes; it changes nothing there."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from gnetics.domain.folding import fold
from gnetics.domain.quoting import quote
from gnetics.errors import MailError

LARGEST = 30 << 20  # bytes of a message; of a larger one only the headers are read
INBOX = "INBOX"
SENT = {  # what programs and providers call the folder of sent mail where the server does not say which it is
    "sent", "sent items", "sent mail", "sent messages", "sent-mail",
    "envoyes", "elements envoyes", "messages envoyes", "courrier envoye", "courriers envoyes", "mails envoyes",
}  # fmt: skip


@dataclass(frozen=True)
class Folder:
    """`name` as people read it, with the folders above it; `sent`: what is in it was sent by the mailbox's people."""

    name: str
    sent: bool


@dataclass(frozen=True)
class Listing:
    """The messages of a folder now, in its order, the oldest first; under another `uidvalidity` the numbers mean other messages."""

    folder: Folder
    uidvalidity: int
    uids: Sequence[int]


@dataclass(frozen=True)
class Fetched:
    """A message, or its headers only when it is too large, or why it could not be read."""

    uid: int
    size: int = 0  # of the whole message, in bytes
    content: bytes = field(default=b"", repr=False)
    failure: str = ""

    @property
    def headers_only(self) -> bool:
        return self.size > LARGEST


class Source(Protocol):
    """A mailbox that is open; MailError says why it cannot be read."""

    def folders(self) -> list[Folder]:
        """Those that the settings name, else the inbox and those of sent mail."""

    def mark(self, folder: Folder) -> Hashable | None:
        """What is the same as long as the same messages are there; None where nothing tells that for less than a listing."""

    def listing(self, folder: Folder) -> Listing: ...

    def messages(self, listing: Listing, uids: Iterable[int]) -> Iterator[Fetched]:
        """One by one, in that order, so that whoever stops goes on from there; what is gone meanwhile is left out."""

    def close(self) -> None: ...


def is_sent(name: str, delimiter: str = "/") -> bool:
    """By the name that people read."""
    return (fold(name.rpartition(delimiter)[2]) or "") in SENT


def chosen(found: Iterable[Folder], wanted: Sequence[str], box: str) -> list[Folder]:
    """MailError names one that is wanted and not there."""
    there = {each.name: each for each in found}
    if not wanted:
        return [each for each in there.values() if each.sent or each.name == INBOX]
    for name in wanted:
        if name not in there:
            names = ", ".join(quote(each) for each in there)
            raise MailError(f"La boîte {quote(box)} n’a pas de dossier {quote(name)}\u00a0; elle a {names}.")
    return [there[name] for name in wanted]
