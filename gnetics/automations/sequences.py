"""Follow-ups that go on until the lead answers: where each stands, and what ends it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, delete, func, insert, or_, select
from sqlalchemy import exists as there_is

from gnetics.actions.sequences import end
from gnetics.automations.book import Entry, in_force
from gnetics.automations.rule import Rule
from gnetics.domain.calm_hours import next_working
from gnetics.domain.consent import BARRING
from gnetics.domain.messages import Direction, Filed, Kind
from gnetics.domain.outbox import State as Post
from gnetics.domain.sequences import State
from gnetics.mail import barred
from gnetics.store.duplicates import chunks
from gnetics.store.schema import leads, messages, outbox, sequences
from gnetics.store.schema import suppressions as suppressed
from gnetics.store.unit_of_work import UnitOfWork

Row = Mapping[str, Any]
ALL_SENT = "toutes les relances sont parties"


def row_of(connection: Connection, lead_key: int) -> Row | None:
    found = connection.execute(select(sequences).where(sequences.c.lead_key == lead_key)).mappings().first()
    return None if found is None else dict(found)


def settle(uow: UnitOfWork) -> int:
    """End those that something has ended; how many. The caller commits."""
    over = [dict(row) for row in uow.connection.execute(select(sequences).where(sequences.c.lead_key.in_(perhaps_over()))).mappings()]
    count = 0
    for some in chunks(over):
        found = uow.rows("leads", [row["lead_key"] for row in some])
        for row in some:
            if reason := why_over(uow.connection, row, found.get(row["lead_key"])):
                count += end(uow, row["lead_key"], reason)
    return count


def perhaps_over() -> Select[tuple[int]]:
    """The leads of those that `why_over` may end, found together: thousands run, and few end."""
    moved = or_(leads.c.status.is_distinct_from(sequences.c.status), leads.c.next_follow_up.is_distinct_from(sequences.c.follow_up))
    gone = or_(leads.c.key.is_(None), leads.c.deleted, moved)
    listed = there_is().where(suppressed.c.address == leads.c.email_fold)
    others = leads.alias()
    said_no = or_(leads.c.consent.in_(BARRING), there_is().where(others.c.email_fold == leads.c.email_fold, others.c.consent.in_(BARRING)))
    wrote = there_is().where(_of_lead(sequences.c.lead_key, leads.c.email_fold), messages.c.key > sequences.c.began_key, _ending)
    mine = (outbox.c.lead_key == sequences.c.lead_key, outbox.c.run_key.is_not(None), outbox.c.asked_at >= sequences.c.began_at)
    kept_back = there_is().where(*mine, outbox.c.state.in_((Post.REFUSED, Post.CANCELLED)))
    off = ~in_force(sequences.c.automation, sequences.c.version)
    joined = select(sequences.c.lead_key).outerjoin(leads, leads.c.key == sequences.c.lead_key)
    return joined.where(sequences.c.state == State.RUNNING, or_(gone, listed, said_no, wrote, kept_back, off))


def why_over(connection: Connection, row: Row, lead: Row | None) -> str:
    """What ends a running sequence, "" when nothing does."""
    if lead is None or lead["deleted"]:
        return "le contact a été fusionné avec un autre" if lead and lead["merged_into"] else "le contact a été retiré"
    if lead["status"] != row["status"]:
        return f"le statut est passé à «\u00a0{lead['status'] or 'aucun'}\u00a0»"
    if lead["next_follow_up"] != row["follow_up"]:
        return "quelqu’un a choisi une autre date de relance"
    if reasons := barred.among(connection, [lead["email"] or ""], lead["key"]):
        return f"rien ne lui est envoyé\u00a0: {next(iter(reasons.values()))}"
    return _written(connection, row, lead) or _kept_back(connection, row) or _off(connection, row)


# what the lead wrote, and what a colleague did
_ending = and_(
    ~messages.c.deleted,
    or_(
        and_(messages.c.direction == Direction.RECEIVED, messages.c.kind.in_((Kind.MESSAGE, Kind.OPT_OUT, Kind.COMPLAINT))),
        and_(messages.c.direction == Direction.SENT, messages.c.colleague.is_not(None)),
    ),
)
STALE = timedelta(days=7)  # a mail that is read late is news, one of an old mailbox is none


def _of_lead(lead_key: Any, address: Any) -> ColumnElement[bool]:
    """Their mails, and those of their address that are nobody's, since another lead has it too."""
    return or_(messages.c.lead_key == lead_key, and_(messages.c.filed == Filed.LOOSE, messages.c.sender_address == address))


def _written(connection: Connection, row: Row, lead: Row) -> str:
    """The lead answered, or a colleague wrote: whoever writes goes on by hand."""
    new = (messages.c.key > row["began_key"], messages.c.logged_at > row["began_at"] - STALE)
    columns = (messages.c.direction, messages.c.kind, messages.c.colleague)
    query = select(*columns).where(_of_lead(row["lead_key"], lead["email_fold"]), *new, _ending)
    first = connection.execute(query.order_by(messages.c.key).limit(1)).first()
    if first is None:
        return ""
    if first.direction == Direction.SENT:
        return f"{first.colleague} lui a écrit"
    return "le contact a répondu" if first.kind == Kind.MESSAGE else f"le contact a écrit\u00a0: {first.kind}"


def _kept_back(connection: Connection, row: Row) -> str:
    """A mail of it that did not leave: the next one would speak of it."""
    mine = (outbox.c.message_id.in_(json.loads(row["message_ids"])), outbox.c.state.in_((Post.REFUSED, Post.CANCELLED)))
    found = connection.execute(select(outbox.c.state, outbox.c.said).where(*mine).limit(1)).first()
    return "" if found is None else f"l’envoi a été {found.state}" + (f"\u00a0: {found.said.rstrip('.')}" if found.said else "")


def _off(connection: Connection, row: Row) -> str:
    on = connection.execute(select(in_force(row["automation"], row["version"]))).scalar()
    return "" if on else "la règle a été désactivée ou changée"


def is_unknown(connection: Connection, row: Row) -> bool:
    """Whether nothing says that the last mail left: the next one waits until somebody knows."""
    ids = json.loads(row["message_ids"])
    lost = (outbox.c.message_id.in_(ids), outbox.c.state == Post.UNKNOWN)
    return connection.execute(select(outbox.c.key).where(*lost).limit(1)).first() is not None


def sent(uow: UnitOfWork, entry: Entry, lead: Row, base: date, step: int, message_id: str, subject: str, before: Row | None) -> date:
    """Note a step that was handed over; the day of the next one, else of a person's follow-up. The caller commits."""
    rule, today = entry.rule, uow.now.astimezone(uow.region.zone).date()
    last = step >= len(rule.models)
    follow_up = next_working(today + timedelta(days=_pause(rule, step)), uow.region)
    row = {
        "lead_key": lead["key"],
        "automation": rule.name,
        "version": entry.version,
        "state": State.OVER if last else State.RUNNING,
        "step": step,
        "steps": len(rule.models),
        "next_on": None if last else follow_up,
        "status": lead["status"],
        "base": base,
        "began_at": before["began_at"] if before else uow.now,
        "began_key": before["began_key"] if before else _last_mail(uow.connection),
        "subject": subject,
        "message_ids": json.dumps([*(json.loads(before["message_ids"]) if before else ()), message_id]),
        "follow_up": follow_up,
        "reason": ALL_SENT if last else "",
        "ended_at": uow.now if last else None,
    }
    uow.connection.execute(delete(sequences).where(sequences.c.lead_key == lead["key"]))
    uow.connection.execute(insert(sequences), row)
    return follow_up


def _last_mail(connection: Connection) -> int:
    return connection.execute(select(func.max(messages.c.key))).scalar() or 0


def _pause(rule: Rule, step: int) -> int:
    """Days after this step: those before the next one, or as many as before the last."""
    pauses = rule.pauses or (7,)
    return pauses[min(step, len(pauses)) - 1]
