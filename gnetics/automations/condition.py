"""A condition on a field of a lead: read from a rule, asked in SQL, said in French."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, or_, select

from gnetics.domain import statuses
from gnetics.domain.fields import BY_KEY
from gnetics.domain.folding import fold
from gnetics.domain.typography import counted, number
from gnetics.settings.values import Unfit
from gnetics.store.schema import leads

EMPTY, FILLED, AMONG = "vide", "renseigné", "parmi"
NUMBERS = ("money", "percent", "score")
ASKED = ("status", "source", "owner", "stage", "next_action", "lost_reason", "email_check", "amount", "probability", "score")
EMAIL_CHECKS = ("valide", "invalide", "manquant", "en double")
LONGEST = 36_500  # days
_COMPARED = re.compile(r"(<=|>=|<|>|=)\s*(\d{1,9})(?:\s*(jours?|€|%))?")


@dataclass(frozen=True)
class Condition:
    """`sign`: EMPTY, FILLED, AMONG (`texts`), or a comparison with `number`: whole units, or days that have passed since a date."""

    field: str
    sign: str
    texts: tuple[str, ...] = ()
    number: int = 0

    def __str__(self) -> str:
        label = f"«\u00a0{_LABELS.get(self.field) or BY_KEY[self.field].label}\u00a0»"
        if self.sign in (EMPTY, FILLED):
            return f"{label} est {self.sign}"
        if self.sign == AMONG:
            return f"{label} est {' ou '.join(self.texts)}"
        if _kind(self.field) == "date":
            return f"{label} date de {_SAID[self.sign]} {counted(self.number, 'jour')}"
        return f"{label} {self.sign} {number(self.number)}{_UNITS.get(str(_kind(self.field)), '')}"


_KNOWN = {"status": statuses.LABELS, "email_check": EMAIL_CHECKS}  # fields that hold these words and no others
_LABELS = {"email_check": "Contrôle de l’email"}
_UNITS = {"money": "\u00a0€", "percent": "\u00a0%"}
_SAID = {"<": "moins de", "<=": "au plus", ">": "plus de", ">=": "au moins", "=": "exactement"}


def read(field: str, value: Any) -> Condition:
    """From what a rule's table has for a field; Unfit says why it is none."""
    kind = _kind(field)
    if kind is None:
        raise Unfit(field, f"«\u00a0{field}\u00a0» n’est pas un champ que les conditions connaissent")
    if value in (EMPTY, FILLED):
        return Condition(field, value)
    if kind == "date" or kind in NUMBERS:
        return _compared(field, kind, value)
    if not isinstance(value, list) or not value or not all(isinstance(each, str) and each.strip() for each in value):
        raise Unfit(field, f'donnez une liste de textes comme ["a", "b"], "{EMPTY}" ou "{FILLED}"')
    known = _KNOWN.get(field)
    if known and (unknown := next((each for each in value if each not in known), None)):
        raise Unfit(field, f"«\u00a0{unknown}\u00a0» n’est pas {', '.join(known)}")
    return Condition(field, AMONG, tuple(value))


def _kind(field: str) -> str | None:
    if field == "email_check":
        return "text"
    known = BY_KEY.get(field)
    return known.kind if known and (field in ASKED or known.kind == "date") else None


def _compared(field: str, kind: str, value: Any) -> Condition:
    found = _COMPARED.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None or (kind == "date") != (found[3] is not None and found[3].startswith("jour")):
        example = '"> 14 jours" (plus ancien)' if kind == "date" else '">= 1000"'
        raise Unfit(field, f'écrivez {example}, "{EMPTY}" ou "{FILLED}"')
    if kind == "date" and int(found[2]) > LONGEST:
        raise Unfit(field, f"{LONGEST} jours au plus")
    return Condition(field, found[1], number=int(found[2]))


def clause(conditions: tuple[Condition, ...], connection: Connection, today: date) -> ColumnElement[bool]:
    """All of them, of leads that are there, and somebody's."""
    return and_(~leads.c.deleted, leads.c.real, leads.c.erased_at.is_(None), *(_one(each, connection, today) for each in conditions))


def _one(condition: Condition, connection: Connection, today: date) -> ColumnElement[bool]:
    column = leads.c[condition.field]
    if condition.sign == EMPTY:
        return or_(column.is_(None), column == "") if _kind(condition.field) in ("text", "status") else column.is_(None)
    if condition.sign == FILLED:
        return and_(column.is_not(None), column != "") if _kind(condition.field) in ("text", "status") else column.is_not(None)
    if condition.sign == AMONG:
        return column.in_(condition.texts if condition.field in _KNOWN else spellings(connection, column, condition.texts))
    if _kind(condition.field) == "date":
        return _TURNED[condition.sign](column, today - timedelta(days=condition.number))
    value = condition.number * 100 if _kind(condition.field) == "money" else condition.number
    return _SIGNS[condition.sign](column, value)


def spellings(connection: Connection, column: Any, wanted: tuple[str, ...]) -> list[str]:
    """The texts of that column that say one of these, whatever their case and accents: SQL cannot fold."""
    folded = {fold(each) for each in wanted}
    found = connection.execute(select(column).where(~leads.c.deleted, column.is_not(None)).distinct()).scalars()
    return [each for each in found if fold(each) in folded]


_SIGNS: dict[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "<": lambda column, value: column < value,
    "<=": lambda column, value: column <= value,
    ">": lambda column, value: column > value,
    ">=": lambda column, value: column >= value,
    "=": lambda column, value: column == value,
}
# the more days have passed, the earlier the date
_TURNED: dict[str, Callable[[Any, Any], ColumnElement[bool]]] = {
    "<": _SIGNS[">"],
    "<=": _SIGNS[">="],
    ">": _SIGNS["<"],
    ">=": _SIGNS["<="],
    "=": _SIGNS["="],
}
