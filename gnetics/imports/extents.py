"""How far the sheets of a spreadsheet reach, read as a stream of its bytes: what a file says of its own size may be wrong.

calamine keeps every cell of the rectangle that ends at the farthest one, so this is known before it is given the file.
"""

from __future__ import annotations

import re
import struct
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import IO
from xml.parsers import expat

import olefile

LONGEST_BLANK = 2**20  # spaces that one mark of an ODS may stand for
_PIECE = 2**20  # bytes
_DIGITS, _LETTERS = b"0123456789", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CELL = re.compile(rb"<c[\s/>]")
_PLACE = re.compile(rb' r="([A-Z]{0,3}[0-9]{1,7})"')  # of a row or a cell, as every usual program writes it
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_XLSB_SHEET, _XLSB_ROW, _XLSB_CELLS = 0x81, 0, range(2, 12)
_XLS_BEGINNING, _XLS_SIZE, _XLS_SEVERAL = 0x0809, 0x0200, 0x00BD
_XLS_CELLS = {0x0006, _XLS_SEVERAL, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x0206, 0x027E, 0x0406}
_FILLED = {f"office:{name}" for name in ("value-type", "value", "string-value", "date-value", "time-value", "boolean-value")}


class Unsound(Exception):
    """What a spreadsheet is made of cannot be read."""


@dataclass
class Extent:
    """Of one sheet: columns and rows up to its farthest cell that says something, and how many such cells; `announced` is what it
    says of itself where that alone takes memory."""

    columns: int = 0
    rows: int = 0
    cells: int = 0
    announced: int = 0

    def reach(self, row: int, column: int, cells: int = 1) -> None:
        """Something stands there, counted from 0."""
        self.rows, self.columns, self.cells = max(self.rows, row + 1), max(self.columns, column + 1), self.cells + cells


Doubt = Callable[[Extent], bool]


def of_archive(archive: zipfile.ZipFile, doubtful: Doubt) -> Iterator[Extent]:
    """The sheets of an XLSX, XLSB or ODS; those of an XLSX are measured cell by cell only when a first look leaves them `doubtful`."""
    names = archive.namelist()
    for name in names:
        if name == "content.xml":
            with archive.open(name) as stream:
                yield from _of_ods(stream)
        elif name.endswith(".bin"):
            if "xl/workbook.bin" in names:
                yield from _of_xlsb(archive.read(name))
        else:
            with archive.open(name) as stream:
                seen = _look(stream)
            if seen is not None and doubtful(seen):
                with archive.open(name) as stream:
                    seen = _of_xlsx(stream)
            if seen is not None:
                yield seen


def of_xls(file: IO[bytes]) -> Iterator[Extent]:
    """The sheets of an XLS."""
    try:
        with olefile.OleFileIO(file) as container:
            books = [container.openstream(name).read() for name in ("Workbook", "Book") if container.exists(name)]
    except (OSError, ValueError, IndexError, struct.error) as error:
        raise Unsound from error
    for book in books:
        extent = Extent()
        for kind, start, end in _xls_records(book):
            if kind == _XLS_BEGINNING:
                yield extent
                extent = Extent()
            elif kind == _XLS_SIZE and end - start >= 12:
                first, last, left, right = struct.unpack_from("<IIHH", book, start)
                extent.announced = max(0, last - first) * max(0, right - left)
            elif kind in _XLS_CELLS and end - start >= 6:
                row, column = struct.unpack_from("<HH", book, start)
                last = struct.unpack_from("<H", book, end - 2)[0] if kind == _XLS_SEVERAL else column
                extent.reach(row, max(column, last), max(1, last - column + 1))
        yield extent


def _xls_records(book: bytes) -> Iterator[tuple[int, int, int]]:
    """(kind, start, end) of each."""
    at = 0
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        yield kind, at + 4, min(at + 4 + size, len(book))
        at += 4 + size


def _of_xlsb(data: bytes) -> Iterator[Extent]:
    """Nothing when the member is not a sheet."""
    extent, row = Extent(), 0
    for number, (kind, start, end) in enumerate(_xlsb_records(data)):
        if number == 0 and kind != _XLSB_SHEET:
            return
        if kind == _XLSB_ROW and end - start >= 4:
            row = struct.unpack_from("<I", data, start)[0]
        elif kind in _XLSB_CELLS and end - start >= 4:
            extent.reach(row, struct.unpack_from("<I", data, start)[0])
    yield extent


def _xlsb_records(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(kind, start, end) of each; both numbers before a record take as many bytes as their high bits say."""
    at = 0
    try:
        while at < len(data):
            kind = data[at]
            at += 1
            if kind & 0x80:
                kind = kind & 0x7F | (data[at] & 0x7F) << 7
                at += 1
            size = shift = 0
            more = True
            while more and shift < 28:
                size |= (data[at] & 0x7F) << shift
                more = data[at] >= 0x80
                shift += 7
                at += 1
            yield kind, at, min(at + size, len(data))
            at += size
    except IndexError:  # cut, which is for the reader to say
        return


def _look(stream: IO[bytes]) -> Extent | None:
    """A sheet of an XLSX as its places tell, blank cells included; None when the member is no sheet.

    Of cells without a place, or with one written in a way of its own, nothing can be told so: they reach beyond everything.
    """
    columns, rows, cells, places, sheet = set[bytes](), set[bytes](), 0, 0, False
    for piece in _pieces(stream):
        sheet = sheet or b"sheetData" in piece
        cells += len(_CELL.findall(piece))
        found = b"\n".join(_PLACE.findall(piece))
        letters = found.translate(None, _DIGITS).split(b"\n")
        places += len(letters) - letters.count(b"")
        columns.update(letters)
        rows.update(found.translate(None, _LETTERS).split(b"\n"))
    if not sheet:
        return None
    if cells != places:
        return Extent(2**32, 2**32)
    return Extent(max(_column(name.decode()) for name in columns | {b""}), max(int(number or b"0") for number in rows | {b""}), cells)


def _pieces(stream: IO[bytes]) -> Iterator[bytes]:
    """A tag cut in two is whole in the next piece."""
    kept = b""
    while more := stream.read(_PIECE):
        seen = kept + more
        cut = seen.rfind(b"<") if len(seen) < 4 * _PIECE else len(seen)
        yield seen[: max(cut, 0)]
        kept = seen[max(cut, 0) :]
    yield kept


def _column(letters: str) -> int:
    """Counted from 1; 0 for no letter."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _of_xlsx(stream: IO[bytes]) -> Extent:
    """As calamine places them: a cell or a row without a number comes after the one before."""
    extent = Extent()
    row = column = 0
    at = (0, 0)
    inside = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, at, inside
        name, place = name.rpartition(":")[2], attributes.get("r")
        if name == "sheetData":
            inside = True
        elif name == "row" and place:
            row = _number(place) - 1
        elif name == "c":
            if place and (match := _REFERENCE.fullmatch(place)):
                column = _column(match[1]) - 1
                at = (int(match[2]) - 1, column)
            else:
                at = (row, column)
            column += 1
        elif inside and name in ("v", "is"):
            extent.reach(*at)

    def end(name: str) -> None:
        nonlocal row, column, inside
        name = name.rpartition(":")[2]
        if name == "row":
            row, column = row + 1, 0
        elif name == "sheetData":
            inside = False

    _parse(stream, start, end)
    return extent


def _of_ods(stream: IO[bytes]) -> Iterable[Extent]:
    """A cell and a row of an ODS may stand for many."""
    found = [Extent()]
    row = column = times = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, times
        if name == "table:table":
            found.append(Extent())
            row = column = 0
        elif name == "table:table-row":
            times, column = _number(attributes.get("table:number-rows-repeated", "1")), 0
        elif name in ("table:table-cell", "table:covered-table-cell"):
            count = _number(attributes.get("table:number-columns-repeated", "1"))
            column += count
            if "table:formula" in attributes or not _FILLED.isdisjoint(attributes):
                found[-1].reach(row + times - 1, column - 1, count * times)
        elif name == "text:s" and _number(attributes.get("text:c", "1")) > LONGEST_BLANK:
            raise Unsound

    def end(name: str) -> None:
        nonlocal row
        if name == "table:table-row":
            row += times

    _parse(stream, start, end)
    return found


def _parse(stream: IO[bytes], start: Callable[[str, dict[str, str]], None], end: Callable[[str], None]) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        while piece := stream.read(_PIECE):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Unsound from error


def _number(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,10}", text):
        raise Unsound
    return int(text)
