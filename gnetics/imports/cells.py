"""From a cell to the value of its column: what a spreadsheet did to numbers and dates is undone, never guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple, cast

from gnetics.domain import dates, emails, money, phones, values
from gnetics.domain.absence import identifies_nobody
from gnetics.domain.fields import Kind
from gnetics.domain.folding import fold, visible
from gnetics.domain.quoting import quote
from gnetics.domain.regions import Region
from gnetics.domain.sheets import Column
from gnetics.errors import Unreadable
from gnetics.imports.cell_errors import is_error
from gnetics.imports.column_readings import NO, YES, ColumnReading, number, round_half_up
from gnetics.imports.consent_words import WORDS
from gnetics.imports.workbook import Cell

PLAIN = ColumnReading()  # of a column of which nothing is to be decided
_EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet, after its leap year 1900 that never was
_DAYS = re.compile("[34567][0-9]{4}")  # what a spreadsheet shows of a date whose form was lost
_COUNTED = range(30_000, 80_000)  # from 1982 to 2119; 2026 is a year
_SIGNED = re.compile(r"([0-9]{1,6}(?:[.,][0-9]+)?)\s*%")
_QUOTED = re.compile(r'"([^",;]*)"')
_FILE = re.compile(r"(.+?)(?:\s*\(([0-9]+)[\s\u00a0]*(o|Ko|Mo)\))?")
_UNITS = {"o": 1, "Ko": 1000, "Mo": 1_000_000}
_SEVERAL = "Il y a plusieurs valeurs dans la case\u00a0: la première est prise, le reste va dans les notes."


class Kept(NamedTuple):
    """The value of a cell of which more is to be said: `aside` is the text that goes to the notes, `told` what the report says."""

    value: Any
    aside: str
    told: str


def text(cell: Cell, region: Region) -> str:
    """The cell as a person would have typed it."""
    if isinstance(cell, str):
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "Oui" if cell else "Non"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() and abs(cell) < 1e15 else f"{cell!r}".replace(".", ",")
    if isinstance(cell, datetime):
        return f"{dates.show(cell.date(), region)} {cell:%H:%M}"
    if isinstance(cell, date):
        return dates.show(cell, region)
    return f"{cell:%H:%M}" if isinstance(cell, time) else str(cell)  # a duration


def _percent(cell: Cell, reading: ColumnReading, region: Region) -> Any:
    typed = text(cell, region)
    if (match := _SIGNED.fullmatch(typed.strip())) is not None:
        found: float | None = float(match[1].replace(",", "."))
    else:
        found = number(cell)
        if reading.share == "unclear" and found == 1:
            raise Unreadable("1 peut se lire 1\u00a0% ou 100\u00a0%\u00a0: écrivez le nombre suivi de %.")
        if found is not None and reading.share == "fraction":
            found *= 100
        elif found is not None and 0 < found < 1:
            raise Unreadable(f"{quote(typed)} peut se lire de deux façons\u00a0: écrivez le nombre suivi de %.")
    return values.parse("percent", typed if found is None else str(round_half_up(found)), region)


def in_another_currency(region: Region) -> str:
    return f"Ce n’est pas en {region.symbol}\u00a0: gardé dans les notes."


def _money(cell: Cell, reading: ColumnReading, region: Region) -> Any:
    typed = text(cell, region)
    try:
        if isinstance(cell, str) and money.says_scale(cell):
            return values.parse("money", typed, region)
        if reading.foreign:
            raise money.ForeignAmount
        cents = money.from_number(cell) if isinstance(cell, float) else values.parse("money", typed, region)
    except money.ForeignAmount:
        beside = f"{typed} {reading.foreign}" if reading.foreign and not money.currency(typed, region) else typed
        return Kept(None, beside, in_another_currency(region))
    return cents if cents is None or reading.unit == 1 else money.times(cents, reading.unit, typed)


def _day(cell: Cell, reading: ColumnReading, region: Region) -> Any:
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        return values.parse("date", cell.isoformat(), region)
    if isinstance(cell, float) and int(cell) in _COUNTED:
        return values.parse("date", (_EPOCH + timedelta(days=int(cell))).isoformat(), region)
    typed = visible(values.clean(text(cell, region))).strip()
    if not typed or dates.is_never(typed):
        return None
    if _DAYS.fullmatch(typed):
        found = _EPOCH + timedelta(days=int(typed))
        return Kept(found, "", f"Nombre de jours d’un tableur\u00a0: lu comme une date ({dates.show(found, region)}).")
    return dates.read(typed, region, reading.order)


def moment(cell: Cell, reading: ColumnReading, region: Region) -> datetime:
    """An instant; without an offset it is read in the region's zone."""
    if isinstance(cell, float) and int(cell) in _COUNTED:
        cell = datetime.combine(_EPOCH, time()) + timedelta(minutes=round(cell * 1440))
    if isinstance(cell, date) and not isinstance(cell, datetime):
        cell = datetime.combine(cell, time())
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=region.zone) if cell.tzinfo is None else cell.astimezone(region.zone)
    return dates.read_moment(text(cell, region), region, reading.order)


def clock(cell: Cell, region: Region) -> time | None:
    """An hour alone; None when the cell also has a day."""
    if isinstance(cell, timedelta):
        cell = cell / timedelta(days=1)
    if isinstance(cell, float):
        minutes = round(cell * 1440)
        return time(minutes // 60, minutes % 60) if 0 <= minutes < 1440 else None
    if isinstance(cell, time):
        return cell.replace(tzinfo=None)
    if isinstance(cell, date) or re.search(r"[0-9]{4}", text(cell, region)):
        return None
    return dates.parse_time(text(cell, region))


def _choice(cell: Cell, column: Column, region: Region) -> str | None:
    typed = text(cell, region).strip()
    said = WORDS.get(column.key, {}).get(fold(typed) or "")
    if said is not None:
        return said or None
    return None if column.key in WORDS and identifies_nobody(typed) else values.choice(typed, column.choices)


def _flag(cell: Cell, region: Region) -> bool:
    typed = text(cell, region)
    if fold(typed) not in YES | NO:
        raise Unreadable(f"{quote(typed)} n’est ni oui ni non\u00a0: écrivez Oui ou Non.")
    return fold(typed) in YES


def _whole(cell: Cell, region: Region) -> int:
    typed = text(cell, region).strip()
    if not re.fullmatch(r"[0-9]{1,9}", typed):
        raise Unreadable(f"{quote(typed)} n’est pas un nombre entier\u00a0: corrigez-le.")
    return int(typed)


def _files(cell: Cell, region: Region) -> str:
    """« devis.pdf (118 Ko) ; plan.png » as JSON [[name, bytes or null], …]."""
    matches = [match for part in text(cell, region).split(";") if (match := _FILE.fullmatch(part.strip()))]
    found = [(match[1], int(match[2]) * _UNITS[match[3]] if match[2] else None) for match in matches]
    return json.dumps(found, ensure_ascii=False)


def _phone(cell: Cell, region: Region) -> Any:
    typed = text(cell, region)
    if isinstance(cell, float):
        # a spreadsheet that took the number for an amount dropped its leading zero: write it as a phone again
        return phones.show(typed, region)
    return _first(*phones.several(visible(values.clean(typed)).strip(), region))


def _email(cell: Cell, region: Region) -> Any:
    return _first(*emails.several(visible(values.clean(text(cell, region), lines=True)).strip()))


def _first(kept: str, others: str) -> Any:
    return Kept(kept, others, _SEVERAL) if others else kept or None


def _tags(cell: Cell, region: Region) -> Any:
    """Google's « * myContacts ::: Clients »: a star before the lists that it makes by itself; Mailchimp's « "Salon","Client" »."""
    typed = _QUOTED.sub(r"\1", text(cell, region))
    if ":::" in typed or typed.startswith("* "):
        typed = ",".join(part.strip().removeprefix("* ") for part in typed.split(":::"))
    return values.parse("tags", typed, region)


def value(column: Column, cell: Cell, region: Region, reading: ColumnReading = PLAIN) -> Any:
    """The value of a present cell, None when nothing is left of it, or Kept; raises Unreadable with its reason."""
    return reader(column, region, reading)(cell)


def reader(column: Column, region: Region, reading: ColumnReading) -> Callable[[Cell], Any]:
    """The same for all cells of a column."""
    parse, limit = _parser(column, region, reading), column.limit

    def read(cell: Cell) -> Any:
        if is_error(cell):
            raise Unreadable(f"Erreur de tableur {quote(text(cell, region))}\u00a0: corrigez sa formule, ou tapez la valeur.")
        found = parse(cell)
        if isinstance(found, str) and len(found) > limit:
            raise Unreadable(f"Le texte a {len(found)} caractères, le maximum est {limit}\u00a0: raccourcissez-le.")
        return found

    return read


def _parser(column: Column, region: Region, reading: ColumnReading) -> Callable[[Cell], Any]:
    kind = column.kind
    if decided := _DECIDED.get(kind):
        return lambda cell: decided(cell, reading, region)
    if kind == "choice":
        return lambda cell: _choice(cell, column, region)
    if known := _READERS.get(kind):
        return lambda cell: known(cell, region)
    return lambda cell: values.parse(cast(Kind, kind), text(cell, region), region)


def _clock_or_moment(cell: Cell, reading: ColumnReading, region: Region) -> time | datetime:
    hour = clock(cell, region)
    return moment(cell, reading, region) if hour is None else hour


_DECIDED: dict[str, Callable[[Cell, ColumnReading, Region], Any]] = {
    "percent": _percent,
    "money": _money,
    "date": _day,
    "moment": moment,
    "clock": _clock_or_moment,
}
_READERS: dict[str, Callable[[Cell, Region], Any]] = {
    "flag": _flag,
    "whole": _whole,
    "files": _files,
    "phone": _phone,
    "email": _email,
    "tags": _tags,
}
