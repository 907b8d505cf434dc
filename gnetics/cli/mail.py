"""Mail: what comes by the mailboxes, what is waiting to leave, whom nothing is sent to."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing

from gnetics.cli.french import Commands, FrenchParser, bar
from gnetics.errors import GneticsError, MailError
from gnetics.settings import Settings, default_user


def add(commands: Commands) -> None:
    inbox = commands.add_parser("inbox", help="les boîtes aux lettres : fetch, list")
    verbs = inbox.add_subparsers(dest="verb", required=True, metavar="VERBE", parser_class=FrenchParser)
    fetching = verbs.add_parser("fetch", help="lit le nouveau courrier")
    fetching.add_argument("box", metavar="BOITE", nargs="?", help="une seule, par son nom dans [mail.boxes.NOM]")
    verbs.add_parser("list", help="les boîtes, et quand elles ont été lues")
    inbox.set_defaults(run=_inbox)
    leaving = commands.add_parser("outbox", help="les messages à envoyer : list, settle")
    verbs = leaving.add_subparsers(dest="verb", required=True, metavar="VERBE", parser_class=FrenchParser)
    verbs.add_parser("list", help="ceux qui attendent, ou dont on ne sait pas s’ils sont partis")
    settling = verbs.add_parser(
        "settle", help="dit d’un message « inconnu » s’il est parti (sent), ou s’il faut l’envoyer de nouveau (again)"
    )
    settling.add_argument("number", metavar="N", type=int)
    settling.add_argument("fate", choices=["sent", "again"])
    leaving.set_defaults(run=_outbox)
    barred = commands.add_parser("oppositions", help="les adresses à qui rien n’est envoyé : list, add, remove")
    verbs = barred.add_subparsers(dest="verb", required=True, metavar="VERBE", parser_class=FrenchParser)
    verbs.add_parser("list", help="les adresses, depuis quand, et pourquoi")
    adding = verbs.add_parser("add", help="n’envoie plus rien à une adresse")
    adding.add_argument("address", metavar="ADRESSE")
    adding.add_argument("--motif", metavar="TEXTE", default="à sa demande")
    verbs.add_parser("remove", help="permet de nouveau d’écrire à une adresse").add_argument("address", metavar="ADRESSE")
    barred.set_defaults(run=_oppositions)


def _inbox(settings: Settings, chosen: argparse.Namespace) -> None:
    from gnetics.store.crm import open_crm
    from gnetics.store.reading.mailboxes import states

    with closing(open_crm(settings, migrate=True, trusted=True)) as crm:
        if chosen.verb == "fetch":
            _fetch(settings, chosen.box)
            return
        known = states(crm)
        for box in settings.mail_boxes:
            state = known.get(box.name)
            when = (
                f"lue le {state.answered_at.astimezone(crm.region.zone):%d/%m/%Y à %H:%M}" if state and state.answered_at else "jamais lue"
            )
            print(f"{box.name} ({box.kind}) : {when}" + (f" ; {state.said}" if state and state.said else ""))


def _fetch(settings: Settings, name: str | None) -> None:
    from gnetics.mail.fetching import fetch
    from gnetics.operations import mail_work
    from gnetics.store.crm import open_crm

    boxes = [box for box in settings.mail_boxes if name in (None, box.name)]
    if not boxes:
        named = ", ".join(box.name for box in settings.mail_boxes)
        raise GneticsError(
            f"Aucune boîte « {name} » : il y a {named}." if name and named else "Aucune boîte : voir [mail.boxes.NOM] dans le README."
        )
    failed = 0
    with closing(open_crm(settings, trusted=True)) as crm:
        if crm.kind == "demo":
            raise GneticsError("La démonstration ne lit aucune boîte : importez d’abord vos contacts (gnetics import).")
        for box in boxes:
            try:
                found = fetch(crm, box, progress=bar if sys.stderr.isatty() else lambda *_: None)
            except MailError as error:
                failed += 1
                print(f"{box.name} : {error}", file=sys.stderr)
                continue
            counts = ", ".join(f"{count} {outcome}" for outcome, count in found.outcomes.items()) or "rien de nouveau"
            print(f"{box.name} : {counts}" + (f" ; {found.gone} retiré(s) de la boîte" if found.gone else ""))
        mail_work.propose(crm)
    if failed:
        raise GneticsError(f"{failed} boîte(s) n’ont pas pu être lues.")


def _outbox(settings: Settings, chosen: argparse.Namespace) -> None:
    from gnetics.mail import outbox
    from gnetics.store.crm import open_crm

    with closing(open_crm(settings, trusted=True)) as crm:
        if chosen.verb == "settle":
            outbox.settle(crm, default_user(settings), chosen.number, left=chosen.fate == "sent")
            print("Le message est dit parti." if chosen.fate == "sent" else "Le message sera envoyé de nouveau.")
            return
        waiting = outbox.waiting(crm)
        for each in waiting:
            when = f"{each.due_at.astimezone(crm.region.zone):%d/%m/%Y à %H:%M}"
            print(
                f"{each.key} : {each.state}, {when}, {each.asked_by} à {', '.join(each.people)}" + (f" ; {each.said}" if each.said else "")
            )
        if not waiting:
            print("Aucun message n’attend.")


def _oppositions(settings: Settings, chosen: argparse.Namespace) -> None:
    from gnetics.mail import suppressions
    from gnetics.store.crm import open_crm

    me = default_user(settings)
    with closing(open_crm(settings, migrate=True, trusted=True)) as crm:
        if chosen.verb == "add":
            suppressions.suppress(crm, me, chosen.address, chosen.motif)
            print(f"Rien ne sera plus envoyé à {chosen.address}.")
        elif chosen.verb == "remove":
            suppressions.allow(crm, me, chosen.address)
            print(f"On peut de nouveau écrire à {chosen.address}.")
        else:
            with crm.read() as connection:
                for each in suppressions.every(connection):
                    print(f"{each.address} : {each.reason}, le {each.at.astimezone(crm.region.zone):%d/%m/%Y} ({each.who})")
