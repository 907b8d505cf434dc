"""The report of the boards: the blocks of Dash Data and the headline of the Dashboard, as a workbook or a page to print."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime

from gnetics import texts
from gnetics.domain import dates
from gnetics.domain.regions import Region
from gnetics.domain.typography import counted
from gnetics.errors import NotFound
from gnetics.exports.csv_file import csv_file
from gnetics.exports.printed import printed
from gnetics.exports.tables import Column, Document, Section, Table, file_name
from gnetics.exports.xlsx_file import xlsx_report
from gnetics.metrics.board import Board
from gnetics.metrics.definitions import DEFINITIONS, EVERYONE
from gnetics.metrics.earlier import earlier_frames
from gnetics.metrics.window import Window
from gnetics.pages.boards import blocks_abc, blocks_d, blocks_ef, pictures, readings
from gnetics.pages.boards.block_tables import Block
from gnetics.pages.boards.board import board_of, first_day, known_as, owner_names
from gnetics.pages.boards.book import Book
from gnetics.pages.boards.drawings import chart, of_section
from gnetics.pages.boards.evidence_rows import window_words
from gnetics.pages.boards.front import front
from gnetics.pages.boards.in_files import in_files
from gnetics.pages.boards.period import DAY, NOBODY, BoardFilters, earlier_day
from gnetics.pages.boards.summary import SPLIT, summary
from gnetics.store.crm import Crm
from gnetics.widgets import theme

MakeBlock = Callable[[Board, Region, str], Block]
BLOCKS: tuple[MakeBlock, ...] = (
    blocks_abc.kpis,
    blocks_abc.sources,
    blocks_abc.scores,
    blocks_d.pipeline,
    blocks_ef.forecast,
    blocks_ef.quality,
)
FORMS = ("xlsx", "html")
_HEADLINE = (
    "pipeline",
    "pipeline_blocked",
    "pipeline_amount",
    "conversion",
    "success",
    "blocked",
)
_TO_DO = ("follow_up", "never_contacted", "priority")  # of today only
_OUTREACH = ("sent", "contacted", "answered", "answer_rate", "bounces", "opt_outs")


def report_of(crm: Crm, query: Mapping[str, str], form: str) -> bytes:
    """The whole report of a store, for whoever has no page; `query` is that of the address (periode, responsable, au)."""
    filters, snapshot, region = BoardFilters(), crm.snapshot(), crm.region
    filters.from_query(query)
    filters.owner = known_as(filters.owner, snapshot)
    if filters.owner not in ("", NOBODY, *owner_names(snapshot).values()):
        raise NotFound(f"Aucun contact n’a pour responsable « {filters.owner} » : vérifiez le nom.")
    today = crm.clock.today()
    filters.day = earlier_day(query.get(DAY, ""), today, first_day(snapshot, region), region)
    frames = earlier_frames(snapshot, filters.day, today, region.zone) if filters.day else snapshot
    board = board_of(frames, filters, filters.day or today, region)
    return report_file(form, board, filters, region, crm.clock.now())[1]


def report_file(form: str, board: Board, filters: BoardFilters, region: Region, now: datetime) -> tuple[str, bytes]:
    """(name, content) of the whole report; form is xlsx or html."""
    made = document(board, filters, region, now)
    content = xlsx_report(made, region) if form == "xlsx" else printed(made, theme.LIGHT, region)
    return file_name("rapport", now.date(), form), content


def block_file(form: str, make: MakeBlock, board: Board, filters: BoardFilters, region: Region, now: datetime) -> tuple[str, bytes]:
    """The same of one block: a workbook with its tables and definitions, or its main table as CSV."""
    block = make(board, region, filters.words.during)
    name, title = file_name(f"{block.key} {block.title}", now.date(), form), _title(block)
    facts, section = _facts(board, filters, region, now), _section(block, board, region)
    if form == "csv":
        return name, csv_file(section.tables[0], region, (("Bloc", title), *facts))
    return name, xlsx_report(Document(f"CRM GNETICS : {title}", facts, (section,), _definitions(block.definitions)), region)


def document(board: Board, filters: BoardFilters, region: Region, now: datetime) -> Document:
    blocks = [make(board, region, filters.words.during) for make in BLOCKS]
    explained = [("", _HEADLINE + (() if filters.day else _TO_DO) + _OUTREACH), *((block.key, block.definitions) for block in blocks)]
    said: set[str] = set()
    definitions: list[tuple[str, str, str, str]] = []
    for letter, keys in explained:
        definitions += _definitions([key for key in keys if key not in said], letter)
        said.update(keys)
    sections = tuple(_section(block, board, region) for block in blocks)
    summary, first = _summary(board, filters, region), front(board, filters, blocks, region)
    return Document(
        "CRM GNETICS : rapport commercial", _facts(board, filters, region, now), sections, tuple(definitions), EVERYONE, summary, first
    )


def _facts(board: Board, filters: BoardFilters, region: Region, now: datetime) -> tuple[tuple[str, str], ...]:
    window = Window(*filters.span(board.population.today))
    owner = {"": "Tous", NOBODY: texts.NO_OWNER}.get(filters.owner, filters.owner)
    aside = len(board.population.set_aside)
    population = counted(board.population.size, "contact réel", "contacts réels") + (f", {counted(aside, 'écarté')}" if aside else "")
    day = board.population.today
    state = (("État au", dates.show(day, region)),) if day < now.date() else ()
    return (
        *state,
        ("Période", filters.words.words + (f" ({_lower(window_words(window, region))})" if window.days else "")),
        ("Responsable", owner),
        ("Population", population),
        ("Établi le", f"{dates.long(now.date(), region)} à {now:%H:%M}"),
    )


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _definitions(keys: Iterable[str], letter: str = "") -> tuple[tuple[str, str, str, str], ...]:
    """`letter` of the block, since several blocks have a « Montant gagné » of their own."""
    before = f"{letter}. " if letter else ""
    return tuple((before + each.title, each.formula, each.population, " ".join(each.traps)) for each in map(DEFINITIONS.__getitem__, keys))


def _section(block: Block, board: Board, region: Region) -> Section:
    tables = tuple(_tables(block, board, region))
    sentences = tuple(filter(None, (block.reading, block.note)))
    empty = Table("Rien à compter ici sur cette période", (Column(block.title),), ())
    return Section(f"{block.key} {block.title}", _title(block), sentences, tables or (empty,))


def _tables(block: Block, board: Board, region: Region) -> Iterator[Table]:
    """Each with the picture beside it, and the one that its columns draw: the first since the last such."""
    book, plot = Book(region), None
    for section in block.sections:
        chart = of_section(section, board, book)
        plot = chart or plot
        if not section.table.rows:
            continue
        draws = any(column.drawn for column in section.table.columns)
        yield in_files(section.table, region, chart, plot if draws else None, under=section.place == "under" and not chart)
        plot = None if draws else plot


def _title(block: Block) -> str:
    return f"{block.key}. {block.title}"


def _summary(board: Board, filters: BoardFilters, region: Region) -> Section:
    split = chart("split", SPLIT, pictures.split(board, Book(region)))
    tables = tuple(in_files(table, region, plot=split if table.caption == SPLIT else None) for table in summary(board, filters, region))
    return Section("Synthèse", "Synthèse", (readings.split(board), readings.outreach(board, filters.words.during)), tables)
