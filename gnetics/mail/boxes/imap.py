"""A mailbox on an IMAP server; its folders are opened read only, so that no flag changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from imaplib import IMAP4
from typing import TypeVar

from imap_tools import BaseMailBox, FolderInfo, MailMessageFlags

from gnetics.domain.quoting import quote
from gnetics.errors import MailError
from gnetics.mail.boxes import fetching
from gnetics.mail.boxes.connection import connect, leave, told
from gnetics.mail.boxes.source import INBOX, Fetched, Folder, Listing, chosen, is_sent
from gnetics.settings.mailbox import MailBox

CLOSED = {"\\NOSELECT", "\\NONEXISTENT"}  # only there for the folders within
T = TypeVar("T")
ARRIVED = re.compile(rb"\* \d+ EXISTS")


class ImapSource:
    """Its connection is made when something is asked, and made anew after a failure."""

    def __init__(self, box: MailBox) -> None:
        self._box = box
        self._server: BaseMailBox | None = None
        self._open = ""  # the folder that is open
        self._next = 0  # the number that the inbox's next message will have

    def folders(self) -> list[Folder]:
        found = self._ask(lambda server: server.folder.list())
        return chosen(_folders(found), self._box.folders, self._box.name)

    def listing(self, folder: Folder) -> Listing:
        return self._ask(lambda server: self._listing(server, folder))

    def messages(self, listing: Listing, uids: Iterable[int]) -> Iterator[Fetched]:
        return fetching.messages(lambda some, what: self._fetch(listing, some, what), uids)

    def wait(self, seconds: float) -> bool:
        """Whether something came into the inbox since it was last listed, or comes within so long; no, at once, where nothing tells."""
        with suppress(MailError), self._asking() as server:  # a line that breaks is told by what is asked next
            if b"IDLE" in server.client.capability()[1][0].upper().split():
                self._examine(server, INBOX)
                return _number(server, "UIDNEXT") != self._next or any(map(ARRIVED.match, server.idle.wait(seconds)))
        return False

    def append(self, folder: Folder, content: bytes) -> None:
        """A copy of what we sent, marked as read."""
        with self._asking() as server:
            server.append(content, folder.name, flag_set=[MailMessageFlags.SEEN])

    def close(self) -> None:
        if self._server:
            leave(self._server)
        self._server, self._open = None, ""

    def _ask(self, question: Callable[[BaseMailBox], T]) -> T:
        """Over a new line too, since servers close those that say nothing for a while."""
        if self._server:
            with suppress(MailError), self._asking() as server:
                return question(server)
        with self._asking() as server:
            return question(server)

    @contextmanager
    def _asking(self) -> Iterator[BaseMailBox]:
        """The server, signed in; what fails may leave the line in any state, so it is given up."""
        self._server = self._server or connect(self._box)
        try:
            with told(self._box):
                yield self._server
        except BaseException:
            self.close()
            raise

    def _examine(self, server: BaseMailBox, name: str) -> int:
        """Open a folder as it is now; its UIDVALIDITY."""
        server.folder.set(name, readonly=True)
        self._open = name
        return _number(server, "UIDVALIDITY")

    def _listing(self, server: BaseMailBox, folder: Folder) -> Listing:
        uidvalidity = self._examine(server, folder.name)
        if folder.name == INBOX:
            self._next = _number(server, "UIDNEXT")
        return Listing(folder, uidvalidity, sorted(map(int, server.uids("ALL", charset=None))))

    def _fetch(self, listing: Listing, uids: Sequence[int], what: str) -> fetching.Answer:
        name = listing.folder.name
        with self._asking() as server:  # a server that is gone stops everything
            if self._open != name and self._examine(server, name) != listing.uidvalidity:
                raise MailError(f"La boîte {quote(self._box.name)} a refait son dossier {quote(name)}\u00a0; il est à relire.")
        try:
            with self._asking() as server:
                return _answer(*server.client.uid("FETCH", ",".join(map(str, uids)), what))
        except MailError as error:
            if isinstance(error.__cause__, TimeoutError):  # so would each half, one after the other
                raise
            raise fetching.NotFetched(str(error)) from error


def _folders(found: Sequence[FolderInfo]) -> list[Folder]:
    """What is marked \\Sent has sent mail, else what is named so."""
    marked = [each for each in found if "\\SENT" in _flags(each)]
    return [
        Folder(INBOX if each.name.upper() == INBOX else each.name, each in marked if marked else is_sent(each.name, each.delim))
        for each in found
        if not _flags(each) & CLOSED
    ]


def _flags(folder: FolderInfo) -> set[str]:
    return {flag.upper() for flag in folder.flags}


def _number(server: BaseMailBox, code: str) -> int:
    """That the server told of the folder it opened."""
    found = server.client.response(code)[1][-1]
    if found is None:
        raise IMAP4.error(f"{code} ?")
    return int(found)


def _answer(status: str, answer: fetching.Answer) -> fetching.Answer:
    if status != "OK":
        raise IMAP4.error(answer[-1].decode(errors="replace"))
    return answer
