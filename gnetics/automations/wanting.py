"""Which leads a rule wants: its conditions, and those that what it does implies; asked in SQL, when it is decided and when it is done."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, false, func, literal, or_, select, true
from sqlalchemy import exists as there_is

from gnetics.automations import condition
from gnetics.automations.rule import Deed, Rule, days_ahead
from gnetics.domain import statuses, values
from gnetics.domain.fields import BY_KEY
from gnetics.domain.sequences import State
from gnetics.store.schema import duplicate_pairs, history, leads, runs, sequences

WRONG = ("manquant", "invalide")
RIGHT = ("valide", "en double")
_other = leads.alias("other")


def clause(rule: Rule, connection: Connection, today: date) -> ColumnElement[bool]:
    return and_(condition.clause(rule.where, connection, today), _implied(rule, today))


def _implied(rule: Rule, today: date) -> ColumnElement[bool]:
    if rule.deed is Deed.CHANGE:
        return or_(false(), *(_differs(key, text, today) for key, text in rule.changes.items()))
    if rule.deed is Deed.CORRECT:
        return or_(to_correct, corrected(rule))
    if rule.deed is Deed.DUPLICATES:
        return resembled
    if rule.deed is Deed.FOLLOW_UP:
        return _not_ours
    return true()


def _differs(key: str, text: str, today: date) -> ColumnElement[bool]:
    """Whether the lead has not what the rule gives it."""
    column = leads.c[key]
    if key == "tags":
        listed = literal(", ") + func.coalesce(column, "") + literal(", ")
        return or_(*(~listed.contains(f", {tag}, ", autoescape=True) for tag in values.tags(text).split(", ")))
    return column.is_distinct_from(value_of(key, text, today))


def value_of(key: str, text: str, today: date) -> Any:
    """What a rule writes into a field."""
    if BY_KEY[key].kind == "date":
        return today + timedelta(days=days_ahead(text) or 0)
    return text


to_correct = and_(leads.c.status.in_(statuses.OPEN), leads.c.email_check.in_(WRONG))
resembled = or_(
    there_is().where(_other.c.email_fold == leads.c.email_fold, _other.c.key != leads.c.key, _other.c.real, ~_other.c.deleted),
    there_is().where(_other.c.phone_e164 == leads.c.phone_e164, _other.c.key != leads.c.key, _other.c.real, ~_other.c.deleted),
    leads.c.key.in_(select(duplicate_pairs.c.low)),
    leads.c.key.in_(select(duplicate_pairs.c.high)),
)
_line, _later = history.alias("line"), history.alias("later")
_begun = leads.alias("begun")
_mine = or_(sequences.c.state == State.RUNNING, sequences.c.follow_up == leads.c.next_follow_up)
# a follow-up that we wrote ourselves when a sequence went on, or one that is running, begins no other: of this lead, of one that it
# has taken over, or of another that has its address
_not_ours = and_(
    ~there_is().where(sequences.c.lead_key == leads.c.key, _mine),
    ~there_is().where(_begun.c.merged_into == leads.c.key, sequences.c.lead_key == _begun.c.key, _mine),
    ~there_is().where(_begun.c.email_fold == leads.c.email_fold, sequences.c.lead_key == _begun.c.key, sequences.c.state == State.RUNNING),
)


def corrected(rule: Rule) -> ColumnElement[bool]:
    """Blocked by this rule, whatever its title then, and by nobody since: what a person blocked, a person unblocks."""
    told = (_line.c.entity == "lead", _line.c.entity_key == leads.c.key, _line.c.field == "status")
    after = there_is().where(
        _later.c.entity == "lead", _later.c.entity_key == leads.c.key, _later.c.field == "status", _later.c.key > _line.c.key
    )
    by_rule = there_is().where(runs.c.automation == rule.name, runs.c.lead_key == leads.c.key, runs.c.rev == _line.c.rev)
    ours = there_is().where(*told, _line.c.after == statuses.BLOCKED, by_rule, ~after)
    good = (leads.c.status == statuses.BLOCKED, leads.c.email_check.in_(RIGHT), leads.c.previous_status.in_(statuses.OPEN))
    return and_(*good, ours)
