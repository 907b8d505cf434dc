"""Dash Data, block D: the pipeline by status, the funnel, the owners, the emails."""

from __future__ import annotations

from gnetics.domain.regions import Region
from gnetics.domain.typography import number
from gnetics.metrics.board import Board
from gnetics.metrics.figure import Figure, Row
from gnetics.metrics.productivity import ACTIVITIES
from gnetics.pages.boards import pictures, readings
from gnetics.pages.boards.block_tables import (
    Block,
    BlockSection,
    BlockTable,
    FigureCell,
    FigureRow,
    Tint,
    drawn,
    numbers,
    opening,
    words,
)

NOT_FOR_IT = FigureCell("–", tint="quiet")  # a figure that this row cannot have
_TINTS: dict[str, Tint] = {"on_time": "", "amber": "soon", "red": "late"}


def pipeline(board: Board, region: Region, during: str) -> Block:
    return Block(
        key="D",
        title="Pipeline & productivité",
        reading=readings.pipeline(board),
        note="À surveiller dès la durée attendue dans le statut (14 ou 10 jours), en retard à partir d’une fois et demie.",
        sections=(
            BlockSection(
                "Contacts ouverts, par temps passé dans le statut",
                BlockTable(
                    "Pipeline par statut",
                    words("Statut")
                    + numbers("Contacts", "Montant", "Pondéré", "Sans montant", "Jours médians")
                    + drawn("Dans les temps", "À surveiller", "En retard")
                    + numbers("Date inconnue"),
                    tuple(map(_stage, board.pipeline)),
                ),
                chart="ageing",
                legend=pictures.AGEING_LEGEND,
            ),
            BlockSection(
                readings.funnel(board, during),
                BlockTable(
                    "Entonnoir",
                    words("Statut") + drawn("L’ont atteint") + numbers("Du statut précédent", "Jours médians"),
                    tuple(map(_step, board.funnel)),
                ),
                chart="funnel",
                place="half",
                folded=True,
            ),
            BlockSection(
                readings.owners(board, region, during),
                BlockTable(
                    f"Par responsable, {during}",
                    words("Responsable")
                    + numbers("Leads", "Créés", *ACTIVITIES, "1er contact (méd.)", "90e centile", "Jamais contactés", "Gagnés")
                    + drawn("Montant gagné")
                    + numbers("Réussite", "Cycle"),
                    tuple(map(_owner, board.owners)),
                ),
                chart="owners",
                place="half",
                folded=True,
            ),
            BlockSection(
                readings.outreach(board, during),
                BlockTable(f"Outreach, {during}", words("Emails") + drawn("Nombre") + numbers("Taux"), _outreach(board)),
                chart="outreach",
                place="under",
                folded=True,
            ),
        ),
        definitions=(
            "stage_leads", "stage_amount", "stage_weighted", "stage_days", "stage_on_time", "stage_amber", "stage_red",
            "funnel_reached", "funnel_passed", "funnel_days",
            "owner_activity", "owner_first_contact", "owner_uncontacted", "owner_won_amount", "owner_success",
            "sent", "contacted", "answered", "answer_rate", "bounces", "opt_outs",
        ),
    )  # fmt: skip


def _stage(each: Row) -> FigureRow:
    status, expected = each["status"], each["expected_days"]

    def of(key: str, figure: Figure, note: str = "") -> FigureCell:
        return opening(f"D.{status}.{key}", figure, f"{figure.explained.title} : {status}", note=note)

    return FigureRow(
        (
            FigureCell(status),
            opening(f"D.{status}.leads", each["leads"], f"{status} : tous"),
            of("montant", each["amount"]),
            of("pondere", each["weighted"]),
            of("sans", each["no_amount"]),
            of("jours", each["days"], f"sur {expected} attendus" if expected else ""),
            *(_aged(status, each[name], name) for name in pictures.AGES),
            of("inconnu", each["unknown_days"]),
        )
    )


def _aged(status: str, figure: Figure | None, name: str) -> FigureCell:
    """The contacts of a status that are of one of AGES."""
    if figure is None:
        return NOT_FOR_IT
    key, title = pictures.AGES[name]
    return opening(f"D.{status}.{key}", figure, f"{status} : {title}", tint=_TINTS[name] if figure.numerator else "")


def _step(each: Row) -> FigureRow:
    status, reached, passed, days = each["status"], each["reached"], each["passed"], each["days"]
    return FigureRow(
        (
            FigureCell(status),
            opening(f"D.{status}.atteint", reached, f"Ont atteint {status}", note=number(reached.numerator)),
            opening(f"D.{status}.passage", passed, f"Passés à {status}") if passed else NOT_FOR_IT,
            opening(
                f"D.{status}.sejour", days, f"Jours passés en {status}", note=f"n = {number(days.numerator)}" if days.numerator else ""
            ),
        )
    )


def _owner(each: Row) -> FigureRow:
    name, decided = each["owner"], each["success"].denominator

    def of(key: str, title: str = "", note: str = "") -> FigureCell:
        figure: Figure = each[key]
        return opening(f"D.{name}.{key}", figure, f"{title or figure.explained.title} : {name}", note=note)

    return FigureRow(
        (
            FigureCell(name),
            of("leads", "Leads"),
            of("created"),
            *(of(kind, kind) for kind in ACTIVITIES),
            of("first_median", "Premier contact, médiane"),
            of("first_p90", "Premier contact, 90e centile"),
            of("uncontacted", "Jamais contactés"),
            of("won"),
            opening(f"D.{name}.montant", each["won_amount"], f"Gagné par {name}"),
            of("success", note=f"{number(each['success'].numerator)}/{number(decided)}" if decided else ""),
            of("cycle"),
        )
    )


def _outreach(board: Board) -> tuple[FigureRow, ...]:
    rates = {"reponses": opening("O.taux", board.outreach.answer_rate)}
    return tuple(
        FigureRow((FigureCell(title), opening(f"O.{key}", figure, title), rates.get(key, FigureCell(""))))
        for key, title, figure in pictures.mails(board)
    )
