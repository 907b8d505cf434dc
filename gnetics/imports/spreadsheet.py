"""Reads an XLSX, XLS, XLSB or ODS, in the process that reading_apart.py starts with `-m`: what the file asks for is asked of that one.

The file is the standard input, the rows go to a temporary file, what was found to the standard output.
"""

from __future__ import annotations

import pickle
import sys
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import IO, TYPE_CHECKING

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from gnetics.errors import UnreadableFile
from gnetics.imports import bounded, extents
from gnetics.imports.cell_errors import Errors, errors_by_sheet
from gnetics.imports.extents import Extent, Unsound
from gnetics.imports.limits import too_wide

if TYPE_CHECKING:
    from gnetics.imports.workbook import Cell

CHUNK = 1000  # rows
_MOST_CELLS, _ANYWAY, _FOR_EACH = 40_000_000, 10_000_000, 10  # of a sheet's rectangle: ever, whatever it holds, for each cell it holds
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # what an Office file with a password is wrapped in
_MANIFEST, _LARGEST_LIST = "META-INF/manifest.xml", 2**20  # where an ODS says that it is encrypted; bytes
_DAMAGED = "Le classeur est endommagé ou d’un format inconnu\u00a0: rouvrez-le dans votre tableur et enregistrez-le en .xlsx."
_LOCKED = "Le classeur est protégé par un mot de passe\u00a0: enregistrez-en une copie sans mot de passe."
_NO_ROOM = "Le serveur n’a pas la place de lire ce fichier\u00a0: prévenez votre administrateur."

Found = list[
    tuple[str, int, int, int, int]
]  # of each sheet: its name, height, last line of cells merged downwards, its rows' begin and end


def main(rows: IO[bytes], largest: int, memory: int, seconds: int) -> None:
    """`largest`: MB of the file once unzipped; `memory` in bytes, `seconds` of a processor."""
    bounded.answer(lambda: read(sys.stdin.buffer, rows, largest), memory, seconds)


def read(file: IO[bytes], rows: IO[bytes], largest: int) -> Found:
    """Put the rows of every sheet that has something in it aside; raises UnreadableFile with what to do."""
    try:
        return list(_put_aside(_sheets(file, largest), rows))
    except PasswordError:
        raise UnreadableFile(_LOCKED) from None
    except (
        CalamineError,
        Unsound,
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
    ) as error:
        raise UnreadableFile(_DAMAGED) from error
    except BaseException as error:
        # the reader is Rust: a file it never met makes it panic, which is not an Exception
        if type(error).__name__ == "PanicException":
            raise UnreadableFile(_DAMAGED) from None
        raise


def _sheets(file: IO[bytes], largest: int) -> Iterator[tuple[CalamineSheet, Errors]]:
    errors: dict[str, Errors] = {}
    if file.read(len(_OLE)) == _OLE:
        if _ENCRYPTED in file.read():
            raise UnreadableFile(_LOCKED)
        reached = extents.of_xls(file)
    else:
        archive = zipfile.ZipFile(file)
        _check_archive(archive, largest)
        errors = errors_by_sheet(archive)
        reached = extents.of_archive(archive, doubtful=lambda extent: _refusal(extent) != "")
    for extent in reached:
        if refusal := _refusal(extent):
            raise UnreadableFile(refusal)
    file.seek(0)
    workbook = CalamineWorkbook.from_filelike(file)
    for name in workbook.sheet_names:
        yield workbook.get_sheet_by_name(name), errors.get(name, {})


def _check_archive(archive: zipfile.ZipFile, largest: int) -> None:
    members = {member.filename: member.file_size for member in archive.infolist()}
    if members.get(_MANIFEST, _LARGEST_LIST) < _LARGEST_LIST and b"encryption-data" in archive.read(_MANIFEST):
        raise UnreadableFile(_LOCKED)
    if sum(members.values()) > largest * 2**20:
        advice = "dans votre tableur, enregistrez chaque feuille en «\u00a0CSV UTF-8\u00a0», puis importez ce fichier"
        raise UnreadableFile(f"Le classeur dépasse {largest}\u00a0Mo une fois décompressé\u00a0: {advice}.")


def _refusal(extent: Extent) -> str:
    """Why a sheet that reaches so far is not read; "" when it may be."""
    area = extent.columns * extent.rows
    if area > min(_MOST_CELLS, _ANYWAY + _FOR_EACH * extent.cells) or extent.announced > _MOST_CELLS:
        far = f"jusqu’à la ligne {extent.rows}, colonne {extent.columns}"
        return too_wide(extent.columns) or f"Une feuille est trop grande, {far}\u00a0: supprimez ses lignes et colonnes vides."
    return too_wide(extent.columns)


def _put_aside(sheets: Iterable[tuple[CalamineSheet, Errors]], rows: IO[bytes]) -> Iterator[tuple[str, int, int, int, int]]:
    for sheet, errors in sheets:
        start, height, filled = rows.tell(), 0, False
        merged = _merged(sheet)
        lines = _filled_down(_rows(sheet, errors), merged)
        while chunk := list(islice(lines, CHUNK)):
            filled = filled or any(cell is not None for cells in chunk for cell in cells)
            height += len(chunk)
            try:
                pickle.dump(chunk, rows, pickle.HIGHEST_PROTOCOL)
            except OSError as error:
                raise UnreadableFile(_NO_ROOM) from error
        if filled:
            yield sheet.name, height, max(merged, default=0), start, rows.tell()


def _merged(sheet: CalamineSheet) -> dict[int, dict[int, int]]:
    """Of the cells merged over several lines, the last of these, by the first and the place."""
    found: dict[int, dict[int, int]] = {}
    for (top, left), (bottom, _) in sheet.merged_cell_ranges or ():
        if bottom > top:
            found.setdefault(top + 1, {})[left] = bottom + 1
    return found


def _filled_down(rows: Iterator[list[Cell]], merged: dict[int, dict[int, int]]) -> Iterator[list[Cell]]:
    """A text is said of each line beside it that says something; an amount would be counted twice, and is of the first."""
    texts: dict[int, tuple[int, Cell]] = {}
    for line, cells in enumerate(rows, 1):
        if texts and cells.count(None) < len(cells):
            for place, (last, text) in texts.items():
                if line <= last and place < len(cells) and cells[place] is None:
                    cells[place] = text
        for place, last in merged.get(line, {}).items():
            if place < len(cells) and type(cells[place]) is str:
                texts[place] = last, cells[place]
        yield cells


def _rows(sheet: CalamineSheet, errors: Errors) -> Iterator[list[Cell]]:
    # iter_rows begins at the first line, but at the first column that has something
    aside: list[Cell] = [None] * (sheet.start[1] if sheet.start else 0)
    for line, row in enumerate(sheet.iter_rows() if sheet.height else (), 1):
        # no function for a cell: there are millions; of a type itself, since True is an int too
        cells = aside + [
            (value if value and not value.isspace() else None) if type(value) is str else float(value) if type(value) is int else value
            for value in row
        ]
        for place, error in errors.get(line, {}).items():
            if place < len(cells):
                cells[place] = error
        yield cells


if __name__ == "__main__":
    place, *bounds = map(int, sys.argv[1:])
    with open(place, "wb") as aside:
        main(aside, *bounds)
