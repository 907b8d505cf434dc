"""From a cell to the value of its column: what a spreadsheet did to numbers and dates is undone, never guessed."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, Literal, cast

from gnetics.domain import dates, money, phones, values
from gnetics.domain.fields import Kind
from gnetics.domain.folding import fold
from gnetics.domain.quoting import quote
from gnetics.domain.regions import Region
from gnetics.domain.sheets import Column
from gnetics.errors import Unreadable
from gnetics.imports.cell_errors import is_error
from gnetics.imports.workbook import Cell

Share = Literal["percent", "fraction", "unclear"]
_EPOCH = date(1899, 12, 30)  # day 0 of a spreadsheet, after its leap year 1900 that never was
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_FLAGS = {"oui": True, "o": True, "x": True, "vrai": True, "1": True, "yes": True, "true": True}
_FLAGS |= {"non": False, "n": False, "faux": False, "0": False, "no": False, "false": False}
_FILE = re.compile(r"(.+?)(?:\s*\(([0-9]+)[\s\u00a0]*(o|Ko|Mo)\))?")
_UNITS = {"o": 1, "Ko": 1000, "Mo": 1_000_000}


def text(cell: Cell, region: Region) -> str:
    """The cell as a person would have typed it."""
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
    return f"{cell:%H:%M}" if isinstance(cell, time) else str(cell)


def share_of(cells: Iterable[Cell]) -> Share:
    """How a column writes percents: 75, or 0.75 as a spreadsheet stores a cell formatted in %."""
    numbers = [number for cell in cells if (number := _number(cell)) is not None]
    if not numbers or max(numbers) > 1:
        return "percent"
    if any(0 < number < 1 for number in numbers):
        return "fraction"
    return "unclear" if max(numbers) == 1 else "percent"


def _number(cell: Cell) -> float | None:
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, str):
        return float(cell.strip().replace(",", ".")) if _NUMBER.fullmatch(cell.strip()) else None
    return cell if isinstance(cell, float) else None


def _percent(cell: Cell, share: Share, region: Region) -> Any:
    number = _number(cell)
    if number is None or share == "percent":
        return values.parse("percent", text(cell, region), region)
    if share == "unclear" and number == 1:
        raise Unreadable("1 peut se lire 1\u00a0% ou 100\u00a0%\u00a0: écrivez le nombre suivi de %.")
    return values.parse("percent", text(round(number * 100, 6), region), region)


def _day(cell: Cell, region: Region) -> Any:
    if isinstance(cell, datetime):
        cell = cell.date()
    if isinstance(cell, date):
        cell = cell.isoformat()
    if isinstance(cell, float) and 1 <= cell < 200_000:
        cell = (_EPOCH + timedelta(days=int(cell))).isoformat()
    return values.parse("date", text(cell, region), region)


def moment(cell: Cell, region: Region) -> datetime:
    """An instant; without an offset it is read in the region's zone."""
    if isinstance(cell, float) and 1 <= cell < 200_000:
        cell = datetime.combine(_EPOCH, time()) + timedelta(minutes=round(cell * 1440))
    if isinstance(cell, date) and not isinstance(cell, datetime):
        cell = datetime.combine(cell, time())
    if isinstance(cell, datetime):
        return cell.replace(tzinfo=region.zone) if cell.tzinfo is None else cell.astimezone(region.zone)
    return dates.parse_moment(text(cell, region), region)


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


def _choice(cell: Cell, column: Column, region: Region) -> str:
    typed = text(cell, region)
    for choice in column.choices:
        if fold(choice) == fold(typed):
            return choice
    raise Unreadable(f"{quote(typed)} n’est pas prévu\u00a0: choisissez parmi {', '.join(column.choices)}.")


def _flag(cell: Cell, region: Region) -> bool:
    found = cell if isinstance(cell, bool) else _FLAGS.get(fold(text(cell, region)) or "")
    if found is None:
        raise Unreadable(f"{quote(text(cell, region))} n’est ni oui ni non\u00a0: écrivez Oui ou Non.")
    return found


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
    # a spreadsheet that took the number for an amount dropped its leading zero: write it as a phone again
    return phones.show(typed, region) if isinstance(cell, float) else values.parse("phone", typed, region)


def value(column: Column, cell: Cell, region: Region, share: Share = "percent") -> Any:
    """The value of a present cell, None when nothing is left of it; raises Unreadable with its reason."""
    if is_error(cell):
        raise Unreadable(f"Erreur de tableur {quote(text(cell, region))}\u00a0: corrigez sa formule, ou tapez la valeur.")
    found = _value(column, cell, region, share)
    if isinstance(found, str) and len(found) > column.limit:
        raise Unreadable(f"Le texte a {len(found)} caractères, le maximum est {column.limit}\u00a0: raccourcissez-le.")
    return found


def _value(column: Column, cell: Cell, region: Region, share: Share) -> Any:
    kind = column.kind
    if kind == "money" and isinstance(cell, float):
        return money.from_number(cell)
    if kind == "percent":
        return _percent(cell, share, region)
    if kind == "choice":
        return _choice(cell, column, region)
    if reader := _READERS.get(kind):
        return reader(cell, region)
    return values.parse(cast(Kind, kind), text(cell, region), region)


def _clock_or_moment(cell: Cell, region: Region) -> time | datetime:
    hour = clock(cell, region)
    return moment(cell, region) if hour is None else hour


_READERS: dict[str, Callable[[Cell, Region], Any]] = {
    "flag": _flag,
    "whole": _whole,
    "files": _files,
    "moment": moment,
    "clock": _clock_or_moment,
    "date": _day,
    "phone": _phone,
}
