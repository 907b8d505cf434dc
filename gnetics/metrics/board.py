"""Every block of both pages at once, for whoever wants them all: pages, reports, benches."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from gnetics.metrics.figure import Row
from gnetics.metrics.forecast import Forecast, forecast
from gnetics.metrics.frames import EarlierFrames, Frames
from gnetics.metrics.funnel import entered, funnel, moves_of
from gnetics.metrics.headline import Headline, headline
from gnetics.metrics.kpis import Kpis, by_month, kpis
from gnetics.metrics.outreach import Outreach, outreach
from gnetics.metrics.pipeline import pipeline
from gnetics.metrics.population import Population
from gnetics.metrics.priority import Priority, priority
from gnetics.metrics.productivity import productivity
from gnetics.metrics.quality import Quality, quality
from gnetics.metrics.scores import Scores, scores
from gnetics.metrics.sources import sources
from gnetics.metrics.split import Split, split
from gnetics.metrics.variation import HeadlineVariation, headline_variation
from gnetics.metrics.window import Window

PERIOD_DAYS = 30  # how far back the headline is compared when the window is open
MANY = 20_000  # leads, from which a thread more is worth its start


@dataclass(frozen=True, eq=False)
class Board:
    frames: Frames
    population: Population
    headline: Headline
    variation: HeadlineVariation
    compared: date  # the day that the headline is compared with
    priority: Priority
    split: Split
    kpis: Kpis
    months: list[Row]
    outreach: Outreach
    sources: list[Row]
    scores: Scores
    pipeline: list[Row]
    funnel: list[Row]
    owners: list[Row]
    forecast: Forecast
    quality: Quality


def board(frames: Frames, today: date, zone: ZoneInfo, window: Window, owner: str | None = None, first_weekday: int = 0) -> Board:
    """`window` serves the blocks; the headline, priority, split and forecast are of now.

    The base of the headline is read from what is there now, so that a day is the same whoever asks for it.
    """
    known, latest = (frames.now, frames.today) if isinstance(frames, EarlierFrames) else (frames, today)
    population = Population.of(frames.leads, today, owner)
    checking = partial(quality, population, frames.messages, frames.pairs, zone)
    with ThreadPoolExecutor(1) as beside:  # block F takes as long as all the others; no thread is left to fork beside
        checked = beside.submit(checking) if population.size >= MANY else None
        now = headline(population)
        moves = moves_of(population, frames.journal, zone)
        ago = today - timedelta(days=window.days or PERIOD_DAYS)
        return Board(
            frames=frames,
            population=population,
            headline=now,
            variation=headline_variation(now, known, ago, latest, zone, owner),
            compared=ago,
            priority=priority(population, first_weekday),
            split=split(population),
            kpis=kpis(population, window),
            months=by_month(population),
            outreach=outreach(frames.messages, population, window, zone),
            sources=sources(population, window),
            scores=scores(population),
            pipeline=pipeline(population, entered(population, moves)),
            funnel=funnel(population, moves, window),
            owners=productivity(population, frames.events, frames.messages, window, zone),
            forecast=forecast(population),
            quality=checked.result() if checked else checking(),
        )
