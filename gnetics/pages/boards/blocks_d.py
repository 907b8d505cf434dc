"""Dash Data, block D: the pipeline by status, the funnel, the owners, the emails."""

from __future__ import annotations

from gnetics.domain.typography import number
from gnetics.metrics.board import Board
from gnetics.metrics.figure import Row
from gnetics.metrics.productivity import ACTIVITIES
from gnetics.pages.boards import pictures, readings
from gnetics.pages.boards.book import Book, cell, row, table


def pipeline(board: Board, book: Book, during: str) -> Row:
    rows = [_stage(each, book) for each in board.pipeline]
    activity = [_owner(each, book) for each in board.owners]
    stages = (
        "Statut",
        "#Contacts",
        "#Montant",
        "#Pondéré",
        "#Sans montant",
        "#Jours médians",
        "#Dans les temps",
        "#À surveiller",
        "#En retard",
        "#Date inconnue",
    )
    people = (
        "Responsable",
        "#Leads",
        "#Créés",
        *(f"#{kind}" for kind in ACTIVITIES),
        "#1er contact (méd.)",
        "#90e centile",
        "#Jamais contactés",
    )
    people += ("#Gagnés", "#Montant gagné", "#Réussite", "#Cycle")
    return {
        "key": "D",
        "title": "Pipeline & productivité",
        "reading": readings.pipeline(board),
        "note": "À surveiller dès la durée attendue dans le statut (14 ou 10 jours), en retard à partir d’une fois et demie.",
        "sections": [
            {
                "title": "Contacts ouverts, par temps passé dans le statut",
                "legend": pictures.AGEING_LEGEND,
                "chart": "ageing",
                "table": table("Pipeline par statut", stages, rows),
            },
            {
                "title": readings.funnel(board, during),
                "chart": "funnel",
                "table": table("Entonnoir", ("Statut", "#L’ont atteint", "#Du statut précédent", "#Jours médians"), _funnel(board, book)),
            },
            {
                "title": readings.owners(board, book.region, during),
                "chart": "owners",
                "wide": True,
                "table": table(f"Par responsable, {during}", people, activity),
            },
            {
                "title": readings.outreach(board, during),
                "chart": "outreach",
                "table": table(f"Outreach, {during}", ("Emails", "#Nombre", "#Taux"), _outreach(board, book)),
            },
        ],
        "definitions": [
            "stage_leads", "stage_amount", "stage_weighted", "stage_days", "stage_on_time", "stage_amber", "stage_red",
            "funnel_reached", "funnel_passed", "funnel_days",
            "owner_activity", "owner_first_contact", "owner_uncontacted", "owner_won_amount", "owner_success",
            "sent", "contacted", "answered", "answer_rate", "bounces", "opt_outs",
        ],
    }  # fmt: skip


def _stage(each: Row, book: Book) -> Row:
    status, late = each["status"], []
    for name, tint in (("on_time", ""), ("amber", "soon"), ("red", "late")):
        figure, (word, title) = each[name], pictures.AGES[name]
        if figure is None:
            late.append(cell("–", tint="quiet"))
        else:
            made = book.cell(f"D.{status}.{word}", figure, f"{status} : {title}")
            late.append(made | ({"tint": tint} if tint and figure.numerator else {}))
    expected = each["expected_days"]
    return row(
        [
            cell(status),
            book.cell(f"D.{status}.leads", each["leads"], f"{status} : tous"),
            book.cell(f"D.{status}.montant", each["amount"], f"Montant : {status}"),
            book.cell(f"D.{status}.pondere", each["weighted"], f"Montant pondéré : {status}"),
            book.cell(f"D.{status}.sans", each["no_amount"], f"Sans montant : {status}"),
            book.cell(
                f"D.{status}.jours", each["days"], f"Jours dans le statut : {status}", note=f"sur {expected} attendus" if expected else ""
            ),
            *late,
            book.cell(f"D.{status}.inconnu", each["unknown_days"], f"Ancienneté inconnue : {status}"),
        ]
    )


def _funnel(board: Board, book: Book) -> list[Row]:
    rows = []
    for each in board.funnel:
        status, reached, passed, days = each["status"], each["reached"], each["passed"], each["days"]
        rows.append(
            row(
                [
                    cell(status),
                    book.cell(f"D.{status}.atteint", reached, f"Ont atteint {status}", note=f"{number(reached.numerator)}"),
                    book.cell(f"D.{status}.passage", passed, f"Passés à {status}") if passed else cell("–", tint="quiet"),
                    book.cell(
                        f"D.{status}.sejour",
                        days,
                        f"Jours passés en {status}",
                        note=f"n = {number(days.numerator)}" if days.numerator else "",
                    ),
                ]
            )
        )
    return rows


def _owner(each: Row, book: Book) -> Row:
    name = each["owner"]

    def of(key: str, title: str, **more: str) -> Row:
        return book.cell(f"D.{name}.{key}", each[key], f"{title} : {name}", **more)

    decided = each["success"].denominator
    return row(
        [
            cell(name),
            of("leads", "Leads"),
            of("created", "Créés"),
            *(of(kind, kind) for kind in ACTIVITIES),
            of("first_median", "Premier contact, médiane"),
            of("first_p90", "Premier contact, 90e centile"),
            of("uncontacted", "Jamais contactés"),
            of("won", "Gagnés"),
            book.cell(f"D.{name}.montant", each["won_amount"], f"Gagné par {name}"),
            of("success", "Réussite", note=f"{number(each['success'].numerator)}/{number(decided)}" if decided else ""),
            of("cycle", "Cycle médian"),
        ]
    )


def _outreach(board: Board, book: Book) -> list[Row]:
    mail = board.outreach
    rate = book.cell("O.taux", mail.answer_rate, "Taux de réponse")
    return [
        row([cell("Messages envoyés"), book.cell("O.envois", mail.sent, "Messages envoyés"), cell("")]),
        row([cell("Contacts sollicités"), book.cell("O.sollicites", mail.contacted, "Contacts sollicités"), cell("")]),
        row([cell("Ont répondu"), book.cell("O.reponses", mail.answered, "Ont répondu"), rate]),
        row([cell("Rejets"), book.cell("O.rejets", mail.bounces, "Rejets"), cell("")]),
        row([cell("Désinscriptions"), book.cell("O.desinscriptions", mail.opt_outs, "Désinscriptions"), cell("")]),
    ]
