"""Who somebody is in the store, and where they stand: their own rows, and what others wrote of them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select, true

from gnetics.domain import emails, lead_ids, phones
from gnetics.domain.fields import LEAD_FIELDS
from gnetics.domain.folding import fold
from gnetics.domain.leads import person, title
from gnetics.domain.messages import Direction, Matched
from gnetics.domain.redacting import Traces, addresses_in
from gnetics.domain.regions import Region
from gnetics.errors import NotFound, Refused, Unreadable
from gnetics.store.full_text import among
from gnetics.store.merges import merged_into
from gnetics.store.person.columns import REGISTER, TEXTS, Way, columns_of
from gnetics.store.person.digests import What, digest, lead_name
from gnetics.store.schema import (
    attachments,
    collection_objects,
    drafts,
    events,
    foreign_keys,
    history,
    invitations,
    leads,
    messages,
    metadata,
    outbox,
    runs,
    sequences,
    suppressions,
    user_addresses,
    users,
)

FEW = 6  # patterns, up to which SQL looks for each; of more, each text is looked at, which is quicker then
EVERYTHING = ("%",)
_ASIDE = {"history": history.c.field.in_([each.key for each in LEAD_FIELDS if each.kind in ("score", "percent", "money", "date")])}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Person:
    """`rows` are their leads, merged ones and other deals too; `mails` keys of mails that are theirs.

    `traces` are what only they are known by: an address or telephone that somebody else has is in `shared`, with whose it is.
    """

    rows: tuple[Row, ...]
    traces: Traces
    mails: frozenset[int] = frozenset()
    shared: Mapping[str, str] = field(default_factory=dict)

    @property
    def keys(self) -> list[int]:
        return [row["key"] for row in self.rows]

    @property
    def ids(self) -> str:
        """Their ID Leads, for a sentence."""
        return ", ".join(row["lead_id"] for row in self.rows if row["lead_id"])

    @property
    def called(self) -> str:
        """For a sentence."""
        return title(self.rows[0]) if self.rows else next(iter(sorted(self.traces.addresses | self.traces.phones)), "")


def person_of(connection: Connection, asked: str, region: Region) -> Person:
    """By an ID Lead, an email or a telephone; raises NotFound, and Refused where it is several people's, naming them."""
    found = _leads_of(connection, asked, region)
    people = {person(row) or str(row["key"]) for row in found if row["merged_into"] is None}
    if len(people) > 1:
        named = " ; ".join(f"{row['lead_id'] or 'sans ID Lead'}, {title(row)}" for row in found)
        raise Refused({"": f"Plusieurs contacts ont {asked.strip()}\u00a0: {named}. Donnez l’ID Lead de celui dont il s’agit."})
    if found:
        return person_of_leads(connection, with_deals(connection, [row["key"] for row in found]))
    address, phone = _address(asked), _phone(asked, region)
    traces = Traces(frozenset({address} if address else ()), frozenset({phone} if phone else ()))
    unknown = Person((), traces, _mails(connection, [], traces.addresses))
    if not (address or phone) or not (unknown.mails or any(mentions(connection, unknown))):
        raise NotFound(f"Personne n’est connu ici par «\u00a0{asked.strip()}\u00a0»\u00a0: donnez un ID Lead, un email ou un téléphone.")
    return unknown


def person_of_leads(connection: Connection, keys: Collection[int], more: Traces | None = None) -> Person:
    """Whose these leads are, and those that they took over; `more` is known of them besides."""
    rows = _rows(connection, among(connection, leads.c.key, [*keys, *merged_into(connection, keys)]))
    rows.sort(key=lambda row: (row["merged_into"] is not None, row["key"]))
    mine = [row["key"] for row in rows]
    addresses = {row["email_fold"] for row in rows if row["email_fold"]} | _attached_by_hand(connection, mine)
    numbers = {row["phone_e164"] for row in rows if row["phone_e164"] and row["erased_at"] is None}
    shared = _shared(connection, mine, addresses, numbers)
    ours = set(connection.execute(select(user_addresses.c.address)).scalars())
    names = frozenset(row["name"] for row in rows if row["name"] and row["erased_at"] is None)
    traces = Traces(frozenset(addresses - shared.keys() - ours), frozenset(numbers - shared.keys()), names)
    traces = traces | more if more else traces
    return Person(tuple(rows), traces, _mails(connection, mine, traces.addresses), shared)


def person_known_by(connection: Connection, key: str, known: Collection[str]) -> Person:
    """Everybody whose ID Lead, address or telephone has one of these digests, as one."""

    def has(what: What, values: Iterable[str | None]) -> set[str]:
        return {value for value in values if value and digest(key, what, value) in known}

    rows = _rows(connection, leads.c.erased_at.is_(None))
    names = has(What.LEAD, map(lead_name, rows))
    addresses = has(What.ADDRESS, {*(row["email_fold"] for row in rows), *_addresses(connection)})
    numbers = has(What.PHONE, (row["phone_e164"] for row in rows))
    keys = [row["key"] for row in rows if lead_name(row) in names or row["email_fold"] in addresses]
    return person_of_leads(connection, keys, Traces(frozenset(addresses), frozenset(numbers)))


def refuse_colleague(connection: Connection, found: Person, ours: Collection[str]) -> None:
    """Raises Refused for somebody with an account, or who is a Responsable; `ours` are the folded addresses that are ours."""
    addresses = {row["email_fold"] for row in found.rows} | found.traces.addresses
    if known := sorted(each for each in addresses if each in ours):
        raise Refused(
            {"": f"{found.called} a une adresse de l’équipe ({known[0]})\u00a0: rien n’est effacé. Retirez-la d’abord du compte."}
        )
    names = {each for name in found.traces.names if (each := fold(name))}
    accounts = set(connection.execute(select(users.c.name_fold)).scalars())
    owners = {fold(name) for name in connection.execute(select(leads.c.owner).where(leads.c.owner.is_not(None)).distinct()).scalars()}
    if names & accounts or names & owners:
        what = "un compte" if names & accounts else "le Responsable de contacts"
        raise Refused({
            "": f"{found.called} est aussi {what}\u00a0: rien n’est effacé. Si c’est un homonyme, distinguez d’abord le nom de sa fiche."
        })  # fmt: skip


def theirs(connection: Connection, found: Person) -> dict[str, ColumnElement[bool]]:
    """By table, which rows are the person's own."""
    keys, mails = found.keys, sorted(found.mails)

    def of_leads(column: ColumnElement[Any]) -> ColumnElement[bool]:
        return among(connection, column, keys)

    def of_mails(column: ColumnElement[Any]) -> ColumnElement[bool]:
        return among(connection, column, mails)

    sent = select(messages.c.message_id).where(of_mails(messages.c.key))
    line = history.c.entity_key
    planned = select(events.c.key).where(of_leads(events.c.lead_key))
    about = {
        "lead": of_leads(line),
        "event": line.in_(planned),
        "message": of_mails(line),
        "run": line.in_(select(runs.c.key).where(of_leads(runs.c.lead_key))),
    }
    return {
        "leads": of_leads(leads.c.key),
        "events": of_leads(events.c.lead_key),
        "messages": of_mails(messages.c.key),
        "runs": of_leads(runs.c.lead_key),
        "sequences": of_leads(sequences.c.lead_key),
        "attachments": of_mails(attachments.c.message_key),
        "foreign_keys": of_leads(foreign_keys.c.lead_key),
        "outbox": or_(of_leads(outbox.c.lead_key), outbox.c.message_id.in_(sent), of_mails(outbox.c.answers)),
        "drafts": or_(of_leads(drafts.c.lead_key), of_mails(drafts.c.answers)),
        "collection_objects": collection_objects.c.event_key.in_(planned),
        "invitations": invitations.c.event_key.in_(planned),
        "suppressions": suppressions.c.address.in_(sorted(found.traces.addresses)),
        "history": or_(*(and_(history.c.entity == entity, which) for entity, which in about.items())),
    }


@dataclass(frozen=True)
class Mention:
    """A row of others in which the person stands: the columns, with what each says."""

    table: str
    row: Row
    texts: Mapping[str, str]


def mentions(connection: Connection, found: Person) -> Iterator[Mention]:
    """The rows of others that hold an address or a telephone of the person."""
    yield from _looked_for(connection, found, (*TEXTS, Way.PEOPLE), found.traces.patterns, found.traces.reach_in)


def places(connection: Connection, found: Person) -> Iterator[Mention]:
    """The rows of others that name the person, for a human to decide."""
    traces = found.traces
    if traces.names:
        ways = (*TEXTS, Way.PEOPLE, Way.PLACE)
        yield from _looked_for(connection, found, ways, traces.name_patterns, traces.named_in)
    yield from _looked_for(connection, found, (Way.PLACE,), traces.patterns, traces.reach_in)


def _looked_for(
    connection: Connection, found: Person, ways: Collection[Way], patterns: Collection[str], holds: Callable[[str], bool]
) -> Iterator[Mention]:
    if not patterns:
        return
    own = theirs(connection, found)
    like = patterns if len(patterns) <= FEW else EVERYTHING
    for name in REGISTER:
        table, columns = metadata.tables[name], columns_of(name, *ways)
        if not columns:
            continue
        wanted = or_(*(column.ilike(each, escape="/") for column in columns for each in like))
        where = [wanted, *(each.is_not(true()) for each in (own.get(name), _ASIDE.get(name)) if each is not None)]
        opaque = {column.name for column in columns_of(name, Way.OPAQUE, Way.PACKED)}
        read = [column for column in table.c if column.name not in opaque]
        for row in chain.from_iterable(connection.execute(select(*read).where(*where)).mappings().partitions(1_000)):
            texts = {column.name: row[column.name] for column in columns if row[column.name] and holds(row[column.name])}
            if texts:
                yield Mention(name, dict(row), texts)


def _rows(connection: Connection, where: ColumnElement[bool]) -> list[Row]:
    return [dict(row) for row in connection.execute(select(leads).where(where).order_by(leads.c.key)).mappings()]


def _leads_of(connection: Connection, asked: str, region: Region) -> list[Row]:
    """Those that an ID Lead, an email or a telephone names, in the bin too."""
    text = asked.strip()
    if found := _rows(connection, leads.c.lead_id == text):
        return found
    if (number := lead_ids.number_of(text)) and (found := _rows(connection, leads.c.lead_id == lead_ids.written(number))):
        return found
    if address := _address(text):
        return _rows(connection, and_(leads.c.email_fold == address, leads.c.merged_into.is_(None)))
    phone = _phone(text, region)
    return _rows(connection, and_(leads.c.phone_e164 == phone, leads.c.merged_into.is_(None))) if phone else []


def with_deals(connection: Connection, keys: Collection[int]) -> list[int]:
    """These leads, and the other deals of the same person."""
    people = {each for row in _rows(connection, leads.c.key.in_(keys)) if (each := person(row))}
    deals = and_(or_(leads.c.lead_id.in_(people), leads.c.deal_of.in_(people)), leads.c.merged_into.is_(None))
    return list(dict.fromkeys([*keys, *(row["key"] for row in _rows(connection, deals))]))


def _address(text: str) -> str | None:
    try:
        return fold(emails.parse(text))
    except Unreadable:
        return None


def _phone(text: str, region: Region) -> str | None:
    try:
        return phones.parse(text, region)
    except Unreadable:
        return None


def _addresses(connection: Connection) -> set[str]:
    """All that stand where addresses are written, folded."""
    found = set(connection.execute(select(messages.c.sender_address).distinct()).scalars())
    found |= set(connection.execute(select(suppressions.c.address)).scalars())
    for column in (*columns_of("messages", Way.HEADER), events.c.participants, outbox.c.recipients):
        for text in connection.execute(select(column).where(column.is_not(None)).distinct()).scalars():
            found.update(each for address in addresses_in(str(text)) if (each := fold(address)))
    return found


def _attached_by_hand(connection: Connection, keys: Collection[int]) -> set[str]:
    """Other addresses from which they wrote: somebody said that these mails are theirs."""
    by_hand = (messages.c.matched_by == Matched.BY_HAND, messages.c.direction == Direction.RECEIVED, messages.c.sender_address != "")
    return set(
        connection.execute(select(messages.c.sender_address).where(among(connection, messages.c.lead_key, list(keys)), *by_hand)).scalars()
    )


def _shared(connection: Connection, keys: Collection[int], addresses: Collection[str], numbers: Collection[str]) -> dict[str, str]:
    """Those that a lead of somebody else has, and whose they are."""
    having = or_(leads.c.email_fold.in_(addresses), leads.c.phone_e164.in_(numbers))
    others = _rows(
        connection, and_(having, ~among(connection, leads.c.key, list(keys)), leads.c.merged_into.is_(None), leads.c.erased_at.is_(None))
    )
    return {
        each: f"{title(row)} ({row['lead_id']})" if row["lead_id"] else title(row)
        for row in others
        for each in (row["email_fold"], row["phone_e164"])
        if each in addresses or each in numbers
    }


def _mails(connection: Connection, keys: Collection[int], addresses: Collection[str]) -> frozenset[int]:
    """Filed with their leads, written by them, about them, or sent to them alone."""
    by_them = or_(messages.c.sender_address.in_(addresses), messages.c.concerns.in_(addresses))
    filed = among(connection, messages.c.lead_key, list(keys))
    found = set(connection.execute(select(messages.c.key).where(or_(filed, by_them))).scalars())
    if addresses:
        traces = Traces(frozenset(addresses))
        to_them = or_(*(messages.c.recipients.ilike(each, escape="/") for each in traces.patterns))
        loose = (messages.c.lead_key.is_(None), messages.c.direction == Direction.SENT, to_them)
        for key, *people in connection.execute(select(messages.c.key, messages.c.recipients, messages.c.cc).where(*loose)):
            if "@" not in traces.without(" , ".join(filter(None, people))):
                found.add(key)
    return frozenset(found)
