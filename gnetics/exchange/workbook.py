"""Opening a workbook by what it contains, never by its name: XLSX, XLS, XLSB, ODS or CSV."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

from gnetics.errors import UnreadableFile
from gnetics.exchange import text_file
from gnetics.exchange.cell_errors import Errors, errors_by_sheet
from gnetics.exchange.inert import unguarded

Cell = str | float | bool | datetime | date | time | timedelta | None

HEAD = 40  # lines
LARGEST_FILE = 200 * 2**20  # bytes
LARGEST_CONTENT = 500  # MB once unzipped, unless a setting says otherwise
MOST_COLUMNS = 500
MOST_CELLS = 40_000_000
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")  # what an Office file with a password is wrapped in
_DAMAGED = "Le classeur est endommagé ou d’un format inconnu\u00a0: rouvrez-le dans votre tableur et enregistrez-le en .xlsx."
_LOCKED = "Le classeur est protégé par un mot de passe\u00a0: enregistrez-en une copie sans mot de passe."
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
    from_text = not data.startswith((_ZIP, _OLE))
    zeros = (0, 0)
    if from_text:
        encoding = text_file.encoding_of(data)
        zeros = text_file.zeros(data, encoding)
        sheets = [_text_sheet(data.replace(b"\0", b"") if zeros[0] else data, encoding, filename)]
    else:
        sheets = _spreadsheet(data, largest)
    sheets = [sheet for sheet in sheets if any(any(cell is not None for cell in cells) for _, cells in sheet.rows())]
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


def _check_width(width: int) -> None:
    if width > MOST_COLUMNS:
        raise UnreadableFile(f"Le fichier a {width} colonnes, le maximum est {MOST_COLUMNS}\u00a0: gardez celles qui servent.")


def _text_sheet(data: bytes, encoding: str, filename: str) -> Sheet:
    text_file.refuse_other_formats(text_file.opened(data, encoding).read(2000))

    def rows() -> Iterator[Line]:
        for line, cells in text_file.rows(text_file.opened(data, encoding)):
            yield line, [(unguarded(cell) if cell[0] == "'" else cell) if cell and not cell.isspace() else None for cell in cells]

    height = 0
    for _, cells in text_file.rows(text_file.opened(data, encoding)):  # what cannot be read is said before anything is done
        _check_width(len(cells))
        height += 1
    return Sheet(Path(filename).stem, height, rows)


def _spreadsheet(data: bytes, largest: int) -> list[Sheet]:
    if data.startswith(_OLE) and _ENCRYPTED in data:
        raise UnreadableFile(_LOCKED)
    if data.startswith(_ZIP):
        _check_archive(data, largest)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        errors = errors_by_sheet(data) if data.startswith(_ZIP) else {}
        return [_sheet(workbook.get_sheet_by_name(name), errors.get(name, {})) for name in workbook.sheet_names]
    except UnreadableFile:
        raise
    except PasswordError:
        raise UnreadableFile(_LOCKED) from None
    except (CalamineError, OSError, ValueError) as error:
        raise UnreadableFile(_DAMAGED) from error
    except BaseException as error:
        # the reader is Rust: a file it never met makes it panic, which is not an Exception
        if type(error).__name__ == "PanicException":
            raise UnreadableFile(_DAMAGED) from None
        raise


def _check_archive(data: bytes, largest: int) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = {member.filename: member.file_size for member in archive.infolist()}
            manifest = "META-INF/manifest.xml"  # where an ODS says that it is encrypted
            locked = members.get(manifest, LARGEST_FILE) < 2**20 and b"encryption-data" in archive.read(manifest)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError) as error:
        raise UnreadableFile(_DAMAGED) from error
    if locked:
        raise UnreadableFile(_LOCKED)
    if sum(members.values()) > largest * 2**20:
        advice = "dans votre tableur, enregistrez chaque feuille en «\u00a0CSV UTF-8\u00a0», puis importez ce fichier"
        raise UnreadableFile(f"Le classeur dépasse {largest}\u00a0Mo une fois décompressé\u00a0: {advice}.")


def _sheet(sheet: CalamineSheet, errors: Errors) -> Sheet:
    width, height = (sheet.total_width or 0) + 1, (sheet.total_height or 0) + 1  # its totals are last indexes
    if width * height > MOST_CELLS:
        raise UnreadableFile(f"La feuille «\u00a0{sheet.name}\u00a0» est trop grande\u00a0: supprimez ses lignes et colonnes vides.")
    if width > MOST_COLUMNS:
        _check_width(width)

    def rows() -> Iterator[Line]:
        # iter_rows begins at the first line, but at the first column that has something
        aside: list[Cell] = [None] * (sheet.start[1] if sheet.start else 0)
        for line, row in enumerate(sheet.iter_rows() if sheet.height else (), 1):
            cells = aside + [_cell(value) for value in row]
            for place, error in errors.get(line, {}).items():
                if place < len(cells):
                    cells[place] = error
            yield line, cells

    return Sheet(sheet.name, height if sheet.height else 0, rows)


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return value if value and not value.isspace() else None
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value  # type: ignore[no-any-return]  # what calamine gives is a Cell
