"""« Annuler cet import »: what it created goes, what it changed comes back, later edits stay."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.types import TypeEngine

from gnetics.actions.earlier_values import Changes, Kept, earlier
from gnetics.actions.imports import Progress, Trace, came_back, require_import
from gnetics.domain.accesses import Access
from gnetics.domain.fields import BY_KEY
from gnetics.domain.history import Action
from gnetics.domain.leads import title
from gnetics.domain.rights import Verb
from gnetics.errors import NotFound, Refused
from gnetics.store import access_log, foreign_keys
from gnetics.store.canonical import ENTITY
from gnetics.store.crm import Crm
from gnetics.store.duplicates import chunks
from gnetics.store.merges import living
from gnetics.store.nights import KEPT_DAYS, seen_for
from gnetics.store.people import own
from gnetics.store.schema import VERSIONED, events, given, held, history, imports, leads, messages, runs
from gnetics.store.unit_of_work import Row, UnitOfWork


@dataclass
class Undone:
    """Rows removed and given back, and what was edited since, which stays."""

    removed: int = 0
    restored: int = 0
    kept: list[Kept] = field(default_factory=list)


def note(uow: UnitOfWork, filename: str, refused: int, traces: Mapping[str, Trace], place: str) -> int | None:
    """Write down, in the import's own transaction, what undoing it needs, and for the access log where from; its number, None when it
    changed nothing."""
    written = [each for trace in traces.values() for each in trace.changed.values()]
    back = sum(map(came_back, written))
    added, updated = sum(len(trace.new) for trace in traces.values()) + back, len(written) - back
    if not added + updated:
        return None
    forget_traces(uow)
    access_log.add(uow.connection, uow.now, Access.IMPORTED, uow.user, place=place, rows=added + updated, detail=filename)
    row = {"at": uow.now, "who": uow.user, "filename": filename[:200], "rev": uow.rev, "trace": _packed(traces)}
    row |= {"added": added, "updated": updated, "refused": refused}
    return int(uow.connection.execute(insert(imports).values(row).returning(imports.c.key)).scalar_one())


def forget_traces(uow: UnitOfWork) -> None:
    """Of the imports that can no longer be undone; the caller commits."""
    old = (imports.c.at < uow.now - timedelta(days=KEPT_DAYS), imports.c.rev <= seen_for(uow.connection, KEPT_DAYS))
    uow.connection.execute(update(imports).where(*old, imports.c.trace.is_not(None)).values(trace=None))


def undo_import(crm: Crm, user: str, number: int, progress: Progress | None = None) -> Undone:
    """One transaction. Raises Refused when it was undone already or is too old, NotFound.

    `progress(done, total)` counts rows; whatever it raises leaves the store as it was.
    """
    require_import(crm, user)
    with crm.write(user, Verb.UNDO_IMPORT) as uow:
        row = uow.connection.execute(select(imports).where(imports.c.key == number)).mappings().first()
        if row is None:
            raise NotFound("Cet import n’est pas dans la liste.")
        if row["undone_at"] is not None:
            raise Refused({"": "Cet import est déjà annulé."})
        if row["trace"] is None or row["at"] < uow.now - timedelta(days=KEPT_DAYS):
            raise Refused({"": f"Cet import a plus de {KEPT_DAYS} jours\u00a0: il ne peut plus être annulé."})
        traces = _unpacked(row["trace"])
        undoing = _Undoing(uow, row["rev"], sum(len(keys) for trace in traces.values() for keys in trace.values()), progress)
        for table_name in sorted(traces, key=lambda name: name == "leads"):  # what names leads goes before them
            undoing.remove(table_name, traces[table_name]["new"])
            undoing.give_back(table_name, traces[table_name]["changed"])
        foreign_keys.take_back(uow.connection, row["rev"], undoing.staying)
        past = (history.c.rev == row["rev"], history.c.action == Action.CHANGED)  # lines of a sheet Historique
        uow.connection.execute(delete(history).where(*past))
        uow.connection.execute(update(imports).where(imports.c.key == number).values(undone_at=uow.now))
        uow.settle_sources()
        uow.commit()
    return undoing.undone


class _Undoing:
    """The rows of one import, which was transaction `rev`, going back to what they were."""

    def __init__(self, uow: UnitOfWork, rev: int, total: int, progress: Progress | None) -> None:
        self.undone = Undone()
        self.staying: set[int] = set()  # leads that the import created, edited or merged since
        self._uow, self._rev, self._total, self._progress = uow, rev, total, progress
        self._done = 0

    def remove(self, table_name: str, keys: list[int]) -> None:
        for chunk in self._told(keys):
            rows = _unless_erased(self._uow.rows(table_name, chunk))
            touched = self._touched(table_name, rows)
            gone = [row for key, row in rows.items() if key not in touched and not row["deleted"]]
            self._uow.delete_many(table_name, gone, Action.RESTORED)
            if table_name == "leads":  # the same file may bring them again
                self._uow.update_many(
                    table_name, [(row | {"deleted": True}, {"origin": None}) for row in gone if row["origin"]], Action.RESTORED
                )
                self.staying.update(touched, (key for key, row in rows.items() if row["merged_into"] is not None))
            self.undone.removed += len(gone)
            self.undone.kept += [Kept(_named(table_name, rows[key]), "modifié depuis, il est gardé.") for key in touched]
            self._tell_merged(rows)

    def give_back(self, table_name: str, changed: Mapping[str, Mapping[str, list[Any]]]) -> None:
        for chunk in self._told(changed):
            rows = _unless_erased(self._uow.rows(table_name, map(int, chunk)))
            here: list[tuple[Row, Row]] = []
            merged: list[tuple[Row, Row]] = []
            for key in (each for each in chunk if int(each) in rows):
                row = rows[int(key)]
                back = earlier(_changes(table_name, changed[key]), row)
                (here if row.get("merged_into") is None else merged).append((row, back.values))
                if later := [BY_KEY[name].label for name in back.edited if name in BY_KEY]:
                    self.undone.kept.append(Kept(_named(table_name, row), f"{', '.join(later)} modifié depuis, la valeur est gardée."))
            self._uow.update_many(table_name, merged, Action.RESTORED)  # seen on the day when the merge is undone
            gone = sum(asked.get("deleted", False) for _, asked in here)  # as they were before the import
            self.undone.removed += gone
            self.undone.restored += self._uow.update_many(table_name, here, Action.RESTORED) - gone
            self._tell_merged(rows)

    def _told(self, keys: Iterable[Any]) -> Iterator[list[Any]]:
        """A few hundred at a time, saying before each how far this is."""
        for chunk in chunks(keys):
            if self._progress:
                self._progress(self._done, self._total)
            yield chunk
            self._done += len(chunk)

    def _touched(self, table_name: str, rows: Mapping[int, Row]) -> list[int]:
        """Keys of rows that somebody changed, or attached something to, after that transaction."""
        about = (history.c.entity == ENTITY[table_name], history.c.entity_key.in_(rows), history.c.rev > self._rev)
        found = set(self._uow.connection.execute(select(history.c.entity_key).where(*about)).scalars())
        if table_name == "leads":
            for other in (events, messages, runs):
                attached = select(other.c.lead_key).where(other.c.lead_key.in_(rows), other.c.rev > self._rev, ~other.c.deleted)
                found.update(self._uow.connection.execute(attached).scalars())
        return sorted(key for key in found if not rows[key]["deleted"])

    def _tell_merged(self, rows: Mapping[int, Row]) -> None:
        """Name the contacts that have what these brought, since a merge."""
        for key, row in rows.items():
            if row.get("merged_into") is not None and (survivor := living(self._uow.connection, key)) is not None:
                lead = dict(self._uow.connection.execute(select(leads).where(leads.c.key == survivor)).mappings().one())
                owner = self._uow.owner
                seen = owner is None or not own.foreign(self._uow.connection, owner, "leads", [lead])[0]
                whom = title(lead) if seen else "une autre fiche"
                self.undone.kept.append(Kept(title(row), f"fusionné depuis avec {whom}, qui garde ce qu’il a apporté."))


def _unless_erased(rows: Mapping[int, Row]) -> dict[int, Row]:
    return {key: row for key, row in rows.items() if not row.get("erased_at")}


def _named(table_name: str, row: Row) -> str:
    if table_name == "leads":
        return title(row)
    return str(row.get("title") or row.get("subject") or row.get("rule") or row["key"])


def _changes(table_name: str, packed: Mapping[str, list[Any]]) -> Changes:
    kinds = {name: _kind(table_name, name) for name in packed}
    return {name: (given(kinds[name], before), given(kinds[name], after)) for name, (before, after) in packed.items()}


def _kind(table_name: str, column: str) -> TypeEngine[Any]:
    return VERSIONED[table_name].c[column].type


def _packed(traces: Mapping[str, Trace]) -> bytes:
    def both(table_name: str, column: str, sides: tuple[Any, Any]) -> list[Any]:
        return [held(_kind(table_name, column), side) for side in sides]

    content = {
        name: {
            "new": trace.new,
            "changed": {key: {column: both(name, column, sides) for column, sides in each.items()} for key, each in trace.changed.items()},
        }
        for name, trace in traces.items()
    }
    return zlib.compress(json.dumps(content, ensure_ascii=False).encode())


def _unpacked(packed: bytes) -> dict[str, Any]:
    return json.loads(zlib.decompress(packed))  # type: ignore[no-any-return]
