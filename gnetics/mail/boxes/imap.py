"""A mailbox on an IMAP server; its folders are opened read only, so that no flag changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from imaplib import IMAP4
from time import monotonic
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
SLICE = 1.0  # seconds: how soon one that waits stops


class NotTold(MailError):
    """The server has no IDLE."""


class ImapSource:
    """Its connection is made when something is asked, and made anew after a failure."""

    def __init__(self, box: MailBox) -> None:
        self._box = box
        self._server: BaseMailBox | None = None
        self._open = ""  # the folder that is open
        self._next = 0  # the number that the inbox's next message was to have, when it was waited for last

    def folders(self) -> list[Folder]:
        found = self._ask(lambda server: server.folder.list())
        return chosen(_folders(found), self._box.folders, self._box.name)

    def mark(self, folder: Folder) -> Hashable | None:
        """A message that comes takes the next number; one that goes is counted no more."""
        return self._ask(lambda server: self._mark(server, folder))

    def listing(self, folder: Folder) -> Listing:
        return self._ask(lambda server: self._listing(server, folder))

    def messages(self, listing: Listing, uids: Iterable[int]) -> Iterator[Fetched]:
        return fetching.messages(lambda some, what: self._fetch(listing, some, what), uids)

    def wait(self, seconds: float, stopping: Callable[[], bool] = lambda: False) -> bool:
        """Whether something came into the inbox since this was asked last, or comes within so long; yes when it is asked first.

        NotTold where the server does not say.
        """
        with self._asking() as server:
            if b"IDLE" not in server.client.capability()[1][0].upper().split():
                raise NotTold(f"Le serveur de la boîte {quote(self._box.name)} n’annonce pas le courrier qui arrive.")
            return self._came(server) or (_told(server, seconds, stopping) and self._came(server))

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

    def _came(self, server: BaseMailBox) -> bool:
        self._examine(server, INBOX)
        before, self._next = self._next, _number(server, "UIDNEXT")
        return self._next != before

    def _mark(self, server: BaseMailBox, folder: Folder) -> Hashable | None:
        uidvalidity = self._examine(server, folder.name)
        numbers = [server.client.response(code)[1][-1] for code in ("UIDNEXT", "EXISTS")]
        return None if None in numbers else (uidvalidity, *numbers)

    def _listing(self, server: BaseMailBox, folder: Folder) -> Listing:
        uidvalidity = self._examine(server, folder.name)
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


def _told(server: BaseMailBox, seconds: float, stopping: Callable[[], bool]) -> bool:
    """Whether the server says, within so long, that something came."""
    end = monotonic() + seconds
    with server.idle as idle:
        while (now := monotonic()) < end and not stopping():
            lines = idle.poll(min(SLICE, end - now))
            if any(map(ARRIVED.match, lines)):
                return True
            if not lines and monotonic() - now < SLICE / 2:  # it was woken by nothing: leaving IDLE tells whether the line is cut
                return False
    return False


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
