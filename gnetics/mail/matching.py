"""Whose a mail is: the lead that it is about, and what proves it. Nothing is guessed: two leads for one address are none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, or_, select

from gnetics.domain import lead_ids
from gnetics.domain.folding import fold
from gnetics.domain.leads import same_person
from gnetics.domain.messages import Direction, Filed, Matched
from gnetics.domain.statuses import type_of
from gnetics.domain.typography import counted
from gnetics.store.duplicates import chunks
from gnetics.store.merges import living, survivor
from gnetics.store.schema import leads, messages

if TYPE_CHECKING:
    from gnetics.mail.reading.headers import Address
    from gnetics.mail.reading.letter import Letter


@dataclass(frozen=True)
class Match:
    """`on`: what was found, or why nothing proves whose the mail is; `thread`: of the mail that it answers."""

    lead_key: int | None
    by: Matched | None
    on: str
    thread: str = ""


@dataclass(frozen=True)
class Part:
    """Who wrote a mail, seen from here. `colleague`: whose account wrote or handed it on; `author`: whose words it brings."""

    direction: Direction
    author: Address
    colleague: str = ""
    forwarded: bool = False


def part_of(letter: Letter, ours: Mapping[str, str]) -> Part | None:
    """None for a mail between colleagues; `ours` says whose each of our addresses is ("" for a mailbox's own)."""
    who = ours.get(folded(letter.sender))
    if who is None:
        return Part(Direction.RECEIVED, letter.sender)
    if any(folded(each) not in ours for each in (*letter.to, *letter.cc)):
        return Part(Direction.SENT, letter.sender, who)
    if letter.forwarded_from and folded(letter.forwarded_from) not in ours:
        return Part(Direction.RECEIVED, letter.forwarded_from, who, forwarded=True)
    if visitor := next((each for each in letter.reply_to if folded(each) not in ours), None):  # our own contact form
        return Part(Direction.RECEIVED, visitor)
    return None


def folded(address: Address) -> str:
    return fold(address.address) or ""


class Matching:
    """Of some mails at once: what the store knows of all their addresses, references and parents is asked first."""

    def __init__(self, connection: Connection, letters: Sequence[tuple[Letter, Part]]) -> None:
        self._connection = connection
        self._known: dict[str, tuple[int | None, str]] = {}
        self._by_address: defaultdict[str, list[int]] = defaultdict(list)
        self._read_messages(connection, {each for letter, _ in letters for each in _parents(letter)})
        self._read_addresses(connection, {each for letter, part in letters for each in _addresses(letter, part)})

    def note(self, message_id: str, lead_key: int | None, thread: str) -> None:
        """A mail that was stored meanwhile: the next ones may answer it."""
        self._known[message_id] = (lead_key, thread)

    def note_lead(self, address: str, key: int | None) -> None:
        """A lead that has the address, made meanwhile too; None for one that is no more."""
        if key is not None and key not in self._by_address[address]:
            self._by_address[address].append(key)

    def leads_of(self, address: str) -> list[int]:
        return self._by_address.get(address, [])

    def of(self, letter: Letter, part: Part) -> Match:
        parent = next((each for each in _parents(letter) if each in self._known), None)
        lead, thread = self._known[parent] if parent else (None, "")
        thread = thread or next(iter(letter.references), "") or letter.in_reply_to or letter.message_id
        for lead_id in lead_ids.named_in(letter.subject):
            if (named := survivor(self._connection, lead_id)) is not None:
                return Match(named, Matched.REFERENCE, lead_id, thread)
        if lead is not None and parent:
            return Match(lead, Matched.REPLY, f"répond à {parent}", thread)
        return self._by_people(letter, part, thread)

    def _by_people(self, letter: Letter, part: Part, thread: str) -> Match:
        doubtful: list[str] = []
        for by, addresses in _people(letter, part):
            for address in addresses:
                found = self._of_one_person(self.leads_of(address))
                if len(found) == 1:
                    return Match(found[0], by, address, thread)
                if found:
                    doubtful.append(f"{counted(len(found), 'contact a', 'contacts ont')} l’adresse {address}")
        return Match(None, None, "\u00a0; ".join(doubtful) or "aucun contact n’a cette adresse", thread)

    def _of_one_person(self, keys: list[int]) -> list[int]:
        """Of the deals of one person, the last of those that go on, else the last; leads of several people are left as they are."""
        if len(keys) < 2:
            return keys
        asked = select(leads.c.key, leads.c.status, leads.c.lead_id, leads.c.deal_of).where(leads.c.key.in_(keys))
        rows = [dict(row) for row in self._connection.execute(asked).mappings()]
        if not all(same_person(rows[0], row) for row in rows):
            return keys
        return [max(rows, key=lambda row: (type_of(row["status"]) == "ouvert", row["key"]))["key"]]

    def _read_messages(self, connection: Connection, ids: set[str]) -> None:
        columns = (messages.c.message_id, messages.c.lead_key, messages.c.thread)
        for some in chunks(sorted(ids)):
            for row in connection.execute(select(*columns).where(messages.c.message_id.in_(some), ~messages.c.deleted)):
                lead = None if row.lead_key is None else living(connection, row.lead_key)
                self._known[row.message_id] = (lead, row.thread or "")

    def _read_addresses(self, connection: Connection, addresses: set[str]) -> None:
        """Those of leads, of leads that others took over, and those whose mail somebody attached."""
        theirs = select(leads.c.email_fold, leads.c.key, leads.c.merged_into)
        there = or_(~leads.c.deleted, leads.c.merged_into.is_not(None))
        by_hand = select(messages.c.sender_address, messages.c.lead_key)
        attached = (messages.c.filed == Filed.ATTACHED, messages.c.matched_by == Matched.BY_HAND, ~messages.c.deleted)
        for some in chunks(sorted(addresses)):
            for address, key, merged_into in connection.execute(theirs.where(leads.c.email_fold.in_(some), there)).all():
                self.note_lead(address, key if merged_into is None else living(connection, key))
            for address, key in connection.execute(by_hand.where(messages.c.sender_address.in_(some), *attached).distinct()).all():
                self.note_lead(address, living(connection, key))


def _parents(letter: Letter) -> Iterable[str]:
    """What it answers, the nearest first."""
    return dict.fromkeys(each for each in (letter.in_reply_to, *reversed(letter.references), letter.about) if each)


def _people(letter: Letter, part: Part) -> list[tuple[Matched, list[str]]]:
    """Whose addresses prove whose it is, the surest first."""
    if letter.bounce:
        return [(Matched.RETURNED, [fold(each) or "" for each in letter.bounce.failed])]
    recipients = [folded(each) for each in (*letter.to, *letter.cc)]
    if part.direction is Direction.SENT:
        return [(Matched.RECIPIENT, recipients)]
    author = Matched.FORWARD if part.forwarded else Matched.SENDER if part.author == letter.sender else Matched.REPLY_TO
    answered = [folded(each) for each in letter.reply_to]
    return [(author, [folded(part.author)]), (Matched.REPLY_TO, answered), (Matched.RECIPIENT, recipients)]


def _addresses(letter: Letter, part: Part) -> set[str]:
    return {address for _, addresses in _people(letter, part) for address in addresses if address}
