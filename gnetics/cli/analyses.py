"""Notebooks of the analysts: begun, published, withdrawn."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path

from gnetics.cli.french import Commands
from gnetics.settings import Settings, default_user


def add(commands: Commands) -> None:
    beginning = commands.add_parser("new-analysis", help="commence un notebook d’analyse dans notebooks/analyses/")
    beginning.add_argument("title", metavar="NOM")
    beginning.set_defaults(run=_begin)
    publishing = commands.add_parser("publish", help="publie un notebook de notebooks/analyses/ : il devient une page pour tous")
    publishing.add_argument("file", metavar="FICHIER", type=Path)
    publishing.set_defaults(run=_publish)
    withdrawing = commands.add_parser("unpublish", help="retire une analyse ; son fichier reste")
    withdrawing.add_argument("name", metavar="NOM", help="comme « gnetics analyses » l’écrit, ou son fichier")
    withdrawing.set_defaults(run=_withdraw)
    commands.add_parser("analyses", help="liste les analyses publiées, par qui et quand").set_defaults(run=_list)


def _begin(settings: Settings, chosen: argparse.Namespace) -> None:
    from gnetics.operations.publishing import begin

    place = begin(settings, chosen.title)
    print(f"Analyse commencée : {place}\nOuvrez-la dans JupyterLab, puis : gnetics publish {place}")


def _publish(settings: Settings, chosen: argparse.Namespace) -> None:
    from gnetics.operations.publishing import publish
    from gnetics.store.crm import open_crm

    with closing(open_crm(settings, migrate=True, trusted=True)) as crm:
        analysis = publish(crm, default_user(settings), chosen.file)
    print(f"« {analysis.title} » est publiée : elle est dans le menu, sous « Analyses ».")


def _withdraw(settings: Settings, chosen: argparse.Namespace) -> None:
    from gnetics.store.analyses import forget
    from gnetics.store.crm import open_crm

    name = Path(chosen.name).stem
    with closing(open_crm(settings, trusted=True)) as crm:
        forget(crm, default_user(settings), name)
    print(f"L’analyse « {name} » n’est plus publiée ; son fichier est resté.")


def _list(settings: Settings, _chosen: argparse.Namespace) -> None:
    from gnetics.store.analyses import content_of, recorded
    from gnetics.store.crm import open_crm

    with closing(open_crm(settings, trusted=True)) as crm:
        for each in recorded(crm):
            state = "" if content_of(settings, each) else " ; son fichier a changé : à publier de nouveau"
            when = each.published_at.astimezone(crm.region.zone)
            print(f"{each.name} : « {each.title} », par {each.author} le {when:%d/%m/%Y à %H:%M}{state}")
