"""What a deed is given, and what it gives back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement

from gnetics.automations import wanting
from gnetics.automations.book import Entry
from gnetics.automations.rule import Rule
from gnetics.domain.runs import Status
from gnetics.mail.delivery import leaves
from gnetics.store.crm import Crm
from gnetics.store.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Batch:
    """Jobs of one rule that are done in one transaction. `changed`: the leads that they changed; `told`: leads by person to be told.

    `in_turn`: to whom the last ones fell. `trying`: nothing of it is kept, so nothing waits for its hour.
    """

    uow: UnitOfWork
    crm: Crm
    entry: Entry
    trying: bool = False
    changed: set[int] = field(default_factory=set)
    told: dict[str, list[Row]] = field(default_factory=dict)
    in_turn: list[str] = field(default_factory=list)

    @property
    def rule(self) -> Rule:
        return self.entry.rule

    @cached_property
    def every_lead(self) -> pd.DataFrame:
        """As figures read them."""
        return self.crm.snapshot().leads

    @cached_property
    def wanted(self) -> ColumnElement[bool]:
        """Which leads the rule wants: asked once, since what it takes to ask reads all of them."""
        return wanting.clause(self.rule, self.uow.connection, self.today)

    @cached_property
    def leaves(self) -> bool:
        """Whether mail does."""
        return leaves(self.crm)

    @cached_property
    def today(self) -> date:
        return self.uow.now.astimezone(self.uow.region.zone).date()


@dataclass(frozen=True)
class Job:
    """`run`: its row; `lead`: that of its lead, None for a rule that is about none."""

    batch: Batch
    run: Row
    lead: Row | None

    @property
    def uow(self) -> UnitOfWork:
        return self.batch.uow

    @property
    def rule(self) -> Rule:
        return self.batch.entry.rule

    @cached_property
    def given(self) -> Row:
        return given_of(self.run)

    @property
    def its_lead(self) -> Row:
        assert self.lead is not None  # of a rule about leads
        return self.lead


@dataclass(frozen=True)
class Outcome:
    """`status` RUNNING: the outbox says how it ends. `before` and `after`: what changed, by field, as canonical texts."""

    status: Status
    subject: str = ""
    reason: str = ""
    before: Mapping[str, str | None] = field(default_factory=dict)
    after: Mapping[str, str | None] = field(default_factory=dict)
    message_id: str | None = None


def given_of(run: Row) -> Row:
    """What the rule needs beside the lead, as it was decided: a step, an event, a person."""
    found: Row = json.loads(run["given"] or "{}")
    return found


class Held(Exception):
    """Not now, but then."""

    def __init__(self, until: datetime, why: str) -> None:
        super().__init__(why)
        self.until = until


def ignored(reason: str) -> Outcome:
    return Outcome(Status.IGNORED, reason=reason)
