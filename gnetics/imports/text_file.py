"""Text of a CSV file: its encoding, its separator, its rows, or a refusal that says what to do."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import chain, islice
from typing import TextIO

from gnetics.errors import UnreadableFile

_BOMS = (
    (b"\xff\xfe\0\0", "utf-32"),
    (b"\0\0\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
)
_SEPARATORS = ";,\t|"
_SAVE_AS = "Rouvrez-le dans votre tableur et enregistrez-le en «\u00a0CSV UTF-8\u00a0» ou en .xlsx."
_WRONG_ENCODING = f"L’encodage du fichier n’est pas reconnu\u00a0: ses accents seraient faux. {_SAVE_AS}"
# What accents of old DOS and Macintosh files become when read as Windows ones: « R‚my », « Andr‚ », « chƒteau ».
_MISREAD = re.compile(r"(?<=[A-Za-z])[‚„†‡ˆŠŽƒ](?=[a-z\s;,]|$)")
_BEGINNING = 200_000  # characters that tell the separator
LONGEST_ROW = 2**23  # characters
_PIECE = 2**20
_END = "\ue000fin du fichier\ue000"  # proves that no quote is left open
_CONTROLS = re.compile(rb"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")  # beside zero bytes, signs of a picture or a program
_NOT_A_WORKBOOK = "Ce fichier n’est pas un classeur\u00a0: choisissez un fichier .xlsx, .xls, .ods ou .csv."


def encoding_of(data: bytes) -> str:
    """The encoding in which the whole file can be read; nothing of it is kept."""
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _strictly(data, encoding)
    if b"\0" in data[:4096] and (wide := _wide_encoding(data[:4096])):
        return _strictly(data, wide)
    try:
        _read_through(data, "utf-8")
    except UnicodeDecodeError:
        return _strictly(data, "cp1252")
    return "utf-8"


def opened(data: bytes, encoding: str) -> TextIO:
    return io.TextIOWrapper(io.BytesIO(data), encoding, newline="")


def _read_through(data: bytes, encoding: str) -> None:
    stream = opened(data, encoding)
    while piece := stream.read(_PIECE):
        # a zero in a wide encoding: the mark lies about the rest of the file
        if (encoding == "cp1252" and _MISREAD.search(piece)) or (encoding.startswith(("utf-16", "utf-32")) and "\0" in piece):
            raise UnreadableFile(_WRONG_ENCODING)


def _strictly(data: bytes, encoding: str) -> str:
    try:
        _read_through(data, encoding)
    except UnicodeDecodeError:
        raise UnreadableFile(_WRONG_ENCODING) from None
    return encoding


def _wide_encoding(start: bytes) -> str | None:
    """UTF-16 without its mark has a zero byte in most pairs; a text of one byte a letter may have strayed ones."""
    half = len(start) // 2
    if start[1::2].count(0) > half * 0.6 and start[::2].count(0) < half * 0.1:
        return "utf-16-le"
    if start[::2].count(0) > half * 0.6 and start[1::2].count(0) < half * 0.1:
        return "utf-16-be"
    if _CONTROLS.search(start):
        raise UnreadableFile(_NOT_A_WORKBOOK)
    return None


def zeros(data: bytes, encoding: str) -> tuple[int, int]:
    """How many zero bytes strayed into the text, and the line of the first."""
    count = 0 if encoding.startswith(("utf-16", "utf-32")) else data.count(b"\0")
    return count, data.count(b"\n", 0, data.find(b"\0")) + 1 if count else 0


def separator(start: str, whole: bool) -> str:
    """The sign whose rows agree most on their width; « , » for a single column. `whole`: the file does not go on."""

    def score(sign: str) -> tuple[bool, float]:
        try:
            widths = [len(row) for row in islice(csv.reader(io.StringIO(start, newline=""), delimiter=sign), 200) if row]
        except csv.Error:
            return False, 0
        if not whole and len(widths) < 200:
            del widths[-1:]  # cut in the middle
        if not widths:
            return False, 0
        width, count = Counter(widths).most_common(1)[0]
        # texts full of commas must not outweigh a sign on which every row agrees
        return width > 1 and count == len(widths), count / len(widths) * (width - 1)

    best = max(_SEPARATORS, key=score)
    return best if score(best)[1] else ","


def rows(lines: TextIO) -> Iterator[tuple[int, list[str]]]:
    """(line number, cells) of an open file; a blank line is an empty list."""
    beginning = lines.read(_BEGINNING)
    whole = len(beginning) < _BEGINNING
    lines.seek(0)
    first, sign = 1, ""
    if match := re.match(r"\s*sep=(.)\r?\n", beginning, re.IGNORECASE):  # Excel's own hint
        lines.readline()
        first, sign = 2, match[1]
    bounded = _Bounded(lines)
    reader = csv.reader(chain(bounded, [_END]), delimiter=sign or separator(beginning, whole))
    start = first
    try:
        for row in reader:
            bounded.begin_row()
            if row == [_END]:
                return
            if row and row[-1].endswith(_END):
                raise UnreadableFile(f"Un guillemet ouvert ligne {start} n’est jamais refermé\u00a0: corrigez cette ligne.")
            yield start, row
            start = first + reader.line_num
    except _RowTooLong:
        advice = "un guillemet y manque sans doute, ou ce fichier n’est pas un tableau"
        raise UnreadableFile(f"La ligne {start} est trop longue\u00a0: {advice}. Corrigez-la.") from None
    except csv.Error:
        raise UnreadableFile(f"La ligne {start} est illisible\u00a0: un guillemet y manque sans doute. Corrigez-la.") from None


class _RowTooLong(Exception):
    pass


class _Bounded:
    """The lines of a text, as long as those of one row stay within bounds: a row is held whole, with each of its cells."""

    def __init__(self, lines: TextIO) -> None:
        self._lines = lines
        self._left = LONGEST_ROW

    def begin_row(self) -> None:
        self._left = LONGEST_ROW

    def __iter__(self) -> Iterator[str]:
        while line := self._lines.readline(self._left + 1):
            self._left -= len(line)
            if self._left < 0:
                raise _RowTooLong
            yield line


def refuse_other_formats(beginning: str) -> None:
    """Pages and XML that some tools name .xls or .csv."""
    start = beginning[:2000].lstrip().lower()
    if start.startswith(("<!doctype", "<html", "<table", "<?xml", "{\\rtf", "%pdf")):
        raise UnreadableFile(f"Ce fichier est une page ou un document, pas un classeur. {_SAVE_AS}")
