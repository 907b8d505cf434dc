"""Opening a workbook by what it contains, never by its name: XLSX, XLS, XLSB, ODS or CSV."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import islice
from pathlib import Path

from gnetics.domain.values import clean
from gnetics.errors import UnreadableFile
from gnetics.exports.inert import unguarded
from gnetics.imports import reading_apart, text_file
from gnetics.imports.limits import LARGEST_CONTENT, LARGEST_FILE, too_wide

Cell = str | float | bool | datetime | date | time | timedelta | None

HEAD = 40  # lines
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how a ZIP begins, and an OLE file
_TOO_LARGE = "Le fichier dépasse 200\u00a0Mo\u00a0: partagez-le en plusieurs classeurs."
_EMPTY = "Le fichier est vide\u00a0: choisissez un classeur qui contient des lignes."


Line = tuple[int, list[Cell]]  # number as a person sees it, cells


@dataclass(frozen=True)
class Sheet:
    """Its lines, given one at a time and as often as asked; a blank one has only None, or no cell. `height` counts them."""

    name: str
    height: int
    rows: Callable[[], Iterator[Line]]

    @cached_property
    def head(self) -> list[Line]:
        """Where its headers may stand, and a few lines below."""
        return list(islice(self.rows(), HEAD))


@dataclass(frozen=True)
class Workbook:
    """`from_text`: every cell is a text as typed (CSV); otherwise numbers and dates come as such.

    `zeros`: how many zero bytes were taken out of the text, and the line of the first.
    """

    sheets: list[Sheet]
    from_text: bool
    zeros: tuple[int, int] = (0, 0)


def read(source: bytes | Path | str, filename: str = "", largest: int = LARGEST_CONTENT) -> Workbook:
    """Every sheet that has something in it; raises UnreadableFile with what to do. `largest`: MB of a workbook once unzipped."""
    data = source if isinstance(source, bytes) else _bytes_of(Path(source))
    if not isinstance(source, bytes):
        filename = filename or Path(source).name
    if len(data) > LARGEST_FILE:
        raise UnreadableFile(_TOO_LARGE)
    if not data.strip():
        raise UnreadableFile(_EMPTY)
    from_text = not data.startswith(_SPREADSHEETS)
    zeros = (0, 0)
    if from_text:
        encoding = text_file.encoding_of(data)
        zeros = text_file.zeros(data, encoding)
        sheet = _text_sheet(data.replace(b"\0", b"") if zeros[0] else data, encoding, filename)
        sheets = [sheet] if any(any(cell is not None for cell in cells) for _, cells in sheet.rows()) else []
    else:
        sheets = [Sheet(*found) for found in reading_apart.sheets(data, largest)]
    if not sheets:
        raise UnreadableFile(_EMPTY)
    return Workbook(sheets, from_text, zeros)


def _bytes_of(path: Path) -> bytes:
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


def _text_sheet(data: bytes, encoding: str, filename: str) -> Sheet:
    text_file.refuse_other_formats(text_file.opened(data, encoding).read(2000))

    def rows() -> Iterator[Line]:
        for line, cells in text_file.rows(text_file.opened(data, encoding)):
            yield line, [(unguarded(cell) if cell[0] == "'" else cell) if cell and not cell.isspace() else None for cell in cells]

    height = 0
    for _, cells in text_file.rows(text_file.opened(data, encoding)):  # what cannot be read is said before anything is done
        if refusal := too_wide(len(cells)):
            raise UnreadableFile(refusal)
        height += 1
    return Sheet(clean(Path(filename).stem), height, rows)
