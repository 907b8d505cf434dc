"""The store as a whole: synchronisation, backups, checks, the demo."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path

from gnetics.cli.french import Commands
from gnetics.domain.typography import counted
from gnetics.errors import GneticsError
from gnetics.settings import Settings, default_user

SYNC_ON = "Synchronisation active : les modifications sont enregistrées pour toute l’équipe."
SYNC_OFF = "Synchronisation suspendue : les modifications restent dans la session de chacun."


def add(commands: Commands) -> None:
    switch = commands.add_parser("sync", help="active (on) ou suspend (off) l’enregistrement des modifications")
    switch.add_argument("state", metavar="on|off", choices=["on", "off"])
    switch.set_defaults(run=_sync)
    saving = commands.add_parser("backup", help="sauvegarde la base dans un fichier, pendant qu’elle sert")
    saving.add_argument("file", metavar="FICHIER", type=Path)
    saving.set_defaults(run=_backup)
    restoring = commands.add_parser("restore", help="remet une sauvegarde en place, serveurs arrêtés")
    restoring.add_argument("file", metavar="FICHIER", type=Path)
    restoring.add_argument("--force", action="store_true", help="remplace la base qui existe")
    restoring.set_defaults(run=_restore)
    commands.add_parser("check", help="vérifie la base, ses droits, le disque, l’horloge, la nuit et le courrier").set_defaults(run=_check)
    commands.add_parser("demo", help="construit la base de démonstration").set_defaults(run=_demo)


def _sync(settings: Settings, chosen: argparse.Namespace) -> None:
    from gnetics.store.crm import open_crm

    active = chosen.state == "on"
    with closing(open_crm(settings, trusted=True)) as crm:
        crm.set_sync(active, default_user(settings))
    print(SYNC_ON if active else SYNC_OFF)


def _backup(settings: Settings, chosen: argparse.Namespace) -> None:
    from gnetics.operations.backup import back_up

    back_up(settings, chosen.file)
    print(f"Sauvegarde écrite et vérifiée : {chosen.file}")


def _restore(settings: Settings, chosen: argparse.Namespace) -> None:
    from gnetics.operations.backup import restore

    place, aside, erased = restore(settings, chosen.file, chosen.force)
    print(f"Sauvegarde remise en place : {place}" + (f"\nLa base d’avant est gardée : {aside}" if aside else ""))
    if erased:
        print(f"{counted(erased, 'contact effacé', 'contacts effacés')} depuis la sauvegarde : effacé de nouveau.")


def _check(settings: Settings, _chosen: argparse.Namespace) -> None:
    from gnetics.operations.findings import findings

    found = findings(settings)
    for finding in found:
        print(f"{'ok        ' if finding.fine else 'à corriger'}  {finding.subject} : {finding.sentence}")
    if wrong := sum(not finding.fine for finding in found):
        raise GneticsError(f"{wrong} point(s) à corriger.")


def _demo(settings: Settings, _chosen: argparse.Namespace) -> None:
    from gnetics.demo.store import build_demo

    made = build_demo(settings)
    print(f"Base de démonstration {'construite' if made else 'déjà prête'} : {settings.demo_store}")
