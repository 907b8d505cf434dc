"""`crm.figures`: every figure of the pages by its name, of everybody, of a period, of a day, or split by what leads have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Literal, overload

import numpy as np

from gnetics.analysis.figure import Figure, FigureTable, ForecastFigure
from gnetics.analysis.periods import window
from gnetics.domain.statuses import LABELS, UNKNOWN
from gnetics.metrics import figure as metrics
from gnetics.metrics.cohorts import cohorts
from gnetics.metrics.definitions import BLANK_SOURCE
from gnetics.metrics.forecast import Forecast, forecast, planned, planned_interval
from gnetics.metrics.frames import Frames
from gnetics.metrics.headline import Headline, headline
from gnetics.metrics.kpis import Kpis, kpis
from gnetics.metrics.outreach import Outreach, outreach
from gnetics.metrics.population import Ints, Population
from gnetics.metrics.priority import Priority, priority
from gnetics.metrics.productivity import first_contact
from gnetics.metrics.quality import Quality, quality
from gnetics.metrics.quiet import quiet
from gnetics.metrics.window import Window, month_start
from gnetics.texts import NO_OWNER

if TYPE_CHECKING:
    from gnetics.analysis.opened import OpenCrm

By = Literal["source", "owner", "status", "created_month"]
MOST_MONTHS = 120


@dataclass(frozen=True, eq=False)
class Blocks:
    """The blocks of the pages over some leads, each computed when one of its figures is asked for."""

    crm: OpenCrm
    frames: Frames
    population: Population
    window: Window

    @cached_property
    def headline(self) -> Headline:
        return headline(self.population)

    @cached_property
    def priority(self) -> Priority:
        return priority(self.population, self.crm.region.first_weekday)

    @cached_property
    def kpis(self) -> Kpis:
        return kpis(self.population, self.window)

    @cached_property
    def outreach(self) -> Outreach:
        return outreach(self.frames.messages, self.population, self.window, self.crm.region.zone)

    @cached_property
    def forecast(self) -> Forecast:
        return forecast(self.population)

    @cached_property
    def first_contact(self) -> metrics.Figure:
        return first_contact(self.population, self.frames.events, self.frames.messages, self.window, self.crm.region.zone)

    @cached_property
    def quality(self) -> Quality:
        return quality(self.population, self.frames.messages, self.frames.pairs, self.crm.region.zone)


PLACES: dict[str, Callable[[Blocks], metrics.Figure]] = {
    # Dashboard
    "pipeline": lambda blocks: blocks.headline.pipeline,
    "pipeline_blocked": lambda blocks: blocks.headline.blocked,
    "pipeline_amount": lambda blocks: blocks.headline.amount,
    "conversion": lambda blocks: blocks.headline.conversion,
    "success": lambda blocks: blocks.headline.success,
    "priority": lambda blocks: blocks.priority.total,
    "follow_up": lambda blocks: blocks.priority.follow_up,
    "never_contacted": lambda blocks: blocks.priority.never_contacted,
    "priority_late": lambda blocks: blocks.priority.late,
    "planned_soon": lambda blocks: blocks.priority.planned_soon,
    "contacted_yesterday": lambda blocks: blocks.priority.contacted_yesterday,
    # A
    "contacts": lambda blocks: blocks.kpis.contacts,
    "created": lambda blocks: blocks.kpis.created,
    "open": lambda blocks: blocks.kpis.open,
    "blocked": lambda blocks: blocks.kpis.blocked,
    "won": lambda blocks: blocks.kpis.won,
    "lost": lambda blocks: blocks.kpis.lost,
    "unknown": lambda blocks: blocks.kpis.unknown,
    "won_amount": lambda blocks: blocks.kpis.won_amount,
    "basket_mean": lambda blocks: blocks.kpis.basket_mean,
    "basket_median": lambda blocks: blocks.kpis.basket_median,
    "cycle": lambda blocks: blocks.kpis.cycle,
    # Outreach
    "sent": lambda blocks: blocks.outreach.sent,
    "contacted": lambda blocks: blocks.outreach.contacted,
    "answered": lambda blocks: blocks.outreach.answered,
    "answer_rate": lambda blocks: blocks.outreach.answer_rate,
    "bounces": lambda blocks: blocks.outreach.bounces,
    "opt_outs": lambda blocks: blocks.outreach.opt_outs,
    # D, E and F
    "first_contact": lambda blocks: blocks.first_contact,
    "forecast_total": lambda blocks: blocks.forecast.total,
    "forecast_gross": lambda blocks: blocks.forecast.gross,
    "forecast_blocked": lambda blocks: blocks.forecast.blocked,
    "blocking": lambda blocks: blocks.quality.blocking,
}


class Figures:
    """`crm.figures.conversion()`; `dir(crm.figures)` and `crm.figures.names` list them."""

    def __init__(self, crm: OpenCrm) -> None:
        self._crm = crm

    @property
    def names(self) -> dict[str, str]:
        """Each name and its title on screen."""
        blocks = self._crm.blocks
        return {name: place(blocks).explained.title for name, place in PLACES.items()}

    def __getattr__(self, name: str) -> NamedFigure:
        if name not in PLACES:
            raise AttributeError(f"Il n’y a pas de figure « {name} » ; crm.figures.names les donne toutes.")
        return NamedFigure(self._crm, name)

    def quiet(self, days: int = 30) -> Figure:
        """Open leads without an exchange for more than so many days.

        >>> crm.figures.quiet(days=90).n <= crm.figures.quiet(days=30).n <= crm.figures.open().n
        True
        """
        return Figure(self._crm, quiet(self._crm.blocks.population, days))

    def cohorts(self) -> FigureTable:
        """Conversion by month of creation and age in months; `.frame["value"].unstack()` is the triangle.

        >>> crm.figures.cohorts().by
        ('month', 'age')
        """
        found = cohorts(self._crm.blocks.population)
        return FigureTable(("month", "age"), {(f"{month:%Y-%m}", age): Figure(self._crm, made) for (month, age), made in found.items()})

    def forecast(self, period: str | tuple[date, date], *, interval: float | None = None) -> ForecastFigure:
        """What leads planned to close in a period are worth, weighted; `interval` 0.9 adds `.low` and `.high`.

        >>> made = crm.figures.forecast("2026Q4", interval=0.9)
        >>> made.low <= made.high
        True
        """
        population = self._crm.blocks.population
        made = planned(population, window(period, self._crm.day))
        span = None if interval is None else planned_interval(population, made, interval)
        return ForecastFigure(self._crm, made, span)

    def __dir__(self) -> list[str]:
        return ["cohorts", "forecast", "names", "quiet", *PLACES]

    def __repr__(self) -> str:
        return f"<{len(PLACES)} figures : {', '.join(PLACES)}>"


@dataclass(frozen=True)
class NamedFigure:
    """Call it: alone for the pages' value, `by` for one a group, `at` for one a month's end."""

    crm: OpenCrm
    name: str

    @overload
    def __call__(self) -> Figure: ...
    @overload
    def __call__(self, *, by: By | Sequence[By]) -> FigureTable: ...
    @overload
    def __call__(self, *, at: Literal["month_end"], last: int = 12) -> FigureTable: ...
    def __call__(self, *, by: By | Sequence[By] = (), at: Literal["month_end"] | None = None, last: int = 12) -> Figure | FigureTable:
        """`by` one of By or several; `at` "month_end" reads the `last` ends of a month, the last one being today.

        >>> crm.figures.conversion().value == crm.figures.won().value / crm.figures.contacts().value
        True
        >>> int(crm.figures.contacts(by="status").frame["value"].sum()) == crm.figures.contacts().value
        True
        """
        if at is not None:
            days = _month_ends(self.crm.day, last)
            return FigureTable(("day",), {(day,): self.crm.as_of(day).figures.__getattr__(self.name)() for day in days})
        chosen: tuple[By, ...] = (by,) if isinstance(by, str) else tuple(by)
        blocks = self.crm.blocks
        if not chosen:
            return Figure(self.crm, PLACES[self.name](blocks))
        whole = PLACES[self.name](blocks)
        groups = _groups(blocks.population, chosen)
        return FigureTable(chosen, {label: Figure(self.crm, self._of(whole, blocks, places)) for label, places in groups.items()})

    def _of(self, whole: metrics.Figure, blocks: Blocks, places: Ints) -> metrics.Figure:
        """The part of a group: where leads are counted, those of it (another lead may be why one is); else computed over it alone."""
        if whole.unit in ("count", "ratio") and whole.table == "leads":
            return whole.among_leads(blocks.population.keys[places])
        return PLACES[self.name](replace(blocks, population=blocks.population.only(places)))

    def __repr__(self) -> str:
        return f"<{self.name} : appelez-la, figures.{self.name}()>"


def _month_ends(today: date, last: int) -> list[date]:
    """The last days of as many months, the current one by today."""
    if not 1 <= last <= MOST_MONTHS:
        raise ValueError(f"last: {last} mois, de 1 à {MOST_MONTHS}")
    return [*(month_start(today, shift + 1) - timedelta(days=1) for shift in range(1 - last, 0)), today]


def _groups(population: Population, by: tuple[By, ...]) -> dict[tuple[str, ...], Ints]:
    """Places in P by what they have in common, groups in the order of their labels."""
    codes, labels = zip(*(_codes(population, each) for each in by), strict=True)
    sizes = [len(each) for each in labels]
    joined = np.ravel_multi_index(tuple(codes), sizes) if population.size else np.empty(0, np.int64)
    order = np.argsort(joined, kind="stable")
    found, starts = np.unique(joined[order], return_index=True)
    groups = np.split(order, starts[1:]) if len(found) else []
    names = [tuple(each[int(code)] for each, code in zip(labels, np.unravel_index(one, sizes), strict=True)) for one in found]
    return dict(zip(names, groups, strict=True))


def _codes(population: Population, by: By) -> tuple[Ints, list[str]]:
    """A code for each of P, and the label of each code."""
    if by == "status":
        return population.status, [*LABELS, UNKNOWN]
    if by in ("source", "owner"):
        codes, names = population.named(by)
        return codes, [*names.values(), BLANK_SOURCE if by == "source" else NO_OWNER]
    if by == "created_month":
        months = population.days("created_at").astype("datetime64[M]")
        found, codes = np.unique(months, return_inverse=True)
        return codes.astype(np.int64), ["sans date" if np.isnat(month) else str(month) for month in found]
    raise ValueError(f"by: « {by} » ; « source », « owner », « status » ou « created_month »")
