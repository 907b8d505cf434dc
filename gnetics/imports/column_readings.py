"""How each column of a sheet is read, decided once from its title and from all its cells: one column, one way of writing.

02/03/2026 says by itself no more than 0.75 does; the other cells of its column do, else those of the other columns, else the region,
and a person is asked where that may be wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, combinations
from typing import Literal, Protocol

from gnetics.domain import dates, money
from gnetics.domain.absence import identifies_nobody
from gnetics.domain.dates import Order
from gnetics.domain.folding import fold
from gnetics.domain.quoting import quote
from gnetics.domain.regions import Region
from gnetics.domain.sheets import LEADS, header_key
from gnetics.domain.typography import capital
from gnetics.errors import Unreadable
from gnetics.imports.layouts import Layout
from gnetics.imports.report import Doubt, Problem
from gnetics.imports.workbook import Cell

Share = Literal["percent", "fraction", "unclear"]
REMEMBERED = 4096  # texts of a column looked at once
YES = frozenset(["oui", "o", "x", "vrai", "yes", "true", "y", "1"])
NO = frozenset(["non", "n", "faux", "no", "false", "0"])
_NUMBER = re.compile(r"([0-9]+(?:[.,][0-9]+)?)(\s*%)?")
_ORDERS: dict[Order, str] = {"jma": "jour/mois/année", "mja": "mois/jour/année", "amj": "année/mois/jour"}
_FIRST: dict[Order, str] = {"jma": "le jour", "mja": "le mois", "amj": "l’année"}
_ENGLISH_PROGRAMS = frozenset({
    "airtable", "apollo", "atomic", "espocrm", "frappe", "hubspot", "lusha", "mautic", "notion", "pipedrive", "salesforce",
    "suitecrm", "twenty", "zoho",
})  # fmt: skip
_ENGLISH = frozenset({  # words of titles that only one of the languages has
    "account", "activity", "address", "amount", "at", "birthday", "city", "close", "closed", "company", "contacted", "country",
    "created", "deal", "due", "end", "expected", "family", "first", "full", "given", "job", "last", "lead", "modified",
    "name", "next", "on", "owner", "phone", "stage", "start", "state", "status", "street", "time", "title", "updated", "value",
    "work",
})  # fmt: skip
_FRENCH = frozenset({  # words of titles that only one of the languages has
    "adresse", "affaire", "cloture", "commercial", "cree", "de", "debut", "dernier", "du", "echeance", "entreprise", "etape",
    "etat", "fonction", "le", "montant", "nom", "par", "pays", "poste", "prenom", "prochaine", "relance", "responsable", "societe",
    "statut", "telephone", "titre", "ville",
})  # fmt: skip
_UNIT = re.compile(
    r"(?<![a-z])(?:(k|m) ?(?:€|[$£]|eur(?:os?)?|usd|cad|chf|gbp)|en (k|m)(?![a-z])|\((k|m)\))|(milliers?|thousands?)|(millions?)"
)
_UNITS = {"k": 1_000, "m": 1_000_000}
_MARK = re.compile(r"(?<![a-z])[km]? ?(€|\$|£|¥|(?:eur(?:os?)?|usd|cad|gbp|chf|xpf|fcfp|fcfa|mad|tnd|jpy|mur)(?![a-z]))")


@dataclass(frozen=True)
class ColumnReading:
    """What a cell is handed of its column.

    `share`: how percents are written. `order` of day and month; None: only what cannot be mistaken is a date. `unit`: what an amount
    without currency counts. `foreign`: its currency, when that is not the region's. `unlike`: why the column says something else than
    its field, and is not read. `doubtful`: another order could have been asked for; it is the same row then.
    """

    share: Share = "percent"
    order: Order | None = None
    unit: int = 1
    foreign: str = ""
    unlike: str = ""
    doubtful: bool = False


@dataclass
class Decided:
    """The readings by place, what is to be told of them, what goes without saying almost, and what a person may be asked."""

    readings: dict[int, ColumnReading] = field(default_factory=dict)
    told: list[Problem] = field(default_factory=list)
    read_as: list[Problem] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


class _Gathered(Protocol):
    """What the cells of a column have shown so far; the same in whatever order they come."""

    def see(self, cell: Cell) -> None: ...


def number(cell: Cell) -> float | None:
    """The number that a cell is, or writes without a sign."""
    if isinstance(cell, str):
        match = _NUMBER.fullmatch(cell.strip())
        return float(match[1].replace(",", ".")) if match and not match[2] else None
    return cell if isinstance(cell, float) else None


def _says_yes_or_no(cell: Cell) -> bool:
    if isinstance(cell, str):
        return fold(cell) in YES or fold(cell) in NO
    return isinstance(cell, bool) or cell in (0.0, 1.0)


def _least(one: str, other: str) -> str:
    """The same of two examples, whichever came first."""
    return min(one, other) if one else other


class _Dates:
    """`_examples`: a text of each sort, which is the orders that can read it, those that give the same day together.

    `_years` and `_days` are those of the texts that may begin with their year or with their day, the year read first.
    """

    def __init__(self, region: Region) -> None:
        self._region = region
        self._examples: dict[tuple[tuple[Order, ...], ...], str] = {}
        self._years, self._days = set[int](), set[int]()
        self.flag = ""
        self.dated = False

    def see(self, cell: Cell) -> None:
        if _says_yes_or_no(cell):
            self.flag = _least(self.flag, ("Oui" if cell else "Non") if not isinstance(cell, str) else cell)
        elif not isinstance(cell, str):
            self.dated = True
        elif orders := dates.orders(cell):
            self.dated = True
            self._see_numbers(cell, orders)
        elif not identifies_nobody(cell):
            self.dated = True

    def _see_numbers(self, cell: str, orders: tuple[Order, ...]) -> None:
        found: dict[date, list[Order]] = {}
        for order in orders:
            with suppress(Unreadable):
                found.setdefault(dates.read_moment(cell, self._region, order).date(), []).append(order)
        if found:
            sort = tuple(map(tuple, found.values()))
            self._examples[sort] = _least(self._examples.get(sort, ""), cell)
        if len(found) > 1 and (day := next((day for day, alike in found.items() if "amj" in alike), None)):
            self._years.add(day.year % 100)
            self._days.add(day.day)

    @property
    def year_first(self) -> bool:
        """Whether the first numbers are rather years, which are larger than some day of a month, and come again."""
        return bool(self._years) and min(self._years) >= min(self._days) and len(self._years) <= len(self._days)

    @property
    def orders(self) -> tuple[Order, ...]:
        """Those in which the whole column may be; none when no order reads it all.

        Nearly all dates that begin with their day may begin with a year of this century: that is looked at only when it is likely, or
        when some of them cannot begin with anything else.
        """
        sorts = [set(chain.from_iterable(sort)) for sort in self._examples]
        only, last = {"amj"} in sorts, self._common([sort for sort in sorts if sort != {"amj"}])
        if not all("amj" in sort for sort in sorts):
            return () if only and self.year_first else last
        if only and (self.year_first or not self._years):
            return ("amj",)
        return (*last, "amj") if only or self.year_first or dates.habit(self._region) is None else last

    @staticmethod
    def _common(sorts: list[set[Order]]) -> tuple[Order, ...]:
        """Where the year is last."""
        either: tuple[Order, ...] = ("jma", "mja")
        return tuple(order for order in either if all(order in sort for sort in sorts))

    def proof(self, order: Order) -> str:
        """A text that no other order reads, unless the year is first."""
        return min(text for sort, text in self._examples.items() if {order} <= set(chain.from_iterable(sort)) <= {order, "amj"})

    def doubtful(self, orders: Collection[Order]) -> str:
        """A text that these orders read as different days, "" when there is none."""
        told = (text for sort, text in self._examples.items() if sum(not set(alike).isdisjoint(orders) for alike in sort) > 1)
        return min(told, default="")

    def opposed(self) -> tuple[str, str]:
        """Two texts that no order reads both, each with what it may begin with."""
        known = sorted((sorted(chain.from_iterable(sort)), text) for sort, text in self._examples.items())
        pair = next(pair for pair in combinations(known, 2) if set(pair[0][0]).isdisjoint(pair[1][0]))
        first, second = ((quote(text), " ou ".join(_FIRST[order] for order in orders)) for orders, text in pair)
        return f"{first[0]} met {first[1]} d’abord", f"{second[0]} {second[1]}"

    def as_read(self, text: str, order: Order) -> str:
        return dates.in_words(dates.read(text, self._region, order), self._region)


class _Percents:
    def __init__(self, region: Region) -> None:
        self._largest, self._smallest_part, self.broken, self.typed = 0.0, 1.0, "", False

    def see(self, cell: Cell) -> None:
        found = number(cell)
        if found is not None:
            self._largest = max(self._largest, found)
            if 0 < found < 1:
                self._smallest_part = min(self._smallest_part, found)
            self.typed = self.typed or isinstance(cell, str)  # a spreadsheet that shows 75 % holds 0.75
        if found is not None and not found.is_integer():
            self.broken = _least(self.broken, cell if isinstance(cell, str) else f"{cell!r}".replace(".", ","))

    @property
    def share(self) -> Share:
        """75, or 0.75 as a spreadsheet stores a cell formatted in %."""
        if self._largest > 1:
            return "percent" if self._smallest_part == 1 else "unclear"  # of 75 and 0.5, 1 may be of either kind
        if self._smallest_part < 1:
            return "fraction"
        return "unclear" if self._largest == 1 else "percent"


class _Amounts:
    def __init__(self, region: Region) -> None:
        self._region, self.bare = region, ""
        self.currencies: dict[str, str] = {}

    def see(self, cell: Cell) -> None:
        if isinstance(cell, float):
            self.bare = _least(self.bare, f"{cell:.12g}")
        elif isinstance(cell, str):
            if code := money.currency(cell, self._region):
                self.currencies[code] = _least(self.currencies.get(code, ""), cell)
            elif cell.strip()[:1].isdigit():
                self.bare = _least(self.bare, cell.strip())


class _Statuses:
    def __init__(self, region: Region) -> None:
        self.words, self.code = False, ""

    def see(self, cell: Cell) -> None:
        if _says_yes_or_no(cell) or number(cell) is not None:
            self.code = _least(self.code, cell.strip() if isinstance(cell, str) else f"{cell:g}")
        elif not (isinstance(cell, str) and identifies_nobody(cell)):
            self.words = True


_GATHERED: dict[str, Callable[[Region], _Gathered]] = {
    "date": _Dates,
    "moment": _Dates,
    "clock": _Dates,
    "percent": _Percents,
    "money": _Amounts,
    "status": _Statuses,
}


def decide(layout: Layout, region: Region, asked: Mapping[str, Order]) -> Decided:
    """Go through the sheet once, and say of each column how it is read; `asked` is that of plan.Asked.dates."""
    gathered: dict[int, _Gathered] = {
        place: _GATHERED[column.kind](region) for place, column in layout.columns.items() if column.kind in _GATHERED
    }
    if gathered:
        _gather(layout, gathered)
    return _Deciding(layout, region, asked).of(gathered)


def _gather(layout: Layout, gathered: Mapping[int, _Gathered]) -> None:
    looked_at = [(place, column.see, set[str]()) for place, column in gathered.items()]
    for _, row in layout.body():
        width = len(row)
        for place, see, seen in looked_at:
            cell = row[place] if place < width else None
            if cell is None:
                continue
            if cell.__class__ is str:
                if cell in seen:
                    continue
                if len(seen) < REMEMBERED:
                    seen.add(cell)
            see(cell)


class _Deciding:
    def __init__(self, layout: Layout, region: Region, asked: Mapping[str, Order]) -> None:
        self._layout, self._region, self._asked = layout, region, asked
        self._names, self._habit = layout.names, dates.habit(region)
        self._decided = Decided()

    def of(self, gathered: Mapping[int, _Gathered]) -> Decided:
        settled = {order for each in gathered.values() if isinstance(each, _Dates) and len(each.orders) == 1 for order in each.orders}
        for place, column in self._layout.columns.items():
            reading = ColumnReading(order=self._habit)
            each, title = gathered.get(place), self._names.get(place, column.label)
            if isinstance(each, _Dates):
                reading = self._of_dates(each, title, settled)
            elif isinstance(each, _Percents):
                reading = self._of_percents(each, title)
            elif isinstance(each, _Amounts):
                reading = self._of_amounts(each, title)
            elif isinstance(each, _Statuses):
                reading = self._of_statuses(each, title)
            if reading.unlike:
                self._tell(title, "", reading.unlike)
            self._decided.readings[place] = reading
        return self._decided

    def _tell(self, title: str, value: str, reason: str) -> None:
        self._decided.told.append(self._line(title, value, reason))

    def _line(self, title: str, value: str, reason: str) -> Problem:
        return Problem(self._layout.sheet.name, self._layout.header_line, title, value, reason)

    def _of_dates(self, found: _Dates, title: str, settled: set[Order]) -> ColumnReading:
        if found.flag and not found.dated and self._layout.table is LEADS:
            return ColumnReading(unlike=f"{quote(found.flag)} n’est pas une date\u00a0: la colonne n’est pas importée.")
        orders = found.orders
        doubtful = bool(found.doubtful(orders)) and not settled
        return ColumnReading(order=self._order(found, orders, title, settled), doubtful=doubtful)

    def _order(self, found: _Dates, orders: tuple[Order, ...], title: str, settled: set[Order]) -> Order | None:
        if named := self._asked.get(title):
            return named
        if not orders:
            both = ", ".join(found.opposed())
            self._tell(title, found.doubtful(_ORDERS), f"{both}\u00a0: les dates qui peuvent se lire de deux façons ne sont pas lues.")
            return None
        if len(orders) == 1:
            if orders[0] != self._habit:
                example = found.proof(orders[0])
                self._tell(title, example, f"Ne peut se lire que {_ORDERS[orders[0]]}\u00a0: toute la colonne est lue ainsi.")
            return orders[0]
        text = found.doubtful(orders)
        if not text:
            return self._habit
        if (whole := self._asked.get("")) in orders:
            return whole
        if len(settled) == 1 and settled.issubset(orders):
            (order,) = settled
            self._tell(title, text, f"Lu {found.as_read(text, order)}, dans l’ordre des autres dates du fichier ({_ORDERS[order]}).")
            return order
        return self._habit if self._layout.exported else self._without_evidence(found, orders, title, text)

    def _without_evidence(self, found: _Dates, orders: tuple[Order, ...], title: str, text: str) -> Order | None:
        """The region's order, unless the year is rather first; a file that speaks English may have been written elsewhere."""
        taken = self._habit if self._habit in orders and not found.year_first else None
        if taken and "amj" not in orders and not self._english():
            order = f"{_ORDERS[taken]} comme dans votre région, aucune date de la colonne n’en dit plus"
            self._decided.read_as.append(self._line(title, text, f"Lu {found.as_read(text, taken)}\u00a0: {order}."))
            return taken
        days = [found.as_read(text, order) for order in orders]
        short = [day[:-5] for day in days] if len({day[-4:] for day in days}) == 1 else days  # the year goes without saying
        either = f"{', '.join(short[:-1])} ou {short[-1]}\u00a0?"
        readings = tuple(zip(orders, days, strict=True))
        self._decided.doubts.append(Doubt(self._layout.sheet.name, title, f"{text}\u00a0: {either}", readings, taken or ""))
        if taken:  # else each of its cells is told
            self._tell(title, text, f"{capital(either)} Lu {found.as_read(text, taken)}\u00a0: dites l’ordre des dates de ce fichier.")
        return taken

    def _english(self) -> bool:
        words = [set(header_key(name).split()) for name in self._names.values()]
        return self._layout.program in _ENGLISH_PROGRAMS or sum(map(bool, map(_ENGLISH.intersection, words))) > sum(
            map(bool, map(_FRENCH.intersection, words))
        )

    def _of_percents(self, found: _Percents, title: str) -> ColumnReading:
        share = found.share
        if found.broken:
            value = float(found.broken.strip().replace(",", "."))
            shown = f"{round_half_up(value * (100 if share == 'fraction' else 1))}\u00a0%"
            if share == "fraction" and found.typed:
                self._tell(title, found.broken, f"Lu {shown}\u00a0: toute la colonne compte en parts de 1.")
            elif share != "fraction" and value > 1:
                self._tell(title, found.broken, f"Lu {shown}\u00a0: une probabilité est arrondie à l’entier.")
        return ColumnReading(share=share)

    def _of_amounts(self, found: _Amounts, title: str) -> ColumnReading:
        unit, foreign = _unit(title), _currency(title, self._region)
        others = set(found.currencies) - {self._region.currency}
        if not foreign and len(others) == 1 and len(found.currencies) == 1:
            foreign = others.pop()  # the cells without a sign are of those that have one
        if found.bare and foreign:
            self._tell(
                title, found.bare, f"La colonne est en {foreign}, pas en {self._region.symbol}\u00a0: ses montants vont dans les notes."
            )
        elif found.bare and unit > 1:
            self._tell(title, found.bare, f"La colonne compte en {'milliers' if unit == 1_000 else 'millions'}, ses montants aussi.")
        return ColumnReading(unit=unit, foreign=foreign)

    def _of_statuses(self, found: _Statuses, title: str) -> ColumnReading:
        if found.code and not found.words and not self._layout.exported and not self._layout.statuses.chosen:
            return ColumnReading(unlike=f"{quote(found.code)} n’est pas un statut\u00a0: la colonne n’est pas importée.")
        return ColumnReading()


def round_half_up(value: float) -> int:
    return int(value + 0.5 + 1e-9)  # 0.125 × 100 may be a hair under 12.5


def _unit(title: str) -> int:
    """What the title says that its amounts count."""
    match = _UNIT.search(fold(title) or "")
    if not match:
        return 1
    return _UNITS[match[1] or match[2] or match[3] or ("k" if match[4] else "m")]


def _currency(title: str, region: Region) -> str:
    """The currency that the title says, "" when it is the region's or none."""
    codes = {money.currency(f"1 {mark}", region) for mark in _MARK.findall(fold(title) or "")} - {None}
    return "" if region.currency in codes or not codes else sorted(filter(None, codes))[0]
