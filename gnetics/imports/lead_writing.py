"""The rows of leads going into the store: each is new, over the one it speaks of, or told why it is not taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select

from gnetics.actions.imports import Trace, came_back, write_rows
from gnetics.domain.folding import fold
from gnetics.imports import lead_rows
from gnetics.imports.lead_rows import Identity, LeadRow, StoreRow
from gnetics.imports.matching import StoredLeads
from gnetics.imports.plan import Plan
from gnetics.imports.preview import Preview
from gnetics.imports.reading import SheetReading
from gnetics.imports.spool import Spool
from gnetics.imports.steps import Steps
from gnetics.store.merges import survivor
from gnetics.store.schema import leads
from gnetics.store.unit_of_work import UnitOfWork

OTHER_OWNER = "Vous n’importez que les contacts dont vous êtes responsable\u00a0: videz cette case, ou mettez-y votre nom."


class LeadWriting:
    """`trace` says what was written; `aliases` what the file calls contacts that have another ID Lead here, or none."""

    def __init__(self, uow: UnitOfWork, plan: Plan, steps: Steps) -> None:
        self._uow, self._mode, self._steps = uow, plan.asked.mode, steps
        self._linking = plan.with_others
        self._preview = Preview(plan.report, uow.region)
        self.trace = Trace()
        self.aliases: dict[str, int] = {}

    def take(self, reading: SheetReading, rows: Spool[LeadRow], named: Mapping[Identity, int]) -> None:
        stored, unread = StoredLeads(self._uow.connection, named, self._uow.owner), lead_rows.unread_of(self._uow.connection)
        for chunk in rows.chunks():
            new: list[LeadRow] = []
            old: dict[int, LeadRow] = {}
            for row in chunk:
                match = stored.find(row)
                if match.key is not None:
                    self._called(row, match.key)
                if self._uow.owner not in (None, fold(row.values.get("owner", self._uow.user))):
                    reading.refuse(row.line, "Responsable", row.values["owner"], OTHER_OWNER)
                elif match.refusal:
                    reading.refuse(row.line, "", row.values.get("name") or row.values.get("email") or "", match.refusal)
                elif match.as_is:
                    reading.report.unchanged += 1
                elif match.key is None:
                    self._keep(reading, row, new)
                elif stored.merged(match.key):
                    reading.report.unchanged += 1
                    reading.problem(row.line, "ID Lead", row.values["lead_id"], self._merged(row.values["lead_id"]))
                elif self._mode == ("create" if stored.present(match.key) else "update"):
                    reading.report.skipped += 1
                    self._preview.show(reading, row, "laissé", {})
                else:
                    old[match.key] = row
            asked = {key: self._over(key, row, stored, unread.get(key)) for key, row in old.items()}
            write_rows(self._uow, "leads", [row.values for row in new], asked, self.trace, [row.kept for row in new])
            self._number(stored, [*zip(self.trace.new[len(self.trace.new) - len(new) :], new, strict=True), *old.items()])
            for row in new[: self._preview.left("ajout")]:
                self._preview.show(reading, row, "ajout", {name: (None, value) for name, value in row.values.items()})
            for key, row in old.items():
                changed = self.trace.changed.get(key)
                back = came_back(changed or {})
                reading.report.taken += back
                reading.report.updated += changed is not None and not back
                reading.report.unchanged += changed is None
                if changed:
                    self._preview.show(reading, row, "ajout" if back else "mise à jour", changed)
            reading.report.taken += len(new)
            self._steps.add(self._steps.done, len(chunk))

    def _merged(self, lead_id: str) -> str:
        into = select(leads.c.lead_id).where(leads.c.key == survivor(self._uow.connection, lead_id))
        known = self._uow.connection.execute(into).scalar()
        return "Ce contact a été fusionné avec un autre" + (f" ({known})" if known else "") + "\u00a0: la ligne est laissée telle quelle."

    def _number(self, stored: StoredLeads, rows: Iterable[tuple[int, LeadRow]]) -> None:
        """Enter the foreign keys of the rows written, each with the key of its lead."""
        given = [(each, key, row) for key, row in rows for each in row.foreign]
        self._uow.add_foreign_keys([(*each, key) for each, key, _ in given if stored.may_be_called(key, each)])
        for _, key, row in given:
            self._called(row, key)

    def _called(self, row: LeadRow, key: int) -> None:
        """The other sheets of a file without ID Leads name its contacts by its own numbers."""
        if self._linking and "lead_id" not in row.values:
            self.aliases.update((value, key) for _, value in row.foreign)

    def _keep(self, reading: SheetReading, row: LeadRow, new: list[LeadRow]) -> None:
        if self._mode == "update":
            reading.report.skipped += 1
            self._preview.show(reading, row, "laissé", {})
        else:
            new.append(row)

    def _over(self, key: int, row: LeadRow, stored: StoredLeads, unread: dict[str, str] | None) -> StoreRow:
        """What to write over a stored lead: nothing blank, and never another ID Lead."""
        asked = {name: value for name, value in row.values.items() if name != "origin"}
        if unread:
            asked = lead_rows.merge_unread(asked, unread)
        if (lead_id := asked.get("lead_id")) and stored.numbered(key):
            self.aliases[lead_id] = key
            del asked["lead_id"]
        return asked
