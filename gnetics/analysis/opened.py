"""An open store as analysts see it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pandas as pd

from gnetics.analysis import accessor, columns, files, frames, periods, sql  # noqa: F401 - the accessor registers itself
from gnetics.analysis.figures import Blocks, Figures
from gnetics.analysis.writing import Writing
from gnetics.domain.regions import Region
from gnetics.errors import Refused
from gnetics.metrics import figure as metrics
from gnetics.metrics.duplicates import pairs
from gnetics.metrics.earlier import earlier_frames
from gnetics.metrics.frames import Frames
from gnetics.metrics.population import Population
from gnetics.metrics.window import EVERYTHING, Window
from gnetics.metrics.words import shown
from gnetics.store.crm import Crm
from gnetics.store.engine import place_of
from gnetics.store.frames import Changes, Snapshot
from gnetics.store.reading import logs

if TYPE_CHECKING:
    from gnetics.analysis.plots import Plots

MANY = 100_000  # rows that a query brings at most, unless more are asked for


@dataclass(frozen=True)
class Scope:
    """What is looked at: an earlier day with its frames, or now, and the period of the figures that have one."""

    snapshot: Snapshot
    earlier: tuple[date, Frames] | None = None
    window: Window = EVERYTHING


class OpenCrm:
    """Frames are the analyst's own: nothing done to them reaches the store, `refresh()` or anybody else."""

    def __init__(self, crm: Crm, scope: Scope, user: str, write: bool, euros: bool) -> None:
        self._crm, self._scope, self._user, self._write, self.euros = crm, scope, user, write, euros
        self._made: tuple[int, date, Blocks] | None = None

    def __repr__(self) -> str:
        place, kind = place_of(self._crm.engine.url), "démonstration" if self._crm.kind == "demo" else "base réelle"
        rows = f"{len(self._frames.leads)} contacts, {len(self._frames.events)} événements, rev {self._scope.snapshot.rev}"
        past = "" if self._scope.earlier is None else f", au {self.day:%d/%m/%Y}"
        return f"<CRM GNETICS {place} ({kind}) : {rows}{past}>"

    # what is looked at

    @property
    def region(self) -> Region:
        return self._crm.region

    @property
    def day(self) -> date:
        """Today, or the earlier day of `as_of`."""
        return self._crm.clock.today() if self._scope.earlier is None else self._scope.earlier[0]

    @property
    def _frames(self) -> Frames:
        return self._scope.snapshot if self._scope.earlier is None else self._scope.earlier[1]

    @property
    def blocks(self) -> Blocks:
        """The pages' blocks over all leads that are seen."""
        version, day = self._scope.snapshot.version, self.day
        if self._made is None or self._made[:2] != (version, day):
            self._made = version, day, Blocks(self, self._frames, Population.of(self._frames.leads, day), self._scope.window)
        return self._made[2]

    def refresh(self) -> Changes:
        """Read what is newer in the store; frames taken before stay as they are."""
        return self._scope.snapshot.refresh()

    def as_of(self, day: date | str) -> Self:
        """The same at the end of an earlier day, as the history tells; names, addresses and notes are of now."""
        wanted = date.fromisoformat(day) if isinstance(day, str) else day
        today, seen = self._crm.clock.today(), self._scope.snapshot
        if wanted > today:
            raise Refused({"": f"Le {wanted:%d/%m/%Y} n’est pas encore passé."})
        earlier = None if wanted == today else (wanted, earlier_frames(seen, wanted, today, self.region.zone))
        return self._looking(replace(self._scope, earlier=earlier))

    def period(self, period: str | tuple[date, date]) -> Self:
        """The same with the figures of a period: « 30d », « 12m », « 2026 », « 2026Q4 », « 2026-11 », or two days.

        >>> crm.period("12m").figures.created().value <= crm.figures.contacts().value
        True
        """
        return self._looking(replace(self._scope, window=periods.window(period, self.day)))

    def _looking(self, scope: Scope) -> Self:
        return type(self)(self._crm, scope, self._user, self._write, self.euros)

    # frames

    @property
    def leads(self) -> pd.DataFrame:
        """A row a contact, écartés included (`real` False); see `columns("leads")`. Each access is a new copy.

        >>> set(crm.leads.gn.won["status"]) <= {"Clos"}
        True
        """
        return frames.leads(self._frames.leads, self.region.zone, euros=self.euros)

    @property
    def events(self) -> pd.DataFrame:
        """A row an event of the calendar; see `columns("events")`."""
        return frames.own(self._frames.events, columns.named(columns.EVENTS), self.region.zone, euros=self.euros)

    def columns(self, table: str = "leads") -> pd.DataFrame:
        """What stands in `leads` or `events`: label, dtype, unit, allowed values and meaning of each column."""
        return columns.described(table, self.leads if table == "leads" else self.events, euros=self.euros)

    def messages(self, *, since: date | None = None, lead: int | None = None, limit: int = MANY) -> pd.DataFrame:
        """The latest mails, whole, newest first; `lead` is an index of `leads`."""
        return self._log(logs.MAIL, since, lead, limit)

    def runs(self, *, since: date | None = None, lead: int | None = None, limit: int = MANY) -> pd.DataFrame:
        """The latest runs of automations, newest first."""
        return self._log(logs.RUNS, since, lead, limit)

    def messages_of(self, keys: Any) -> pd.DataFrame:
        """Whole mails by their keys."""
        found = logs.frame_of_messages(self._crm, self._user, [int(key) for key in keys])
        return frames.own(found, list(found.columns), self.region.zone, euros=self.euros)

    def _log(self, log: logs.Log, since: date | None, lead: int | None, limit: int) -> pd.DataFrame:
        start = None if since is None else datetime.combine(since, time.min, self.region.zone)
        found, cut = logs.latest(self._crm, self._user, log, since=start, lead=lead, most=limit)
        own = frames.own(found, list(found.columns), self.region.zone, euros=self.euros)
        own.attrs["cut"] = cut
        return own

    # figures

    @property
    def figures(self) -> Figures:
        return Figures(self)

    def words(self, figure: metrics.Figure) -> str:
        """A figure's value as the pages write it."""
        return shown(figure, self.region)

    @property
    def plot(self) -> Plots:
        """Pictures of any frame: `crm.plot.bars(crm.figures.won(by="source").frame)`."""
        from gnetics.analysis.plots import Plots  # brings the widgets

        return Plots()

    def duplicates(self) -> pd.DataFrame:
        """Pairs of contacts réels that look like one person, the certain ones first: low and high (index of leads), kind, why."""
        found = pairs(self._scope.snapshot.real, self._scope.snapshot.pairs)
        rows = [(pair.low, pair.high, pair.verdict.kind, pair.verdict.reason) for pair in found]
        return pd.DataFrame(rows, columns=["low", "high", "kind", "why"])

    # SQL, files, changes

    def sql(self, query: str, params: Sequence[Any] = (), limit: int = MANY) -> pd.DataFrame:
        """One SELECT of DuckDB over `leads`, `events` and `messages` (their figures' columns); `.attrs["cut"]` says whether rows were left.

        >>> crm.sql("select count(*) as n from leads where status = ?", ["Clos"])["n"].item() == len(crm.leads.query("status == 'Clos'"))
        True
        """
        mails = frames.own(self._frames.messages, list(self._frames.messages.columns), self.region.zone, euros=False)
        given = {"leads": self.leads, "events": self.events, "messages": mails}
        return sql.run(given, query, params, limit)

    def export(self, frame: pd.DataFrame, path: str | Path) -> Path:
        """Any frame into a .xlsx, .csv or .parquet; its index becomes a column when it has a name."""
        files.write(frame.reset_index() if frame.index.name else frame, Path(path))
        return Path(path)

    @contextmanager
    def writing(self, user: str) -> Iterator[Writing]:
        """Change contacts in somebody's name, with their rights: `with crm.writing("Ana") as w: lot = w.tag(keys, "salon")`."""
        if not self._write:
            raise Refused({"": "Cette base est ouverte en lecture : open_crm(write=True) pour y écrire."})
        yield Writing(self._crm, user, self._scope.snapshot)

    def close(self) -> None:
        self._crm.close()
