"""The fictional mailbox: threads with leads, proposals in every state, and what a mailbox also receives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from itertools import cycle, islice
from random import Random
from typing import Any

from gnetics.demo import talks
from gnetics.demo.journey import REFERENCE, hour, worked
from gnetics.demo.leads import DemoLead
from gnetics.demo.people import slug
from gnetics.demo.talks import Talk
from gnetics.store.people.writers import DEMO

Message = dict[str, Any]
TOTAL, THREADS = 200, 36
_WINDOW = timedelta(days=56)
_LAST = datetime.combine(REFERENCE, time(8, 40))
_NOISE = {"rejet": "Avis de non-remise", "réponse automatique": "Réponse automatique"}  # kept with its lead, but starts nothing


class _Box:
    """Numbers the messages, and fills the words that depend on the lead."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.messages: list[Message] = []

    def add(self, lead: DemoLead | None, ours: bool, at: datetime, subject: str, text: str, **more: Any) -> Message:
        number = len(self.messages) + 1
        slots = _slots(lead) if lead else {}
        message = {
            "message_id": f"<demo-{number:04d}@{'gnetics.example' if ours else 'courriel.example'}>",
            "direction": "envoyé" if ours else "reçu",
            "kind": "message",
            "sender": _address(lead) if lead and ours else lead.values["email"] if lead else None,
            "recipients": lead.values["email"] if lead and ours else DEMO,
            "subject": subject.format(**slots, subject=more.pop("about", "")),
            "at": min(at, _LAST),
            "text": text.format(**slots, to=lead.values["email"] if lead else ""),
            "lead_id": lead.lead_id if lead else None,
            "matched_by": ("réponse" if more.get("in_reply_to") else "expéditeur") if lead and not ours else "référence" if lead else None,
            **more,
        }
        message.setdefault("thread", message["message_id"])
        self.messages.append(message)
        return message


def _slots(lead: DemoLead) -> dict[str, str]:
    owner = lead.values["owner"] or "L’équipe GNETICS"
    return {
        "civ": lead.person.civility,
        "name": lead.person.name,
        "first": lead.person.first,
        "company": lead.person.company.name,
        "owner": owner,
        "first_owner": owner.split()[0],
    }


def _address(lead: DemoLead) -> str:
    owner = lead.values["owner"]
    return f"{slug(owner).replace('-', '.')}@gnetics.example" if owner else DEMO


def _talked_to(leads: list[DemoLead]) -> list[DemoLead]:
    """Leads whose last contact may be a mail of the last weeks."""
    return [
        lead
        for lead in leads
        if lead.lead_id
        and lead.values["name"]
        and lead.values["status"] == lead.journey.status != "À corriger"
        and "@" in str(lead.values["email"] or "")
        and lead.values["last_contact"]
        and REFERENCE - _WINDOW < lead.values["last_contact"] < REFERENCE
    ]


def make(leads: list[DemoLead], rng: Random) -> list[Message]:
    box = _Box(rng)
    known = _talked_to(leads)
    rng.shuffle(known)
    spoken = _threads(box, known)
    rest = [lead for lead in known if lead not in spoken]
    _events_of_a_mailbox(box, rest[:18])
    _strangers(box)
    for lead, (subject, text) in islice(zip(cycle(rest), cycle(talks.ALONE), strict=False), max(0, TOTAL - len(box.messages))):
        day = worked(lead.values["last_contact"] - timedelta(days=rng.choice((0, 0, 0, 6, 13))))
        box.add(lead, True, hour(day, rng), subject, text)
    return sorted(box.messages, key=lambda message: (message["at"], message["message_id"]))


def _threads(box: _Box, known: list[DemoLead]) -> list[DemoLead]:
    """Every talk several times, each with another lead it may happen to."""
    spoken: list[DemoLead] = []
    for talk in islice(cycle(talks.TALKS), THREADS):
        lead = next((each for each in known if each not in spoken and each.journey.status in talk.statuses), None)
        if lead:
            spoken.append(lead)
            _thread(box, talk, lead)
    return spoken


def _moments(count: int, lead: DemoLead, rng: Random) -> list[datetime]:
    """Ending on the day of the last contact, with hours or days between."""
    moments = [hour(lead.values["last_contact"], rng)]
    for _ in range(count - 1):
        earlier = moments[-1] - timedelta(hours=rng.choice((3, 5, 21, 26, 45, 70)))
        moments.append(hour(worked(earlier.date()), rng) if earlier.weekday() > 4 or not 8 <= earlier.hour < 19 else earlier)
        moments[-1] = min(moments[-1], moments[-2] - timedelta(minutes=20))
    return moments[::-1]


def _thread(box: _Box, talk: Talk, lead: DemoLead) -> None:
    turns = talk.turns[: box.rng.randint(max(1, len(talk.turns) - 1), len(talk.turns))]
    previous: Message | None = None
    first: Message | None = None
    for (ours, text), at in zip(turns, _moments(len(turns), lead, box.rng), strict=True):
        more = {"in_reply_to": previous["message_id"], "thread": first["message_id"]} if previous and first else {}
        message = box.add(lead, ours, at, f"Re: {talk.subject}" if previous else talk.subject, text, **more)
        if ours and talk.file and previous is None:
            message["attachments"] = talk.file
        if ours and previous and previous["direction"] == "reçu":
            _answered(previous, message, talk, lead)
        first = first or message
        previous = message
    if previous and previous["direction"] == "reçu":
        _proposed(box, previous, talk, lead)


def _answered(received: Message, sent: Message, talk: Talk, lead: DemoLead) -> None:
    received |= {
        "reply_text": sent["text"],
        "reply_origin": talk.model,
        "reply_state": "envoyée",
        "reply_by": lead.values["owner"] or "Camille Roussel",
        "reply_at": sent["at"],
        "reply_final": sent["text"],
        "reply_message_id": sent["message_id"],
    }


_PROPOSAL = (
    "Bonjour {civ},\n\nMerci de votre message, je reviens vers vous avec une réponse précise dans la journée.\n\n"
    "Bien à vous,\n{owner}\nGNETICS"
)


def _proposed(box: _Box, received: Message, talk: Talk, lead: DemoLead) -> None:
    """The last word is theirs: a proposal waits, was changed, refused, or nobody took it in time."""
    old = received["at"].date() < REFERENCE - timedelta(days=14)
    done = sum(1 for message in box.messages if message.get("reply_state") and message["reply_state"] != "envoyée")
    states = ("expirée", "rejetée") if old else ("proposée", "modifiée", "approuvée", "proposée")
    state = states[done % len(states)]
    text = _PROPOSAL.format(**_slots(lead))
    received |= {"reply_text": text, "reply_origin": talk.model, "reply_state": state}
    if state in ("modifiée", "approuvée", "rejetée"):
        received |= {"reply_by": lead.values["owner"] or "Camille Roussel", "reply_at": min(_LAST, received["at"] + timedelta(hours=2))}
    if state in ("modifiée", "approuvée"):
        received["reply_final"] = text.replace("dans la journée", "demain matin") if state == "modifiée" else text


def _events_of_a_mailbox(box: _Box, leads: list[DemoLead]) -> None:
    """Our mail, and what came back by itself: absences, bounces, requests to stop."""
    returns = [*[("réponse automatique", None)] * 8, *[("rejet", None)] * 7, *[("désinscription", None)] * 2]
    for number, (lead, (kind, _)) in enumerate(zip(leads, returns, strict=False)):
        subject, text = talks.ALONE[number % len(talks.ALONE)]
        sent = box.add(lead, True, hour(worked(lead.values["last_contact"] - timedelta(days=1)), box.rng), subject, text)
        back, words = {
            "réponse automatique": talks.AUTO_REPLIES[number % 2],
            "rejet": talks.BOUNCE,
            "désinscription": talks.OPT_OUT,
        }[kind]
        at = sent["at"] + timedelta(minutes=2 if kind != "désinscription" else 95)
        more: dict[str, Any] = {"kind": kind, "in_reply_to": sent["message_id"], "thread": sent["message_id"], "about": sent["subject"]}
        if kind in _NOISE:
            more["drop_reason"] = _NOISE[kind]
        if kind == "rejet":
            more["sender"] = "MAILER-DAEMON@courriel.example"
        box.add(lead, False, at, back, words, **more)


def _strangers(box: _Box) -> None:
    def days() -> Iterator[datetime]:
        for number in cycle(range(2, 50, 3)):
            yield hour(worked(REFERENCE - timedelta(days=number)), box.rng)

    moments = days()
    for sender, subject, text in talks.STRANGERS:
        box.add(None, False, next(moments), subject, text, sender=sender)
    for sender, subject, text, kind, why in talks.DROPPED * 2:
        box.add(None, False, next(moments), subject, text, sender=sender, kind=kind, drop_reason=why)
