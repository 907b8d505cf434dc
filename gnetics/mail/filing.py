"""Mails that were read become rows of the store, each once, with whose it is and what became of those that are not kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, insert, select

from gnetics.actions.last_contact import touch
from gnetics.domain import statuses
from gnetics.domain.folding import fold
from gnetics.domain.history import Action
from gnetics.domain.messages import WAITING, Answer, Direction, Kind, Matched, Outcome
from gnetics.domain.redacting import Traces
from gnetics.domain.rights import Verb
from gnetics.mail import attachments, attendance, suppressions
from gnetics.mail import outbox as outgoing
from gnetics.mail.attachments import NOTHING, Keeping
from gnetics.mail.matching import Match, Matching, Part, folded, part_of
from gnetics.mail.reading.headers import Address
from gnetics.mail.reading.letter import Letter
from gnetics.mail.rows import concerned, contacted, kind_of, row
from gnetics.store.crm import Crm
from gnetics.store.duplicates import chunks
from gnetics.store.person.digests import Known, What
from gnetics.store.schema import mail_places, messages, outbox
from gnetics.store.unit_of_work import UnitOfWork

FETCHER = "Courrier"  # who writes them, in the history
SOURCE = "Email"  # of a lead made from a mail
IDS = 200  # characters of a Message-ID


@dataclass(frozen=True)
class Place:
    """Where a mail stands in a mailbox."""

    box: str
    folder: str
    validity: int
    uid: int


@dataclass(frozen=True)
class Found:
    """A mail and where it stands; without `letter` it could not be read, and `why` says so."""

    place: Place
    letter: Letter | None
    why: str = ""


@dataclass(frozen=True)
class Rules:
    """What a mailbox keeps. `personal`: only mail of known leads; `new_leads`: whoever writes becomes one; `keeping`: which attachments."""

    ours: Mapping[str, str]
    personal: bool = False
    new_leads: bool = False
    keeping: Keeping = NOTHING


def file_all(crm: Crm, found: Sequence[Found], rules: Rules) -> Counter[Outcome]:
    """In one transaction, which tells each mail's place too: after a kill they are all there, or come again."""
    with crm.write(FETCHER, Verb.TASKS) as uow:
        outcomes = _Filing(uow, found, rules).file()
        places = [
            {"box": place.box, "folder": place.folder, "validity": place.validity, "uid": place.uid, "outcome": outcome, "digest": digest}
            for place, (outcome, digest) in outcomes.items()
        ]
        uow.connection.execute(insert(mail_places), places)
        uow.commit_all()
    return Counter(outcome for outcome, _ in outcomes.values())


class _Filing:
    def __init__(self, uow: UnitOfWork, found: Sequence[Found], rules: Rules) -> None:
        self._uow, self._found, self._rules = uow, found, rules
        letters = [each.letter for each in found if each.letter]
        self._parts = {letter.digest: part for letter in letters if (part := part_of(letter, rules.ours))}
        self._matching = Matching(uow.connection, [(each, self._parts[each.digest]) for each in letters if each.digest in self._parts])
        self._digests = _stored(uow, messages.c.digest, {each.digest for each in letters})
        self._ids = _stored(uow, messages.c.message_id, {each.message_id for each in letters})
        outgoing.seen(uow, {each for letter in letters for each in (letter.message_id, letter.about) if each})
        self._sent = _stored(uow, outbox.c.message_id, {each.message_id for each in letters}) & self._ids
        self._by_rules = _stored(uow, outbox.c.message_id, {each.message_id for each in letters}, outbox.c.run_key.is_not(None))
        self._erased = Known(uow.connection)
        self._rows: list[dict[str, Any]] = []
        self._letters: list[Letter] = []  # of the rows
        self._threads: set[str] = set()

    def file(self) -> dict[Place, tuple[Outcome, str | None]]:
        """What became of each mail, with the digest of those of which something is kept."""
        outcomes: dict[Place, tuple[Outcome, str | None]] = {}
        for each in self._found:
            outcome = self._outcome(each)
            digest = each.letter.digest if each.letter and outcome in (Outcome.STORED, Outcome.KNOWN) else None
            outcomes[each.place] = (outcome, digest)
        self._expire()
        for key, letter in zip(self._uow.insert_many("messages", self._rows, Action.CREATED), self._letters, strict=True):
            attachments.keep(self._uow.connection, key, letter, self._rules.keeping)
        touch(self._uow, contacted(self._rows, self._uow))
        return outcomes

    def _expire(self) -> None:
        """What is proposed to mails whose thread went on: it was written without knowing that."""
        waiting = (messages.c.reply_state.in_(WAITING), ~messages.c.deleted)
        for some in chunks(sorted(self._threads - {""})):
            keys = self._uow.connection.execute(select(messages.c.key).where(messages.c.thread.in_(some), *waiting)).scalars().all()
            expired = [(row, {"reply_state": Answer.EXPIRED}) for row in self._uow.rows("messages", keys).values()]
            self._uow.update_many("messages", expired, Action.CHANGED)

    def _outcome(self, found: Found) -> Outcome:
        letter = found.letter
        if letter is None:
            return Outcome.FAILED
        if letter.digest in self._digests or letter.message_id in self._sent:  # servers keep copies of what they send for us
            return Outcome.KNOWN
        part = self._parts.get(letter.digest)
        if part is None:
            return Outcome.INTERNAL
        if gone := self._gone(letter, part):
            if self._is_theirs(letter, part, gone):
                return Outcome.ERASED
            letter = _without(letter, gone)
        match = self._matching.of(letter, part)
        if match.lead_key is None and self._rules.new_leads and _may_be_a_lead(letter, part):
            match = self._new_lead(part, match)
        if match.lead_key is None and self._rules.personal:
            return Outcome.STRANGER
        self._keep(found.place, letter, part, match)
        return Outcome.STORED

    def _gone(self, letter: Letter, part: Part) -> set[str]:
        """Addresses of it that were somebody's who was erased, and is no contact again."""
        if not self._erased:
            return set()
        known = self._erased.among(What.ADDRESS, map(folded, {part.author, letter.sender, *letter.reply_to, *letter.to, *letter.cc}))
        failed = self._erased.among(What.ADDRESS, (fold(each) or "" for each in letter.bounce.failed)) if letter.bounce else set()
        return {each for each in known | failed if not self._matching.leads_of(each)}

    def _is_theirs(self, letter: Letter, part: Part, gone: Collection[str]) -> bool:
        """Whether they wrote it, it was written to them alone, or it says that it did not reach them."""
        others = {folded(each) for each in (*letter.to, *letter.cc)} - self._rules.ours.keys() - set(gone)
        alone = part.direction is Direction.SENT and not others
        return folded(part.author) in gone or alone or bool(letter.bounce and {fold(each) for each in letter.bounce.failed} <= set(gone))

    def _new_lead(self, part: Part, match: Match) -> Match:
        """Whoever wrote becomes a lead, unless the address is that of several."""
        address = folded(part.author)
        if not address or self._matching.leads_of(address):
            return match
        lead = {"lead_id": self._uow.next_lead_id(), "name": part.author.name or None, "email": part.author.address, "source": SOURCE}
        key = self._uow.insert("leads", {**lead, "created_at": self._uow.now.date(), "status": statuses.FIRST})
        self._matching.note_lead(address, key)
        return Match(key, Matched.SENDER, address, match.thread)

    def _keep(self, place: Place, letter: Letter, part: Part, match: Match) -> None:
        message_id = self._own_id(letter)
        self._digests.add(letter.digest)
        self._ids.add(message_id)
        self._matching.note(message_id, match.lead_key, match.thread)
        if part.direction is Direction.RECEIVED:
            self._threads.add(match.thread)
        ours = {"colleague": None} if letter.message_id in self._by_rules else {}  # nobody pressed send
        self._rows.append(row(letter, part, match, self._uow.now) | {"message_id": message_id, "box": place.box} | ours)
        self._letters.append(letter)
        if letter.invitation and part.direction is Direction.RECEIVED and not part.forwarded:
            attendance.take(self._uow, part.author.address, letter.invitation)
        kind = kind_of(letter, part)
        if kind is Kind.OPT_OUT:
            written = min(letter.sent_at or self._uow.now, self._uow.now).astimezone(self._uow.region.zone).date()
            suppressions.opt_out(self._uow, concerned(letter, part), written, "email", self._rules.ours)
        elif kind is Kind.COMPLAINT or (letter.bounce and letter.bounce.final):
            suppressions.add(self._uow, concerned(letter, part), kind, self._rules.ours)

    def _own_id(self, letter: Letter) -> str:
        """The same Message-ID with other content is another mail; one without is called by its content."""
        name = letter.message_id[:IDS]
        return name if name and name not in self._ids else f"{name}#{letter.digest[:16]}"


def _without(letter: Letter, gone: Collection[str]) -> Letter:
    """A mail to several, without those who were erased."""
    traces = Traces(frozenset(gone))

    def left(people: tuple[Address, ...]) -> tuple[Address, ...]:
        return tuple(each for each in people if folded(each) not in gone)

    letter = replace(letter, to=left(letter.to), cc=left(letter.cc), reply_to=left(letter.reply_to))
    return replace(letter, subject=traces.without(letter.subject), text=traces.without(letter.text), quoted=traces.without(letter.quoted))


def _may_be_a_lead(letter: Letter, part: Part) -> bool:
    return letter.kind is Kind.MESSAGE and part.direction is Direction.RECEIVED


def _stored(uow: UnitOfWork, column: Any, values: Collection[str], *where: ColumnElement[bool]) -> set[str]:
    """Those of these values that the column has, of deleted rows too: what was deleted does not come back."""
    found = (select(column).where(column.in_(some), *where) for some in chunks(sorted(values)))
    return {each for query in found for each in uow.connection.execute(query).scalars()}
