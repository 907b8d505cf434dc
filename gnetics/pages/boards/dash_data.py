"""Dash Data: the six blocks in detail, each figure with its definition and its leads. Nothing here writes."""

from __future__ import annotations

from functools import partial
from typing import Any

from gnetics.domain.accesses import Access
from gnetics.domain.typography import counted
from gnetics.metrics.board import Board
from gnetics.pages.app import App
from gnetics.pages.boards import blocks_ef, pictures, readings
from gnetics.pages.boards.block_tables import Block
from gnetics.pages.boards.board_page import BoardPage
from gnetics.pages.boards.on_screen import on_screen
from gnetics.pages.boards.report import BLOCKS, MakeBlock, block_file
from gnetics.pages.boards.widgets.dash_data import DashData
from gnetics.pages.opening import opener
from gnetics.widgets.charts import Columns, HorizontalBars, Range, Ranges
from gnetics.widgets.download import Download
from gnetics.widgets.picture import Picture

LETTERS = "ABCDEF"
TALL = 280  # px, as high as the table beside it
RANGED, MONTHLY = ("sources", "scores"), ("months", "forecast")


class DashDataPage(BoardPage):
    """The address carries the period, the owner and the block to scroll to."""

    key = "dash_data"

    def __init__(self, app: App) -> None:
        super().__init__(app)
        self._block, self._asked = "", 0
        self.charts: dict[str, Any] = {
            name: Ranges(self.choose) if name in RANGED else Columns(self.choose, TALL) if name in MONTHLY else HorizontalBars(self.choose)
            for name in pictures.BY_NAME
        }
        exporters = {
            letter: Download(partial(self._block_file, block), what=f"bloc {letter}") for letter, block in zip(LETTERS, BLOCKS, strict=True)
        }
        self.pictures = {name: Picture(figure=chart.figure) for name, chart in self.charts.items()}
        self.screen = DashData(self, charts=self.pictures, exporters=exporters)
        self.widget = self.assemble(self.screen)

    def extras(self) -> dict[str, str]:
        return {"bloc": self._block} if self._block else {}

    def follow(self, query: dict[str, str]) -> None:
        wanted = query.get("bloc", "")
        wanted = wanted if wanted and wanted in LETTERS else ""
        if wanted and (wanted != self._block or "chiffre" not in query):
            self._asked += 1
            self.screen.goto = {"block": wanted, "n": self._asked}
        self._block = wanted

    def words(self) -> str:
        return "Chaque chiffre s’ouvre sur ses contacts et sa définition."

    def show_board(self, board: Board) -> None:
        screen, size = self.screen, board.population.size
        self.app.say_facts(self.key, counted(size, "contact réel", "contacts réels"))
        past, pictured = self.filters.day is not None, set()
        for name, picture in pictures.BY_NAME.items():
            if past and name in blocks_ef.QUALITY_PICTURES:
                continue
            marks = picture(board, self.book)
            self.charts[name].show(marks)
            if any(mark.high if isinstance(mark, Range) else sum(mark.parts) for mark in marks):
                pictured.add(name)
        blocks = [block(board, self.app.region, self.during) for block in BLOCKS]
        self._caption(blocks)
        with screen.hold_sync():
            screen.empty = "" if size else readings.NOBODY_YET
            screen.blocks = [on_screen(block, pictured, self.book) for block in blocks]

    def _caption(self, blocks: list[Block]) -> None:
        for block in blocks:
            for section in block.sections:
                if section.chart:
                    title = f"{block.title} : {section.title}"
                    self.caption(self.pictures[section.chart], title, [block.reading], list(section.legend))

    def _block_file(self, block: MakeBlock, form: str) -> tuple[str, bytes]:
        assert self.board is not None  # shown before anyone can ask
        name, content = block_file(form, block, self.board, self.filters, self.app.region, self.app.crm.clock.now())
        self.app.hand_over(Access.REPORT, name)
        return name, content

    def reach(self, block: str) -> None:
        self._block = block if block and block in LETTERS else ""
        self.app.set_query(self.key, self.query())


def build(app: App) -> DashDataPage:
    return DashDataPage(app)


show = opener("dash_data")
