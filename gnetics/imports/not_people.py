"""Sheets that look like contacts and hold something else: lists, invoices, tasks."""

from __future__ import annotations

from dataclasses import dataclass

from gnetics.domain.folding import fold
from gnetics.domain.sheets import FIRST_NAME, FOREIGN, FULL_NAME, header_key
from gnetics.imports.layouts import Layout, names_somebody
from gnetics.imports.titles import found, title_key
from gnetics.imports.workbook import Cell


@dataclass(frozen=True)
class _Thing:
    """Told by a word of the sheet's name, or by titles: all of one group."""

    said: str
    names: frozenset[str]
    titles: tuple[frozenset[str], ...]


def _thing(said: str, names: str, titles: str = "") -> _Thing:
    groups = tuple(frozenset(group.split("+")) for group in titles.split("|") if group)
    return _Thing(said, frozenset(names.split("|")), groups)


_THINGS = (
    _thing(
        "une liste de valeurs",
        "liste|listes|list|lists|valeurs|values|options|menu|menus|dropdown|dropdowns|parametre|parametres|settings|config|configuration"
        "|referentiel|referentiels|nomenclature|lookup|lookups",
    ),
    _thing(
        "un mode d’emploi",
        "dictionnaire|dictionary|glossaire|lexique|legende|aide|help|notice|instructions|readme|lisezmoi|documentation",
    ),
    _thing(
        "des factures ou des devis",
        "facture|factures|invoice|invoices|devis|quote|quotes|avoirs|commande|commandes|order|orders",
        "n facture|no facture|num facture|numero facture|numero de facture|n de facture|facture n|date de facture|date facture"
        "|invoice number|invoice no|invoice id|invoice date|n commande|numero de commande|order number|order id|order date",
    ),
    _thing(
        "des écritures comptables",
        "ecritures|ledger|balance|fec",
        "debit+credit|ecriturenum|compte num|comptenum|journal code|journalcode",
    ),
    _thing("des tâches ou des tickets", "tache|taches|task|tasks|todo|tickets|issues|bugs", "tache|task|task name|tracker|sprint"),
    _thing(
        "des produits",
        "produits|products|articles|stock|catalogue|inventaire|inventory",
        "sku|ean|code barre|prix unitaire|unit price|quantite+reference|qte+reference",
    ),
    _thing(
        "des notes ou des activités",
        "note|notes|activite|activites|activity|activities",
        "note id|id de la note|activity type|type d activite|activity date|date de l activite",
    ),
    _thing("des fichiers joints", "attachments", "body+parent id|body+parentid"),
)
_PEOPLE = frozenset([
    "contact", "contacts", "client", "clients", "prospect", "prospects", "lead", "leads", "personnes", "people", "annuaire", "customers",
    "tiers", "crm",
])  # fmt: skip
_TELLING, _SEVERAL = 8, 0.5  # rows needed to tell; the share of different people at which the rows are about something else


def things_in(layout: Layout) -> str:
    """What a sheet recognised as leads seems to hold instead, "" when it seems to hold contacts."""
    if not names_somebody(layout):  # nothing to import, unless a column is said to be the person
        return "des affaires sans personne" if layout.joined else ""
    if _lies(layout):
        return "un contact par colonne (à transposer)"
    words = set(header_key(layout.sheet.name).split())
    titles = {title_key(name) for name in layout.names.values()}
    reached = bool(layout.places("email", "phone", FIRST_NAME.key, FULL_NAME.key))  # people, whatever the sheet is called
    for thing in _THINGS:
        if any(group <= titles for group in thing.titles) or (thing.names & words and not (words & _PEOPLE or reached)):
            return thing.said
    return "" if layout.joined or not _repeats(layout) else "plusieurs lignes pour les mêmes personnes"


def _lies(layout: Layout) -> bool:
    """Whether the first column goes on as it begins: with titles."""
    place = min(layout.names)
    known = [found(layout.table.kind, cell.strip()) if isinstance(cell, str) else None for cell in layout.first_values(place)]
    return all(known) and len({each.column for each in known if each}) > 1


def _repeats(layout: Layout) -> bool:
    """Whether the first rows speak of few people; of rows that have numbers of their own, nothing is said."""
    if layout.places("lead_id") or (layout.program and layout.places(FOREIGN.key)):
        return False
    own = layout.places("email") or layout.places("name", FIRST_NAME.key, FULL_NAME.key) or layout.places("company")
    people = [who for row in layout.first_rows if any(who := tuple(_folded(row, place) for place in own))]
    return len(people) >= _TELLING and len(set(people)) <= _SEVERAL * len(people)


def _folded(row: list[Cell], place: int) -> str | None:
    return fold(str(row[place])) if place < len(row) and row[place] is not None else None
