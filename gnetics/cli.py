"""The `gnetics` command. Heavy imports are inside each command, so that « gnetics --aide » is instant."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING, NoReturn

from gnetics import settings as settings_module
from gnetics.errors import GneticsError
from gnetics.settings import Settings, default_user

if TYPE_CHECKING:
    from gnetics.imports.plan import Mode
    from gnetics.imports.report import Report
    from gnetics.store.crm import Crm
    from gnetics.store.people.writers import Writer

MODES: dict[str, Mode] = {"ajouter": "create", "mettre-a-jour": "update", "les-deux": "both"}
MODES |= {mode: mode for mode in MODES.values()}
BAR = 30  # characters
SHOWN_PROBLEMS = 50
SYNC_ON = "Synchronisation active : les modifications sont enregistrées pour toute l’équipe."
SYNC_OFF = "Synchronisation suspendue : les modifications restent dans la session de chacun."


class FrenchParser(argparse.ArgumentParser):
    """argparse with French headings and a French refusal."""

    def __init__(self, **options: object) -> None:
        super().__init__(add_help=False, **options)  # type: ignore[arg-type]
        self._positionals.title, self._optionals.title = "commandes et arguments", "options"
        self.add_argument("-h", "--aide", "--help", action="help", help="affiche cette aide")

    def error(self, message: str) -> NoReturn:
        print(f"Commande incomplète ou inconnue. Usage : {self.format_usage().removeprefix('usage: ').strip()}", file=sys.stderr)
        sys.exit(2)


def parser() -> argparse.ArgumentParser:
    root = FrenchParser(
        prog="gnetics", description="CRM GNETICS : servir les pages, importer un classeur, écrire un rapport, régler la synchronisation."
    )
    commands = root.add_subparsers(dest="command", required=True, metavar="COMMANDE", parser_class=FrenchParser)
    commands.add_parser("serve", help="sert les pages sur cet ordinateur").set_defaults(run=_serve)
    working = commands.add_parser("worker", help="fait les tâches de la nuit ; « serve » en lance un, sauf GNETICS_WORKER=non")
    working.add_argument("--until-eof", action="store_true", help=argparse.SUPPRESS)  # its server's end closes the standard input
    working.set_defaults(run=_worker)
    taking = commands.add_parser("import", help="importe un fichier CSV, XLSX, XLS ou ODS dans la base, ou annule un import")
    what = taking.add_mutually_exclusive_group(required=True)
    what.add_argument("file", metavar="CLASSEUR|ADRESSE", nargs="?", help="un fichier, ou l’adresse http(s) d’un fichier publié")
    what.add_argument("--undo", metavar="N", type=int, help="annule un import des 30 derniers jours, par son numéro (gnetics imports)")
    taking.add_argument("--dry-run", action="store_true", help="lit et rend compte, sans rien écrire")
    taking.add_argument("--mode", choices=MODES, default="les-deux", help="ajouter, mettre-a-jour ou les-deux (par défaut)")
    taking.add_argument(
        "--map", metavar="TITRE=CHAMP", action="append", default=[], help="lit une colonne comme ce champ ; « TITRE= » la laisse de côté"
    )
    taking.add_argument(
        "--status", metavar="MOT=STATUT", action="append", default=[], help="lit un statut du fichier comme le nôtre ; « MOT= » le garde"
    )
    taking.add_argument("--refused", metavar="FICHIER", type=Path, help="écrit les lignes refusées dans ce classeur, à corriger")
    taking.set_defaults(run=_import)
    commands.add_parser("imports", help="liste les imports des 30 derniers jours, avec leur numéro").set_defaults(run=_imports)
    switch = commands.add_parser("sync", help="active (on) ou suspend (off) l’enregistrement des modifications")
    switch.add_argument("state", metavar="on|off", choices=["on", "off"])
    switch.set_defaults(run=_sync)
    _add_accounts(commands)
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
    saving = commands.add_parser("backup", help="sauvegarde la base dans un fichier, pendant qu’elle sert")
    saving.add_argument("file", metavar="FICHIER", type=Path)
    saving.set_defaults(run=_backup)
    restoring = commands.add_parser("restore", help="remet une sauvegarde en place, serveurs arrêtés")
    restoring.add_argument("file", metavar="FICHIER", type=Path)
    restoring.add_argument("--force", action="store_true", help="remplace la base qui existe")
    restoring.set_defaults(run=_restore)
    commands.add_parser("check", help="vérifie la base, ses droits, le disque, l’horloge, la nuit et le courrier").set_defaults(run=_check)
    commands.add_parser("demo", help="construit la base de démonstration").set_defaults(run=_demo)
    return root


def _add_accounts(commands: argparse._SubParsersAction[FrenchParser]) -> None:
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


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when done, 1 when refused (one French sentence on the error output), 2 when the command is not understood."""
    chosen = parser().parse_args(arguments)
    try:
        chosen.run(settings_module.load(), chosen)
    except GneticsError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrompu.", file=sys.stderr)
        return 130
    return 0


def _serve(settings: Settings, _chosen: argparse.Namespace) -> None:
    from gnetics.server.app import serve

    serve(settings)


def _worker(settings: Settings, chosen: argparse.Namespace) -> None:
    from gnetics import log_output
    from gnetics.operations.worker import work

    log_output.set_up(settings.log_level, settings.log_json)
    stopping = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    if chosen.until_eof:
        Thread(target=_set_at_eof, args=(stopping,), daemon=True).start()
    work(settings, stopping)


def _set_at_eof(event: Event) -> None:
    sys.stdin.read()
    event.set()


def _import(settings: Settings, chosen: argparse.Namespace) -> None:
    if chosen.undo is not None:
        _undo_import(settings, chosen.undo)
        return
    name, content = _content(chosen.file)
    if settings.database_url or settings.real_store.exists():
        _import_into(settings, chosen, name, content)
        return
    from gnetics.store import scratch
    from gnetics.store.sqlite_file import put

    # a first import that fails, or a dry run, must not leave an empty store to be served instead of the demo
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with scratch.folder(settings.data_dir, ".import-") as folder:
        trial = replace(settings, data_dir=folder)
        _import_into(trial, chosen, name, content)
        if not chosen.dry_run:
            put(trial.real_store, settings.real_store)


def _content(place: str) -> tuple[str, Path | bytes]:
    """(name, where the file is or what it holds)."""
    if place.lower().startswith(("http://", "https://")):
        from gnetics.imports.remote import fetch

        return fetch(place, private=True)
    if not Path(place).is_file():
        raise GneticsError(f"Le fichier « {place} » n’existe pas.")
    return Path(place).name, Path(place)


def _import_into(settings: Settings, chosen: argparse.Namespace, name: str, content: Path | bytes) -> None:
    from gnetics.imports.importer import import_workbook, refused_rows
    from gnetics.imports.plan import Asked
    from gnetics.store.crm import create_crm

    crm = create_crm(settings, "real", trusted=True)
    try:
        asked = Asked(MODES[chosen.mode], _columns(chosen.map), _statuses(chosen.status))
        progress = _bar if sys.stderr.isatty() else None
        report = import_workbook(crm, default_user(settings), content, name, dry_run=chosen.dry_run, progress=progress, asked=asked)
        if chosen.refused and report.refused:
            chosen.refused.write_bytes(refused_rows(crm, content, name, asked, report))
    finally:
        crm.close()
    _tell(report)


def _imports(settings: Settings, _chosen: argparse.Namespace) -> None:
    from gnetics.store.crm import open_crm
    from gnetics.store.reading.imports import past_imports

    with closing(open_crm(settings, trusted=True)) as crm:
        found = past_imports(crm, default_user(settings))
        for each in found:
            undone = ", annulé" if each.undone_at else ""
            counts = f"{each.added} ajout(s), {each.updated} mise(s) à jour, {each.refused} refus"
            print(f"{each.number} : {each.at.astimezone(crm.region.zone):%d/%m/%Y %H:%M}, {each.who}, {each.filename}, {counts}{undone}")
    if not found:
        print("Aucun import dans les 30 derniers jours.")


def _undo_import(settings: Settings, number: int) -> None:
    from gnetics.actions.past_imports import undo_import
    from gnetics.store.crm import open_crm

    with closing(open_crm(settings, trusted=True)) as crm:
        undone = undo_import(crm, default_user(settings), number, _bar if sys.stderr.isatty() else None)
    for kept in undone.kept:
        print(f"  {kept}")
    print(f"Import annulé : {undone.removed} retiré(s), {undone.restored} rétabli(s), {len(undone.kept)} gardé(s) car modifié(s) depuis.")


def _columns(given: Sequence[str]) -> dict[str, str]:
    """« Titre=Champ » as {title: field key}; a field is named by its label or its key."""
    from gnetics.domain.sheets import LEADS, header_key

    found = {}
    for each in given:
        name, sign, wanted = each.rpartition("=")
        column = LEADS.by_header.get(header_key(wanted))
        if not sign or (wanted.strip() and column is None):
            labels = ", ".join(column.label for column in LEADS.columns)
            raise GneticsError(f"« --map {each} » n’est pas compris : écrivez « Titre=Champ », le champ étant l’un de : {labels}.")
        found[name.strip()] = column.key if column else ""
    return found


def _statuses(given: Sequence[str]) -> dict[str, str]:
    """« Mot=Statut » as {word of the file: status of ours}."""
    from gnetics.domain.statuses import LABELS
    from gnetics.domain.values import status

    found = {}
    for each in given:
        word, sign, wanted = each.rpartition("=")
        ours = status(wanted.strip())
        if not sign or (ours and ours not in LABELS):
            raise GneticsError(
                f"« --status {each} » n’est pas compris : écrivez « Mot=Statut », le statut étant l’un de : {', '.join(LABELS)}."
            )
        found[word.strip()] = ours
    return found


def _tell(report: Report) -> None:
    for problem in report.problems[:SHOWN_PROBLEMS]:
        line = f"ligne {problem.line}" if problem.line else ""
        place = ", ".join(filter(None, [problem.sheet, line, problem.column]))
        print(f"  {place} : {problem.reason}" + (f" (« {problem.value} »)" if problem.value else ""))
    if len(report.problems) > SHOWN_PROBLEMS:
        print(f"  … et {len(report.problems) - SHOWN_PROBLEMS} autres problèmes.")
    if report.shape:
        print(f"Export reconnu : {report.shape}.")
    for (word, ours), count in report.words.most_common():
        print(f"Statut « {word} » ({count}) : {f'lu « {ours} »' if ours else 'inconnu, gardé tel quel'}.")
    left = f"{report.skipped} laissé(s) de côté, " if report.skipped else ""
    print(
        f"{report.taken} ajouté(s), {report.updated} mis à jour, {report.unchanged} inchangé(s), {left}{report.refused} refusé(s), "
        f"{report.blank} ligne(s) vide(s), {report.set_aside} sans identité (écartés), {len(report.problems)} remarque(s)."
    )
    if not report.taken + report.updated + report.unchanged + report.skipped:
        raise GneticsError("Aucune ligne n’a pu être importée.")
    print("Essai à blanc : rien n’a été écrit." if report.dry_run else "Import terminé.")


def _sync(settings: Settings, chosen: argparse.Namespace) -> None:
    from gnetics.store.crm import open_crm

    active = chosen.state == "on"
    with closing(open_crm(settings, trusted=True)) as crm:
        crm.set_sync(active, default_user(settings))
    print(SYNC_ON if active else SYNC_OFF)


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


def _report(settings: Settings, chosen: argparse.Namespace) -> None:
    from gnetics.pages.boards.period import BY_KEY
    from gnetics.pages.boards.report import FORMS, report_of
    from gnetics.store.crm import open_crm

    form = chosen.out.suffix.lower().removeprefix(".")
    if form not in FORMS:
        raise GneticsError(f"Le nom « {chosen.out.name} » ne dit pas quoi écrire : terminez-le par .xlsx ou .html.")
    if chosen.periode and chosen.periode not in BY_KEY:
        raise GneticsError(f"Période « {chosen.periode} » inconnue : choisissez parmi {', '.join(BY_KEY)}.")
    query = {name: value for name in ("periode", "responsable", "au") if (value := getattr(chosen, name))}
    crm = open_crm(settings, trusted=True)
    try:
        content = report_of(crm, query, form)
    finally:
        crm.close()
    try:
        chosen.out.write_bytes(content)
    except OSError as error:
        raise GneticsError(f"Le fichier « {chosen.out} » ne peut pas être écrit : vérifiez le dossier et ses droits.") from error
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
        changed, total = score_all(crm, default_user(settings), _bar if sys.stderr.isatty() else None)
    print(f"Score automatique recalculé : {changed} contact(s) modifié(s) sur {total}.")


def _backup(settings: Settings, chosen: argparse.Namespace) -> None:
    from gnetics.operations.backup import back_up

    back_up(settings, chosen.file)
    print(f"Sauvegarde écrite et vérifiée : {chosen.file}")


def _restore(settings: Settings, chosen: argparse.Namespace) -> None:
    from gnetics.operations.backup import restore

    place, aside = restore(settings, chosen.file, chosen.force)
    print(f"Sauvegarde remise en place : {place}" + (f"\nLa base d’avant est gardée : {aside}" if aside else ""))


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


def _bar(done: int, total: int) -> None:
    filled = BAR * done // max(total, 1)
    print(f"\r[{'█' * filled}{'·' * (BAR - filled)}] {done}/{total}", end="\n" if done >= total else "", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
