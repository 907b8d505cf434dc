"""Dash Data, blocks A to C: the base and its wins, the sources, the scores."""

from __future__ import annotations

from gnetics.domain.regions import Region
from gnetics.domain.typography import counted, number
from gnetics.metrics.board import Board
from gnetics.metrics.figure import Figure, Row
from gnetics.metrics.words import left_out, percent
from gnetics.pages.boards import pictures, readings
from gnetics.pages.boards.block_tables import Block, BlockSection, BlockTable, FigureCell, FigureRow, drawn, numbers, opening, words

SMALL_NOTE = "Moins de 10 leads : le taux s’efface derrière les nombres."


def kpis(board: Board, region: Region, during: str) -> Block:
    made = board.kpis
    figures: tuple[tuple[str, Figure, str], ...] = (  # a title where that of the definition does not do
        ("contacts", made.contacts, ""),
        ("ouverts", made.open, ""),
        ("bloques", made.blocked, "Bloqués (À corriger)"),
        ("gagnes", made.won, "Gagnés (Clos)"),
        ("perdus", made.lost, ""),
        ("inconnus", made.unknown, ""),
        ("crees", made.created, f"Créés {during}"),
        ("montant", made.won_amount, f"Montant gagné {during}"),
        ("moyen", made.basket_mean, ""),
        ("median", made.basket_median, ""),
        ("cycle", made.cycle, "Cycle médian"),
    )
    total = " + ".join(number(each.numerator) for each in (made.open, made.blocked, made.won, made.lost, made.unknown))
    return Block(
        key="A",
        title="KPIs globaux",
        reading=readings.kpis(board, region, during),
        note=f"{total} = {counted(made.contacts.numerator, 'contact réel', 'contacts réels')}",
        sections=(
            BlockSection(
                f"Montant gagné par mois, 12 derniers mois, en {pictures.months_unit(board, region)}",
                BlockTable(
                    "KPIs globaux",
                    words("Indicateur") + numbers("Valeur") + words("Laissés de côté"),
                    tuple(_indicator(key, figure, title) for key, figure, title in figures),
                ),
                chart="months",
            ),
            BlockSection(
                "",
                BlockTable(
                    "Les mois en chiffres",
                    words("Mois") + numbers("Créés", "Gagnés") + drawn("Montant gagné"),
                    tuple(_month(each, region) for each in board.months),
                ),
                place="under",
                folded=True,
            ),
        ),
        definitions=tuple(figure.definition for _, figure, _ in figures),
    )


def _indicator(key: str, figure: Figure, title: str) -> FigureRow:
    label = title or figure.explained.title
    note = "" if figure.unit == "count" else f"n = {number(figure.numerator)}"
    cells = FigureCell(label), opening(f"A.{key}", figure, label, note=note), FigureCell(left_out(figure))
    return FigureRow(cells, "total" if key == "contacts" else "")


def _month(each: Row, region: Region) -> FigureRow:
    month = each["month"]
    name = readings.month_short(month, region)
    return FigureRow(
        (
            FigureCell(month),
            opening(f"A.{month:%Y-%m}.cree", each["created"], f"Créés en {name}"),
            opening(f"A.{month:%Y-%m}.nombre", each["won"], f"Gagnés en {name}"),
            opening(f"A.{month:%Y-%m}.gagne", each["won_amount"], f"Gagné en {name}"),
        )
    )


def sources(board: Board, region: Region, during: str) -> Block:
    undated = max((len(out) for each in board.sources for out in each["leads"].left_out), default=0)
    notes = ["Trait clair : intervalle à 95 %."]
    notes += [SMALL_NOTE] if any(each["small"] for each in board.sources) else []
    notes += [f"{counted(undated, 'contact')} sans date de création, hors des cohortes."] if undated else []
    return Block(
        key="B",
        title="Conversion par source",
        reading=readings.sources(board, region, during),
        note=" ".join(notes) if board.sources else "",
        sections=(
            BlockSection(
                f"Taux de conversion des leads créés {during}",
                BlockTable(
                    "Conversion par source",
                    words("Source")
                    + numbers("Leads", "Décidés", "Gagnés")
                    + drawn("Conversion")
                    + numbers("Réussite", "Montant gagné", "Cycle"),
                    tuple(map(_source, board.sources)),
                ),
                chart="sources",
            ),
        ),
        definitions=("source_leads", "source_conversion", "source_success", "source_amount", "source_cycle"),
    )


def _source(each: Row) -> FigureRow:
    name, leads, decided, won = each["source"], each["leads"], each["decided"], each["won"]
    young = {True: "en maturation", False: "", None: "maturité inconnue"}[each["maturing"]]
    return FigureRow(
        (
            FigureCell(name, pill=young, tint="plain" if young else ""),
            opening(f"B.{name}.leads", leads, f"Leads de {name}"),
            opening(f"B.{name}.decides", decided, f"Décidés de {name}"),
            opening(f"B.{name}.gagnes", won, f"Gagnés de {name}"),
            opening(
                f"B.{name}.conversion",
                each["conversion"],
                f"Conversion de {name}",
                holds=f"{number(each['conversion'].numerator)}/{number(leads.numerator)}" if each["small"] else None,
                note=f"{percent(each['low'])}\u00a0–\u00a0{percent(each['high'])}",
                tint="quiet" if each["small"] else "",
            ),
            opening(
                f"B.{name}.reussite",
                each["success"],
                f"Réussite de {name}",
                note=f"{number(each['success'].numerator)}/{number(decided.numerator)}" if decided.numerator else "",
            ),
            opening(f"B.{name}.montant", each["amount"], f"Montant gagné de {name}"),
            opening(f"B.{name}.cycle", each["cycle"], f"Cycle médian de {name}"),
        )
    )


def scores(board: Board, region: Region, during: str) -> Block:
    made = board.scores
    flags = (
        FigureRow(
            (
                FigureCell("Score de 70 ou plus, jamais contactés"),
                opening("C.chauds", made.hot, "Score de 70 ou plus, jamais contactés"),
                FigureCell("Les appeler en premier."),
            )
        ),
        FigureRow(
            (
                FigureCell("Dans un statut dont la médiane baisse"),
                opening("C.baisses", made.falls, "Statuts dont la médiane baisse"),
                FigureCell("Revoir les scores, ou les statuts."),
            )
        ),
    )
    return Block(
        key="C",
        title="Score par statut",
        reading=readings.scores(board),
        note="Trait clair : du plus bas au plus haut ; point : la médiane. Le score saisi à la main l’emporte sur l’automatique.",
        sections=(
            BlockSection(
                "Score médian, du plus bas au plus haut",
                BlockTable(
                    "Score par statut",
                    words("Statut") + numbers("Notés", "dont auto.", "Sans score", "Min.") + drawn("Médiane") + numbers("Moyenne", "Max."),
                    tuple(map(_scored, made.rows)),
                ),
                chart="scores",
            ),
            BlockSection(
                "À regarder", BlockTable("Signaux", words("Signal") + numbers("Contacts") + words("À faire"), flags), place="alone"
            ),
        ),
        definitions=("score", "score_count", "score_automatic", "score_missing", "score_falls", "score_hot"),
    )


def _scored(each: Row) -> FigureRow:
    status, falls = each["status"], each["falls"]
    return FigureRow(
        (
            FigureCell(status),
            opening(f"C.{status}.notes", each["scored"], f"Contacts notés : {status}"),
            opening(f"C.{status}.auto", each["automatic"], f"Scores automatiques : {status}"),
            opening(f"C.{status}.sans", each["missing"], f"{each['missing'].explained.title} : {status}"),
            FigureCell(each["min"]),
            opening(
                f"C.{status}.mediane",
                each["median"],
                f"Score médian : {status}",
                pill="en baisse" if falls else "",
                tint="soon" if falls else "",
            ),
            FigureCell(each["mean"]),
            FigureCell(each["max"]),
        )
    )
