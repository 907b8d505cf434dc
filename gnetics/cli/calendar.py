"""The calendar as a file, in and out, as an address that other calendars subscribe to, and the same as calendars of other servers."""

from __future__ import annotations

import argparse
from contextlib import closing
from pathlib import Path
from typing import Any

from gnetics.cli import files, imports
from gnetics.cli.french import Commands, FrenchParser, NotUnderstood
from gnetics.domain.typography import counted
from gnetics.errors import CalendarError, GneticsError
from gnetics.settings import Settings, default_user

NOT_OF_CALENDARS: dict[str, Any] = {name: [] for name in ("map", "status", "dates", "sheet", "person")} | dict.fromkeys(
    ("undo", "refused", "report")
)


def add(commands: Commands) -> None:
    root = commands.add_parser("calendar", help="le calendrier : import, export, feed, sync")
    verbs = root.add_subparsers(dest="verb", required=True, metavar="VERBE", parser_class=FrenchParser)
    taking = verbs.add_parser("import", help="importe les événements d’un fichier .ics")
    taking.add_argument("file", metavar="FICHIER")
    taking.add_argument("--dry-run", action="store_true", help="lit et rend compte, sans rien écrire")
    taking.set_defaults(run=_import, mode="les-deux", **NOT_OF_CALENDARS)
    giving = verbs.add_parser("export", help="écrit tous les événements dans un fichier .ics")
    giving.add_argument("file", metavar="FICHIER", type=Path)
    giving.set_defaults(run=_export)
    feed = verbs.add_parser("feed", help="l’adresse secrète par laquelle un autre agenda suit le calendrier d’un compte")
    feed.add_argument("name", metavar="NOM")
    feed.add_argument("state", choices=["on", "off"], help="on : une nouvelle adresse, l’ancienne ne répond plus ; off : plus aucune")
    feed.set_defaults(run=_feed)
    same = verbs.add_parser("sync", help="rend les agendas CalDAV ([calendars.NOM]) et le CRM pareils")
    same.add_argument("name", metavar="NOM", nargs="?", help="celui-ci seulement")
    same.add_argument("--preview", action="store_true", help="dit ce qui serait fait, sans rien écrire")
    same.add_argument("--confirm", action="store_true", help="retire aussi d’un côté beaucoup d’événements qui ne sont plus de l’autre")
    same.set_defaults(run=_sync)


def _import(settings: Settings, chosen: argparse.Namespace) -> None:
    from gnetics.imports.text_file import is_calendar

    place = Path(chosen.file)
    if not place.is_file():
        raise GneticsError(f"Le fichier « {place} » n’existe pas.")
    if not is_calendar(place.read_bytes()):
        raise NotUnderstood(f"« {place.name} » n’est pas un calendrier (.ics).")
    imports.run(settings, chosen)


def _export(settings: Settings, chosen: argparse.Namespace) -> None:
    from gnetics.domain.accesses import COMMAND, Access
    from gnetics.exports.icalendar import icalendar
    from gnetics.store import access_log
    from gnetics.store.crm import open_crm
    from gnetics.store.reading.calendar import calendar_rows

    with closing(open_crm(settings, trusted=True)) as crm:
        with crm.read() as connection:
            rows = calendar_rows(connection)
        access_log.note(crm, Access.EXPORTED, default_user(settings), place=COMMAND, rows=len(rows), detail=chosen.file.name)
        files.write(chosen.file, icalendar(rows, crm.region))
    print(f"{counted(len(rows), 'événement écrit', 'événements écrits')} dans « {chosen.file} ».")


def _feed(settings: Settings, chosen: argparse.Namespace) -> None:
    from gnetics.actions.calendar_feed import give, revoke
    from gnetics.store.crm import open_crm

    with closing(open_crm(settings, migrate=True, trusted=True)) as crm:
        if chosen.state == "off":
            revoke(crm, default_user(settings), chosen.name)
            print(f"Le calendrier de « {chosen.name} » n’a plus d’adresse.")
            return
        path = give(crm, default_user(settings), chosen.name)
        print(f"Adresse à garder secrète, montrée cette seule fois : {settings.public_url.rstrip('/') or 'ADRESSE DU CRM'}/{path}")


def _sync(settings: Settings, chosen: argparse.Namespace) -> None:
    """All of them, whatever becomes of one; then fails when one did."""
    from gnetics.calendars.planned import in_words, named, sync_now
    from gnetics.store.crm import open_crm

    with closing(open_crm(settings, migrate=True, trusted=True)) as crm:
        accounts = [named(crm, chosen.name)] if chosen.name else crm.settings.calendars
        if not accounts:
            print("Aucun agenda : gnetics.toml n’a pas de table [calendars.NOM].")
        failures = list[str]()
        for account in accounts:
            try:
                tally = sync_now(crm, account, preview=chosen.preview, confirm=chosen.confirm)
            except CalendarError as error:
                failures.append(str(error))
                continue
            print("\n".join([f"{account.name} : {'à faire : ' if chosen.preview else ''}{in_words(tally)}", *tally.refused]))
    if failures:
        raise CalendarError("\n".join(failures))
