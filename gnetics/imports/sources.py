"""Files that stay where they are and are read again and again: their rows are taken as they come, and none is ever removed for them."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import delete, insert, select

from gnetics.actions import planned_runs
from gnetics.actions.planned_runs import State
from gnetics.domain.rights import Verb
from gnetics.domain.runs import Status
from gnetics.domain.typography import counted
from gnetics.errors import GneticsError, NotFound, StoreError, told
from gnetics.imports import counts, remote
from gnetics.imports.importer import import_workbook
from gnetics.imports.plan import Asked, TitlesChanged
from gnetics.imports.report import Report
from gnetics.settings.source import Source
from gnetics.store.crm import Crm
from gnetics.store.schema import sources
from gnetics.store.unit_of_work import UnitOfWork

log = logging.getLogger("gnetics.worker")
NAMED = "Source «\u00a0{}\u00a0»"
TOLD = 3  # things that a person should look at, in the log; « gnetics import » on the same file tells them all
STOPPED = "{} Elle n’est plus lue\u00a0: rendez-lui ses colonnes, ou dites «\u00a0gnetics sources accept {}\u00a0»."


def states(crm: Crm) -> list[State[Source]]:
    return planned_runs.states(crm, sources, crm.settings.sources)


def read_due(crm: Crm, stopping: Callable[[], bool] = lambda: False) -> int:
    """How many were read; the demo reads none, and a store without synchronisation waits for it, as every import does."""
    count = 0
    for source in planned_runs.each_due(crm, sources, crm.settings.sources, _claim, stopping):
        read(crm, source)
        count += 1
    return count


def read(crm: Crm, source: Source) -> None:
    """Take what is new in it; what came, or why nothing could, stands in the Automations Log, once."""
    known = planned_runs.known(crm, sources, source.name)
    started = crm.clock.now()
    try:
        filename, content = _content(source)
        digest = hashlib.sha256(content).hexdigest()
        if known and (known["digest"], known["said"]) == (digest, ""):
            return
        titles = frozenset(json.loads(known["titles"])) if known and known["titles"] else frozenset[str]()
        report = import_workbook(crm, NAMED.format(source.name), content, filename, asked=Asked(titles=titles, over_edits=False))
    except StoreError:  # an outage is no failure of the file
        raise
    except TitlesChanged as changed:
        _fail(crm, source, STOPPED.format(changed, source.name), started)
    except Exception as error:
        log.warning("The source %s could not be read.", source.name, exc_info=error)
        _fail(crm, source, told(error), started)
    else:
        _settle(crm, source, report, digest, started)


def accept(crm: Crm, name: str) -> None:
    """Whatever columns it has now are those it is to have. Raises NotFound."""
    source = named(crm, name)
    with crm.write("", Verb.TASKS) as uow:
        _keep(uow, source, titles="", digest="")
        uow.commit_private()


def named(crm: Crm, name: str) -> Source:
    """Raises NotFound."""
    found = next((each for each in crm.settings.sources if each.name == name), None)
    if found is None:
        raise NotFound(f"Il n’y a pas de source «\u00a0{name}\u00a0» dans gnetics.toml.")
    return found


def _claim(uow: UnitOfWork, source: Source) -> None:
    _keep(uow, source, tried_at=uow.now)


def _content(source: Source) -> tuple[str, bytes]:
    """(the file's name, what it holds); its administrator chose the address, of the local network too."""
    if source.url:
        return remote.fetch(source.url, private=True)
    place = Path(source.path)
    try:
        return place.name, place.read_bytes()
    except OSError as error:
        raise GneticsError(f"Le fichier «\u00a0{place.name}\u00a0» ne peut pas être lu ({error.strerror}).") from None


def _keep(uow: UnitOfWork, source: Source, **values: Any) -> None:
    known = uow.connection.execute(select(sources).where(sources.c.name == source.name)).mappings().first()
    row = {"name": source.name, "tried_at": uow.now, "digest": "", "titles": "", "said": "", **(known or {}), **values}
    uow.connection.execute(delete(sources).where(sources.c.name == source.name))
    uow.connection.execute(insert(sources), row)


def _settle(crm: Crm, source: Source, report: Report, digest: str, started: datetime) -> None:
    titles = json.dumps(sorted(column.name for column in report.columns), ensure_ascii=False)
    with crm.write("", Verb.TASKS) as uow:
        _keep(uow, source, read_at=uow.now, digest=digest, titles=titles, said="")
        if report.taken or report.updated or report.refused:
            reason = " ".join(_to_look_at(report)[:TOLD]) or None
            _note(uow, source, started, Status.SUCCEEDED, subject=counts.told(report), reason=reason)
            uow.commit()
        else:
            uow.commit_private()


def _to_look_at(report: Report) -> list[str]:
    kept = counted(report.kept, "valeur changée ici depuis est gardée", "valeurs changées ici depuis sont gardées")
    doubts = [f"{doubt.column}\u00a0: {doubt.sentence}" for doubt in report.doubts]
    said = [f"{kept}."] if report.kept else []
    return said + doubts + [f"Ligne {line}\u00a0: {why}" for sheet in report.sheets for line, why in sheet.refusals.items()]


def _fail(crm: Crm, source: Source, why: str, started: datetime) -> None:
    """Told when it is news."""
    known = planned_runs.known(crm, sources, source.name)
    if known and known["said"] == why:
        return
    with crm.write("", Verb.TASKS) as uow:
        _keep(uow, source, said=why)
        _note(uow, source, started, Status.FAILED, error=why)
        uow.commit()


def _note(uow: UnitOfWork, source: Source, started: datetime, status: Status, **told: str | None) -> None:
    planned_runs.note(uow, f"source {source.name}", NAMED.format(source.name), started, status, **told)
