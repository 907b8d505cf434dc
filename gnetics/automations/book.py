"""The rules as they stand in the store: which are on, in which version, since when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, RowMapping, select
from sqlalchemy import exists as there_is

from gnetics.automations.rule import Rule
from gnetics.automations.rules_file import rules
from gnetics.domain.runs import rule_key
from gnetics.errors import NotFound
from gnetics.mail.delivery import leaves
from gnetics.store.crm import Crm
from gnetics.store.schema import automations


@dataclass(frozen=True)
class Entry:
    """A rule as it stands.

    `since`: what was due before is left alone, None for nothing; `since_rev`: what was done until then, too. `changed`: it was on,
    before it was changed. `dry`: it sends, and nothing leaves: what it would do is said, and left to be done.
    """

    rule: Rule
    version: int = 0
    enabled: bool = False
    since: datetime | None = None
    since_rev: int = 0
    changed: bool = False
    dry: bool = False
    switched_at: datetime | None = None
    switched_by: str = ""


Book = Mapping[str, Entry]  # by name


def book(crm: Crm, own: bool = True) -> Book:
    """All rules; nothing leaves from the demo, nor until the settings say so. GneticsError has the line of the file that is wrong.

    Not `own`: as they come with the product, whatever the team's file says.
    """
    every = rules(crm.settings.data_dir if own else None)
    leave = leaves(crm)
    with crm.read() as connection:
        found = read(connection, every)
    return {name: replace(entry, dry=entry.rule.sends and not leave) for name, entry in found.items()}


def named(crm: Crm, name: str) -> Entry:
    """Raises NotFound."""
    found = book(crm).get(name)
    if found is None:
        raise NotFound(f"Il n’y a pas de règle «\u00a0{name}\u00a0»\u00a0: «\u00a0gnetics automations list\u00a0» les nomme.")
    return found


TRIED = -1  # the version of a rule that is tried: what was done already is shown too


def key(entry: Entry, name: str) -> str:
    return rule_key(entry.rule.name, entry.version, name, entry.dry)


def is_on(connection: Connection, entry: Entry) -> bool:
    """Now: somebody may have switched it since the rules were read. One that is tried is in no table."""
    if entry.version == TRIED:
        return True
    return bool(connection.execute(select(in_force(entry.rule.name, entry.version))).scalar())


def in_force(name: Any, version: Any) -> ColumnElement[bool]:
    """Whether a rule, by its name, is on in that version: neither switched off, nor changed, nor gone from its file."""
    on = (automations.c.enabled, ~automations.c.changed, automations.c.position.is_not(None), automations.c.version == version)
    return there_is().where(automations.c.name == name, *on)


def read(connection: Connection, every: Sequence[Rule]) -> Book:
    known = {row["name"]: row for row in connection.execute(select(automations)).mappings()}
    return {rule.name: _entry(rule, known.get(rule.name)) for rule in every}


def _entry(rule: Rule, known: RowMapping | None) -> Entry:
    if known is None:
        return Entry(rule, version=1, enabled=True) if rule.nightly else Entry(rule)
    same = rule.nightly or known["digest"] == rule.digest  # at another hour what is to be erased is so all the same
    return Entry(
        rule,
        version=known["version"],
        enabled=known["enabled"] and same,
        since=known["since"],
        since_rev=known["since_rev"],
        changed=known["enabled"] and not same,
        switched_at=known["switched_at"],
        switched_by=known["switched_by"],
    )
