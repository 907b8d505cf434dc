"""Whether the rule of a series may be kept: the one place where an import judges it; nothing is expanded."""

from __future__ import annotations

from datetime import datetime

from icalendar import vRecur

MOST = 10_000  # occurrences, and dates that are left out
LONGEST = 500  # characters
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_KNOWN = frozenset(("FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "WKST"))
_HOURS = {"BYHOUR": "hour", "BYMINUTE": "minute", "BYSECOND": "second"}
_LONGEST_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


class BadRule(ValueError):
    """The message says what is wrong, in French."""


def checked(text: str, start: datetime) -> str:
    """The rule in its usual form, from `start` on a clock of the wall; raises BadRule."""
    if len(text) > LONGEST:
        raise BadRule("Sa règle de répétition est trop longue.")
    try:
        rule = vRecur.from_ical(text)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise BadRule("Sa règle de répétition n’est pas lisible.") from error
    for name, part in _HOURS.items():
        if rule.get(name) == [getattr(start, part)]:
            del rule[name]  # says again at what time it starts
    if rule.get("FREQ", [""])[0] not in _FREQUENCIES or _HOURS.keys() & rule.keys():
        raise BadRule("Il se répète plus d’une fois par jour, ou à un rythme inconnu.")
    if unknown := rule.keys() - _KNOWN:
        raise BadRule(f"Sa règle de répétition dit «\u00a0{min(unknown)}\u00a0», que le calendrier ne connaît pas.")
    if not 1 <= rule.get("INTERVAL", [1])[0] <= 999 or not 1 <= rule.get("COUNT", [1])[0] <= MOST:
        raise BadRule(f"Sa règle de répétition compte de 0 en 0, ou au-delà de {MOST}.")
    if not all(1 <= month <= 12 for month in rule.get("BYMONTH", ())):
        raise BadRule("Sa règle de répétition n’est pas lisible.")
    days = {abs(day) for day in rule.get("BYMONTHDAY", ())}
    if days and min(days) > max(_LONGEST_MONTHS[month - 1] for month in rule.get("BYMONTH", range(1, 13))):
        raise BadRule("Sa règle de répétition ne donne aucune date.")  # 30 February
    return str(rule.to_ical(), "ascii")
