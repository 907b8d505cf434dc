"""What is read from the contacts: the report, duplicates, the score."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path

from gnetics.cli import files
from gnetics.cli.french import Commands, bar
from gnetics.errors import GneticsError
from gnetics.settings import Settings, default_user


def add(commands: Commands) -> None:
    report = commands.add_parser("report", help="écrit le rapport des tableaux de bord dans un fichier")
    report.add_argument(
        "--out", metavar="FICHIER", type=Path, required=True, help="rapport.xlsx (classeur) ou rapport.html (page à imprimer)"
    )
    report.add_argument("--periode", metavar="PERIODE", help="30j, 90j, mois, trimestre, annee, 12m (par défaut) ou tout")
    report.add_argument("--responsable", metavar="NOM", help="un seul responsable ; « - » pour les contacts de personne")
    report.add_argument("--au", metavar="DATE", help="l’état à la fin d’un jour passé, 2026-10-31 ou 31/10/2026")
    report.set_defaults(run=_report)
    commands.add_parser("duplicates", help="liste les contacts qui semblent être une même personne, et pourquoi").set_defaults(
        run=_duplicates
    )
    commands.add_parser("score", help="recalcule le score automatique de tous les contacts").set_defaults(run=_score)


def _report(settings: Settings, chosen: argparse.Namespace) -> None:
    from gnetics.domain.accesses import COMMAND, Access
    from gnetics.pages.boards.period import BY_KEY
    from gnetics.pages.boards.report import FORMS, report_of
    from gnetics.store import access_log
    from gnetics.store.crm import open_crm

    form = chosen.out.suffix.lower().removeprefix(".")
    if form not in FORMS:
        raise GneticsError(f"Le nom « {chosen.out.name} » ne dit pas quoi écrire : terminez-le par .xlsx ou .html.")
    if chosen.periode and chosen.periode not in BY_KEY:
        raise GneticsError(f"Période « {chosen.periode} » inconnue : choisissez parmi {', '.join(BY_KEY)}.")
    query = {name: value for name in ("periode", "responsable", "au") if (value := getattr(chosen, name))}
    with closing(open_crm(settings, trusted=True)) as crm:
        content = report_of(crm, query, form)
        access_log.note(crm, Access.REPORT, default_user(settings), place=COMMAND, detail=chosen.out.name)
    files.write(chosen.out, content)
    print(f"Rapport écrit : {chosen.out}")


def _duplicates(settings: Settings, _chosen: argparse.Namespace) -> None:
    from gnetics.domain.leads import title
    from gnetics.metrics.duplicates import pairs
    from gnetics.store.crm import open_crm
    from gnetics.widgets.codec import records

    with closing(open_crm(settings)) as crm:
        snapshot = crm.snapshot()
    found = pairs(snapshot.real, snapshot.pairs)
    keys = sorted({key for pair in found for key in (pair.low, pair.high)})
    rows = records(snapshot.real.loc[keys], ["name", "company", "email", "lead_id"])
    words = {row["key"]: f"{row['lead_id'] or '(sans ID)'} {title(row)}" for row in rows}
    for pair in found:
        print(f"{pair.verdict.kind:<8}  {words[pair.low]}  =  {words[pair.high]}  ({pair.verdict.reason})")
    counts = {kind: sum(pair.verdict.kind == kind for pair in found) for kind in ("certain", "probable", "partagé")}
    print(
        f"{counts['certain']} doublon(s) certain(s), {counts['probable']} probable(s), "
        f"{counts['partagé']} paire(s) de noms différents au même téléphone ou à la même boîte, parmi {len(snapshot.real)} contact(s)."
    )


def _score(settings: Settings, _chosen: argparse.Namespace) -> None:
    from gnetics.actions.scores import score_all
    from gnetics.store.crm import open_crm

    with closing(open_crm(settings, trusted=True)) as crm:
        changed, total = score_all(crm, default_user(settings), bar if sys.stderr.isatty() else None)
    print(f"Score automatique recalculé : {changed} contact(s) modifié(s) sur {total}.")
