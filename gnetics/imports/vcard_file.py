"""Rows of a file of vCards (2.1, 3.0, 4.0): one a card, under the titles of our leads; what has no field of ours goes to its notes."""

from __future__ import annotations

import binascii
import quopri
import re
from base64 import b64decode
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TextIO

from gnetics.domain import lead_ids
from gnetics.domain.folding import fold
from gnetics.domain.sheets import FOREIGN, LEADS, ORIGIN
from gnetics.errors import UnreadableFile
from gnetics.exports import vcards

LONGEST = 2**20  # characters of a property that is read
MOST_PROPERTIES = 1000  # of a card
MOST_LINES = 10_000_000  # of a file
_MOST_NAMES = 30  # of properties that are told as not taken
_FIELDS = ("lead_id", "name", "company", "job_title", "email", "phone", "tags", "notes")
_LABELS = {column.key: column.label for column in LEADS.columns}
_READ = frozenset({
    "ADR", "BDAY", "CATEGORIES", "EMAIL", "FN", "KIND", "N", "NICKNAME", "NOTE", "ORG", "PRODID", "ROLE", "TEL", "TITLE", "UID", "URL",
    "VERSION", "X-ADDRESSBOOKSERVER-KIND", vcards.ORIGIN,
})  # fmt: skip
_SAYS_NOTHING = frozenset({"REV", "X-ABLABEL", "X-ABSHOWAS", "X-ABADR", "X-ABUID", "SORT-STRING", "PROFILE", "CLASS", "MAILER"})
_HEAD = re.compile(r'(?:[\w-]{1,60}\.)?([\w-]{1,60})((?:;(?:[^":;]|"[^"]*")*+)*+):', re.ASCII)
_LONGEST_HEAD = 2000
_DENSE = re.compile(r'BASE64|ENCODING="?B\b', re.IGNORECASE)
_PRINTABLE = re.compile("QUOTED-PRINTABLE", re.IGNORECASE)
_CHARSET = re.compile(r"(?:utf|iso|windows|cp|us-ascii|ascii|mac|koi8|gb|big5|shift|euc)[\w-]*", re.IGNORECASE | re.ASCII)
_UNIQUE = re.compile(r"(?:urn:uuid:)?(\{?[0-9A-Fa-f-]{32,38}\}?|\S{16,64})")  # of no two programs; « 12 » is of each
_BEGIN, _END = re.compile(r"BEGIN:VCARD\s*", re.IGNORECASE), re.compile(r"END:VCARD\s*", re.IGNORECASE)
_WORDS = re.compile(r"[^\W_]+")
_OPEN = "La carte qui commence ligne {} n’est jamais fermée (END:VCARD)\u00a0: le fichier est coupé, exportez-le de nouveau."
_STRAY = "La ligne {} n’est d’aucune carte de visite\u00a0: exportez le fichier de nouveau, ou corrigez-la."
_TOO_LONG = "La ligne {} de la carte de visite est trop longue\u00a0: exportez le fichier de nouveau, ou corrigez-la."
_TOO_TALL = "Le fichier a plus de 10\u00a0millions de lignes\u00a0: partagez-le en plusieurs fichiers."
_TOO_MANY = f"La carte qui commence ligne {{}} a plus de {MOST_PROPERTIES} lignes\u00a0: ce n’est pas une carte de visite, retirez-la."

Row = tuple[int, list[str | None]]


def begins(text: str) -> bool:
    return _BEGIN.match(text.lstrip()) is not None


@dataclass(frozen=True, slots=True)
class _Property:
    """`kinds` are its types, and PREF."""

    name: str
    kinds: frozenset[str]
    encoding: str
    charset: str
    raw: str

    def text(self) -> str:
        if self.encoding in ("QUOTED-PRINTABLE", "Q"):
            return self._decoded(quopri.decodestring(self.raw.encode()))
        if self.encoding in ("BASE64", "B"):
            try:
                return self._decoded(b64decode(self.raw))
            except binascii.Error:
                return ""
        return self.raw

    def _decoded(self, data: bytes) -> str:
        for charset in (self.charset, "utf-8"):
            try:
                if _CHARSET.fullmatch(charset):
                    return data.decode(charset)
            except (UnicodeDecodeError, LookupError):
                continue
        return data.decode("cp1252", "replace")


@dataclass
class _Card:
    line: int
    count: int = 0
    version: str = ""
    agent: bool = False  # another card within this one, of whom nothing is said
    properties: dict[str, list[_Property]] = field(default_factory=lambda: defaultdict(list))

    def texts(self, name: str) -> list[str]:
        """What each property of that name says, unescaped; none that says nothing."""
        found = (self._plain(each.text()).strip() for each in self._preferred(name))
        return [text for text in found if text]

    def parts(self, name: str, sign: str = ";") -> list[list[str]]:
        """The same, cut at each `sign`."""
        escaped = rf"(?:^|{sign})((?:[^\\{sign}]|\\.)*)"
        found = ([self._plain(part).strip() for part in re.findall(escaped, each.text(), re.DOTALL)] for each in self._preferred(name))
        return [each for each in found if any(each)]

    def first(self, name: str) -> str:
        return next(iter(self.texts(name)), "")

    def _preferred(self, name: str) -> list[_Property]:
        return sorted(self.properties.get(name, ()), key=lambda each: "PREF" not in each.kinds)

    def _plain(self, text: str) -> str:
        if self.version.startswith("2"):
            return re.sub(r"\\([\\;,:])", r"\1", text)
        return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], text, flags=re.DOTALL)

    def phones(self) -> tuple[list[str], list[str]]:
        """Mobiles, then the others; and what is written to, not called."""
        mobiles: list[str] = []
        others: list[str] = []
        faxes: list[str] = []
        for each in self._preferred("TEL"):
            number = _number(self._plain(each.text()).strip())
            if number:
                of = faxes if {"FAX", "PAGER"} & each.kinds else mobiles if {"CELL", "IPHONE"} & each.kinds else others
                of.append(number)
        return [*mobiles, *others], faxes


def titles(lines: TextIO) -> tuple[list[str], int, list[tuple[int, str]]]:
    """(titles of the columns that some card fills, how many cards, line and name of each group); raises UnreadableFile.

    A property that has no place of ours gives a column of its own, so that it is told.
    """
    filled = {"name"}  # which says what the sheet is about, even when nobody has one
    unknown: dict[str, None] = {}
    groups, count = [], 0
    for card in _cards(lines, unknown):
        if _is_group(card):
            groups.append((card.line, card.first("FN")))
            continue
        count += 1
        filled.update(key for key, value in _values(card).items() if value)
    own = [key for key in (*_FIELDS, FOREIGN.key, ORIGIN.key) if key in filled]
    return [_LABELS[key] for key in own] + [f"Propriété {name}" for name in unknown], count, groups


def rows(lines: TextIO, wanted: list[str]) -> Iterator[Row]:
    """(line where it begins, cells under the titles `wanted`) of each card."""
    for card in _cards(lines, {}):
        if not _is_group(card):
            values = {_LABELS[key]: value for key, value in _values(card).items()}
            yield card.line, [values.get(title) or None for title in wanted]


def _cards(lines: TextIO, unknown: dict[str, None]) -> Iterator[_Card]:
    card: _Card | None = None
    nested = False
    for number, line in _unfolded(lines):
        if _BEGIN.fullmatch(line):
            if card and (nested or not card.agent):
                raise UnreadableFile(_OPEN.format(card.line))
            nested = card is not None
            card = card or _Card(number)
        elif not line.strip():
            continue
        elif card is None:
            raise UnreadableFile(_STRAY.format(number))
        elif _END.fullmatch(line):
            if not nested:
                yield card
                card = None
            nested = False
        elif not nested:
            _take(card, number, line, unknown)
    if card:
        raise UnreadableFile(_OPEN.format(card.line))


def _take(card: _Card, number: int, line: str, unknown: dict[str, None]) -> None:
    card.count += 1
    if card.count > MOST_PROPERTIES:
        raise UnreadableFile(_TOO_MANY.format(card.line))
    match = _HEAD.match(line[:_LONGEST_HEAD])
    if match is None:
        raise UnreadableFile(_STRAY.format(number))
    name = match[1].upper()
    card.agent = card.agent or name == "AGENT"
    if name not in _READ:
        if name not in _SAYS_NOTHING and len(unknown) < _MOST_NAMES:
            unknown[name] = None
        return
    kinds, given = _parameters(match[2])
    read = _Property(name, kinds, given.get("ENCODING", ""), given.get("CHARSET", "utf-8"), line[match.end() :])
    card.properties[name].append(read)
    if name == "VERSION":
        card.version = read.raw.strip()


def _parameters(text: str) -> tuple[frozenset[str], dict[str, str]]:
    """« TYPE=CELL,VOICE », « CELL », « ENCODING=QUOTED-PRINTABLE », in whatever version."""
    kinds: set[str] = set()
    given: dict[str, str] = {}
    for each in filter(None, text.upper().split(";")):
        key, sign, value = each.partition("=")
        if key == "TYPE":
            kinds.update(value.strip('"').split(","))
        elif sign:
            given[key] = value.strip('"')
        elif key in ("QUOTED-PRINTABLE", "BASE64"):
            given["ENCODING"] = key
        else:
            kinds.add(key)
    if "PREF" in given:
        kinds.add("PREF")
    return frozenset(kinds), given


def _unfolded(lines: TextIO) -> Iterator[tuple[int, str]]:
    """(number, text) of each line with those that continue it; of a property that is not read, only its beginning."""
    start = number = length = 0
    pieces: list[str] = []
    read = printable = dense = soft = cut = old = False
    while line := lines.readline(LONGEST + 1):
        number += not cut
        text = line.rstrip("\r\n")
        if cut or soft or text[:1] in (" ", "\t") or (dense and ":" not in text):
            if not (cut or soft):
                text = text.strip() if dense else text if old else text[1:]  # 2.1 folds where there is a space, and keeps it
        else:
            if start:
                yield start, "".join(pieces)
            match = _HEAD.match(text[:_LONGEST_HEAD])
            head = match[0] if match else ""
            read = match is None or match[1].upper() in _READ
            printable, dense = bool(_PRINTABLE.search(head)), bool(_DENSE.search(head))
            old = text[8:].strip().startswith("2") if head.upper() == "VERSION:" else old
            start, pieces, length = number, [], 0
        cut = line == text and len(line) > LONGEST
        soft = printable and text.endswith("=")
        if read or not pieces:
            length += len(line)
            pieces.append(text[:-1] if soft else text)
        if read and length > LONGEST:
            raise UnreadableFile(_TOO_LONG.format(start))
        if number > MOST_LINES:
            raise UnreadableFile(_TOO_TALL)
    if start:
        yield start, "".join(pieces)


def _is_group(card: _Card) -> bool:
    return "group" in {card.first(name).lower() for name in ("KIND", "X-ADDRESSBOOKSERVER-KIND")}


def _values(card: _Card) -> dict[str, str]:
    """By our fields; "" where the card says nothing."""
    emails = [re.sub("^mailto:", "", text, flags=re.IGNORECASE) for text in card.texts("EMAIL")]
    phones, faxes = card.phones()
    organisations = card.parts("ORG")
    jobs = [*card.texts("TITLE"), *card.texts("ROLE")]
    company = organisations[0][0] if organisations else ""
    ours = card.first("PRODID") == vcards.OURS
    name = _name(card, [company, *emails, *phones], ours)
    if card.first("KIND").lower() == "org":
        company, name = company or name, ""
    further = {
        "Autre email": emails[1:],
        "Autre téléphone": phones[1:],
        "Fax": faxes,
        "Service": [", ".join(filter(None, each[1:])) for each in organisations],
        "Autre entreprise": [each[0] for each in organisations[1:]],
        "Autre fonction": jobs[1:],
        "Surnom": card.texts("NICKNAME"),
        "Adresse": [_address(each) for each in card.parts("ADR")],
        "Site": card.texts("URL"),
        "Anniversaire": card.texts("BDAY"),
    }
    said = [f"{label}\u00a0: {' '.join(text.split())}" for label, texts in further.items() for text in dict.fromkeys(texts) if text]
    tags = (tag for each in card.parts("CATEGORIES", ",") for tag in each)
    uid = card.first("UID")
    own = ours or bool(lead_ids.number_of(uid))
    unique = _UNIQUE.fullmatch(uid)
    return {
        "lead_id": uid if own else "",
        "name": name,
        "company": company,
        "job_title": next(iter(jobs), ""),
        "email": next(iter(emails), ""),
        "phone": next(iter(phones), ""),
        "tags": ", ".join(re.sub("[,;\n]", " ", tag) for tag in tags if tag),
        "notes": "\n".join([*card.texts("NOTE"), *said]),
        FOREIGN.key: unique[1] if unique and not own else "",
        ORIGIN.key: card.first(vcards.ORIGIN) if ours else "",
    }


def _name(card: _Card, others: Iterable[str], ours: bool) -> str:
    """As the card shows it, unless it shows something else in its place; then in its parts."""
    shown = card.first("FN")
    parts = next(iter(card.parts("N")), [])
    if not parts:
        return "" if ours or fold(shown) in set(map(fold, others)) else shown
    family, given, more, before, after = [*(part.replace(",", " ") for part in parts), *[""] * 5][:5]
    said = " ".join(filter(None, (before, given, more, family, after)))
    return shown if shown and _says_no_more(shown, said) else " ".join(said.split())


def _says_no_more(shown: str, said: str) -> bool:
    mine, theirs = (_WORDS.findall(fold(text) or "") for text in (shown, said))
    return set(mine) <= set(theirs) or sorted("".join(mine)) == sorted("".join(theirs))


def _address(parts: list[str]) -> str:
    box, further, street, town, region, code, country = [*parts, *[""] * 7][:7]
    return ", ".join(filter(None, (box, further, street, f"{code} {town}".strip(), region, country)))


def _number(text: str) -> str:
    """« tel:+33-6-12-34-56-78;ext=22 » as people write it."""
    if text[:4].lower() != "tel:":
        return text
    number, *more = text[4:].split(";")
    extension = next((each[4:] for each in more if each.lower().startswith("ext=")), "")
    return f"{number} poste {extension}" if extension else number
