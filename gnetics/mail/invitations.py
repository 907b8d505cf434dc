"""Inviting people to an event by mail (iTIP, RFC 5546): those concerned only, in words too, when somebody presses the button."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from gnetics.actions.events import is_ours
from gnetics.domain import dates, emails, event_words
from gnetics.domain.events import NO_ANSWER
from gnetics.domain.folding import fold
from gnetics.domain.outbox import State
from gnetics.domain.regions import Region
from gnetics.domain.rights import Verb
from gnetics.errors import Refused
from gnetics.mail import barred, outbox
from gnetics.mail.answering import NO_ADDRESS
from gnetics.mail.composing import Draft, Invitation, composed, new_id
from gnetics.mail.outbox import Posted, require_sync
from gnetics.store.crm import Crm
from gnetics.store.people.writers import Writer, writer_of
from gnetics.store.schema import events, invitations, leads
from gnetics.store.schema import outbox as outgoing
from gnetics.store.unit_of_work import Row, UnitOfWork

_OFF = "L’envoi d’invitations n’est pas activé (GNETICS_MAIL_INVITATIONS)."
_NOTHING = "Ces participants savent déjà tout\u00a0: il n’y a rien à leur envoyer."
_NOT_OURS = "Cet événement vient d’un autre agenda\u00a0: c’est son organisateur qui invite."
_NOT_ALONE = "Cet événement fait partie d’une série\u00a0: invitez à la série."
_CLICK = "invitation {}"
_PRIVATE = {"description": None, "lead": "", "kind": None, "category": None, "reminder": None}  # what only we say of it
Told = dict[str, str]  # by French name


@dataclass(frozen=True)
class Plan:
    """Whom something is to be told: `new` are invited, `others` hear what changed, `gone` that they are not expected any more."""

    told: Told
    before: Told
    new: tuple[str, ...]
    others: tuple[str, ...]
    gone: tuple[str, ...]
    counts_up: bool  # what they are told supersedes what they were
    closed: Mapping[str, str]  # to whom nothing is sent, by folded address, and why; others are written to all the same
    lead: int | None  # whose mails these are

    @property
    def people(self) -> tuple[str, ...]:
        return (*self.new, *self.others, *self.gone)

    @property
    def words(self) -> str:
        """What the button says; "" when there is nothing to tell."""
        parts = (("Inviter", self.new), ("Prévenir du changement", self.others), ("Prévenir de l’annulation", self.gone))
        said = [f"{verb}\u00a0: {', '.join(each)}" for verb, each in parts if each]
        return " · ".join([*said, *(f"Rien à {address}\u00a0: {why}" for address, why in self.closed.items())]) if said else ""


def offered(crm: Crm, user: str, key: int) -> str:
    """What pressing « Inviter » would do, in words; "" for nothing, or where it is off."""
    if not crm.settings.mail_invitations or key < 0 or not crm.sync_active():
        return ""
    with crm.read() as connection:
        row = connection.execute(select(events).where(events.c.key == key, ~events.c.deleted)).mappings().first()
        if row is None or _why_not(dict(row)):
            return ""
        return _plan(connection, dict(row), writer_of(connection, user), crm.region).words


def invited(crm: Crm, key: int) -> list[str]:
    """Those who know of it by mail, and would not hear that it is deleted."""
    if not crm.settings.mail_invitations or key < 0:
        return []
    with crm.read() as connection:
        people = connection.execute(select(invitations.c.people).where(invitations.c.event_key == key)).scalar()
        return _reached(connection, key, json.loads(people)) if people else []


def invite(crm: Crm, user: str, key: int, words: str) -> int:
    """Sends what `offered` said, and nothing else: how many mails. Raises Refused, NotFound or Forbidden."""
    require_sync(crm)
    if not crm.settings.mail_invitations:
        raise Refused({"": _OFF})
    with crm.write(user, Verb.SEND) as uow:
        row = uow.row("events", key)
        writer = writer_of(uow.connection, user)
        if writer is None:
            raise Refused({"": NO_ADDRESS})
        if why := _why_not(row):
            raise Refused({"": why})
        plan = _plan(uow.connection, row, writer, crm.region)
        if not plan.people or plan.words != words:
            raise Refused({"": _NOTHING if not plan.people else f"Cet événement a changé entre-temps. {plan.words}\u00a0?"})
        row = row | _as_told(row, plan)
        uow.update("events", key, {name: row[name] for name in ("participants", "sequence")})
        whole = [row, *_parts(uow.connection, key)]
        for address in plan.people:
            _post(uow, writer, whole, plan, address, crm.region)
        _keep(uow, key, plan)
        uow.commit_all()
    return len(plan.people)


def _why_not(row: Row) -> str:
    if not is_ours(row):
        return _NOT_OURS
    return _NOT_ALONE if row["series_key"] is not None else ""


def _plan(connection: Connection, row: Row, writer: Writer | None, region: Region) -> Plan:
    known = connection.execute(select(invitations).where(invitations.c.event_key == row["key"])).mappings().first()
    before, told = json.loads(known["told"]) if known else {}, _told(connection, row, region)
    knowing = _reached(connection, row["key"], json.loads(known["people"])) if known else []
    ours = {fold(each) for each in (writer.address, *writer.aliases)} if writer else set()
    expected = [] if row["cancelled"] else [each for each in _people(connection, row) if fold(each) not in ours]
    there, here = {fold(each) for each in knowing}, {fold(each) for each in expected}
    new = [each for each in expected if fold(each) not in there]
    staying = [each for each in expected if fold(each) in there] if told != before else []
    gone = [each for each in knowing if fold(each) not in here]
    contact = fold(_address_of(connection, row["lead_key"]))
    closed = _closed(connection, row["lead_key"], contact, [*new, *staying, *gone])
    if all(fold(each) in closed for each in (*new, *staying, *gone)):
        closed = {}  # there is nobody else: who asks is told why
    lead = None if contact in closed else row["lead_key"]
    people = [tuple(each for each in some if fold(each) not in closed) for some in (new, staying, gone)]
    counts_up = known is not None and (told != before or row["cancelled"] or not knowing)
    return Plan(told, before, people[0], people[1], people[2], counts_up, closed, lead)


def _closed(connection: Connection, lead_key: int | None, contact: str | None, addresses: Sequence[str]) -> dict[str, str]:
    """Those of them to whom nothing is sent, folded, and why; `contact` is the folded address of that lead."""
    found: dict[str, str] = {}
    for each in addresses:
        found |= barred.among(connection, [each], lead_key if fold(each) == contact else barred.NOBODY)
    return found


def _address_of(connection: Connection, lead_key: int | None) -> str | None:
    return connection.execute(select(leads.c.email).where(leads.c.key == lead_key)).scalar()


def _reached(connection: Connection, key: int, people: Sequence[str]) -> list[str]:
    """Those whose last mail was not refused, nor taken back before it left."""
    ours = outgoing.c.click.startswith(f"{_CLICK.format(key)} ", autoescape=True)
    found = connection.execute(select(outgoing.c.recipients, outgoing.c.state).where(ours).order_by(outgoing.c.key))
    last = {json.loads(row.recipients)[0]: row.state for row in found}
    return [each for each in people if last.get(each) not in (State.CANCELLED, State.REFUSED)]


def _people(connection: Connection, row: Row) -> list[str]:
    """Its participants, and its contact, each once."""
    found = [address for address, _, _ in json.loads(row["participants"] or "[]")]
    if row["lead_key"] is not None:
        found += connection.execute(select(leads.c.email).where(leads.c.key == row["lead_key"], ~leads.c.deleted)).scalars().all()
    return list({fold(each): each for each in reversed(found) if each and emails.is_valid(each)}.values())[::-1]


def _told(connection: Connection, row: Row, region: Region) -> Told:
    """What participants are told of it."""
    parts = _parts(connection, row["key"])
    apart = [f"{event_words.when(each, region)}{' (annulé)' if each['cancelled'] else ''}" for each in parts]
    told = {
        "Objet": row["title"],
        "Quand": event_words.when(row, region),
        "Répétition": event_words.repeats(row, region),
        "Sauf": ", ".join(dates.long(datetime.fromisoformat(each).date(), region) for each in sorted((row["excluded"] or "").split())),
        "Dates à part": " ; ".join(apart),
        "Lieu": row["place"],
        "Visio": row["video_url"],
    }
    return {name: text for name, text in told.items() if text}


def _as_told(row: Row, plan: Plan) -> Row:
    """The contact is a participant from then on; who is told of another hour has not answered, and a change counts up."""
    known = json.loads(row["participants"] or "[]")
    there = {fold(address) for address, _, _ in known}
    known += [[each, "", NO_ANSWER] for each in (*plan.new, *plan.others) if fold(each) not in there]
    if plan.before and plan.before.get("Quand") != plan.told.get("Quand"):
        known = [[address, person, NO_ANSWER] for address, person, _ in known]
    return {"participants": json.dumps(known, ensure_ascii=False) if known else None, "sequence": row["sequence"] + plan.counts_up}


def _parts(connection: Connection, key: int) -> list[Row]:
    found = connection.execute(select(events).where(events.c.series_key == key, ~events.c.deleted).order_by(events.c.occurrence))
    return [dict(each) for each in found.mappings()]


def _post(uow: UnitOfWork, writer: Writer, whole: list[Row], plan: Plan, address: str, region: Region) -> None:
    row, gone = whole[0], address in plan.gone
    subject = f"{'Annulation' if gone else 'Invitation' if address in plan.new else 'Modification'}\u00a0: {row['title']}"
    draft = Draft((address,), (), subject, _text(writer, plan, address))
    message_id = new_id(writer)
    asked = Invitation("CANCEL" if gone else "REQUEST", _calendar(writer, whole, address if gone else "", region))
    content = composed(writer, draft, message_id, uow.now, invitation=asked)
    click = f"{_CLICK.format(row['key'])} {uow.rev} {address}"
    outbox.post(uow, Posted(click, message_id, content, writer.address, draft, plan.lead, None, uow.now))


def _text(writer: Writer, plan: Plan, address: str) -> str:
    """In words, also what changed."""
    if address in plan.gone:
        lines = [
            "Vous n’êtes plus attendu à cet événement\u00a0: il est annulé, ou se tient sans vous.",
            "",
            *_lines(plan.before or plan.told),
        ]
    elif address in plan.new:
        lines = ["Vous êtes invité à cet événement.", "", *_lines(plan.told)]
    else:
        names = [name for name in {**plan.told, **plan.before} if plan.told.get(name) != plan.before.get(name)]
        changes = [f"{name}\u00a0: {plan.told.get(name, 'plus rien')} (avant\u00a0: {plan.before.get(name, 'rien')})" for name in names]
        lines = ["Cet événement a changé.", "", *changes, "", "Désormais\u00a0:", *_lines(plan.told)]
    signed = [writer.signature] if writer.signature else [writer.shown_name]
    return "\n".join(["Bonjour,", "", *lines, "", *signed, ""])


def _lines(told: Mapping[str, str]) -> list[str]:
    return [f"{name}\u00a0: {text}" for name, text in told.items()]


def _calendar(writer: Writer, whole: list[Row], only: str, region: Region) -> str:
    """A request to all, or a cancellation for that one."""
    from icalendar import Calendar, vCalAddress  # 60 ms of a kernel, which mostly sends none

    from gnetics.exports.icalendar import icalendar

    participants = json.dumps([[only, "", NO_ANSWER]]) if only else whole[0]["participants"]
    rows = [row | _PRIVATE | {"participants": participants, "sequence": whole[0]["sequence"]} for row in whole]
    calendar = Calendar.from_ical(icalendar(rows[:1] if only else rows, region))
    calendar.add("method", "CANCEL" if only else "REQUEST")
    organizer = vCalAddress(f"mailto:{writer.address}")
    organizer.params["CN"] = writer.shown_name
    for event in calendar.walk("VEVENT"):
        event.add("organizer", organizer, encode=False)
        if only:
            event["STATUS"] = "CANCELLED"
        attendees = event["ATTENDEE"] if isinstance(event["ATTENDEE"], list) else [event["ATTENDEE"]]
        for attendee in attendees:
            attendee.params["RSVP"] = "FALSE" if only else "TRUE"
    return str(calendar.to_ical().decode())


def _keep(uow: UnitOfWork, key: int, plan: Plan) -> None:
    gone = {fold(each) for each in plan.gone}
    before = uow.connection.execute(select(invitations.c.people).where(invitations.c.event_key == key)).scalar()
    people = [each for each in (*json.loads(before or "[]"), *plan.new) if fold(each) not in gone]
    uow.connection.execute(delete(invitations).where(invitations.c.event_key == key))
    row = {"event_key": key, "told": json.dumps(plan.told, ensure_ascii=False), "people": json.dumps(people), "at": uow.now}
    uow.connection.execute(insert(invitations), [row])
