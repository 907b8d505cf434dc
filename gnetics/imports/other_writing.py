"""The rows of the other sheets going into the store, each to the lead it names."""

from __future__ import annotations

from sqlalchemy import select

from gnetics.actions.imports import Trace, import_rows
from gnetics.domain.leads import title
from gnetics.imports import other_rows
from gnetics.imports.contacts_named import ContactsNamed
from gnetics.imports.lead_rows import StoreRow
from gnetics.imports.matching import ANONYMOUS
from gnetics.imports.plan import Plan
from gnetics.imports.reading import SheetReading
from gnetics.imports.steps import Steps
from gnetics.store.merges import survivor
from gnetics.store.people import own
from gnetics.store.schema import VERSIONED, leads
from gnetics.store.unit_of_work import UnitOfWork

NOT_YOURS = "Cette ligne ne concerne aucun contact dont vous êtes responsable\u00a0: elle n’est pas prise."


class OtherWriting:
    """`traces` says of each table what was written; `aliases` are what the leads of the file gave (lead_writing.py)."""

    def __init__(self, uow: UnitOfWork, plan: Plan, steps: Steps, aliases: dict[str, int]) -> None:
        self._uow, self._asked, self._steps, self._aliases = uow, plan.asked, steps, aliases
        self.traces: dict[str, Trace] = {}

    def take(self, kind: str, reading: SheetReading, rows: list[StoreRow]) -> None:
        rows = self._of_somebody(reading, rows)
        self._link(reading, rows)
        taken = rows if self._uow.owner is None else self._own(kind, reading, rows, self._uow.owner)
        if kind == "history":
            self._uow.add_history(other_rows.history_lines(reading, taken, self._uow))
        else:
            self._take_rows(kind, reading, taken)

    def _of_somebody(self, reading: SheetReading, rows: list[StoreRow]) -> list[StoreRow]:
        """Those that are about nobody who was erased."""
        erased = set(self._uow.connection.execute(select(leads.c.lead_id).where(leads.c.erased_at.is_not(None))).scalars())
        kept = []
        for row in rows:
            if (lead_id := row.get("lead_id")) and lead_id in erased:
                reading.refuse(row["line"], "ID Lead", lead_id, ANONYMOUS)
            else:
                kept.append(row)
        return kept

    def _link(self, reading: SheetReading, rows: list[StoreRow]) -> None:
        """Give rows the key of their lead, and runs the name of theirs."""
        stored = self._uow.connection.execute(
            select(leads.c.lead_id, leads.c.key, leads.c.name, leads.c.company, leads.c.email).where(
                leads.c.lead_id.is_not(None), ~leads.c.deleted
            )
        ).mappings()
        known = {row["lead_id"]: row for row in stored}
        keys = {lead_id: row["key"] for lead_id, row in known.items()} | self._aliases
        gone = {row["lead_id"] for row in rows if row.get("lead_id")} - keys.keys()
        keys |= {lead_id: key for lead_id in gone if (key := survivor(self._uow.connection, lead_id)) is not None}  # merged leads
        other_rows.resolve_leads(reading, rows, keys, ContactsNamed(self._uow.connection, reading.layout.program))
        if reading.layout.table.kind == "runs":
            titles = {row["key"]: title(dict(row)) for row in known.values()}
            for row in rows:
                if row["lead_key"] in titles:
                    row.setdefault("lead_label", titles[row["lead_key"]])

    def _own(self, kind: str, reading: SheetReading, rows: list[StoreRow], owner: str) -> list[StoreRow]:
        """The rows that are about this Responsable's leads, in the file and in the store; the others are refused."""
        connection, before = self._uow.connection, list(rows)
        if kind != "history":
            table, identity = VERSIONED[kind], other_rows.IDENTITY[kind]
            stored = {row[identity]: dict(row) for row in connection.execute(select(table)).mappings()}
            before = [stored.get(row[identity], row) for row in rows]
        foreign = zip(own.foreign(connection, owner, kind, rows), own.foreign(connection, owner, kind, before), strict=True)
        kept = []
        for row, sides in zip(rows, foreign, strict=True):
            if any(sides):
                reading.refuse(row["line"], "ID Lead", "", NOT_YOURS)
            else:
                kept.append(row)
        return kept

    def _take_rows(self, kind: str, reading: SheetReading, rows: list[StoreRow]) -> None:
        identity = other_rows.IDENTITY[kind]
        table = VERSIONED[kind]
        known = set(self._uow.connection.execute(select(table.c[identity])).scalars())
        # a row we numbered ourselves is unchanged in the file by definition; what people did to it since is kept
        new = [row for row in rows if not (row[identity].startswith("import-") and row[identity] in known)]
        reading.report.unchanged += len(rows) - len(new)
        if self._asked.mode != "both":
            wanted = [row for row in new if (row[identity] in known) == (self._asked.mode == "update")]
            reading.report.skipped += len(new) - len(wanted)
            new = wanted
        retries = {row[identity]: row.pop("retry_of") for row in new if "retry_of" in row}
        self._give(kind, reading, [{key: value for key, value in row.items() if key != "line"} for row in new])
        if retries:
            numbers: dict[str, int] = {row[0]: row[1] for row in self._uow.connection.execute(select(table.c[identity], table.c.key))}
            links = [{identity: own, "retry_of": numbers[other]} for own, other in retries.items() if other in numbers]
            import_rows(self._uow, kind, links)

    def _give(self, kind: str, reading: SheetReading, rows: list[StoreRow]) -> None:
        start, over_edits = self._steps.done, self._asked.over_edits
        done = import_rows(self._uow, kind, rows, lambda count, _: self._steps.add(start, count), over_edits=over_edits)
        reading.report.taken += done.inserted
        reading.report.updated += done.updated
        reading.report.unchanged += done.unchanged
        trace = self.traces.setdefault(kind, Trace())
        trace.new += done.trace.new
        trace.changed |= done.trace.changed
