"""Errors that stand in cells in place of a value (« #N/A »).

A CSV holds them as text. Of a workbook, calamine gives them as blank, and a row would lose its name without a word: those of an XLSX
are looked up in its XML; XLS, XLSB and ODS are not.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from posixpath import join, normpath
from typing import IO
from xml.etree import ElementTree

Errors = dict[int, dict[int, str]]  # by line, then place

_MARK = b't="e"'
_CELL = re.compile(
    rb'<(?:\w+:)?c\s(?=[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})")[^>]*[^/]>\s*'  # its place
    rb"(?:<(?:\w+:)?f\b[^<]*(?:</(?:\w+:)?f>\s*)?)?<(?:\w+:)?v>([^<]{1,20})<"  # its formula, what it shows
)
_PIECE, _LONGEST_CELL, _LARGEST_LIST = 2**20, 2**16, 2**20  # bytes
_RELATIONS, _BOOK = "xl/_rels/workbook.xml.rels", "xl/workbook.xml"


# what spreadsheets show in French and in English; LibreOffice puts a space before the sign
_SHOWN = re.compile(
    r"#(?:N/A|(?:DIV/0|REF|VALEUR|VALUE|NUL|NULL|NOMBRE|NUM|ERROR|EPARS|PROPAGATION|SPILL|CALC)\s?!|(?:NOM|NAME)\s?\?)\s*|Err:[0-9]{3}\s*"
)


def is_error(cell: object) -> bool:
    return isinstance(cell, str) and cell.startswith(("#", "Err:")) and _SHOWN.fullmatch(cell) is not None


def errors_by_sheet(archive: zipfile.ZipFile) -> dict[str, Errors]:
    """The errors of each sheet that has some; none for what is not a sound XLSX, which is for the reader to say."""
    try:
        members = {member.filename: member.file_size for member in archive.infolist()}
        if any(members.get(name, _LARGEST_LIST) >= _LARGEST_LIST for name in (_BOOK, _RELATIONS)):
            return {}
        found = {}
        for name, member in _sheets(archive):
            if member in members:
                with archive.open(member) as stream:
                    found[name] = _errors(stream)
        return found
    except (zipfile.BadZipFile, zlib.error, ElementTree.ParseError, NotImplementedError, RuntimeError, OSError, EOFError):
        return {}


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """(name, member of the archive)."""
    relations, book = (ElementTree.fromstring(archive.read(name)) for name in (_RELATIONS, _BOOK))  # noqa: S314 - small, and expat bounds them
    targets = {each.get("Id"): each.get("Target", "") for each in relations}
    for sheet in book.iterfind(".//{*}sheet"):
        relation = next((value for key, value in sheet.items() if key.endswith("}id")), None)
        yield sheet.get("name", ""), normpath(join("/xl", targets.get(relation, ""))).lstrip("/")


def _errors(stream: IO[bytes]) -> Errors:
    errors: Errors = {}
    seen = b""
    while piece := stream.read(_PIECE):
        seen = seen[-_LONGEST_CELL:] + piece  # a cell cut in two is whole in the next turn
        at = seen.find(_MARK)
        while at >= 0:
            if match := _CELL.match(seen, seen.rfind(b"<", 0, at)):
                errors.setdefault(int(match[2]), {})[_place(match[1])] = match[3].decode()
            at = seen.find(_MARK, at + 1)
    return errors


def _place(letters: bytes) -> int:
    place = 0
    for letter in letters:
        place = place * 26 + letter - 64
    return place - 1
