"""Dash Data, blocks A to C: the base and its wins, the sources, the scores."""

from __future__ import annotations

from gnetics.domain.typography import counted, number
from gnetics.metrics.board import Board
from gnetics.metrics.figure import Figure, Row
from gnetics.pages.boards import pictures, readings
from gnetics.pages.boards.book import Book, cell, dated, decimal, measured, percent, row, table

SMALL_NOTE = "Moins de 10 leads : le taux s’efface derrière les nombres."


def left_out(figure: Figure) -> str:
    """« 2 sans montant · 1 sans date de clôture »."""
    return " · ".join(f"{number(len(each))} {each.reason}" for each in figure.left_out)


def kpis(board: Board, book: Book, during: str) -> Row:
    made = board.kpis
    lines: tuple[tuple[str, str, Figure], ...] = (
        ("Contacts réels", "contacts", made.contacts),
        ("Ouverts", "ouverts", made.open),
        ("Bloqués (À corriger)", "bloques", made.blocked),
        ("Gagnés (Clos)", "gagnes", made.won),
        ("Perdus", "perdus", made.lost),
        ("Statut inconnu", "inconnus", made.unknown),
        (f"Créés {during}", "crees", made.created),
        (f"Montant gagné {during}", "montant", made.won_amount),
        ("Panier moyen", "moyen", made.basket_mean),
        ("Panier médian", "median", made.basket_median),
        ("Cycle médian", "cycle", made.cycle),
    )
    measured = {"moyen", "median", "cycle", "montant"}
    rows = [
        row(
            [
                cell(label),
                book.cell(f"A.{key}", figure, label, note=f"n = {number(figure.numerator)}" if key in measured else ""),
                cell(left_out(figure)),
            ],
            "total" if key == "contacts" else "",
        )
        for label, key, figure in lines
    ]
    months = [
        row(
            [
                dated(readings.month_short(each["month"], book.region), each["month"]),
                *(
                    book.cell(f"A.{each['month']:%Y-%m}.{key}", each[name], f"{words} {readings.month_short(each['month'], book.region)}")
                    for name, key, words in (
                        ("created", "cree", "Créés en"),
                        ("won", "nombre", "Gagnés en"),
                        ("won_amount", "gagne", "Gagné en"),
                    )
                ),
            ]
        )
        for each in board.months
    ]
    total = " + ".join(number(each.numerator) for each in (made.open, made.blocked, made.won, made.lost, made.unknown))
    return {
        "key": "A",
        "title": "KPIs globaux",
        "reading": readings.kpis(board, book.region, during),
        "note": f"{total} = {counted(made.contacts.numerator, 'contact réel', 'contacts réels')}",
        "sections": [
            {
                "title": f"Montant gagné par mois, 12 derniers mois, en {pictures.months_unit(board, book)}",
                "chart": "months",
                "table": table("KPIs globaux", ("Indicateur", "#Valeur", "Laissés de côté"), rows),
                "behind": table("Les mois en chiffres", ("Mois", "#Créés", "#Gagnés", "#Montant gagné"), months),
            }
        ],
        "definitions": [
            "contacts",
            "open",
            "blocked",
            "won",
            "lost",
            "unknown",
            "created",
            "won_amount",
            "basket_mean",
            "basket_median",
            "cycle",
        ],
    }


def sources(board: Board, book: Book, during: str) -> Row:
    rows = []
    for each in board.sources:
        name = each["source"]
        part = f"{number(each['conversion'].numerator)}/{number(each['leads'].numerator)}"
        between = f"{percent(each['low'])}\u00a0–\u00a0{percent(each['high'])}"
        rate = book.cell(f"B.{name}.conversion", each["conversion"], f"Conversion de {name}", note=between)
        if each["small"]:
            rate |= {"text": part, "value": None, "tint": "quiet"}
        success = book.cell(
            f"B.{name}.reussite",
            each["success"],
            f"Réussite de {name}",
            note=f"{number(each['success'].numerator)}/{number(each['decided'].numerator)}" if each["decided"].numerator else "",
        )
        young = {True: "en maturation", False: "", None: "maturité inconnue"}[each["maturing"]]
        rows.append(
            row(
                [
                    cell(name, **({"pill": young, "tint": "plain"} if young else {})),
                    book.cell(f"B.{name}.leads", each["leads"], f"Leads de {name}"),
                    book.cell(f"B.{name}.decides", each["decided"], f"Décidés de {name}"),
                    book.cell(f"B.{name}.gagnes", each["won"], f"Gagnés de {name}"),
                    rate,
                    success,
                    book.cell(f"B.{name}.montant", each["amount"], f"Montant gagné de {name}"),
                    book.cell(f"B.{name}.cycle", each["cycle"], f"Cycle médian de {name}"),
                ]
            )
        )
    undated = max((len(out) for each in board.sources for out in each["leads"].left_out), default=0)
    notes = ["Trait clair : intervalle à 95 %."]
    notes += [SMALL_NOTE] if any(each["small"] for each in board.sources) else []
    notes += [f"{counted(undated, 'contact')} sans date de création, hors des cohortes."] if undated else []
    columns = ("Source", "#Leads", "#Décidés", "#Gagnés", "#Conversion", "#Réussite", "#Montant gagné", "#Cycle")
    return {
        "key": "B",
        "title": "Conversion par source",
        "reading": readings.sources(board, book.region, during),
        "note": " ".join(notes) if board.sources else "",
        "sections": [
            {
                "title": f"Taux de conversion des leads créés {during}",
                "chart": "sources",
                "table": table("Conversion par source", columns, rows),
            }
        ],
        "definitions": ["source_leads", "source_conversion", "source_success", "source_amount", "source_cycle"],
    }


def scores(board: Board, book: Book, during: str) -> Row:
    made = board.scores
    rows = []
    for each in made.rows:
        status = each["status"]
        middle = book.cell(f"C.{status}.mediane", each["median"], f"Score médian : {status}")
        if each["falls"]:
            middle |= {"pill": "en baisse", "tint": "soon"}
        rows.append(
            row(
                [
                    cell(status),
                    book.cell(f"C.{status}.notes", each["scored"], f"Contacts notés : {status}"),
                    book.cell(f"C.{status}.auto", each["automatic"], f"Scores automatiques : {status}"),
                    book.cell(f"C.{status}.sans", each["missing"], f"Sans score : {status}"),
                    measured(_score(each["min"]), each["min"]),
                    middle,
                    measured(_score(each["mean"]), each["mean"]),
                    measured(_score(each["max"]), each["max"]),
                ]
            )
        )
    flags = [
        row(
            [
                cell("Score de 70 ou plus, jamais contactés"),
                book.cell("C.chauds", made.hot, "Score de 70 ou plus, jamais contactés"),
                cell("Les appeler en premier."),
            ]
        ),
        row(
            [
                cell("Dans un statut dont la médiane baisse"),
                book.cell("C.baisses", made.falls, "Statuts dont la médiane baisse"),
                cell("Revoir les scores, ou les statuts."),
            ]
        ),
    ]
    return {
        "key": "C",
        "title": "Score par statut",
        "reading": readings.scores(board),
        "note": "Trait clair : du plus bas au plus haut ; point : la médiane. Le score saisi à la main l’emporte sur l’automatique.",
        "sections": [
            {
                "title": "Score médian, du plus bas au plus haut",
                "chart": "scores",
                "table": table(
                    "Score par statut", ("Statut", "#Notés", "#dont auto.", "#Sans score", "#Min.", "#Médiane", "#Moyenne", "#Max."), rows
                ),
            },
            {"title": "À regarder", "chart": "", "table": table("Signaux", ("Signal", "#Contacts", "À faire"), flags)},
        ],
        "definitions": ["score", "score_count", "score_automatic", "score_missing", "score_falls", "score_hot"],
    }


def _score(figure: Figure) -> str:
    return "n/d" if figure.value is None else decimal(figure.value)
