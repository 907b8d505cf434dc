"""Opening a workbook by what it contains, never by its name: XLSX, XLS, XLSB, ODS, CSV or vCard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import chain, islice
from pathlib import Path

from gnetics.domain.quoting import quote
from gnetics.domain.values import clean
from gnetics.errors import UnreadableFile
from gnetics.exports.inert import unguarded
from gnetics.imports import reading_apart, text_file, vcard_file
from gnetics.imports.limits import LARGEST_CONTENT, LARGEST_FILE, too_wide
from gnetics.imports.spool import Spool

Cell = str | float | bool | datetime | date | time | timedelta | None

HEAD = 40  # lines
MOST_TOLD = 50
_USUAL = 1000  # characters of a row
_CONSTANT = re.compile('="((?:[^"]|"")*)"')
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how a ZIP begins, and an OLE file
_TOO_LARGE = "Le fichier dépasse 200\u00a0Mo\u00a0: partagez-le en plusieurs classeurs."
_EMPTY = "Le fichier est vide\u00a0: choisissez un classeur qui contient des lignes."


Line = tuple[int, list[Cell]]  # number as a person sees it, cells


@dataclass(frozen=True)
class Sheet:
    """Its lines, given one at a time and as often as asked; a blank one has only None, or no cell. `height` counts them.

    `merged`: the last of those where a cell is merged with some below, 0 when there is none.
    """

    name: str
    height: int
    rows: Callable[[], Iterator[Line]]
    merged: int = 0

    @cached_property
    def head(self) -> list[Line]:
        """Where its headers may stand, and a few lines below."""
        return list(islice(self.rows(), HEAD))


@dataclass(frozen=True)
class Workbook:
    """`from_text`: every cell is a text as typed (CSV); otherwise numbers and dates come as such.

    `told`: (line, what was left out of it) of a text.
    """

    sheets: list[Sheet]
    from_text: bool
    told: tuple[tuple[int, str], ...] = ()


def read(source: bytes | Path | str, filename: str = "", largest: int = LARGEST_CONTENT) -> Workbook:
    """Every sheet that has something in it; raises UnreadableFile with what to do. `largest`: MB of a workbook once unzipped."""
    data = source if isinstance(source, bytes) else bytes_of(Path(source))
    if not isinstance(source, bytes):
        filename = filename or Path(source).name
    if len(data) > LARGEST_FILE:
        raise UnreadableFile(_TOO_LARGE)
    if not data.strip():
        raise UnreadableFile(_EMPTY)
    from_text = not data.startswith(_SPREADSHEETS)
    told: list[tuple[int, str]] = []
    if from_text:
        encoding = text_file.encoding_of(data)
        count, line = text_file.zeros(data, encoding)
        if count:
            data = data.replace(b"\0", b"")
            told.append((line, f"Octets nuls retirés du fichier\u00a0: {count}, le premier à cette ligne. Vérifiez ce qu’elle dit."))
        data, accents = text_file.accents_restored(data, encoding)
        if accents:
            told.append((1, accents))
        of_text = _card_sheet if vcard_file.begins(text_file.opened(data, encoding).read(2000)) else _text_sheet
        sheet = of_text(data, encoding, filename, told)
        sheets = [sheet] if any(any(cell is not None for cell in cells) for _, cells in sheet.rows()) else []
    else:
        sheets = [Sheet(*found) for found in reading_apart.sheets(data, largest)]
    if not sheets:
        raise UnreadableFile(_EMPTY)
    return Workbook(sheets, from_text, tuple(told))


def bytes_of(path: Path) -> bytes:
    """What a file of this computer holds; raises UnreadableFile."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise UnreadableFile(_TOO_LARGE)
        return path.read_bytes()
    except FileNotFoundError:
        raise UnreadableFile(f"Le fichier «\u00a0{path.name}\u00a0» n’existe pas\u00a0: vérifiez son nom et son dossier.") from None
    except OSError:
        raise UnreadableFile(
            f"Le fichier «\u00a0{path.name}\u00a0» ne peut pas être ouvert\u00a0: vérifiez que c’est un fichier et ses droits."
        ) from None


def _card_sheet(data: bytes, encoding: str, filename: str, told: list[tuple[int, str]]) -> Sheet:
    titles, count, groups = vcard_file.titles(text_file.opened(data, encoding))
    told += [(line, f"{quote(name)} est un groupe de contacts\u00a0: il n’est pas importé.") for line, name in groups[:MOST_TOLD]]

    def rows() -> Iterator[Line]:
        yield 0, list(titles)
        for line, cells in vcard_file.rows(text_file.opened(data, encoding), titles):
            yield line, list(cells)

    return Sheet(clean(Path(filename).stem), count + 1, rows)


def _said(cell: str) -> str:
    """The text that a program guarded from being a formula, or wrote as one that says only it: « ="0612345678" »."""
    match = _CONSTANT.fullmatch(cell)
    return match[1].replace('""', '"') if match else unguarded(cell)


def _text_sheet(data: bytes, encoding: str, filename: str, told: list[tuple[int, str]]) -> Sheet:
    text_file.refuse_other_formats(text_file.opened(data, encoding).read(2000))
    aside, height = Spool[Line](tuple), 0
    for line, cells in text_file.rows(text_file.opened(data, encoding)):  # what cannot be read is said before anything is done
        if refusal := too_wide(len(cells)):
            raise UnreadableFile(refusal)
        height += 1
        said: list[Cell] = [(_said(cell) if cell[0] in "'=" else cell) if cell and not cell.isspace() else None for cell in cells]
        aside.add((line, said), 1 + sum(map(len, cells)) // _USUAL)
    return Sheet(clean(Path(filename).stem), height, lambda: chain.from_iterable(aside.chunks()))
