"""The person behind the rows: where they stand, all that is held of them, and forgetting them."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from gnetics.cli import files
from gnetics.cli.french import Commands, FrenchParser
from gnetics.domain.typography import counted
from gnetics.errors import GneticsError
from gnetics.settings import Settings, default_user

if TYPE_CHECKING:
    from gnetics.actions.erasing_people import Erasure
    from gnetics.store.crm import Crm

FORMS = (".json", ".html")
SHOWN = 100  # places that name somebody


def add(commands: Commands) -> None:
    person = commands.add_parser("person", help="une personne : find, export, erase, par son email, son téléphone ou son ID Lead")
    verbs = person.add_subparsers(dest="verb", required=True, metavar="VERBE", parser_class=FrenchParser)
    for verb, said in (
        ("find", "dit où elle est connue"),
        ("export", "écrit tout ce que nous savons d’elle"),
        ("erase", "l’oublie partout, à l’instant et pour toujours"),
    ):
        each = verbs.add_parser(verb, help=said)
        each.add_argument("who", metavar="EMAIL|TELEPHONE|ID")
        if verb == "export":
            each.add_argument(
                "--out", metavar="FICHIER", type=Path, action="append", required=True, help="fiche.json, ou fiche.html (page à imprimer)"
            )
    person.set_defaults(run=_run)


def _run(settings: Settings, chosen: argparse.Namespace) -> None:
    from gnetics.store.crm import open_crm

    with closing(open_crm(settings, migrate=True, trusted=True)) as crm:
        {"find": _find, "export": _export, "erase": _erase}[chosen.verb](crm, chosen)


def _find(crm: Crm, chosen: argparse.Namespace) -> None:
    from gnetics.store.reading.person import held_of

    found, chapters = held_of(crm, default_user(crm.settings), chosen.who)
    print(f"{found.called} ({found.ids})" if found.ids else found.called)
    for chapter in chapters:
        own = counted(len(chapter.rows), "ligne") if chapter.rows else ""
        cited = f"cité dans {counted(len(chapter.mentions), 'ligne')} d’autrui" if chapter.mentions else ""
        print(f"  {chapter.title} : {', '.join(filter(None, (own, cited)))}")
    _tell_shared(found.shared)


def _export(crm: Crm, chosen: argparse.Namespace) -> None:
    from gnetics.domain.accesses import COMMAND, Access
    from gnetics.exports.person_file import person_json, person_page
    from gnetics.store import access_log
    from gnetics.store.reading.person import held_of
    from gnetics.widgets import theme

    if wrong := next((each for each in chosen.out if each.suffix.lower() not in FORMS), None):
        raise GneticsError(f"Le nom « {wrong.name} » ne dit pas quoi écrire : terminez-le par .json ou .html.")
    user = default_user(crm.settings)
    found, chapters = held_of(crm, user, chosen.who)
    now = crm.clock.now()
    rows = sum(len(chapter.rows) for chapter in chapters)
    detail = f"personne ({found.ids})" if found.ids else "personne"
    access_log.note(crm, Access.EXPORTED, user, place=COMMAND, rows=rows, detail=detail)
    for file in chosen.out:
        page = file.suffix.lower() == ".html"
        content = person_page(found.called, chapters, now, theme.LIGHT, crm.region) if page else person_json(found.called, chapters, now)
        files.write(file, content)
        print(f"Tout ce que nous savons : {file}")


def _erase(crm: Crm, chosen: argparse.Namespace) -> None:
    from gnetics.actions.erasing_people import erase_person
    from gnetics.domain.accesses import COMMAND

    tell(erase_person(crm, default_user(crm.settings), chosen.who, COMMAND))


def tell(done: Erasure) -> None:
    from gnetics.domain.person_held import TITLES

    print(f"Personne effacée : {counted(done.rows, 'ligne')} ; {counted(done.others, 'ligne')} d’autrui sans ses coordonnées.")
    _tell_shared(done.shared)
    if done.places:
        print(f"{counted(len(done.places), 'endroit la nomme', 'endroits la nomment')} encore, à vous de décider :")
    for place in done.places[:SHOWN]:
        row = place.row.get("lead_id") or place.row.get("key") or ""
        print(f"  {TITLES.get(place.table, place.table)} {row} : {', '.join(place.texts)}")
    if len(done.places) > SHOWN:
        print(f"  … et {len(done.places) - SHOWN} autres.")
    if done.copies:
        print(f"Ces copies de la base gardent ce qu’elles avaient, supprimez-les : {', '.join(done.copies)}")
    for folder in done.unwritten:
        print(f"La liste des effacements n’a pas pu être écrite dans {folder} : copiez-la à côté de vos sauvegardes.")
    if not done.scrubbed:
        print("Le fichier de la base était occupé : ses octets libérés seront réécrits cette nuit.")


def _tell_shared(shared: Mapping[str, str]) -> None:
    for what, whose in shared.items():
        print(f"{what} est aussi à {whose} : ce qui n’est connu que par là reste.")
