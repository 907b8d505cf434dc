"""The rows of leads going into the store: each is new, over the one it speaks of, or told why it is not taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select

from gnetics.actions.imports import Trace, came_back, write_rows
from gnetics.domain import values
from gnetics.domain.fields import BY_KEY, LEAD_FIELDS
from gnetics.domain.folding import fold
from gnetics.domain.leads import title
from gnetics.imports import consents, lead_rows
from gnetics.imports.lead_rows import Identity, LeadRow, StoreRow
from gnetics.imports.matching import StoredLeads
from gnetics.imports.plan import Plan
from gnetics.imports.preview import Preview
from gnetics.imports.reading import SheetReading
from gnetics.imports.report import Likeness
from gnetics.imports.spool import Spool
from gnetics.imports.steps import Steps
from gnetics.store.merges import survivor
from gnetics.store.schema import leads
from gnetics.store.unit_of_work import UnitOfWork

MOST_ASKED = 50  # rows of a sheet that may be somebody's
TOLD = ("name", "company", "job_title", "email", "phone", "owner")  # what is shown of the stored contact, whatever the file says
OVER = "Changé ici depuis, et remplacé par ce que dit le fichier\u00a0: «\u00a0Annuler cet import\u00a0» le rend."
OTHER_OWNER = "Vous n’importez que les contacts dont vous êtes responsable\u00a0: videz cette case, ou mettez-y votre nom."


class LeadWriting:
    """`trace` says what was written; `aliases` what the file calls contacts that have another ID Lead here, or none."""

    def __init__(self, uow: UnitOfWork, plan: Plan, steps: Steps) -> None:
        self._uow, self._asked, self._steps = uow, plan.asked, steps
        self._linking = plan.with_others
        self._preview = Preview(plan.report, uow.region)
        self.trace = Trace()
        self.aliases: dict[str, int] = {}

    def take(self, reading: SheetReading, rows: Spool[LeadRow], named: Mapping[Identity, int]) -> None:
        stored, unread = StoredLeads(self._uow.connection, named, self._uow.owner), lead_rows.unread_of(self._uow.connection)
        for chunk in rows.chunks():
            new: list[LeadRow] = []
            old: dict[int, LeadRow] = {}
            same = self._said_already(chunk, stored, unread)
            reading.report.unchanged += len(same)
            for row in chunk:
                if row.line not in same:
                    self._sort(reading, row, stored, new, old)
            if new or old:
                stored.remember()
            self._write(reading, stored, unread, new, old)
            self._count(reading, new, old)
            self._steps.add(self._steps.done, len(chunk))

    def _said_already(self, chunk: list[LeadRow], stored: StoredLeads, unread: Mapping[int, dict[str, str]]) -> set[int]:
        """Lines of the rows that say nothing but what the contact of their ID Lead holds: of a file that comes again, nearly all."""
        if self._asked.mode == "create":
            return set()
        rows = {
            key: row for row in chunk if not (row.foreign or row.beside) and (key := stored.of_id(row)) is not None and key not in unread
        }
        return {rows[key].line for key in self._uow.held("leads", {key: row.values for key, row in rows.items()})}

    def _sort(self, reading: SheetReading, row: LeadRow, stored: StoredLeads, new: list[LeadRow], old: dict[int, LeadRow]) -> None:
        """Among those that are new, or over the lead that they speak of; the others are counted, or told."""
        match = stored.find(row, self._asked.persons.get((reading.report.name, row.line)))
        if match.key is not None:
            self._called(row, match.key)
        if self._uow.owner is not None and self._uow.owner != fold(row.values.get("owner", self._uow.user)):
            reading.refuse(row.line, "Responsable", row.values["owner"], OTHER_OWNER)
        elif match.refusal:
            if len(reading.report.likenesses) < MOST_ASKED:
                if match.like is not None:
                    reading.report.likenesses.append(self._likeness(reading, row, match.like))
                elif match.erased is not None:
                    reading.report.likenesses.append(self._comes_back(reading, row, match.erased))
            reading.refuse(row.line, "", row.values.get("name") or row.values.get("email") or "", match.refusal)
        elif match.as_is and not row.answered:
            reading.report.unchanged += 1
        elif match.key is None:
            self._keep(reading, row, new)
        elif stored.merged(match.key):
            reading.report.unchanged += 1
            reading.problem(row.line, "ID Lead", row.values["lead_id"], self._merged(row.values["lead_id"]))
        elif self._asked.mode == ("create" if stored.present(match.key) else "update"):
            reading.report.skipped += 1
            self._preview.show(reading, row, "laissé", {})
        else:
            old[match.key] = row.corrected() if match.as_is else row

    def _write(
        self, reading: SheetReading, stored: StoredLeads, unread: Mapping[int, dict[str, str]], new: list[LeadRow], old: dict[int, LeadRow]
    ) -> None:
        notes = lead_rows.notes_of(self._uow.connection, [key for key, row in old.items() if row.beside])
        asked = {key: self._over(key, row, stored, unread.get(key), notes.get(key)) for key, row in old.items()}
        consents.follow(self._uow.connection, reading, old, asked)
        given, kept = [row.values for row in new], [row.kept for row in new]
        write_rows(self._uow, "leads", given, asked, self.trace, kept, over_edits=self._asked.over_edits)
        self._number(stored, [*zip(self.trace.new[len(self.trace.new) - len(new) :], new, strict=True), *old.items()])

    def _count(self, reading: SheetReading, new: list[LeadRow], old: dict[int, LeadRow]) -> None:
        """What became of those written, and the first of them shown."""
        for row in new[: self._preview.left("ajout")]:
            self._preview.show(reading, row, "ajout", {name: (None, value) for name, value in row.values.items()})
        touched = [key for key in old if key in self.trace.changed]
        for key in touched:
            row, changed = old[key], self.trace.changed[key]
            back = came_back(changed)
            reading.report.taken += back
            reading.report.updated += not back
            self._preview.show(reading, row, "ajout" if back else "mise à jour", changed)
            self._tell_over(reading, row, changed, self.trace.over.get(key, set()))
        reading.report.unchanged += len(old) - len(touched)
        reading.report.taken += len(new)
        reading.report.set_aside += sum(not row.kept["real"] for row in new)

    def _likeness(self, reading: SheetReading, row: LeadRow, key: int) -> Likeness:
        stored = self._uow.row("leads", key)
        fields = []
        for each in LEAD_FIELDS:
            theirs, ours = (values.show(each.kind, side.get(each.key), self._uow.region) for side in (row.values, stored))
            if theirs or (ours and each.key in TOLD):
                fields.append((each.label, theirs, ours))
        return Likeness(reading.report.name, row.line, title(stored), tuple(fields))

    def _comes_back(self, reading: SheetReading, row: LeadRow, erased: datetime) -> Likeness:
        """Nothing is known of the person but that they were erased: the same stay so, another is taken."""
        fields = [
            (each.label, theirs, "")
            for each in LEAD_FIELDS
            if (theirs := values.show(each.kind, row.values.get(each.key), self._uow.region))
        ]
        day = f"{erased.astimezone(self._uow.region.zone):%d/%m/%Y}"
        return Likeness(reading.report.name, row.line, f"une personne effacée le {day}", (("Effacée le", "", day), *fields))

    def _tell_over(self, reading: SheetReading, row: LeadRow, changed: Mapping[str, tuple[Any, Any]], over: set[str]) -> None:
        """What people gave in the store, and the file says otherwise."""
        for name in changed:
            added = name == "notes" and row.beside  # to those that stay
            if name in over and name in row.values and name in BY_KEY and not added:
                before = values.show(BY_KEY[name].kind, changed[name][0], self._uow.region)
                reading.problem(row.line, BY_KEY[name].label, before, OVER)

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
        if self._asked.mode == "update":
            reading.report.skipped += 1
            self._preview.show(reading, row, "laissé", {})
        else:
            new.append(row)

    def _over(self, key: int, row: LeadRow, stored: StoredLeads, unread: dict[str, str] | None, notes: str | None) -> StoreRow:
        """What to write over a stored lead: nothing blank, never another ID Lead, nor the E.164 of a number that people wrote."""
        asked = row.values.copy()
        asked.pop("origin", None)
        if asked.get("phone", "") == row.kept["phone_e164"] == stored.phone(key):
            del asked["phone"]
        if row.beside:
            asked["notes"], _ = lead_rows.with_lines(notes, row.beside)
        if unread:
            asked = lead_rows.merge_unread(asked, unread)
        if (lead_id := asked.get("lead_id")) and stored.numbered(key):
            self.aliases[lead_id] = key
            del asked["lead_id"]
        return asked
