"""A block as the template of Dash Data reads it."""

from __future__ import annotations

from gnetics.metrics.definitions import DEFINITIONS, Definition
from gnetics.metrics.figure import Figure
from gnetics.pages.boards.block_tables import Block, BlockSection, BlockTable, FigureCell
from gnetics.pages.boards.book import Book
from gnetics.pages.boards.widgets.dash_data import Cell, DataBlock, Explained, Section, Table


def on_screen(block: Block, pictured: set[str], book: Book) -> DataBlock:
    """`pictured` are the charts that have something to show; what can be opened is registered in the book."""
    return {
        "key": block.key,
        "title": block.title,
        "reading": block.reading,
        "note": block.note,
        "sections": [_section(each, each.chart in pictured, book) for each in block.sections],
        "definitions": [_definition(DEFINITIONS[key]) for key in block.definitions],
    }


def _section(made: BlockSection, drawn: bool, book: Book) -> Section:
    table = _table(made.table, book)
    said: Section = {"title": made.title, "chart": made.chart if drawn else "", "table": table, "place": made.place, "folded": made.folded}
    if made.legend:
        said["legend"] = list(made.legend)
    return said


def _table(made: BlockTable, book: Book) -> Table:
    return {
        "caption": made.caption,
        "columns": [{"label": column.label, "num": column.numeric} for column in made.columns],
        "rows": [{"kind": row.kind, "cells": [_cell(cell, book, made.cents) for cell in row.cells]} for row in made.rows],
    }


def _cell(cell: FigureCell, book: Book, cents: bool) -> Cell:
    """Only what it has: most have a text and nothing else."""
    said: Cell = {"text": cell.text(book.region, cents=cents)}
    if cell.opens:
        book.ref(cell.opens.ref, cell.opens.figure, cell.opens.title)
        if _has_rows(cell.opens.figure):
            said["ref"] = cell.opens.ref
    if cell.note:
        said["note"] = cell.note
    if cell.pill:
        said["pill"] = cell.pill
    if cell.tint:
        said["tint"] = cell.tint
    if cell.wraps:
        said["wrap"] = True
    return said


def _has_rows(figure: Figure) -> bool:
    """Without one there is nothing to click, though an address may still name the figure."""
    return bool(len(figure.counted) or figure.left_out or figure.denominator)


def _definition(said: Definition) -> Explained:
    return {"title": said.title, "formula": said.formula, "population": said.population, "traps": list(said.traps)}
