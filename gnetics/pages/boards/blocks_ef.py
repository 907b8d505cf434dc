"""Dash Data, blocks E and F: the forecast, the quality."""

from __future__ import annotations

from datetime import date

from gnetics.domain.regions import Region
from gnetics.domain.typography import counted, number, spaced
from gnetics.metrics.board import Board
from gnetics.metrics.figure import Row
from gnetics.metrics.forecast import Bucket, Forecast
from gnetics.metrics.frames import EarlierFrames
from gnetics.metrics.quality import Finding
from gnetics.metrics.rules import BLOCKING
from gnetics.metrics.words import left_out, shown
from gnetics.pages.boards import pictures, readings
from gnetics.pages.boards.block_tables import (
    Block,
    BlockSection,
    BlockTable,
    FigureCell,
    FigureRow,
    RowKind,
    Tint,
    drawn,
    numbers,
    opening,
    words,
)

QUALITY_PICTURES = ("rules", "completeness")
SIX_MONTHS = "six mois, en retard et sans date"
NOTHING = FigureCell("")


def forecast(board: Board, region: Region, during: str) -> Block:
    return Block(
        key="E",
        title="Prévision revenus",
        reading=readings.forecast(board, region),
        note="Total = six mois + En retard + Sans date. Déjà gagné, au-delà et bloqué sont montrés à part.",
        sections=(
            BlockSection(
                f"Par mois de clôture, en {pictures.forecast_unit(board, region)}",
                BlockTable(
                    "Prévision revenus",
                    words("Mois de clôture") + drawn("Gagné", "Pondéré") + numbers("Brut", "Contacts"),
                    (*_won_before(board, region), *_expected(board.forecast, region), *_outside(board)),
                ),
                chart="forecast",
                legend=pictures.FORECAST_LEGEND,
            ),
            BlockSection(
                "Probabilité appliquée quand le contact n’a pas la sienne",
                BlockTable(
                    "Probabilités",
                    words("Statut") + numbers("Probabilité", "Contacts", "Pondéré"),
                    tuple(map(_chance, board.forecast.probabilities)),
                ),
                place="under",
            ),
        ),
        definitions=(
            "forecast_month",
            "forecast_overdue",
            "forecast_undated",
            "forecast_beyond",
            "forecast_total",
            "forecast_blocked",
            "forecast_won",
            "forecast_probability",
        ),
    )


def _won_before(board: Board, region: Region) -> list[FigureRow]:
    """The months that are over."""
    this_month = board.population.today.replace(day=1)
    return [
        FigureRow(
            (
                FigureCell(each["month"]),
                _won(each, region),
                NOTHING,
                NOTHING,
                opening(f"E.{each['month']:%Y-%m}.nombre", each["leads"], f"Gagnés en {readings.month_short(each['month'], region)}"),
            ),
            "quiet",
        )
        for each in board.forecast.won
        if each["month"] < this_month
    ]


def _won(each: Row, region: Region) -> FigureCell:
    return opening(f"E.{each['month']:%Y-%m}.gagne", each["amount"], f"Gagné en {readings.month_short(each['month'], region)}")


def _expected(made: Forecast, region: Region) -> list[FigureRow]:
    """The months to come, then what is in the total without being in one of them."""
    won = {each["month"]: _won(each, region) for each in made.won}
    months = [
        _bucket(bucket, f"{bucket.month:%Y-%m}", readings.month_short(bucket.month, region), won.get(bucket.month, NOTHING))
        for bucket in made.months
        if bucket.month
    ]
    return [*months, _bucket(made.overdue, "retard", "En retard", tint="late"), _bucket(made.undated, "sans-date", "Sans date")]


def _outside(board: Board) -> tuple[FigureRow, ...]:
    """The total, and what is not in it."""
    made = board.forecast
    total = opening("E.total", made.total, note=SIX_MONTHS)
    gross = opening("E.brut", made.gross, "Montant brut de la prévision")
    blocked = opening("E.bloque", made.blocked, note=left_out(made.blocked))
    count = FigureCell(len(board.kpis.blocked.counted))
    return (
        FigureRow((FigureCell("Total de la prévision"), NOTHING, total, gross, NOTHING), "total"),
        _bucket(made.beyond, "au-dela", "Au-delà, hors du total", kind="quiet"),
        FigureRow((FigureCell("Montant bloqué (À corriger), hors du total"), NOTHING, NOTHING, blocked, count), "quiet"),
    )


def _bucket(bucket: Bucket, key: str, name: str, won: FigureCell = NOTHING, *, tint: Tint = "", kind: RowKind = "") -> FigureRow:
    without = bucket.weighted.left_out[:1]
    head: str | date = bucket.month or name
    return FigureRow(
        (
            FigureCell(head, tint=tint if bucket.leads.numerator else ""),
            won,
            opening(f"E.{key}.prevu", bucket.weighted, f"Prévu : {name}", note="".join(map(str, without))),
            opening(f"E.{key}.brut", bucket.gross, f"Brut : {name}"),
            opening(f"E.{key}.leads", bucket.leads, f"Contacts : {name}"),
        ),
        kind,
    )


def _chance(each: Row) -> FigureRow:
    status, probability = each["status"], each["probability"]
    return FigureRow(
        (
            FigureCell(status),
            FigureCell("hors prévision", tint="quiet") if probability is None else FigureCell(f"{probability}\u00a0%"),
            opening(f"E.{status}.leads", each["leads"], f"{status} : contacts"),
            opening(f"E.{status}.pondere", each["weighted"], f"{status} : montant pondéré"),
        )
    )


def quality(board: Board, region: Region, during: str) -> Block:
    if isinstance(board.frames, EarlierFrames):
        return Block("F", "Qualité & anomalies", readings.NO_PAST_QUALITY, "", (), ())  # nobody can tell
    made = board.quality
    found = sorted(made.findings, key=lambda each: (not each.figure.numerator, each.severity != BLOCKING, -each.figure.numerator))
    clean = sum(1 for each in made.findings if not each.figure.numerator)
    return Block(
        key="F",
        title="Qualité & anomalies",
        reading=readings.quality(board),
        note=f"{counted(len(made.findings), 'règle')}, dont {number(clean)} sans aucun cas. "
        f"Contacts avec une anomalie bloquante : {shown(made.blocking, region)}.",
        sections=(
            BlockSection(
                "Contacts concernés, règles bloquantes d’abord",
                BlockTable(
                    "Règles de qualité",
                    words("Règle", "Gravité") + drawn("Contacts") + numbers("Taux") + words("À faire"),
                    tuple(_rule(each) for each in found if each.figure.numerator),
                ),
                chart="rules",
            ),
            BlockSection(
                readings.completeness(board),
                BlockTable(
                    "Complétude par champ",
                    words("Champ") + drawn("Rempli") + numbers("Vides", "Concernés"),
                    tuple(map(_field, made.completeness)),
                ),
                chart="completeness",
                place="under",
                folded=True,
            ),
            BlockSection(
                "",
                BlockTable(
                    "Règles sans aucun cas",
                    words("Règle", "Gravité", "Examinés"),
                    tuple(_kept(each) for each in found if not each.figure.numerator),
                ),
                place="alone",
                folded=True,
            ),
        ),
        definitions=("quality_rule", "quality_blocking", "completeness", "completeness_gap"),
    )


def _kept(each: Finding) -> FigureRow:
    """A rule that finds nothing."""
    among = f"{number(each.figure.denominator or 0)} {each.rule.population}"
    examined = opening(f"F.{each.rule.key}", each.figure, each.rule.title, holds=among)
    return FigureRow((FigureCell(each.rule.title, wraps=True), FigureCell("", pill=each.severity, tint="plain"), examined), "quiet")


def _rule(each: Finding) -> FigureRow:
    rule, figure, cases = each.rule, each.figure, each.figure.numerator
    tint: Tint = "late" if each.severity == BLOCKING else "soon"
    return FigureRow(
        (
            FigureCell(rule.title, wraps=True),
            FigureCell("", pill=each.severity, tint=tint),
            opening(f"F.{rule.key}", figure, rule.title, holds=cases),
            FigureCell(figure, note=f"sur {number(figure.denominator or 0)} {rule.population}"),
            FigureCell(spaced(rule.todo), wraps=True),
        )
    )


def _field(each: Row) -> FigureRow:
    field, label, filled = each["field"], each["label"], each["filled"]
    return FigureRow(
        (
            FigureCell(label),
            opening(f"F.{field}.rempli", filled, f"{label} : rempli"),
            opening(f"F.{field}.vide", each["empty"], f"{label} : vide"),
            FigureCell(filled.denominator or 0),
        )
    )
