"""Rules that run by themselves: which are on, what they would do, doing it now, doing again what was not done."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from typing import Any

from gnetics.cli.french import Commands, FrenchParser
from gnetics.settings import Settings, default_user


def add(commands: Commands) -> None:
    root = commands.add_parser("automations", help="les règles : list, enable, disable, preview, run, replay")
    verbs = root.add_subparsers(dest="verb", required=True, metavar="VERBE", parser_class=FrenchParser)
    verbs.add_parser("list", help="les règles, ce que chacune fait, et si elle est active")
    enabling = verbs.add_parser("enable", help="active une règle, telle qu’elle est écrite maintenant")
    enabling.add_argument("name", metavar="NOM")
    enabling.add_argument("--existants", action="store_true", help="aussi pour les contacts qui la remplissent déjà")
    verbs.add_parser("disable", help="désactive une règle, et annule ce qu’elle avait à faire").add_argument("name", metavar="NOM")
    verbs.add_parser("preview", help="montre ce qu’une règle ferait, sans rien faire").add_argument("name", metavar="NOM")
    verbs.add_parser("run", help="fait maintenant ce que le planificateur fait chaque minute")
    verbs.add_parser("replay", help="refait ce qui n’a pas été fait").add_argument("number", metavar="N", type=int)
    root.set_defaults(run=_automations)


def _automations(settings: Settings, chosen: argparse.Namespace) -> None:
    from gnetics.store.crm import open_crm

    with closing(open_crm(settings, migrate=True, trusted=True)) as crm:
        VERBS[chosen.verb](crm, chosen)


def _list(crm: Any, chosen: argparse.Namespace) -> None:
    from gnetics.automations.book import book
    from gnetics.automations.rule import sentence

    for name, entry in book(crm).items():
        print(f"{name} ({_state(crm, entry)}) : {sentence(entry.rule)}")


def _state(crm: Any, entry: Any) -> str:
    if entry.changed:
        return "modifiée : à activer de nouveau"
    if not entry.enabled:
        return "inactive"
    since = f" depuis le {entry.switched_at.astimezone(crm.region.zone):%d/%m/%Y}" if entry.switched_at else ""  # from the start
    return f"active{since}, version {entry.version}" + (", à blanc" if entry.dry else "")


def _enable(crm: Any, chosen: argparse.Namespace) -> None:
    from gnetics.automations.book import named
    from gnetics.automations.switching import enable
    from gnetics.automations.trying import preview

    existing = chosen.existants
    if not existing and sys.stdin.isatty() and not named(crm, chosen.name).rule.nightly:
        count = preview(crm, chosen.name).count
        existing = bool(count) and input(f"{count} contact(s) la remplissent déjà : les inclure ? [o/N] ").strip().lower() in ("o", "oui")
    enable(crm, default_user(crm.settings), chosen.name, existing)
    entry = named(crm, chosen.name)
    also = " ; les contacts qui la remplissaient déjà sont inclus" if existing else ""
    print(f"La règle « {entry.rule.title} » est {_state(crm, entry)}{also}.")


def _disable(crm: Any, chosen: argparse.Namespace) -> None:
    from gnetics.automations.switching import disable

    count = disable(crm, default_user(crm.settings), chosen.name)
    print(f"La règle « {chosen.name} » est inactive ; {count} action(s) qui attendai(en)t sont annulées.")


def _preview(crm: Any, chosen: argparse.Namespace) -> None:
    from gnetics.automations.rule import sentence
    from gnetics.automations.trying import preview
    from gnetics.operations.nightly import DEEDS

    found = preview(crm, chosen.name, DEEDS)
    print(sentence(found.entry.rule))
    if found.count is not None:
        print(f"{found.count} contact(s) la remplissent aujourd’hui." + (f" Les {len(found.first)} premiers :" if found.first else ""))
    for run in found.first:
        said = " ; ".join(part for part in (run["subject"], run["reason"]) if part)
        done = run["status"] in ("réussi", "en cours", "simulé")
        label = f"{run['lead_label']} : " if run["lead_label"] else ""
        print(f"- {label}{'simulé' if done else run['status']}" + (f" ; {said}" if said else ""))


def _run(crm: Any, chosen: argparse.Namespace) -> None:
    from gnetics.automations.working import work
    from gnetics.operations.nightly import DEEDS

    print(f"{work(crm, deeds=DEEDS)} action(s) décidée(s) ou faite(s) : l’Automations Log les détaille.")


def _replay(crm: Any, chosen: argparse.Namespace) -> None:
    from gnetics.automations.trying import replay

    print(f"L’exécution {chosen.number} est reprise : n° {replay(crm, default_user(crm.settings), chosen.number)}.")


VERBS = {"list": _list, "enable": _enable, "disable": _disable, "preview": _preview, "run": _run, "replay": _replay}
