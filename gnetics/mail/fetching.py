"""From a mailbox into the store: what is new is read and filed, what is gone is said; what was done stays done when it stops half way."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from gnetics.domain.messages import Outcome
from gnetics.domain.rights import Verb
from gnetics.errors import MailError
from gnetics.mail.attachments import keeping
from gnetics.mail.boxes.opening import source
from gnetics.mail.boxes.source import Fetched, Listing, Source
from gnetics.mail.filing import Found, Place, Rules, file_all
from gnetics.mail.reading import letter
from gnetics.settings.mailbox import Kind, MailBox
from gnetics.store.crm import Crm
from gnetics.store.duplicates import chunks
from gnetics.store.people import own_addresses
from gnetics.store.schema import mail_places, mailboxes

log = logging.getLogger("gnetics.mail")
TOGETHER = 50  # mails of a transaction
TOO_LARGE = "Cet email est trop grand\u00a0: seul son en-tête a été lu."
Progress = Callable[[int, int], None]


@dataclass
class Fetch:
    """What became of the new mails of a mailbox, and how many are no longer there."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    gone: int = 0


@dataclass
class LastRead:
    """How this process read a mailbox last: when, and the mark of each folder of which all was filed: with the same one nothing is new."""

    at: datetime | None = None
    marks: dict[str, Hashable] = field(default_factory=dict)

    def known(self, crm: Crm, box: MailBox) -> Mapping[str, Hashable]:
        """Those marks, unless another process has read the mailbox since, or this is another store."""
        with crm.read() as connection:
            answered = connection.execute(select(mailboxes.c.answered_at).where(mailboxes.c.name == box.name)).scalar()
        return self.marks if answered is not None and answered == self.at else {}


def fetch(
    crm: Crm,
    box: MailBox,
    stopping: Callable[[], bool] = lambda: False,
    progress: Progress = lambda *_: None,
    last: LastRead | None = None,
) -> Fetch:
    """Raises MailError when the mailbox cannot be read; why is kept, as the page and the administrator are told."""
    asked, last = crm.clock.now(), last or LastRead()
    try:
        with closing(source(box)) as opened:
            fetching = _Fetching(crm, box, opened, stopping, progress)
            fetched = fetching.fetch(last.known(crm, box))
    except MailError as error:
        _note(crm, box, asked, str(error))
        raise
    if not stopping():
        _note(crm, box, asked, "")
        last.at, last.marks = asked, fetching.marks
    return fetched


class _Fetching:
    def __init__(self, crm: Crm, box: MailBox, opened: Source, stopping: Callable[[], bool], progress: Progress) -> None:
        self._crm, self._box, self._source = crm, box, opened
        self._stopping, self._progress = stopping, progress
        self._rules = rules_of(crm, box)
        self._done = Fetch()
        self.marks: dict[str, Hashable] = {}  # of the folders of which all is filed

    def fetch(self, known: Mapping[str, Hashable]) -> Fetch:
        """Those with a mark that is `known` are as they were read last."""
        marked = [(folder, self._source.mark(folder)) for folder in self._source.folders()]
        self.marks = {folder.name: mark for folder, mark in marked if mark is not None}
        changed = [folder for folder, mark in marked if mark is None or mark != known.get(folder.name)]
        listings = [self._source.listing(folder) for folder in changed]
        new = {listing.folder.name: self._new(listing) for listing in listings}
        total, done = sum(map(len, new.values())), 0
        for listing in listings:
            left = len(new[listing.folder.name])
            for some in _batches(self._source.messages(listing, new[listing.folder.name])):
                if self._stopping():
                    return self._done
                self._file(listing, some)
                left, done = left - len(some), done + len(some)
                self._progress(done, total)
            if left:  # the server did not give them: they are asked for again
                self.marks.pop(listing.folder.name, None)
        return self._done

    def _new(self, listing: Listing) -> list[int]:
        """The numbers that are not known yet, once those that are gone are noted."""
        place = (
            mail_places.c.box == self._box.name,
            mail_places.c.folder == listing.folder.name,
            mail_places.c.validity == listing.uidvalidity,
        )
        with self._crm.read() as connection:
            known = dict(connection.execute(select(mail_places.c.uid, mail_places.c.gone_at).where(*place)).all())
        there = set(listing.uids)
        if gone := [uid for uid, gone_at in known.items() if gone_at is None and uid not in there]:
            with self._crm.write("", Verb.TASKS) as uow:
                for some in chunks(gone):
                    uow.connection.execute(update(mail_places).where(*place, mail_places.c.uid.in_(some)).values(gone_at=uow.now))
                uow.commit_private()
            self._done.gone += len(gone)
        return [uid for uid in listing.uids if uid not in known]

    def _file(self, listing: Listing, some: list[Fetched]) -> None:
        found = [self._found(Place(self._box.name, listing.folder.name, listing.uidvalidity, each.uid), each) for each in some]
        self._done.outcomes += file_all(self._crm, found, self._rules)

    def _found(self, place: Place, fetched: Fetched) -> Found:
        if fetched.failure:
            log.warning("%s, %s, %d: %s", place.box, place.folder, place.uid, fetched.failure)
            return Found(place, None)
        read = letter.read(fetched.content, self._crm.clock.now())
        return Found(place, replace(read, text=TOO_LARGE) if fetched.headers_only else read)


def forget_others(crm: Crm) -> None:
    """How mailboxes answered that are in the settings no more: nobody asks them, and none of them is silent."""
    others = mailboxes.c.name.not_in([box.name for box in crm.settings.mail_boxes])
    with crm.read() as connection:  # first, since writers wait for one another
        if connection.execute(select(mailboxes.c.name).where(others).limit(1)).first() is None:
            return
    with crm.write("", Verb.TASKS) as uow:
        uow.connection.execute(delete(mailboxes).where(others))
        uow.commit_private()


def rules_of(crm: Crm, box: MailBox) -> Rules:
    return Rules(own_addresses.of_all(crm), box.kind is Kind.PERSONAL, box.new_leads, keeping(crm.settings))


def _batches(messages: Iterator[Fetched]) -> Iterable[list[Fetched]]:
    some: list[Fetched] = []
    for each in messages:
        some.append(each)
        if len(some) == TOGETHER:
            yield some
            some = []
    if some:
        yield some


def _note(crm: Crm, box: MailBox, asked: datetime, said: str) -> None:
    """How the mailbox answered, the last time that it was asked."""
    with crm.write("", Verb.TASKS) as uow:
        before = uow.connection.execute(select(mailboxes.c.answered_at).where(mailboxes.c.name == box.name)).scalar()
        uow.connection.execute(delete(mailboxes).where(mailboxes.c.name == box.name))
        row = {"name": box.name, "asked_at": asked, "answered_at": before if said else asked, "said": said}
        uow.connection.execute(insert(mailboxes), row)
        uow.commit_private()
