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
_TWICE = re.compile(b"\xc3\x83\xc2[\xa0-\xbf]")  # « Ã© »: the UTF-8 of an accent taken for two Windows signs, and written as such
_WRONGLY = "«\u00a0Ã©\u00a0» pour «\u00a0é\u00a0»"
_BEGINNING = 200_000  # characters that tell the separator
LONGEST_ROW = 2**23  # characters
_LONGEST_CELL = f"{csv.field_size_limit():,}".replace(",", "\u202f")
_PIECE = 2**20
_END = "\ue000fin du fichier\ue000"  # proves that no quote is left open
_CONTROLS = re.compile(rb"[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")  # beside zero bytes, signs of a picture or a program
CALENDAR = (
    "Ce fichier est un calendrier (.ics)\u00a0: il s’importe tel quel, sans choix de colonnes, de feuilles ni de statuts, "
    "et ne dit rien de contacts."
)
_MESSAGES = (
    "Ce fichier contient des messages (.eml, .mbox)\u00a0: ils n’entrent pas par l’import, mais par les boîtes que le CRM relève. "
    "Demandez à votre administrateur d’y ajouter celle-ci\u00a0; ils arriveront dans l’Inbox Log, rattachés à leurs contacts."
)
_MAIL_HEADER = re.compile(r"(?:from|to|subject|date|message-id|received|return-path|mime-version|delivered-to|dkim-signature)\s*:")
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


def accents_restored(data: bytes, encoding: str) -> tuple[bytes, str]:
    """A text whose accents some program wrote twice in UTF-8, with them once; and what to say of those that are wrong, restored or not."""
    if not encoding.startswith("utf-8") or not (wrong := _TWICE.search(data)):
        return data, ""
    try:
        once = data.decode(encoding).encode("cp1252")
        once.decode("utf-8")
    except UnicodeError:  # some are right
        line = data.count(b"\n", 0, wrong.start()) + 1
        return (
            data,
            f"Des accents sont faux dans le fichier ({_WRONGLY}), les premiers ligne {line}\u00a0: corrigez-les.",
        )
    return once, f"Les accents du fichier étaient encodés deux fois ({_WRONGLY})\u00a0: ils sont rétablis."


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
            bounded.left = LONGEST_ROW
            if row and row[-1].endswith(_END):
                if row == [_END]:
                    return
                raise UnreadableFile(f"Un guillemet ouvert ligne {start} n’est jamais refermé\u00a0: corrigez cette ligne.")
            yield start, row
            start = first + reader.line_num
    except _RowTooLong:
        advice = "un guillemet y manque sans doute, ou ce fichier n’est pas un tableau"
        raise UnreadableFile(f"La ligne {start} est trop longue\u00a0: {advice}. Corrigez-la.") from None
    except csv.Error as error:
        if "field limit" in str(error):
            told = f"La ligne {start} a une case de plus de {_LONGEST_CELL} caractères"
            raise UnreadableFile(f"{told}\u00a0: raccourcissez son texte, ou fermez le guillemet qu’elle ouvre.") from None
        raise UnreadableFile(f"La ligne {start} est illisible\u00a0: un guillemet y manque sans doute. Corrigez-la.") from None


class _RowTooLong(Exception):
    pass


class _Bounded:
    """The lines of a text, as long as those of one row stay within bounds: a row is held whole, with each of its cells."""

    def __init__(self, lines: TextIO) -> None:
        self._readline = lines.readline
        self.left = LONGEST_ROW  # characters, given back by whoever takes a row

    def __iter__(self) -> Iterator[str]:
        while line := self._readline(self.left + 1):
            self.left -= len(line)
            if self.left < 0:
                raise _RowTooLong
            yield line


def is_calendar(data: bytes) -> bool:
    """By its first words; in UTF-16 too."""
    start = data[:4000].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n").lower()
    return start.startswith((b"begin:vcalendar", b"begin:vevent"))


def refuse_other_formats(beginning: str) -> None:
    """Pages and XML that some tools name .xls or .csv, calendars, messages."""
    start = beginning[:2000].lstrip().lower()
    if start.startswith(("<!doctype", "<html", "<table", "<?xml", "{\\rtf", "%pdf")):
        raise UnreadableFile(f"Ce fichier est une page ou un document, pas un classeur. {_SAVE_AS}")
    if start.startswith("begin:vcalendar"):
        raise UnreadableFile(CALENDAR)
    if _is_mail(start.splitlines()):
        raise UnreadableFile(_MESSAGES)


def _is_mail(lines: list[str]) -> bool:
    """Whether a text begins with the headers of a mail, as « De » of an mbox before them."""
    if lines and re.match(r"from \S+ .*[0-9]{4}", lines[0]):
        lines = lines[1:]
    headers = [line for line in lines[: lines.index("")] if line[0] not in " \t"] if "" in lines else lines
    found = {match[0] for line in headers if (match := _MAIL_HEADER.match(line))}
    return len(found) >= 2 and all(re.match(r"[!-9;-~]+\s*:", line) for line in headers[:3])
