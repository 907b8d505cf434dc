"""Mails that somebody decided to send: each leaves once, or is said to be unknown.

The row and the bytes are there before anything is sent; who sends it claims it first; what happened is recorded in one transaction.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, insert, select, update

from gnetics.actions.last_contact import touch
from gnetics.domain import runs
from gnetics.domain.leads import title
from gnetics.domain.messages import Answer, Direction, Kind, Matched
from gnetics.domain.outbox import State
from gnetics.domain.rights import Verb
from gnetics.errors import Refused
from gnetics.mail import barred
from gnetics.mail.composing import Draft, written_in
from gnetics.mail.delivery import Delivery, Fate
from gnetics.mail.matching import Match, Part
from gnetics.mail.rows import contacted
from gnetics.mail.rows import row as message_row
from gnetics.store.crm import Crm
from gnetics.store.merges import living
from gnetics.store.schema import messages, outbox
from gnetics.store.unit_of_work import UnitOfWork
from gnetics.texts import MAIL_NEEDS_SYNC

if TYPE_CHECKING:
    from gnetics.mail.reading.letter import Letter

RULE = "Envoi d’emails"
CLAIMED_FOR = timedelta(minutes=5)  # longer than a mail server is waited for
AGAIN_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=8))
PER_HOUR, PER_HOUR_AND_DOMAIN = 200, 60
SEEN = "vu dans les messages envoyés"
DIED = "Le programme s’est arrêté pendant l’envoi\u00a0: rien ne dit si le message est parti."
Sender = Callable[[str, list[str], bytes], Delivery]
Leaving = Callable[[UnitOfWork, int], str | datetime]


@dataclass(frozen=True)
class Posted:
    """A mail to send, its bytes ready. `click`: what was decided once is sent once; `answers`: the key of the mail it answers.

    `run_key`: the run of a rule that wrote it.
    """

    click: str
    message_id: str
    content: bytes
    sender: str
    draft: Draft
    lead_key: int | None
    answers: int | None
    due_at: datetime
    run_key: int | None = None


@dataclass(frozen=True)
class Waiting:
    key: int
    state: State
    due_at: datetime
    asked_by: str
    people: list[str]
    said: str


def post(uow: UnitOfWork, posted: Posted) -> None:
    """Raises Refused when it was decided already, with who did, or when somebody is not to be written to."""
    taken = uow.connection.execute(select(outbox.c.asked_by, outbox.c.asked_at).where(outbox.c.click == posted.click)).first()
    if taken:
        raise Refused({"": f"{taken.asked_by} a déjà envoyé cette réponse."})
    _refuse_barred(uow.connection, posted)
    row = {
        "click": posted.click,
        "state": State.TO_DO,
        "message_id": posted.message_id,
        "content": posted.content,
        "sender": posted.sender,
        "recipients": json.dumps(posted.draft.recipients),
        "lead_key": posted.lead_key,
        "answers": posted.answers,
        "run_key": posted.run_key,
        "asked_by": uow.user,
        "asked_at": uow.now,
        "due_at": posted.due_at,
        "tries": 0,
        "said": "",
    }
    uow.connection.execute(insert(outbox).values(row))


def _require_own(uow: UnitOfWork, row: Row[Any]) -> None:
    """Raises Forbidden unless this person sees the lead that it is written to; one in the bin holds up nobody."""
    if (lead := _lead_of(uow, row)) is not None:
        uow.rows("leads", [lead])


def _lead_of(uow: UnitOfWork, row: Row[Any]) -> int | None:
    """The lead that it is written to, or the one that took it over since."""
    return None if row.lead_key is None else living(uow.connection, row.lead_key) or int(row.lead_key)


def _refuse_barred(connection: Connection, posted: Posted) -> None:
    if said := barred.why(connection, posted.draft.recipients, posted.lead_key):
        raise Refused({"": said})


def cancel(crm: Crm, user: str, key: int) -> Draft:
    """One that has not left: what it said, and the mail that it answers may be answered again; raises Refused."""
    with crm.write(user, Verb.SEND) as uow:
        row = uow.connection.execute(select(outbox).where(outbox.c.key == key, outbox.c.state == State.TO_DO)).first()
        if row is None:
            raise Refused({"": "Ce message est déjà parti, ou en train de partir."})
        _require_own(uow, row)
        cancelled = {"state": State.CANCELLED, "settled_at": uow.now, "click": f"{row.click}, annulé {key}"}
        uow.connection.execute(update(outbox).where(outbox.c.key == key).values(cancelled))
        if row.run_key is not None:
            uow.update("runs", row.run_key, _ended(row, State.CANCELLED, f"Envoi annulé par {user}.", uow.now))
        _reopen(uow, row)
        uow.commit_all()
    return written_in(row.content)


def _reopen(uow: UnitOfWork, row: Row[Any]) -> None:
    """What it answers may be answered again: what was proposed is to be decided once more, unless the thread went on meanwhile."""
    answered = uow.rows("messages", [row.answers]).get(row.answers) if row.answers is not None else None
    if answered is None or answered["deleted"]:
        return
    proposed = Answer.EXPIRED if _went_on(uow.connection, answered) else Answer.PROPOSED
    undecided = {"reply_state": proposed if answered["reply_text"] else None, "reply_by": None, "reply_at": None, "reply_final": None}
    uow.update("messages", answered["key"], undecided)


def _went_on(connection: Connection, mail: Mapping[str, Any]) -> bool:
    """Whether something came in its thread after it."""
    if not mail["thread"]:
        return False
    later = (messages.c.thread == mail["thread"], messages.c.key > mail["key"], messages.c.direction == Direction.RECEIVED)
    return connection.execute(select(messages.c.key).where(*later, ~messages.c.deleted).limit(1)).first() is not None


def waiting(crm: Crm) -> list[Waiting]:
    """Those that have not left, and those of which nothing is known; the next to leave first."""
    states = outbox.c.state.in_((State.TO_DO, State.RUNNING, State.UNKNOWN))
    names = ("key", "state", "due_at", "asked_by", "recipients", "said")
    query = select(*(outbox.c[name] for name in names)).where(states).order_by(outbox.c.due_at, outbox.c.key)
    with crm.read() as connection:
        return [
            Waiting(row.key, State(row.state), row.due_at, row.asked_by, json.loads(row.recipients), row.said)
            for row in connection.execute(query)
        ]


def require_sync(crm: Crm) -> None:
    """What is sent is sent for the whole team, and no session could keep it for itself."""
    if not crm.sync_active():
        raise Refused({"": MAIL_NEEDS_SYNC})


def settle(crm: Crm, user: str, key: int, left: bool) -> None:
    """Somebody knows of an unknown mail that it left, or wants it sent again; raises Refused for any other."""
    require_sync(crm)
    with crm.write(user, Verb.SEND) as uow:
        row = uow.connection.execute(select(outbox).where(outbox.c.key == key, outbox.c.state == State.UNKNOWN)).first()
        if row is None:
            raise Refused({"": f"Le message {key} n’est pas, ou n’est plus, «\u00a0inconnu\u00a0»."})
        _require_own(uow, row)
        if left:
            _record(uow, row, State.SENT, f"parti, selon {user}")
        else:
            again = {"state": State.TO_DO, "due_at": row.asked_at, "tries": 0, "said": "", "settled_at": None}  # at once
            uow.connection.execute(update(outbox).where(outbox.c.key == key).values(again))
        uow.commit_all()


def send_due(crm: Crm, send: Sender | None, stopping: Callable[[], bool] = lambda: False, leaving: Leaving = lambda *_: "") -> int:
    """All that is due, one after the other; how many were tried. Without `send` nothing leaves, and all is said to be simulated.

    `leaving` is asked of a mail that a rule wrote, by its run: "" when it may leave, else when it may, or why it never does.
    """
    if not _any_due(crm):
        return 0
    _give_up_claims(crm)
    count = 0
    while not stopping() and (row := _claim(crm, leaving)):
        with crm.read() as connection:
            lead = None if row.lead_key is None else living(connection, row.lead_key) or row.lead_key
            said = barred.why(connection, json.loads(row.recipients), lead)
        if said:
            delivery = Delivery(Fate.REFUSED, said)
        elif send is None:
            delivery = None
        else:
            delivery = send(row.sender, json.loads(row.recipients), row.content)
        _settle(crm, row, delivery)
        count += 1
    return count


def _any_due(crm: Crm) -> bool:
    """Asked every few seconds, so without the writers' lock."""
    with crm.read() as connection:
        waiting = outbox.c.state.in_((State.TO_DO, State.RUNNING))
        return connection.execute(select(outbox.c.key).where(waiting, outbox.c.due_at <= crm.clock.now()).limit(1)).first() is not None


def _claim(crm: Crm, leaving: Leaving) -> Row[Any] | None:
    """The oldest that is due, now ours: writers wait for one another, so nobody else takes it."""
    with crm.write("", Verb.TASKS) as uow:
        due = (outbox.c.state == State.TO_DO, outbox.c.due_at <= uow.now)
        for row in uow.connection.execute(select(outbox).where(*due).order_by(outbox.c.due_at, outbox.c.key).limit(20)):
            asked = "" if row.run_key is None else leaving(uow, row.run_key)
            if asked and isinstance(asked, str):
                _record(uow, row, State.CANCELLED, asked)
                continue
            if later := asked if isinstance(asked, datetime) else _too_many(uow, row):
                uow.connection.execute(update(outbox).where(outbox.c.key == row.key).values(due_at=later))
                continue
            claimed = {"state": State.RUNNING, "claimed_until": _instant(uow) + CLAIMED_FOR, "tries": row.tries + 1}
            uow.connection.execute(update(outbox).where(outbox.c.key == row.key).values(claimed))
            uow.commit_all()
            return row
        uow.commit_all()
    return None


def _too_many(uow: UnitOfWork, row: Row[Any]) -> datetime | None:
    """When it may leave instead, once the hour is full."""
    ago = _instant(uow) - timedelta(hours=1)
    left = select(outbox.c.recipients).where(outbox.c.state == State.SENT, outbox.c.settled_at > ago)
    sent = [json.loads(each) for each in uow.connection.execute(left).scalars()]
    domains = {_domain(each) for each in json.loads(row.recipients)}
    alike = sum(bool(domains & {_domain(each) for each in people}) for people in sent)
    return _instant(uow) + timedelta(minutes=10) if len(sent) >= PER_HOUR or alike >= PER_HOUR_AND_DOMAIN else None


def _instant(uow: UnitOfWork) -> datetime:
    """To which minutes are added as they pass, also in the nights when clocks change."""
    return uow.now.astimezone(UTC)


def _domain(address: str) -> str:
    return address.rpartition("@")[2].casefold()


def _give_up_claims(crm: Crm) -> None:
    """Those whose sender died: nothing says whether they left."""
    with crm.write("", Verb.TASKS) as uow:
        dead = select(outbox).where(outbox.c.state == State.RUNNING, outbox.c.claimed_until < uow.now)
        rows = uow.connection.execute(dead).all()
        for row in rows:
            _record(uow, row, State.UNKNOWN, DIED)
        uow.commit_all()


def _settle(crm: Crm, row: Row[Any], delivery: Delivery | None) -> None:
    with crm.write(row.asked_by, Verb.TASKS) as uow:
        if delivery and delivery.fate is Fate.LATER and row.tries < len(AGAIN_AFTER):
            again = {"state": State.TO_DO, "due_at": _instant(uow) + AGAIN_AFTER[row.tries], "said": delivery.said, "claimed_until": None}
            uow.connection.execute(update(outbox).where(outbox.c.key == row.key).values(again))
            uow.commit_private()
            return
        state = _STATES[delivery.fate] if delivery else State.SIMULATED
        _record(uow, row, state, delivery.said if delivery else "")
        uow.commit_all()


def _record(uow: UnitOfWork, row: Row[Any], state: State, said: str) -> None:
    """Its state, the mail in the log once it is known to have left, the run that sent it, and the answer that it was."""
    from gnetics.mail.reading.letter import read  # brings lxml, which kernels do without: they only post

    ended = {"state": state, "said": said, "settled_at": uow.now, "claimed_until": None}
    if state in (State.REFUSED, State.CANCELLED):
        ended["click"] = f"{row.click}, {state} {row.key}"  # the corrected one has its place
        _reopen(uow, row)
    uow.connection.execute(update(outbox).where(outbox.c.key == row.key).values(ended))
    sent = read(row.content, uow.now)
    if state is State.SENT and not _is_internal(row):
        message = _message(uow, row, sent)
        uow.insert("messages", message)
        touch(uow, contacted([message], uow))
    if row.run_key is not None:
        uow.update("runs", row.run_key, _ended(row, state, said, uow.now))
    elif not _is_internal(row):
        uow.insert("runs", _run(uow, row, state, said, sent.subject))
    if row.answers is not None and state is State.SENT:
        uow.update("messages", row.answers, {"reply_state": Answer.SENT, "reply_message_id": row.message_id})


def _is_internal(row: Row[Any]) -> bool:
    """What goes to nobody's lead, one of our own or a participant, stands in no log of mail."""
    return row.lead_key is None


def _ended(row: Row[Any], state: State, said: str, at: datetime) -> dict[str, Any]:
    """What the run of a rule says of the mail that it wrote."""
    why = "error" if _RUNS[state] in runs.FAILURES else "reason"
    left = row.message_id if state in (State.SENT, State.UNKNOWN) and not _is_internal(row) else None
    return {"status": _RUNS[state], "error": None, "reason": None, why: said or None, "ended_at": at, "message_id": left}


def seen(uow: UnitOfWork, message_ids: Collection[str]) -> None:
    """Mails that left, since a mailbox or a bounce has them: those that were unknown are no more."""
    unknown = (outbox.c.message_id.in_(message_ids), outbox.c.state == State.UNKNOWN)
    for row in uow.connection.execute(select(outbox).where(*unknown)).all():
        uow.connection.execute(update(outbox).where(outbox.c.key == row.key).values(state=State.SENT, said=SEEN))
        if row.run_key is not None:
            uow.update("runs", row.run_key, _ended(row, State.SENT, SEEN, uow.now))
        if row.answers is not None:
            uow.update("messages", row.answers, {"reply_state": Answer.SENT, "reply_message_id": row.message_id})


def _message(uow: UnitOfWork, row: Row[Any], sent: Letter) -> dict[str, Any]:
    answered = uow.rows("messages", [row.answers]).get(row.answers) if row.answers is not None else None
    thread = (answered["thread"] or answered["message_id"]) if answered else next(iter(sent.references), row.message_id)
    match = Match(_lead_of(uow, row), Matched.REPLY if answered else Matched.RECIPIENT, "envoyé d’ici", thread)
    part = Part(Direction.SENT, sent.sender, row.asked_by if row.run_key is None else "")  # "" where nobody pressed send
    left_at = row.settled_at or uow.now  # of one that was unknown, when that happened: somebody may say so days later
    ours = {"message_id": row.message_id, "at": left_at, "kind": Kind.MESSAGE}  # a rule's is no automatic answer
    return message_row(sent, part, match, uow.now) | ours


def _run(uow: UnitOfWork, row: Row[Any], state: State, said: str, subject: str) -> dict[str, Any]:
    """Of the Automations Log; its rule is this module, whoever pressed send."""
    lead = _lead_of(uow, row)
    return {
        "idempotency_key": f"outbox {row.key} {uow.rev}",  # one that was unknown has another once it is settled
        "rule": RULE,
        "trigger": "manuel",
        "triggered_by": row.asked_by,
        "lead_key": lead,
        "lead_label": _label(uow, lead),
        "subject": subject,
        "status": _RUNS[state],
        "reason": said or None,
        "queued_at": row.asked_at,
        "started_at": max(row.asked_at, row.due_at),
        "ended_at": uow.now,
        "attempt": row.tries + 1,
        "max_attempts": len(AGAIN_AFTER) + 1,
        "message_id": row.message_id if state is State.SENT else None,
    }


def _label(uow: UnitOfWork, lead_key: int | None) -> str | None:
    lead = uow.rows("leads", [lead_key]).get(lead_key) if lead_key is not None else None
    return title(lead) if lead else None


_STATES = {Fate.SENT: State.SENT, Fate.REFUSED: State.REFUSED, Fate.LATER: State.REFUSED, Fate.UNKNOWN: State.UNKNOWN}
_RUNS = {
    State.SENT: runs.Status.SUCCEEDED,
    State.SIMULATED: runs.Status.SIMULATED,
    State.REFUSED: runs.Status.FAILED,
    State.UNKNOWN: runs.Status.INTERRUPTED,
    State.CANCELLED: runs.Status.CANCELLED,
}
