"""A rule: when it looks at a lead, on which conditions, and what it does then."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum
from itertools import pairwise

from gnetics.automations.condition import Condition
from gnetics.domain import dates, statuses
from gnetics.domain.fields import BY_KEY
from gnetics.domain.happenings import What
from gnetics.domain.typography import counted
from gnetics.errors import Unreadable
from gnetics.settings.values import Unfit


class Deed(StrEnum):
    SEND = "envoyer"
    FOLLOW_UP = "relancer"
    CHANGE = "modifier"
    CORRECT = "corriger"
    DUPLICATES = "signaler les doublons"
    ASSIGN = "attribuer"
    REMIND = "rappeler"
    MORNING = "résumer"
    EMPTY_BIN = "vider la corbeille"
    SHORTEN_LOGS = "alléger les journaux"
    FORGET_QUIET = "effacer les contacts sans nouvelles"
    SCORE = "calculer les scores"
    CHECK = "contrôler"


DATES = tuple(key for key, each in BY_KEY.items() if each.kind == "date")
CHANGED = ("status", "source", "owner", "tags", "next_follow_up", "next_action", "stage")  # what a rule may change
NIGHTLY = (Deed.EMPTY_BIN, Deed.SHORTEN_LOGS, Deed.FORGET_QUIET, Deed.SCORE, Deed.CHECK)
BY_THEMSELVES = (Deed.REMIND, Deed.MORNING, *NIGHTLY)  # they know when to act
MAILS = (Deed.SEND, Deed.FOLLOW_UP, Deed.REMIND, Deed.MORNING)
OF_LEADS = frozenset(What) - {each for each in What if each.name.startswith(("EVENT", "MESSAGE"))}
PER_DAY = {True: 200, False: 1_000_000}  # by whether it sends: what changes nothing outside needs no limit
LONGEST_PAUSE = 365  # days
NEEDED = {
    Deed.SEND: ("models",),
    Deed.FOLLOW_UP: ("models", "due"),
    Deed.CHANGE: ("changes",),
    Deed.MORNING: ("at",),
    **dict.fromkeys(NIGHTLY, ("at",)),
}
_DAYS = re.compile(r"dans (\d{1,3}) jours?|aujourd’hui|aujourd'hui")


@dataclass(frozen=True)
class Rule:
    """`on`: what happened, to leads of an import too if `imports`, each time if `again`. `due`: a date of the lead.

    `days` after which it is due; `late_days` beyond which it is missed. `models` are templates, one a step, `pauses` the days between
    two steps; `changes` texts by field. `people` take turns, `sources` say whose the leads of a source are. `hours`: before an event.
    `per_day`: how often at most, 0 for what its deed has. `digest` is that of the definition.
    """

    name: str
    title: str
    deed: Deed
    on: tuple[str, ...] = ()
    due: str = ""
    days: int = 0
    at: str = ""
    where: tuple[Condition, ...] = ()
    late_days: int = 30
    per_day: int = 0
    imports: bool = False
    again: bool = False
    models: tuple[str, ...] = ()
    pauses: tuple[int, ...] = ()
    changes: Mapping[str, str] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)
    hours: int = 24
    digest: str = ""

    def __post_init__(self) -> None:
        """Unfit says what is wrong."""
        for key in NEEDED.get(self.deed, ()):
            if not getattr(self, key):
                raise Unfit(key, f"«\u00a0{self.deed}\u00a0» demande «\u00a0{key}\u00a0»")
        if not self.title.strip():
            raise Unfit("title", "donnez un titre")
        if self.deed in BY_THEMSELVES and (self.on or self.due):
            raise Unfit("on" if self.on else "due", f"«\u00a0{self.deed}\u00a0» sait par lui-même quand agir")
        if self.deed not in BY_THEMSELVES and bool(self.on) == bool(self.due):
            raise Unfit(
                "due" if self.due else "on", "donnez «\u00a0on\u00a0» (ce qui arrive) ou «\u00a0due\u00a0» (une date), l’un des deux"
            )
        if unknown := next((each for each in self.on if each not in OF_LEADS), None):
            raise Unfit("on", f"«\u00a0{unknown}\u00a0» n’est pas {', '.join(sorted(OF_LEADS))}")
        if self.due and self.due not in DATES:
            raise Unfit("due", f"«\u00a0{self.due}\u00a0» n’est pas {', '.join(DATES)}")
        if self.deed is Deed.FOLLOW_UP and len(self.pauses) != len(self.models) - 1:
            raise Unfit("pauses", f"{len(self.models)} étapes demandent {len(self.models) - 1} pauses, en jours")
        if any(not 1 <= pause <= LONGEST_PAUSE for pause in self.pauses):
            raise Unfit("pauses", f"une pause a de 1 à {LONGEST_PAUSE} jours")
        for key, low, high in (("days", -3650, 3650), ("late_days", 0, 3650), ("per_day", 0, 100_000), ("hours", 1, 720)):
            if not low <= getattr(self, key) <= high:
                raise Unfit(key, f"un nombre de {low} à {high}")
        if self.at:
            _check_hour(self.at)
        for key, text in self.changes.items():
            _check_change(key, text)

    @property
    def hour(self) -> time:
        return dates.parse_time(self.at)

    @property
    def sends(self) -> bool:
        return self.deed in MAILS

    @property
    def nightly(self) -> bool:
        """Done every night in several transactions, about no lead; on from the start, since nothing is sent to anybody outside."""
        return self.deed in NIGHTLY

    @property
    def once(self) -> bool:
        """What happens to a lead is answered the first time only."""
        return self.deed is Deed.SEND and not self.again

    @property
    def most(self) -> int:
        """How often a day at most."""
        return self.per_day or PER_DAY[self.sends]

    @property
    def lacks(self) -> str:
        """What is to be given before it can be enabled."""
        return "people ou sources" if self.deed is Deed.ASSIGN and not (self.people or self.sources) else ""

    @property
    def trigger(self) -> str:
        if not self.on:
            return "planification"
        return "changement de statut" if What.STATUS_CHANGED in self.on else "enregistrement"

    def day_of_step(self, step: int) -> int:
        """Days from the first step, which is 1, to this one."""
        return sum(self.pauses[: step - 1])


def days_ahead(text: str) -> int | None:
    """Of « aujourd’hui » and « dans 3 jours »; None for another text."""
    found = _DAYS.fullmatch(text.strip().casefold())
    return int(found[1] or 0) if found else None


def _check_hour(text: str) -> None:
    try:
        dates.parse_time(text)
    except Unreadable as error:
        raise Unfit("at", str(error).rstrip(".")) from None


def _check_change(key: str, text: str) -> None:
    if key not in CHANGED:
        raise Unfit("changes", f"«\u00a0{key}\u00a0» n’est pas {', '.join(CHANGED)}")
    if key == "status" and text not in statuses.LABELS:
        raise Unfit("changes", f"«\u00a0{text}\u00a0» n’est pas {', '.join(statuses.LABELS)}")
    if BY_KEY[key].kind == "date" and days_ahead(text) is None:
        raise Unfit("changes", f"«\u00a0{key}\u00a0» est une date\u00a0: écrivez «\u00a0aujourd’hui\u00a0» ou «\u00a0dans 3 jours\u00a0»")


def sentence(rule: Rule) -> str:
    """What it does, as the page says it."""
    conditions = [str(each) for each in rule.where]
    parts = [_when(rule), *([f"si {' et '.join(conditions)}"] if conditions else []), _what(rule)]
    return f"{', '.join(parts)}."


_HAPPENED = {
    What.LEAD_CREATED: "un contact est créé",
    What.LEAD_CHANGED: "un contact est modifié",
    What.STATUS_CHANGED: "un statut change",
    What.LEAD_DELETED: "un contact est supprimé",
    What.LEAD_RESTORED: "un contact est rétabli",
}


def _when(rule: Rule) -> str:
    if rule.nightly:
        return f"Chaque nuit à {rule.at} (après une panne, la dernière suffit)"
    if rule.deed is Deed.MORNING:
        return f"Chaque jour ouvré à {rule.at}"
    if rule.deed is Deed.REMIND:
        return f"{rule.hours}\u00a0h avant un événement"
    if rule.on:
        return f"Quand {' ou '.join(_HAPPENED[What(each)] for each in rule.on)}"
    label = BY_KEY[rule.due].label
    if not rule.days:
        return f"Quand arrive «\u00a0{label}\u00a0»"
    return f"{counted(abs(rule.days), 'jour')} {'après' if rule.days > 0 else 'avant'} «\u00a0{label}\u00a0»"


def _what(rule: Rule) -> str:
    if rule.deed is Deed.FOLLOW_UP:
        days = [rule.day_of_step(step) for step in range(1, len(rule.models) + 1)]
        gaps = [str(after - before) for before, after in pairwise(days)]
        count = f"{len(days)} relances" if len(days) > 1 else "une relance"
        days_after = f" ({' puis '.join(gaps)}\u00a0{'jour' if gaps == ['1'] else 'jours'} après)" if gaps else ""
        return f"envoie {count}{days_after}, jusqu’à une réponse"
    if rule.deed is Deed.CHANGE:
        return " et ".join(f"met «\u00a0{BY_KEY[key].label}\u00a0» à «\u00a0{text}\u00a0»" for key, text in rule.changes.items())
    if rule.deed is Deed.ASSIGN:
        shares = [f"«\u00a0{source}\u00a0» à {person}" for source, person in rule.sources.items()]
        if rule.people:
            shares.append(f"{'le reste ' if shares else ''}à tour de rôle à {', '.join(rule.people)}")
        return f"l’attribue ({', '.join(shares)})" if shares else "l’attribue à un commercial"
    return {
        Deed.SEND: f"envoie «\u00a0{rule.models[0] if rule.models else ''}\u00a0»",
        Deed.CORRECT: "passe le contact «\u00a0À corriger\u00a0» si son email manque ou n’est pas valide, et le rend à son statut ensuite",
        Deed.DUPLICATES: "signale ceux qui lui ressemblent, sans rien changer",
        Deed.REMIND: "rappelle le rendez-vous au contact",
        Deed.MORNING: "envoie à chaque commercial ses relances, ses nouveaux contacts et ses rendez-vous du jour",
        Deed.EMPTY_BIN: "efface ce qui est dans la corbeille depuis plus de 30\u00a0jours",
        Deed.SHORTEN_LOGS: "efface des journaux et de l’historique ce qui dépasse la durée de conservation choisie",
        Deed.FORGET_QUIET: "marque «\u00a0À reconfirmer\u00a0» les contacts sans nouvelles depuis la durée choisie, puis les efface",
        Deed.SCORE: "recalcule les scores, qui dépendent du jour et de ce que chaque source a donné",
        Deed.CHECK: "contrôle le CRM, et prévient votre administrateur de ce qui est à corriger",
    }[rule.deed]
