"""A calendar of a server and the store are made the same: what is new there comes in, what is new here is sent; nothing is done twice.

A round asks what changed, takes it in one transaction, then sends. Where somebody changed what is sent, the server refuses it (412): one
more round.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from gnetics.calendars import documents, reader, rests, sayings, states
from gnetics.calendars.dav import Changes, Content, Refused, Server
from gnetics.calendars.sayings import Reading
from gnetics.calendars.states import Object, Part
from gnetics.calendars.taking import Taking, Tally, is_changed, parts_of, units_of
from gnetics.domain.folding import fold
from gnetics.domain.quoting import quote
from gnetics.domain.regions import Region
from gnetics.domain.rights import Verb
from gnetics.domain.typography import counted
from gnetics.errors import CalendarError, UnreadableFile
from gnetics.exports.icalendar import icalendar
from gnetics.imports import reading_apart
from gnetics.imports.ics.events import Entry
from gnetics.settings.calendar import CalendarAccount
from gnetics.store.crm import Crm
from gnetics.store.person.digests import Known as People
from gnetics.store.person.digests import What
from gnetics.store.unit_of_work import Row

NAMED = "Agenda «\u00a0{}\u00a0»"
ROUNDS = 4
FEW, SHARE = 3, 0.2  # so many events may go at once, or such a part of all; more is asked
REFUSALS = 3  # events that a server does not take before it is left alone
LARGEST, LITTLE = 2 * 2**20, 2**16  # bytes of an event; of all that are read at once
MEMORY, SECONDS, SECONDS_FOR_EACH = 2**30, 5, 2  # of who reads events, and for each MB
_TOO_LARGE = f"Cet événement dépasse {LARGEST // 2**20}\u00a0Mo."
_TOO_HEAVY = "les événements reçus demandent plus de mémoire ou de temps que le serveur n’en donne."
_BUSY = "cet agenda change sans cesse, ou une autre synchronisation est en cours. Nouvel essai plus tard."
_LOST_THERE = (
    "{lost} sur {all} ne sont plus sur le serveur. Rien n’est changé\u00a0: "
    "si c’est voulu, dites «\u00a0gnetics calendar sync {name} --confirm\u00a0»."
)
_LOST_HERE = (
    "{lost} sur {all} ne sont plus dans le CRM, ou plus à ce responsable. Rien n’est retiré du serveur\u00a0: "
    "si c’est voulu, dites «\u00a0gnetics calendar sync {name} --confirm\u00a0»."
)
Stopping = Callable[[], bool]


@dataclass(frozen=True)
class Sending:
    """An event to write there: `known` is what is there, None for a new one."""

    rows: list[Row]
    known: Object | None


@dataclass(frozen=True)
class News:
    """What a server told since it was last asked, read."""

    changes: Changes
    contents: dict[str, Content]
    readings: dict[str, Reading]
    before: dict[str, Reading]

    @property
    def cut(self) -> set[str]:
        """What did not come whole is asked for again the next time, and not written over meanwhile."""
        return {href for href, found in self.readings.items() if found.cut}


def sync(
    crm: Crm,
    account: CalendarAccount,
    *,
    preview: bool = False,
    confirm: bool = False,
    stopping: Stopping = lambda: False,
    tally: Tally | None = None,
) -> Tally:
    """What was done; with `preview`, what would be. Raises CalendarError after what could be done, which `tally` counts too."""
    tally = Tally() if tally is None else tally
    with closing(Server(account)) as server:
        for _ in range(ROUNDS):
            tally.refused.clear()
            more = _round(crm, server, tally, preview, confirm, stopping)
            tally.asked = server.asked
            if not more:
                return tally
    raise CalendarError(f"{NAMED.format(account.name)}\u00a0: {_BUSY}")


def _round(crm: Crm, server: Server, tally: Tally, preview: bool, confirm: bool, stopping: Stopping) -> bool:
    """Whether there is to be another one."""
    account = server.account
    with crm.read() as connection:
        place = states.place(connection, account)
    url = place.url or server.calendar()
    changes = server.changes(url, place.token)
    with crm.read() as connection:
        resting = rests.is_at_rest(connection, account, crm.region, place, changes)
        objects = None if resting else states.objects_at(connection, account, place)
        erased = People(connection)
    if resting:
        if changes.token != place.token and not preview:
            _go_on(crm, account, changes.token)
        return False
    if objects is None:
        return True  # somebody else is at it
    news = _news(crm, server, url, changes, objects, erased)
    with crm.write(NAMED.format(account.name), Verb.SAVE_EVENT) as uow:
        if states.place(uow.connection, account) != place:
            return True
        taking = Taking(uow, account.owner, objects, units_of(uow, account.owner), tally)
        _take(taking, objects, news, account, confirm)
        units = units_of(uow, account.owner) if taking.kept or taking.gone else taking.units
        objects = {href: each for href, each in objects.items() if href not in taking.gone} | {each.href: each for each in taking.kept}
        sending = [each for each in _sending(crm.region, units, objects) if each.known is None or each.known.href not in news.cut]
        removing = [each for href, each in objects.items() if _is_gone(each, units) and href not in news.cut]
        if not confirm:
            _require_few(account, _LOST_HERE, len(removing), _count(objects), empty=False)
        if preview:
            tally.sent, tally.removed = len(sending), len(removing)
            return False
        states.note(uow, account, url=url, token=place.token if news.cut else changes.token)
        states.keep(uow.connection, account.name, taking.kept, taking.gone)
        rests.note(uow.connection, account, crm.region, not (sending or removing or news.cut))
        uow.commit_all()
    return _send(crm, server, url, sending, removing, tally, stopping)


def _news(crm: Crm, server: Server, url: str, changes: Changes, objects: Mapping[str, Object], erased: People) -> News:
    differing = [href for href, etag in changes.etags.items() if etag is not None and (href not in objects or objects[href].etag != etag)]
    contents = {href: _without(content, erased) for href, content in server.read(url, sorted(differing)).items()}
    before = [href for href in contents if href in objects and objects[href].parts]
    texts = [each.text for each in contents.values()] + [objects[href].text for href in before]
    found = _read(crm, server.account, texts)
    return News(changes, contents, dict(zip(contents, found, strict=False)), dict(zip(before, found[len(contents) :], strict=True)))


def _go_on(crm: Crm, account: CalendarAccount, token: str) -> None:
    """Servers forget tokens that nobody asks by."""
    with crm.write(NAMED.format(account.name), Verb.TASKS) as uow:
        states.note(uow, account, token=token)
        uow.commit_private()


def _without(content: Content, erased: People) -> Content:
    """Whoever was erased comes back by no event of others; when that is next written from here, they leave it there too."""
    if not erased:
        return content
    return replace(content, text=documents.without_people(content.text, lambda address: bool(erased.erased(What.ADDRESS, fold(address)))))


def _read(crm: Crm, account: CalendarAccount, texts: Sequence[str]) -> list[Reading]:
    kept = [text if len(text.encode()) <= LARGEST else "" for text in texts]
    try:
        readings = [sayings.reading(entries, crm.region) for entries in _entries(kept, crm.region.zone_name)]
    except UnreadableFile as error:
        raise CalendarError(f"{NAMED.format(account.name)}\u00a0: {error}") from error
    for text, whole, each in zip(texts, kept, readings, strict=True):
        if not whole and text:
            each.refusal = _TOO_LARGE
        elif not documents.is_whole(text):
            each.refusal, each.cut = documents.CUT, True
    return readings


def _entries(texts: Sequence[str], zone: str) -> list[list[Entry]]:
    """In a process of its own, unless there is so little that it cannot ask for much."""
    data = json.dumps(texts).encode()
    if len(data) <= LITTLE:
        return [reader.entries(text, zone) for text in texts]
    seconds = SECONDS + SECONDS_FOR_EACH * len(data) // 2**20
    found: list[list[Entry]] = reading_apart.read("gnetics.calendars.reader", [zone, MEMORY, seconds], data, _TOO_HEAVY)
    return found


def _take(taking: Taking, known: Mapping[str, Object], news: News, account: CalendarAccount, confirm: bool) -> None:
    changes = news.changes
    told_gone = {href for href, etag in changes.etags.items() if etag is None}
    gone = [each for href, each in known.items() if href in told_gone or (changes.whole and href not in changes.etags)]
    others = [href for href, found in news.readings.items() if found.parts and _is_another(known.get(href), found)]
    uids = {found.uid for found in news.readings.values()}  # what is gone and read all the same has another address now
    if not confirm:
        lost = [each for each in gone if each.event_key is not None and each.uid not in uids]
        _require_few(account, _LOST_THERE, len(lost) + len(others), _count(known))
    taking.expect(uids)
    for each in gone:
        if each.uid in uids:
            taking.gone.add(each.href)
        else:
            taking.drop(each)
    for href, content in news.contents.items():
        if href in news.cut:
            taking.tally.refused.append(f"{quote(PurePosixPath(href).name)}\u00a0: {documents.CUT}")
            continue
        taking.take(href, content, news.readings[href], news.before.get(href))


def _is_another(known: Object | None, found: Reading) -> bool:
    return known is not None and known.event_key is not None and known.uid != found.uid and not found.refusal


def _count(objects: Mapping[str, Object]) -> int:
    return sum(each.event_key is not None for each in objects.values())


def _require_few(account: CalendarAccount, sentence: str, lost: int, of: int, empty: bool = True) -> None:
    """`empty`: nor may the only ones go."""
    if lost and ((empty and lost == of) or (lost >= FEW and lost > SHARE * of)):
        told = sentence.format(lost=counted(lost, "événement"), all=of, name=account.name)
        raise CalendarError(f"{NAMED.format(account.name)}\u00a0: {told}")


def _sending(region: Region, units: Mapping[int, list[Row]], objects: Mapping[str, Object]) -> Iterator[Sending]:
    """New ones, and those that were changed here."""
    by_event = {each.event_key: each for each in objects.values() if each.event_key is not None}
    held = {each.uid for each in objects.values() if not each.parts}
    for key, rows in units.items():
        known = by_event.get(key)
        if known is None and rows[0]["uid"] not in held:
            yield Sending(rows, None)
        elif known is not None and known.parts and is_changed(rows, known, region):
            yield Sending(rows, known)


def _is_gone(known: Object, units: Mapping[int, list[Row]]) -> bool:
    return bool(known.parts) and known.event_key not in units


def _send(
    crm: Crm, server: Server, url: str, sending: Sequence[Sending], removing: Sequence[Object], tally: Tally, stopping: Stopping
) -> bool:
    """Whether something was changed there meanwhile."""
    name, again, refusals = server.account.name, False, 0
    waiting: list[Sending | Object] = [*sending, *removing]
    for each in waiting:
        if stopping():
            return False
        try:
            kept, gone = _written(crm, server, url, each)
        except Refused as refused:
            if refused.status in (401, 507) or refused.status >= 500 or refusals >= REFUSALS:
                raise
            if refused.status == 412:
                again = True
            else:
                refusals += 1
                tally.refused.append(f"{_titled(each)}\u00a0: {refused}")
            continue
        refusals = 0
        with crm.write(NAMED.format(name), Verb.TASKS) as uow:
            states.keep(uow.connection, name, kept, gone)
            uow.commit_private()
        tally.sent += len(kept)
        tally.removed += len(gone)
    return again


def _written(crm: Crm, server: Server, url: str, each: Sending | Object) -> tuple[list[Object], list[str]]:
    """(what is there now, the addresses of what is not any more)."""
    if isinstance(each, Sending):
        return [_put(crm, server, url, each)], []
    server.delete(url, each.href, each.etag)
    return [], [each.href]


def _put(crm: Crm, server: Server, url: str, sending: Sending) -> Object:
    """What is there then; without an etag, the server may have written it otherwise: it is read at the next round."""
    rows, known = sending.rows, sending.known
    render = documents.fresh(icalendar(rows, crm.region))
    now = parts_of(rows, crm.region)
    if known is None:
        href, text, blocks = _new_href(url, rows[0]["uid"]), f"{render}\r\n", list(range(len(rows)))
    else:
        href, places = known.href, {part.key: part.block for part in known.parts}
        then = [(part.block, part.said) for part in known.parts]
        text, blocks = documents.patched(known.text, then, [(places.get(key), said) for key, said in now], render)
    etag = server.put(url, href, text, known.etag if known else "")
    parts = tuple(Part(key, block, said) for (key, said), block in zip(now, blocks, strict=True))
    return Object(href, etag, rows[0]["uid"], rows[0]["key"], text, parts)


def _new_href(url: str, uid: str) -> str:
    """The same whenever it is made anew, so that an event whose first sending was cut is not there twice."""
    return f"{unquote(urlsplit(url).path)}{sha256(uid.encode()).hexdigest()[:32]}.ics"


def _titled(each: Sending | Object) -> str:
    return quote(each.rows[0]["title"] if isinstance(each, Sending) else each.uid)
