"""Accounts of people, and the addresses they write from."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from gnetics.cli.french import Commands, FrenchParser
from gnetics.errors import GneticsError
from gnetics.settings import Settings, default_user

if TYPE_CHECKING:
    from gnetics.store.crm import Crm
    from gnetics.store.people.writers import Writer


def add(commands: Commands) -> None:
    user = commands.add_parser("user", help="comptes : add, email, list, role, own, password, disable")
    verbs = user.add_subparsers(dest="verb", required=True, metavar="VERBE", parser_class=FrenchParser)
    add = verbs.add_parser("add", help="ajoute un compte ; demande son mot de passe")
    add.add_argument("name", metavar="NOM")
    add.add_argument("--role", metavar="ROLE", default="édition", help="lecture, édition (par défaut) ou administration")
    add.add_argument("--sans-mot-de-passe", action="store_true", help="compte que seul le proxy de confiance identifie")
    _add_writing(add, required=False)
    writes = verbs.add_parser("email", help="les adresses d’où un compte écrit, son nom affiché, sa signature")
    writes.add_argument("name", metavar="NOM")
    _add_writing(writes, required=True)
    role = verbs.add_parser("role", help="change le rôle d’un compte")
    role.add_argument("name", metavar="NOM")
    role.add_argument("role", metavar="ROLE", help="lecture, édition ou administration")
    own = verbs.add_parser("own", help="ne montre à un compte que les leads dont il est Responsable")
    own.add_argument("name", metavar="NOM")
    own.add_argument("state", choices=["on", "off"], help="on : ses leads seulement ; off : tous les leads")
    verbs.add_parser("password", help="donne un nouveau mot de passe").add_argument("name", metavar="NOM")
    disable = verbs.add_parser("disable", help="désactive un compte (--annuler le rétablit)")
    disable.add_argument("name", metavar="NOM")
    disable.add_argument("--annuler", action="store_true", help="rétablit le compte")
    verbs.add_parser("list", help="les comptes, leur rôle et leur état")
    user.set_defaults(run=_user)


def _add_writing(parser: FrenchParser, required: bool) -> None:
    parser.add_argument("--email", metavar="ADRESSE", required=required, help="ses messages, reçus ou envoyés, sont les nôtres")
    parser.add_argument("--alias", metavar="ADRESSE", action="append", default=[], help="une autre de ses adresses")
    parser.add_argument("--nom-affiche", metavar="NOM", default="", help="sur ce qu’il envoie, au lieu du nom du compte")
    parser.add_argument("--signature", metavar="FICHIER", type=Path, help="texte mis sous ce qu’il envoie")


def _user(settings: Settings, chosen: argparse.Namespace) -> None:
    from gnetics.store.crm import open_crm

    with closing(open_crm(settings, migrate=True, trusted=True)) as crm:
        _change_accounts(crm, default_user(settings), chosen)


def _change_accounts(crm: Crm, me: str, chosen: argparse.Namespace) -> None:
    from gnetics.actions import accounts
    from gnetics.store.people.accounts import accounts as all_accounts

    if chosen.verb == "list":
        for account in all_accounts(crm):
            said = {"ses leads seulement": account.own_leads, "désactivé": account.disabled, "sans mot de passe": not account.password}
            print(f"{account.name} : {', '.join([account.role, *(note for note, true in said.items() if true)])}")
    elif chosen.verb == "add":
        writer = _writer(chosen)
        name = accounts.add(crm, me, chosen.name, chosen.role, None if chosen.sans_mot_de_passe else _ask_password(), writer)
        print(f"Compte « {name} » ajouté ({chosen.role}).")
    elif chosen.verb == "email" and (writer := _writer(chosen)):
        accounts.set_writer(crm, me, chosen.name, writer)
        print(f"« {chosen.name} » écrit maintenant depuis {writer.address}.")
    elif chosen.verb == "role":
        accounts.set_role(crm, me, chosen.name, chosen.role)
        print(f"« {chosen.name} » a maintenant le rôle {chosen.role}.")
    elif chosen.verb == "own":
        accounts.set_own_leads(crm, me, chosen.name, chosen.state == "on")
        print(f"« {chosen.name} » voit maintenant {'ses leads seulement' if chosen.state == 'on' else 'tous les leads'}.")
    elif chosen.verb == "password":
        accounts.give_password(crm, me, chosen.name, _ask_password())
        print(f"Mot de passe de « {chosen.name} » changé ; ses sessions sont fermées.")
    else:
        accounts.set_disabled(crm, me, chosen.name, not chosen.annuler)
        print(f"Compte « {chosen.name} » {'rétabli' if chosen.annuler else 'désactivé ; ses sessions sont fermées'}.")


def _writer(chosen: argparse.Namespace) -> Writer | None:
    from gnetics.store.people.writers import Writer

    if not chosen.email:
        if chosen.alias or chosen.nom_affiche or chosen.signature:
            raise GneticsError("Donnez aussi --email : c’est l’adresse d’où ce compte écrit.")
        return None
    try:
        signature = chosen.signature.read_text("utf-8-sig") if chosen.signature else ""
    except (OSError, UnicodeDecodeError) as error:
        raise GneticsError(f"Le fichier « {chosen.signature} » ne peut pas être lu comme un texte en UTF-8.") from error
    return Writer(chosen.email, tuple(chosen.alias), chosen.nom_affiche, signature)


def _ask_password() -> str:
    """Typed twice at a terminal; else the first line of the standard input, so that a script need not write it in a command."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    from getpass import getpass

    password = getpass("Mot de passe : ")
    if getpass("Le même encore : ") != password:
        raise GneticsError("Les deux mots de passe ne sont pas les mêmes.")
    return password
