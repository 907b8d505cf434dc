"""The first chapter of the report, as tables of figures: what the Dashboard shows above its blocks, and the mails."""

from __future__ import annotations

from gnetics import texts
from gnetics.domain import dates
from gnetics.domain.regions import Region
from gnetics.metrics.board import Board
from gnetics.metrics.figure import Figure, Row
from gnetics.metrics.headline import Headline
from gnetics.metrics.priority import Priority
from gnetics.metrics.variation import Variation
from gnetics.metrics.words import among, left_out
from gnetics.pages.boards import pictures
from gnetics.pages.boards.block_tables import BlockTable, FigureCell, FigureRow, RowKind, drawn, numbers, words
from gnetics.pages.boards.heads import BLOCKED
from gnetics.pages.boards.period import BoardFilters
from gnetics.pages.boards.waiting import QUEUES

SPLIT = "Répartition des statuts"
UNKNOWN = FigureCell(texts.NOT_AVAILABLE)


def summary(board: Board, filters: BoardFilters, region: Region) -> tuple[BlockTable, ...]:
    """Of an earlier day, without what is to do: that is said of today only."""
    moved, ago = board.variation, dates.show(board.compared, region)
    to_do = BlockTable("Priorité du jour", words("File") + numbers("Contacts") + words("Détail"), _queues(board.priority))
    return (
        BlockTable(
            "Chiffres clés" if filters.day else "Chiffres clés, maintenant",
            words("Chiffre") + numbers("Valeur") + words("Détail") + numbers(f"Le {ago}"),
            tuple(map(_moved, (moved.pipeline, moved.amount, moved.conversion))),
        ),
        BlockTable("Aussi", words("Chiffre") + numbers("Valeur") + words("Détail"), _also(board.headline)),
        *(() if filters.day else (to_do,)),
        BlockTable(
            SPLIT,
            words("Statut") + drawn("Contacts") + numbers("Part"),
            tuple(map(_status, board.split.statuses)),
        ),
        BlockTable(f"Emails {filters.words.during}", words("Indicateur") + numbers("Valeur") + words("Détail"), _mails(board)),
    )


def _line(figure: Figure, title: str = "", kind: RowKind = "") -> FigureRow:
    return FigureRow((FigureCell(title or figure.explained.title), FigureCell(figure), FigureCell(among(figure) or left_out(figure))), kind)


def _moved(moved: Variation) -> FigureRow:
    then = UNKNOWN if moved.previous is None else FigureCell(moved.previous)
    return FigureRow((*_line(moved.current).cells, then))


def _also(top: Headline) -> tuple[FigureRow, ...]:
    return _line(top.blocked, BLOCKED), _line(top.success)


def _queues(waiting: Priority) -> tuple[FigureRow, ...]:
    figures = zip(QUEUES.values(), (waiting.follow_up, waiting.never_contacted, waiting.blocked), strict=True)
    return (*(_line(figure, label) for (label, _), figure in figures), _line(waiting.total, "Total, chaque contact une fois", "total"))


def _status(each: Row) -> FigureRow:
    return FigureRow((FigureCell(each["label"]), FigureCell(each["share"].numerator), FigureCell(each["share"])))


def _mails(board: Board) -> tuple[FigureRow, ...]:
    sent, contacted, answered, *others = (_line(figure, title) for _, title, figure in pictures.mails(board))
    return sent, contacted, answered, _line(board.outreach.answer_rate), *others
