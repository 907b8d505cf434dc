"""Files that are read again and again: how each is, reading one now, taking its new columns."""

from __future__ import annotations

import argparse
from contextlib import closing
from typing import Any

from gnetics.cli.french import Commands, FrenchParser
from gnetics.settings import Settings


def add(commands: Commands) -> None:
    root = commands.add_parser("sources", help="les fichiers relus régulièrement ([sources.NOM]) : list, read, accept")
    verbs = root.add_subparsers(dest="verb", required=True, metavar="VERBE", parser_class=FrenchParser)
    verbs.add_parser("list", help="chaque source, quand elle a été lue, et ce qui l’en empêche")
    verbs.add_parser("read", help="lit une source maintenant").add_argument("name", metavar="NOM")
    verbs.add_parser("accept", help="admet les colonnes qu’une source a maintenant, et la lit").add_argument("name", metavar="NOM")
    root.set_defaults(run=_sources)


def _sources(settings: Settings, chosen: argparse.Namespace) -> None:
    from gnetics.store.crm import open_crm

    with closing(open_crm(settings, migrate=True, trusted=True)) as crm:
        VERBS[chosen.verb](crm, chosen)


def _list(crm: Any, _chosen: argparse.Namespace) -> None:
    from gnetics.imports.sources import states

    found = states(crm)
    for state in found:
        print(_line(crm, state))
    if not found:
        print("Aucune source : gnetics.toml n’a pas de table [sources.NOM].")


def _line(crm: Any, state: Any) -> str:
    every = f"{state.entry.name} (toutes les {state.entry.every_minutes} min)"
    if state.known is None or not (state.known["said"] or state.known["read_at"]):
        return f"{every} : pas encore lue"
    if state.known["said"]:
        return f"{every} : {state.known['said']}"
    return f"{every} : lue le {state.known['read_at'].astimezone(crm.region.zone):%d/%m/%Y à %H:%M}"


def _read(crm: Any, chosen: argparse.Namespace) -> None:
    from gnetics.imports.sources import named, read, states

    read(crm, named(crm, chosen.name))
    print(next(_line(crm, state) for state in states(crm) if state.entry.name == chosen.name))


def _accept(crm: Any, chosen: argparse.Namespace) -> None:
    from gnetics.imports.sources import accept

    accept(crm, chosen.name)
    _read(crm, chosen)


VERBS = {"list": _list, "read": _read, "accept": _accept}
