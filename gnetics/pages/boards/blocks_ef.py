"""Dash Data, blocks E and F: the forecast, the quality."""

from __future__ import annotations

from gnetics.domain.typography import counted, number, spaced
from gnetics.metrics.board import Board
from gnetics.metrics.figure import Row
from gnetics.metrics.forecast import Bucket
from gnetics.metrics.frames import EarlierFrames
from gnetics.metrics.rules import BLOCKING
from gnetics.pages.boards import pictures, readings
from gnetics.pages.boards.blocks_abc import left_out
from gnetics.pages.boards.book import Book, cell, dated, measured, percent, row, shown, table, tally

QUALITY_PICTURES = ("rules", "completeness")
SIX_MONTHS = "six mois, en retard et sans date"


def forecast(board: Board, book: Book, during: str) -> Row:
    made, region = board.forecast, book.region
    won = {each["month"]: each for each in made.won}
    rows = []
    for each in made.won:
        if each["month"] < board.population.today.replace(day=1):
            name = readings.month_short(each["month"], region)
            got = book.cell(f"E.{each['month']:%Y-%m}.gagne", each["amount"], f"Gagné en {name}")
            count = book.cell(f"E.{each['month']:%Y-%m}.nombre", each["leads"], f"Gagnés en {name}")
            rows.append(row([dated(name, each["month"]), got, cell(""), cell(""), count], "quiet"))
    for bucket in made.months:
        if bucket.month:
            name, key = readings.month_short(bucket.month, region), f"{bucket.month:%Y-%m}"
            here = won.get(bucket.month)
            got = book.cell(f"E.{key}.gagne", here["amount"], f"Gagné en {name}") if here else cell("")
            rows.append(_bucket(bucket, key, name, got, book))
    rows.append(_bucket(made.overdue, "retard", "En retard", cell(""), book, "late"))
    rows.append(_bucket(made.undated, "sans-date", "Sans date", cell(""), book))
    total = book.cell("E.total", made.total, "Prévision totale", note=SIX_MONTHS)
    rows.append(
        row(
            [cell("Total de la prévision"), cell(""), total, book.cell("E.brut", made.gross, "Montant brut de la prévision"), cell("")],
            "total",
        )
    )
    rows.append(_bucket(made.beyond, "au-dela", "Au-delà, hors du total", cell(""), book, kind="quiet"))
    blocked = book.cell("E.bloque", made.blocked, "Montant bloqué", note=left_out(made.blocked))
    rows.append(
        row(
            [
                cell("Montant bloqué (À corriger), hors du total"),
                cell(""),
                cell(""),
                blocked,
                tally(len(board.kpis.blocked.counted)),
            ],
            "quiet",
        )
    )
    chances = [
        row(
            [
                cell(each["status"]),
                cell(
                    "hors prévision" if each["probability"] is None else f"{each['probability']}\u00a0%",
                    **({"tint": "quiet"} if each["probability"] is None else {}),
                ),
                book.cell(f"E.{each['status']}.leads", each["leads"], f"{each['status']} : contacts"),
                book.cell(f"E.{each['status']}.brut", each["gross"], f"{each['status']} : montant brut"),
                book.cell(f"E.{each['status']}.pondere", each["weighted"], f"{each['status']} : montant pondéré"),
            ]
        )
        for each in made.probabilities
    ]
    return {
        "key": "E",
        "title": "Prévision revenus",
        "reading": readings.forecast(board, region),
        "note": "Total = six mois + En retard + Sans date. Déjà gagné, au-delà et bloqué sont montrés à part.",
        "sections": [
            {
                "title": f"Par mois de clôture, en {pictures.forecast_unit(board, book)}",
                "legend": pictures.FORECAST_LEGEND,
                "chart": "forecast",
                "table": table("Prévision revenus", ("Mois de clôture", "#Gagné", "#Pondéré", "#Brut", "#Contacts"), rows),
            },
            {
                "title": "Probabilité appliquée quand le contact n’a pas la sienne",
                "chart": "",
                "table": table("Probabilités", ("Statut", "#Probabilité", "#Contacts", "#Brut", "#Pondéré"), chances),
            },
        ],
        "definitions": [
            "forecast_month",
            "forecast_overdue",
            "forecast_undated",
            "forecast_beyond",
            "forecast_total",
            "forecast_blocked",
            "forecast_won",
            "forecast_probability",
        ],
    }


def _bucket(bucket: Bucket, key: str, name: str, got: Row, book: Book, tint: str = "", kind: str = "") -> Row:
    without = bucket.weighted.left_out
    return row(
        [
            dated(name, bucket.month) if bucket.month else cell(name, **({"tint": tint} if tint and bucket.leads.numerator else {})),
            got,
            book.cell(
                f"E.{key}.prevu",
                bucket.weighted,
                f"Prévu : {name}",
                note=f"{number(len(without[0]))} {without[0].reason}" if without else "",
            ),
            book.cell(f"E.{key}.brut", bucket.gross, f"Brut : {name}"),
            book.cell(f"E.{key}.leads", bucket.leads, f"Contacts : {name}"),
        ],
        kind,
    )


def quality(board: Board, book: Book, during: str) -> Row:
    if isinstance(board.frames, EarlierFrames):
        return _past_quality()
    made = board.quality
    found = sorted(made.findings, key=lambda each: (not each.figure.numerator, each.severity != BLOCKING, -each.figure.numerator))
    rows = [
        row(
            [
                cell(each.rule.title, wrap="1"),
                cell("", pill=each.severity, tint=("late" if each.severity == BLOCKING else "soon") if each.figure.numerator else "plain"),
                book.cell(f"F.{each.rule.key}", each.figure, each.rule.title) | tally(each.figure.numerator),
                measured(
                    percent(each.figure.value), each.figure, note=f"sur {number(each.figure.denominator or 0)} {each.rule.population}"
                ),
                cell(spaced(each.rule.todo) if each.figure.numerator else "", wrap="1"),
            ],
            "" if each.figure.numerator else "quiet",
        )
        for each in found
    ]
    fields = [
        row(
            [
                cell(each["label"]),
                book.cell(f"F.{each['field']}.rempli", each["filled"], f"{each['label']} : rempli"),
                book.cell(f"F.{each['field']}.vide", each["empty"], f"{each['label']} : vide"),
                tally(each["filled"].denominator or 0),
            ]
        )
        for each in made.completeness
    ]
    clean = sum(1 for each in made.findings if not each.figure.numerator)
    return {
        "key": "F",
        "title": "Qualité & anomalies",
        "reading": readings.quality(board),
        "note": f"{counted(len(made.findings), 'règle')}, dont {number(clean)} sans aucun cas. "
        f"Contacts avec une anomalie bloquante : {shown(made.blocking, book.region)}.",
        "sections": [
            {
                "title": "Contacts concernés, règles bloquantes d’abord",
                "chart": "rules",
                "table": table("Règles de qualité", ("Règle", "Gravité", "#Contacts", "#Taux", "À faire"), rows),
            },
            {
                "title": readings.completeness(board),
                "chart": "completeness",
                "table": table("Complétude par champ", ("Champ", "#Rempli", "#Vides", "#Concernés"), fields),
            },
        ],
        "definitions": ["quality_rule", "quality_blocking", "completeness", "completeness_gap"],
    }


def _past_quality() -> Row:
    """The block on an earlier day, where nobody can tell."""
    return {"key": "F", "title": "Qualité & anomalies", "reading": readings.NO_PAST_QUALITY, "note": "", "sections": [], "definitions": []}
