"""The report of the boards: the blocks of Dash Data and the headline of the Dashboard, as a workbook or a page to print."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from gnetics import texts
from gnetics.domain import dates
from gnetics.domain.regions import Region
from gnetics.domain.typography import counted, number, spaced
from gnetics.errors import NotFound
from gnetics.exports.csv_file import csv_file
from gnetics.exports.printed import printed
from gnetics.exports.tables import Cell, Column, Document, Kind, Measure, Section, Table, file_name
from gnetics.exports.xlsx_file import xlsx_report
from gnetics.metrics.board import PERIOD_DAYS, Board
from gnetics.metrics.definitions import DEFINITIONS
from gnetics.metrics.figure import Figure, Row
from gnetics.metrics.window import Window
from gnetics.pages.boards import blocks_abc, blocks_d, blocks_ef, readings
from gnetics.pages.boards.board import board_of, earlier_frames, first_day
from gnetics.pages.boards.book import Book, measured, shown, tally
from gnetics.pages.boards.evidence_rows import window_words
from gnetics.pages.boards.period import DAY, NOBODY, BoardFilters, earlier_day
from gnetics.store.crm import Crm
from gnetics.widgets import theme

Block = Callable[[Board, Book, str], Row]
BLOCKS: tuple[Block, ...] = (
    blocks_abc.kpis,
    blocks_abc.sources,
    blocks_abc.scores,
    blocks_d.pipeline,
    blocks_ef.forecast,
    blocks_ef.quality,
)
FORMS = ("xlsx", "html")
_KINDS: dict[str, Kind] = {"count": "whole", "money": "money", "ratio": "ratio", "days": "days", "score": "decimal", "month": "month"}
# the column of a section's table that its picture draws
_DRAWN = {
    "months": "Montant gagné",
    "sources": "Conversion",
    "scores": "Médiane",
    "ageing": "Contacts",
    "owners": "Montant gagné",
    "forecast": "Pondéré",
    "rules": "Contacts",
    "completeness": "Rempli",
}
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
    if filters.owner not in ("", NOBODY) and not (snapshot.real["owner"] == filters.owner).any():
        raise NotFound(f"Aucun contact n’a pour responsable « {filters.owner} » : vérifiez le nom.")
    today = crm.clock.today()
    filters.day = earlier_day(query.get(DAY, ""), today, first_day(snapshot, region), region)
    frames = earlier_frames(snapshot, filters.day, today, region) if filters.day else snapshot
    board = board_of(frames, filters, filters.day or today, region)
    return report_file(form, board, filters, region, crm.clock.now())[1]


def report_file(form: str, board: Board, filters: BoardFilters, region: Region, now: datetime) -> tuple[str, bytes]:
    """(name, content) of the whole report; form is xlsx or html."""
    made = document(board, filters, region, now)
    content = xlsx_report(made, region) if form == "xlsx" else printed(made, theme.LIGHT, region)
    return file_name("rapport", now.date(), form), content


def block_file(form: str, block: Block, board: Board, filters: BoardFilters, region: Region, now: datetime) -> tuple[str, bytes]:
    """The same of one block: a workbook with its tables and definitions, or its main table as CSV."""
    made = block(board, Book(region), filters.words.during)
    name = file_name(f"{made['key']} {made['title']}", now.date(), form)
    title, facts, section = f"{made['key']}. {made['title']}", _facts(board, filters, region, now), _section(made)
    if not section.tables:
        raise NotFound(made["reading"])
    if form == "csv":
        return name, csv_file(section.tables[0], region, (("Bloc", title), *facts))
    return name, xlsx_report(Document(f"CRM GNETICS : {title}", facts, (section,), _definitions(made["definitions"])), region)


def document(board: Board, filters: BoardFilters, region: Region, now: datetime) -> Document:
    blocks = [block(board, Book(region), filters.words.during) for block in BLOCKS]
    explained = [("", _HEADLINE + (() if filters.day else _TO_DO) + _OUTREACH), *((block["key"], block["definitions"]) for block in blocks)]
    definitions = tuple(definition for letter, keys in explained for definition in _definitions(keys, letter))
    sections = (_summary(board, filters, region), *map(_section, blocks))
    return Document("CRM GNETICS : rapport commercial", _facts(board, filters, region, now), sections, definitions)


def _facts(board: Board, filters: BoardFilters, region: Region, now: datetime) -> tuple[tuple[str, str], ...]:
    window = Window(*filters.span(board.population.today))
    owner = {"": "Tous", NOBODY: "Non attribué"}.get(filters.owner, filters.owner)
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


def _section(block: Row) -> Section:
    tables: list[Table] = []
    for section in block["sections"]:
        drawn = _DRAWN.get(section["chart"], "")
        tables += [_table(section[part], drawn) for part in ("table", "behind") if part in section and section[part]["rows"]]
    sentences = tuple(sentence for sentence in (block["reading"], block["note"]) if sentence)
    empty = () if tables else (Table("Rien à compter ici sur cette période", (Column(block["title"]),), ()),)
    return Section(f"{block['key']} {block['title']}", f"{block['key']}. {block['title']}", sentences, (*tables, *empty))


def _table(made: Row, drawn: str = "") -> Table:
    """A table of the screen with its values; notes and pills of its cells in a last column, but for a pill that is all a cell says."""
    labels = [column["label"] for column in made["columns"]]
    columns = [Column(column["label"], "whole" if column["num"] else "text") for column in made["columns"]]
    rows: list[tuple[Cell, ...]] = [tuple(map(_cell, row["cells"])) for row in made["rows"]]
    remarks = [_remarks(labels, row["cells"]) for row in made["rows"]]
    if any(remarks):
        columns.append(Column("Remarques"))
        rows = [(*row, remark) for row, remark in zip(rows, remarks, strict=True)]
    strong = frozenset(place for place, row in enumerate(made["rows"]) if row["kind"] == "total")
    return Table(made["caption"], tuple(columns), rows, strong, labels.index(drawn) if drawn in labels else None)


def _cell(cell: Row) -> Cell:
    if "unit" not in cell:
        return str(cell["text"] or cell.get("pill", ""))
    value = date.fromisoformat(cell["value"]) if cell["unit"] == "month" else cell["value"]
    return Measure(value, _KINDS[cell["unit"]], cell["text"])


def _remarks(labels: Sequence[str], cells: Sequence[Row]) -> str:
    found = [
        (f"{label} : " if place and cell["text"] else "") + said
        for place, (label, cell) in enumerate(zip(labels, cells, strict=True))
        for said in (cell.get("pill", "") if cell["text"] else "", cell.get("note", ""))
        if said
    ]
    return spaced(" ; ".join(found))


def _summary(board: Board, filters: BoardFilters, region: Region) -> Section:
    """What the Dashboard shows above its blocks, and the mails."""

    def line(label: str, figure: Figure, previous: Figure | None = None) -> tuple[Cell, ...]:
        then = Measure(None, "text", texts.NOT_AVAILABLE) if previous is None else _cell(measured(shown(previous, region), previous))
        return (label, _cell(measured(shown(figure, region), figure)), _detail(figure), then)

    def lines(named: Iterable[tuple[str, Figure]]) -> list[tuple[Cell, ...]]:
        return [(label, _cell(measured(shown(figure, region), figure)), _detail(figure)) for label, figure in named]

    top, moved, waiting, mail = board.headline, board.variation, board.priority, board.outreach
    window = Window(*filters.span(board.population.today))
    ago = dates.show(board.population.today - timedelta(days=window.days or PERIOD_DAYS), region)
    heads = (
        line("Pipeline actif", top.pipeline, moved.pipeline.previous),
        line("Montant estimé", top.amount, moved.amount.previous),
        line("Taux de conversion", top.conversion, moved.conversion.previous),
    )
    also = lines((("Pipeline actif : bloqués", top.blocked), ("Taux de réussite", top.success)))
    queues = (
        ("À relancer", waiting.follow_up),
        ("Sans contact", waiting.never_contacted),
        ("Bloqués", waiting.blocked),
        ("Total, chaque contact une fois", waiting.total),
    )
    mails = (
        ("Messages envoyés", mail.sent),
        ("Contacts sollicités", mail.contacted),
        ("Ont répondu", mail.answered),
        ("Taux de réponse", mail.answer_rate),
        ("Rejets", mail.bounces),
        ("Désinscriptions", mail.opt_outs),
    )
    statuses = [
        (row["label"], _cell(tally(row["share"].numerator)), _cell(measured(shown(row["share"], region), row["share"])))
        for row in board.split.statuses
    ]
    value, detail = Column("Valeur", "whole"), Column("Détail")
    todo = Table("Priorité du jour", (Column("File"), Column("Contacts", "whole"), detail), lines(queues), frozenset({3}))
    tables = (
        Table(
            "Chiffres clés" if filters.day else "Chiffres clés, maintenant",
            (Column("Chiffre"), value, detail, Column(f"Le {ago}", "whole")),
            heads,
        ),
        Table("Aussi", (Column("Chiffre"), value, detail), also),
        *(() if filters.day else (todo,)),  # it says what to do now
        Table("Répartition des statuts", (Column("Statut"), Column("Contacts", "whole"), Column("Part", "ratio")), statuses, bars=1),
        Table(f"Emails {filters.words.during}", (Column("Indicateur"), value, detail), lines(mails)),
    )
    return Section("Synthèse", "Synthèse", (readings.split(board), readings.outreach(board, filters.words.during)), tables)


def _detail(figure: Figure) -> str:
    """« 230 sur 1 248 » of a ratio, « 12 sans montant » of a sum."""
    if figure.denominator is not None:
        return f"{number(figure.numerator)} sur {number(figure.denominator)}"
    return blocks_abc.left_out(figure)
