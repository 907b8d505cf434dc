"""What « gnetics import » is told of a file: « Titre=Champ », « Mot=Statut », « Titre=jma »; each must be found in the file."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from gnetics.cli.french import NotUnderstood

if TYPE_CHECKING:
    from gnetics.domain.dates import Order

SHOWN = 30  # titles, words
_SAME = {"meme": True, "même": True, "autre": False}


def columns(given: Sequence[str], titles: Collection[str]) -> dict[str, str]:
    """« Titre=Champ » as {title of the file: field key}; a field is named by its label or its key."""
    from gnetics.domain.sheets import LEADS, header_key

    found = {}
    for each in given:
        name, sign, wanted = each.rpartition("=")
        column = LEADS.by_header.get(header_key(wanted))
        if not sign or (wanted.strip() and column is None):
            raise NotUnderstood(f"« --map {each} » n’est pas compris : écrivez « Titre=Champ », le champ étant l’un de : {_labels()}.")
        found[_title(f"--map {each}", name, titles)] = column.key if column else ""
    return found


def statuses(given: Sequence[str]) -> dict[str, str]:
    """« Mot=Statut » as {word as typed: status of ours}."""
    from gnetics.domain.statuses import LABELS
    from gnetics.domain.values import status

    found = {}
    for each in given:
        word, sign, wanted = each.rpartition("=")
        ours = status(wanted.strip())
        if not sign or (ours and ours not in LABELS):
            raise NotUnderstood(
                f"« --status {each} » n’est pas compris : écrivez « Mot=Statut », le statut étant l’un de : {', '.join(LABELS)}."
            )
        found[word.strip()] = ours
    return found


def in_the_file(asked: dict[str, str], words: Collection[str]) -> dict[str, str]:
    """{word of the file: status of ours}; of words that differ by case or accents alone, all are meant."""
    found: dict[str, str] = {}
    for word, ours in asked.items():
        same = _same(word, words)
        if not same:
            there = f"le fichier a : {_list(words)}" if words else "le fichier n’en a aucun à rattacher"
            raise NotUnderstood(f"« --status {word}=… » : aucun statut du fichier ne s’écrit ainsi ; {there}.")
        found |= dict.fromkeys(same, ours)
    return found


def dates(given: Sequence[str], titles: Collection[str]) -> dict[str, Order]:
    """« jma », or « Titre=jma » of one column, as {title of the file, "" for all: order}."""
    found: dict[str, Order] = {}
    for each in given:
        name, sign, order = each.rpartition("=")
        if order not in ("jma", "mja", "amj"):
            raise NotUnderstood(
                f"« --dates {each} » n’est pas compris : écrivez jma (jour, mois, année), mja (mois, jour), amj (année d’abord) "
                "ou « Titre=mja »."
            )
        found[_title(f"--dates {each}", name, titles) if sign else ""] = order  # type: ignore[assignment]  # one of them
    return found


def sheets(given: Sequence[str], names: Collection[str]) -> list[str]:
    found = []
    for each in given:
        same = _same(each, names)
        if not same:
            raise NotUnderstood(f"« --sheet {each} » : aucune feuille du fichier ne s’appelle ainsi ; il a : {_list(names)}.")
        found += same
    return found


def persons(given: Sequence[str], names: Sequence[str]) -> dict[tuple[str, int], bool]:
    """« 3=meme », or « Feuille!3=autre » where several sheets hold contacts, as {(sheet, line): whether it is that contact}."""
    found = {}
    for each in given:
        place, _, answer = each.rpartition("=")
        sheet, _, line = place.rpartition("!")
        if answer not in _SAME or not line.strip().isdecimal():
            raise NotUnderstood(f"« --person {each} » n’est pas compris : écrivez « LIGNE=meme » ou « LIGNE=autre ».")
        for name in sheets([sheet], names) if sheet else names:
            found[name, int(line)] = _SAME[answer]
    return found


def _title(option: str, name: str, titles: Collection[str]) -> str:
    same = _same(name, titles)
    if not same:
        raise NotUnderstood(f"« {option} » : aucune colonne du fichier ne s’appelle « {name.strip()} » ; il a : {_list(titles)}.")
    if len(same) > 1:
        raise NotUnderstood(f"« {option} » : plusieurs colonnes s’appellent ainsi, écrivez l’une de : {_list(same)}.")
    return same[0]


def _same(typed: str, there: Collection[str]) -> list[str]:
    """Those that are written so, else those that differ by case and accents alone."""
    from gnetics.domain.folding import fold

    typed = typed.strip()
    return [typed] if typed in there else [each for each in there if fold(each) == fold(typed)]


def _list(names: Collection[str]) -> str:
    shown = ", ".join(f"« {name} »" for name in list(names)[:SHOWN])
    return shown + (f" … et {len(names) - SHOWN} autres" if len(names) > SHOWN else "")


def _labels() -> str:
    from gnetics.domain.sheets import LEADS

    return ", ".join(column.label for column in LEADS.columns)
