"""The access log, for whoever administers."""

from __future__ import annotations

import argparse
from contextlib import closing
from dataclasses import astuple
from datetime import datetime, time
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from gnetics.cli import files
from gnetics.cli.french import Commands
from gnetics.domain.typography import counted
from gnetics.errors import GneticsError
from gnetics.settings import Settings

if TYPE_CHECKING:
    from gnetics.store.access_log import Line


def add(commands: Commands) -> None:
    log = commands.add_parser("access-log", help="qui s’est connecté, ce qui fut exporté, importé, effacé, les droits changés")
    log.add_argument("--user", metavar="NOM", default="", help="d’un seul compte")
    log.add_argument("--since", metavar="DATE", help="depuis ce jour, 2026-11-01 ou 01/11/2026")
    log.add_argument("--csv", metavar="FICHIER", type=Path, help="dans un fichier CSV")
    log.set_defaults(run=_show)


def _show(settings: Settings, chosen: argparse.Namespace) -> None:
    from gnetics.domain import dates
    from gnetics.errors import Unreadable
    from gnetics.exports.csv_file import csv_file
    from gnetics.exports.tables import Column, Table
    from gnetics.store import access_log
    from gnetics.store.crm import open_crm

    with closing(open_crm(settings, trusted=True)) as crm:
        zone = crm.region.zone
        try:
            since = datetime.combine(dates.parse(chosen.since, crm.region), time.min, zone) if chosen.since else None
        except Unreadable as error:
            raise GneticsError(f"--since {chosen.since} : {error}") from error
        with crm.read() as connection:
            found = access_log.lines(connection, chosen.user, since)
        if chosen.csv:
            columns = (
                Column("Date", "moment"),
                *(Column(label) for label in ("Accès", "Compte", "Depuis")),
                Column("Lignes", "whole"),
                Column("Détail"),
            )
            files.write(chosen.csv, csv_file(Table("Accès", columns, map(astuple, found)), crm.region))
            print(f"{counted(len(found), 'ligne écrite', 'lignes écrites')} : {chosen.csv}")
        else:
            print(*(_said(line, zone) for line in reversed(found)) if found else ("Aucun accès.",), sep="\n")
    if len(found) == access_log.MOST:
        print(f"Les {access_log.MOST} dernières lignes seulement : précisez --since ou --user.")


def _said(line: Line, zone: ZoneInfo) -> str:
    rows = "" if line.rows is None else counted(line.rows, "ligne")
    return " · ".join(
        filter(None, (f"{line.at.astimezone(zone):%d/%m/%Y %H:%M:%S}", line.what, line.person, line.place, rows, line.detail))
    )
