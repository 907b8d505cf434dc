"""Importing files, and taking imports back."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from gnetics.cli.french import Commands, bar
from gnetics.errors import GneticsError
from gnetics.settings import Settings, default_user

if TYPE_CHECKING:
    from gnetics.imports.plan import Mode
    from gnetics.imports.report import Report

MODES: dict[str, Mode] = {"ajouter": "create", "mettre-a-jour": "update", "les-deux": "both"}
MODES |= {mode: mode for mode in MODES.values()}
SHOWN_PROBLEMS = 50


def add(commands: Commands) -> None:
    taking = commands.add_parser("import", help="importe un fichier CSV, XLSX, XLS ou ODS dans la base, ou annule un import")
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
    taking.add_argument("--refused", metavar="FICHIER", type=Path, help="écrit les lignes refusées dans ce classeur, à corriger")
    taking.set_defaults(run=_import)
    commands.add_parser("imports", help="liste les imports des 30 derniers jours, avec leur numéro").set_defaults(run=_imports)


def _import(settings: Settings, chosen: argparse.Namespace) -> None:
    if chosen.undo is not None:
        _undo_import(settings, chosen.undo)
        return
    name, content = _content(chosen.file)
    if settings.database_url or settings.real_store.exists():
        _import_into(settings, chosen, name, content)
        return
    from gnetics.store import scratch
    from gnetics.store.sqlite_file import put

    # a first import that fails, or a dry run, must not leave an empty store to be served instead of the demo
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with scratch.folder(settings.data_dir, ".import-") as folder:
        trial = replace(settings, data_dir=folder)
        _import_into(trial, chosen, name, content)
        if not chosen.dry_run:
            put(trial.real_store, settings.real_store)


def _content(place: str) -> tuple[str, Path | bytes]:
    """(name, where the file is or what it holds)."""
    if place.lower().startswith(("http://", "https://")):
        from gnetics.imports.remote import fetch

        return fetch(place, private=True)
    if not Path(place).is_file():
        raise GneticsError(f"Le fichier « {place} » n’existe pas.")
    return Path(place).name, Path(place)


def _import_into(settings: Settings, chosen: argparse.Namespace, name: str, content: Path | bytes) -> None:
    from gnetics.imports.importer import import_workbook, refused_rows
    from gnetics.imports.plan import Asked
    from gnetics.store.crm import create_crm

    crm = create_crm(settings, "real", trusted=True)
    try:
        asked = Asked(MODES[chosen.mode], _columns(chosen.map), _statuses(chosen.status))
        progress = bar if sys.stderr.isatty() else None
        report = import_workbook(crm, default_user(settings), content, name, dry_run=chosen.dry_run, progress=progress, asked=asked)
        if chosen.refused and report.refused:
            chosen.refused.write_bytes(refused_rows(crm, content, name, asked, report))
    finally:
        crm.close()
    _tell(report)


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


def _columns(given: Sequence[str]) -> dict[str, str]:
    """« Titre=Champ » as {title: field key}; a field is named by its label or its key."""
    from gnetics.domain.sheets import LEADS, header_key

    found = {}
    for each in given:
        name, sign, wanted = each.rpartition("=")
        column = LEADS.by_header.get(header_key(wanted))
        if not sign or (wanted.strip() and column is None):
            labels = ", ".join(column.label for column in LEADS.columns)
            raise GneticsError(f"« --map {each} » n’est pas compris : écrivez « Titre=Champ », le champ étant l’un de : {labels}.")
        found[name.strip()] = column.key if column else ""
    return found


def _statuses(given: Sequence[str]) -> dict[str, str]:
    """« Mot=Statut » as {word of the file: status of ours}."""
    from gnetics.domain.statuses import LABELS
    from gnetics.domain.values import status

    found = {}
    for each in given:
        word, sign, wanted = each.rpartition("=")
        ours = status(wanted.strip())
        if not sign or (ours and ours not in LABELS):
            raise GneticsError(
                f"« --status {each} » n’est pas compris : écrivez « Mot=Statut », le statut étant l’un de : {', '.join(LABELS)}."
            )
        found[word.strip()] = ours
    return found


def _tell(report: Report) -> None:
    for problem in report.problems[:SHOWN_PROBLEMS]:
        line = f"ligne {problem.line}" if problem.line else ""
        place = ", ".join(filter(None, [problem.sheet, line, problem.column]))
        print(f"  {place} : {problem.reason}" + (f" (« {problem.value} »)" if problem.value else ""))
    if len(report.problems) > SHOWN_PROBLEMS:
        print(f"  … et {len(report.problems) - SHOWN_PROBLEMS} autres problèmes.")
    if report.shape:
        print(f"Export reconnu : {report.shape}.")
    for (word, ours), count in report.words.most_common():
        print(f"Statut « {word} » ({count}) : {f'lu « {ours} »' if ours else 'inconnu, gardé tel quel'}.")
    left = f"{report.skipped} laissé(s) de côté, " if report.skipped else ""
    print(
        f"{report.taken} ajouté(s), {report.updated} mis à jour, {report.unchanged} inchangé(s), {left}{report.refused} refusé(s), "
        f"{report.blank} ligne(s) vide(s), {report.set_aside} sans identité (écartés), {len(report.problems)} remarque(s)."
    )
    if not report.taken + report.updated + report.unchanged + report.skipped:
        raise GneticsError("Aucune ligne n’a pu être importée.")
    print("Essai à blanc : rien n’a été écrit." if report.dry_run else "Import terminé.")
