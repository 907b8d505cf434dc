"""What became of a file in one sentence, as the page and the command line say it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from gnetics.domain.typography import counted
from gnetics.imports.report import Report, SheetReport


class _Noun(NamedTuple):
    """What a row of a kind of sheet is."""

    one: str
    many: str
    feminine: bool = False


class _Verb(NamedTuple):
    """What was done with rows, as it agrees with them; `to_do`, of an import that is only tried, agrees with nothing."""

    what: str  # counted by SheetReport
    masculine: tuple[str, str]
    feminine: tuple[str, str]
    to_do: str = ""


_NOUNS = {
    "leads": _Noun("contact", "contacts"),
    "events": _Noun("événement", "événements"),
    "messages": _Noun("email", "emails"),
    "runs": _Noun("automatisation", "automatisations", True),
    "history": _Noun("ligne d’historique", "lignes d’historique", True),
}
_VERBS = (
    _Verb("added", ("ajouté", "ajoutés"), ("ajoutée", "ajoutées"), "à ajouter"),
    _Verb("updated", ("mis à jour", "mis à jour"), ("mise à jour", "mises à jour"), "à mettre à jour"),
    _Verb("unchanged", ("inchangé", "inchangés"), ("inchangée", "inchangées")),
    _Verb("skipped", ("laissé de côté", "laissés de côté"), ("laissée de côté", "laissées de côté")),
)


def told(report: Report) -> str:
    """« 4 contacts et 3 événements ajoutés, 1 ligne écartée, 4 remarques »; of a trial, « 4 contacts à ajouter »."""
    parts = [said for verb in _VERBS if (said := _said(verb, report.sheets, report.dry_run))]
    for count, one, many in (
        (report.set_aside, "ligne écartée", "lignes écartées"),
        (report.joined, "ligne jointe au contact d’une autre", "lignes jointes au contact d’une autre"),
        (report.apart, "ligne qui n’est pas un contact", "lignes qui ne sont pas des contacts"),
        (sum(bool(sheet.aside) for sheet in report.sheets), "feuille laissée de côté", "feuilles laissées de côté"),
        (report.refused, "ligne refusée", "lignes refusées"),
        (len(report.doubts), "doute", "doutes"),
        (len(report.problems), "remarque", "remarques"),
    ):
        if count:
            parts.append(counted(count, one, many))
    return ", ".join(parts) or "aucune ligne"


def _said(verb: _Verb, sheets: Iterable[SheetReport], trial: bool) -> str:
    counts: dict[_Noun, int] = {}
    for sheet in sheets:
        if sheet.kind and (count := getattr(sheet, verb.what)):
            noun = _NOUNS[sheet.kind]
            counts[noun] = counts.get(noun, 0) + count
    if not counts:
        return ""
    words = verb.feminine if all(noun.feminine for noun in counts) else verb.masculine
    done = verb.to_do if trial and verb.to_do else words[sum(counts.values()) > 1]
    *firsts, last = [counted(count, noun.one, noun.many) for noun, count in counts.items()]
    return " et ".join(filter(None, [", ".join(firsts), f"{last} {done}"]))
