"""Importing files, and taking imports back."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gnetics.cli import files, import_choices
from gnetics.cli.french import Commands, NotUnderstood, bar
from gnetics.errors import GneticsError
from gnetics.settings import Settings, default_user

if TYPE_CHECKING:
    from gnetics.imports.plan import Asked, Mode
    from gnetics.imports.report import Doubt, Problem, Report
    from gnetics.store.crm import Crm

MODES: dict[str, Mode] = {"ajouter": "create", "mettre-a-jour": "update", "les-deux": "both"}
MODES |= {mode: mode for mode in MODES.values()}
SHOWN_PROBLEMS = 50
MOVED = "Votre base est prête. Un serveur qui montrait la démonstration y passe de lui-même, ses pages ouvertes en moins d’une minute."


def add(commands: Commands) -> None:
    taking = commands.add_parser(
        "import", help="importe un fichier CSV, XLSX, XLS, ODS, vCard ou iCalendar dans la base, ou annule un import"
    )
    what = taking.add_mutually_exclusive_group(required=True)
    what.add_argument("file", metavar="CLASSEUR|ADRESSE", nargs="?", help="un fichier, ou l’adresse http(s) d’un fichier publié")
    what.add_argument("--undo", metavar="N", type=int, help="annule un import des 30 derniers jours, par son numéro (gnetics imports)")
    taking.add_argument("--dry-run", action="store_true", help="lit et rend compte, sans rien écrire")
    taking.add_argument("--mode", choices=MODES, default="les-deux", help="ajouter, mettre-a-jour ou les-deux (par défaut)")
    taking.add_argument(
        "--map", metavar="TITRE=CHAMP", action="append", default=[], help="lit une colonne comme ce champ ; « TITRE= » la laisse de côté"
    )
    taking.add_argument(
        "--status", metavar="MOT=STATUT", action="append", default=[], help="lit un statut du fichier comme le nôtre ; « MOT= » le garde"
    )
    taking.add_argument(
        "--dates",
        metavar="[TITRE=]jma|mja|amj",
        action="append",
        default=[],
        help="ordre des dates (02/03/26), du fichier ou d’une colonne",
    )
    taking.add_argument("--sheet", metavar="FEUILLE", action="append", default=[], help="prend une feuille laissée de côté")
    taking.add_argument(
        "--person", metavar="LIGNE=meme|autre", action="append", default=[], help="dit si une ligne est le contact auquel elle ressemble"
    )
    taking.add_argument("--refused", metavar="FICHIER", type=Path, help="écrit les lignes refusées dans ce classeur, à corriger")
    taking.add_argument("--report", metavar="FICHIER", type=Path, help="écrit dans ce classeur chaque case changée, douteuse ou écartée")
    taking.set_defaults(run=run)
    commands.add_parser("imports", help="liste les imports des 30 derniers jours, avec leur numéro").set_defaults(run=_imports)


def run(settings: Settings, chosen: argparse.Namespace) -> None:
    """`gnetics import`."""
    if chosen.undo is not None:
        _undo_import(settings, chosen.undo)
        return
    name, content = _content(chosen.file)
    _refuse_choices_of_calendar(chosen, content)
    if settings.database_url or settings.real_store.exists():
        from gnetics.store.crm import create_crm

        with closing(create_crm(settings, "real", trusted=True)) as crm:
            _import_into(crm, chosen, name, content)
        return
    from gnetics.imports.first_store import first_store

    # a first import that fails, or a dry run, must not leave an empty store to be served instead of the demo
    with first_store(settings, default_user(settings), trusted=True) as store:
        _import_into(store.crm, chosen, name, content)
        if not chosen.dry_run:
            store.keep()
            if settings.demo_store.exists():
                print(MOVED)


def _refuse_choices_of_calendar(chosen: argparse.Namespace, content: Path | bytes) -> None:
    from gnetics.imports.text_file import CALENDAR, is_calendar

    choices = (chosen.map, chosen.status, chosen.dates, chosen.sheet, chosen.person, chosen.refused, chosen.report)
    if any(choices) and is_calendar(content if isinstance(content, bytes) else content.read_bytes()):
        raise NotUnderstood(CALENDAR)


def _content(place: str) -> tuple[str, Path | bytes]:
    """(name, where the file is or what it holds)."""
    if place.lower().startswith(("http://", "https://")):
        from gnetics.imports.remote import fetch

        return fetch(place, private=True)
    if not Path(place).is_file():
        raise GneticsError(f"Le fichier « {place} » n’existe pas.")
    return Path(place).name, Path(place)


def _import_into(crm: Crm, chosen: argparse.Namespace, name: str, content: Path | bytes) -> None:
    from gnetics.imports.cell_report import cell_report
    from gnetics.imports.importer import import_workbook, refused_rows
    from gnetics.imports.plan import ColumnsNeeded

    user, progress = default_user(crm.settings), bar if sys.stderr.isatty() else None
    asked = _asked(crm, chosen, name, content)
    try:
        report = import_workbook(crm, user, content, name, dry_run=chosen.dry_run, progress=progress, asked=asked)
    except ColumnsNeeded as error:
        raise GneticsError(f'{error} Ou dites laquelle est laquelle : --map "Titre=Champ".') from error
    if chosen.refused and report.refused:
        files.write(chosen.refused, refused_rows(crm, content, name, asked, report))
    if chosen.report:
        files.write(chosen.report, cell_report(crm, content, name, asked, report))
    _tell(report)


def _asked(crm: Crm, chosen: argparse.Namespace, name: str, content: Path | bytes) -> Asked:
    """What was chosen, in the words of the file; raises NotUnderstood for what is not in it, before anything is written."""
    from gnetics.imports.importer import import_workbook, what_it_has
    from gnetics.imports.plan import Asked

    words, asked = import_choices.statuses(chosen.status), Asked(MODES[chosen.mode])
    if chosen.map or chosen.dates or chosen.sheet or chosen.person:
        seen = what_it_has(crm, content, name)
        titles = list(dict.fromkeys(column.name for column in seen.columns))
        sheets = import_choices.sheets(chosen.sheet, [sheet.name for sheet in seen.sheets])
        asked = replace(
            asked,
            columns=import_choices.columns(chosen.map, titles),
            dates=import_choices.dates(chosen.dates, titles),
            sheets=sheets,
            persons=import_choices.persons(chosen.person, [sheet.name for sheet in seen.sheets if sheet.kind == "leads"]),
        )
    if words:
        trial = import_workbook(crm, default_user(crm.settings), content, name, dry_run=True, asked=asked)
        asked = replace(asked, statuses=import_choices.in_the_file(words, [word for word, _ in trial.words]))
    return asked


def _imports(settings: Settings, _chosen: argparse.Namespace) -> None:
    from gnetics.store.crm import open_crm
    from gnetics.store.reading.imports import past_imports

    with closing(open_crm(settings, trusted=True)) as crm:
        found = past_imports(crm, default_user(settings))
        for each in found:
            undone = ", annulé" if each.undone_at else ""
            counts = f"{each.added} ajout(s), {each.updated} mise(s) à jour, {each.refused} refus"
            print(f"{each.number} : {each.at.astimezone(crm.region.zone):%d/%m/%Y %H:%M}, {each.who}, {each.filename}, {counts}{undone}")
    if not found:
        print("Aucun import dans les 30 derniers jours.")


def _undo_import(settings: Settings, number: int) -> None:
    from gnetics.actions.past_imports import undo_import
    from gnetics.store.crm import open_crm

    with closing(open_crm(settings, trusted=True)) as crm:
        undone = undo_import(crm, default_user(settings), number, bar if sys.stderr.isatty() else None)
    for kept in undone.kept:
        print(f"  {kept}")
    print(f"Import annulé : {undone.removed} retiré(s), {undone.restored} rétabli(s), {len(undone.kept)} gardé(s) car modifié(s) depuis.")


def _tell(report: Report) -> None:
    from gnetics.imports.counts import told

    for problem in report.problems[:SHOWN_PROBLEMS]:
        _tell_problem(problem)
    if len(report.problems) > SHOWN_PROBLEMS:
        print(f"  … et {len(report.problems) - SHOWN_PROBLEMS} autres problèmes.")
    for problem in report.read_as:
        _tell_problem(problem)
    if report.shape:
        print(f"Export reconnu : {report.shape}.")
    for sheet in report.sheets:
        if sheet.aside:
            print(f'Feuille « {sheet.name} » laissée de côté : {sheet.aside} Pour la prendre : --sheet "{sheet.name}".')
    for doubt in report.doubts:
        print(f"Doute, {doubt.sheet}, {doubt.column} : {doubt.sentence} {_remedy(doubt)}")
    for each in report.likenesses:
        remedy = f"--person {each.line}=meme, ou --person {each.line}=autre"
        print(f"{each.sheet}, ligne {each.line} : est-ce {each.title} ? Dites-le : {remedy}.")
        for label, theirs, ours in each.fields:
            print(f"    {label} : « {theirs} » dans le fichier, « {ours} » dans le CRM")
    for (word, ours), count in report.words.most_common():
        remedy = f'inconnu, gardé tel quel ; pour le lire comme l’un des nôtres : --status "{word}=Statut"'
        print(f"Statut « {word} » ({count}) : {f'lu « {ours} »' if ours else remedy}.")
    sentence = told(report)
    print(f"{sentence[:1].upper()}{sentence[1:]}.")
    if not report.taken + report.updated + report.unchanged + report.skipped:
        raise GneticsError("Aucune ligne n’a pu être importée.")
    print("Essai à blanc : rien n’a été écrit." if report.dry_run else "Import terminé.")


def _tell_problem(problem: Problem) -> None:
    line = f"ligne {problem.line}" if problem.line else ""
    place = ", ".join(filter(None, [problem.sheet, line, problem.column]))
    print(f"  {place} : {problem.reason}" + (f" (« {problem.value} »)" if problem.value else ""))


def _remedy(doubt: Doubt) -> str:
    """How it was read, and what to add for the other reading."""
    read = dict(doubt.readings).get(doubt.taken)
    others = [f'--dates "{doubt.column}={answer}" pour {says}' for answer, says in doubt.readings if answer != doubt.taken]
    return f"{f'Lu {read}' if read else 'Non lu'} ; {', '.join(others)}."
