"""`gnetics check`: what an administrator looks at before and after an upgrade, and every night."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.engine import URL

from gnetics.domain.runs import FAILURES, Status
from gnetics.domain.typography import counted
from gnetics.errors import GneticsError
from gnetics.operations.calendar_work import calendar_findings
from gnetics.operations.finding import Finding
from gnetics.operations.mailboxes import mailbox_findings
from gnetics.operations.rules_check import rules_finding
from gnetics.operations.source_work import source_findings
from gnetics.settings import PROJECT, Settings, config_path
from gnetics.store.crm import Crm, open_crm
from gnetics.store.engine import address, place_of
from gnetics.store.schema import REVISION, automations, history, runs

ROOM = 500 << 20  # bytes
DRIFT = timedelta(minutes=2)
LATE = timedelta(hours=36)  # since the last night's tasks
START = "\u00a0: lancez «\u00a0gnetics worker\u00a0», que «\u00a0gnetics serve\u00a0» lance aussi sauf GNETICS_WORKER=non"


def checkup(settings: Settings) -> list[Finding]:
    """One finding per subject; nothing is changed."""
    return list(_findings(settings))


def _findings(settings: Settings) -> Iterator[Finding]:
    try:
        url = address(settings.url)
        crm = open_crm(settings)
    except GneticsError as error:
        yield Finding("Base", False, str(error))
        return
    try:
        yield Finding("Base", True, place_of(url))
        yield Finding("Schéma", True, f"version {REVISION}")
        if url.get_backend_name() == "sqlite":
            yield _soundness(crm.engine)
        yield from _rights([config_path(os.environ), *_files(url)])
        yield _room(settings, url)
        yield _clock(crm)
        yield _night(crm)
        yield from mailbox_findings(crm)
        yield rules_finding(crm)
        yield from source_findings(crm)
        yield from calendar_findings(crm)
    finally:
        crm.close()


def _soundness(engine: Engine) -> Finding:
    with engine.connect() as connection:
        fine = connection.exec_driver_sql("PRAGMA quick_check").scalar() == "ok"
    return Finding(
        "Intégrité",
        fine,
        "la base est saine" if fine else "la base est abîmée\u00a0: reprenez une sauvegarde avec «\u00a0gnetics restore\u00a0»",
    )


def _files(url: URL) -> list[Path]:
    return [Path(str(url.database) + suffix) for suffix in ("", "-wal", "-shm")] if url.get_backend_name() == "sqlite" else []


def _rights(files: list[Path]) -> Iterator[Finding]:
    """The store holds addresses, the settings may hold a password: their owner only may read them."""
    for file in filter(Path.exists, files):
        mode = stat.S_IMODE(file.stat().st_mode)
        fine = not mode & 0o077
        yield Finding(
            "Droits",
            fine,
            f"{file.name} ({mode:o})" + ("" if fine else f"\u00a0: d’autres comptes y accèdent, faites chmod 600 {file.name}"),
        )


def _room(settings: Settings, url: URL) -> Finding:
    sqlite = url.get_backend_name() == "sqlite"
    folder = Path(str(url.database)).parent if sqlite else settings.data_dir if settings.data_dir.is_dir() else PROJECT
    wanted = max(ROOM, 2 * Path(str(url.database)).stat().st_size if sqlite else 0)  # a backup beside the store, and its log
    free = shutil.disk_usage(folder).free
    advice = "" if free >= wanted else f", il en faut {wanted >> 20}\u00a0Mo"
    return Finding("Disque", free >= wanted, f"{free >> 20}\u00a0Mo libres où est la base{advice}")


def _clock(crm: Crm) -> Finding:
    """Against the database's server; on SQLite, against the last change: one from the future tells that the clock went back."""
    sqlite = crm.engine.dialect.name == "sqlite"
    with crm.read() as connection:
        seen = connection.execute(select(func.max(history.c.at) if sqlite else func.now())).scalar()
    now = crm.clock.now()
    ahead = now - seen if seen else timedelta()
    fine = ahead > -DRIFT if sqlite else abs(ahead) < DRIFT
    said = f"{now:%d/%m/%Y %H:%M:%S} ({crm.region.zone_name})"
    wrong = "la dernière modification est datée du" if sqlite else "le serveur de la base dit"
    advice = "" if fine or not seen else f", mais {wrong} {seen.astimezone(now.tzinfo):%d/%m/%Y %H:%M:%S}\u00a0: réglez l’horloge"
    return Finding("Horloge", fine, said + advice)


def _night(crm: Crm) -> Finding:
    """Whether a worker does what is on at night."""
    with crm.read() as connection:
        nightly = connection.execute(select(automations.c.name, automations.c.enabled).where(automations.c.nightly.is_not(None))).all()
        last_of = [_last(connection, row.name) for row in nightly if row.enabled]
    known = [run for run in last_of if run]
    if failed := [run for run in known if run.status in FAILURES]:  # one that is tried again has another run
        words = ", ".join(f"{run.rule} ({run.error})" for run in failed)
        return Finding("Nuit", False, f"{counted(len(failed), 'tâche')} en échec\u00a0: {words}")
    if nightly and not last_of:
        return Finding("Nuit", True, "toutes les tâches sont désactivées")
    if not known:  # the server's own worker comes with the server
        return Finding("Nuit", crm.settings.worker, "tâches pas encore faites" + ("" if crm.settings.worker else START))
    last = max(run.queued_at for run in known).astimezone(crm.region.zone)
    if crm.clock.now() - last > LATE:
        return Finding("Nuit", False, f"tâches pas faites depuis le {last:%d/%m/%Y}{START}")
    what = "faites" if all(run.status == Status.SUCCEEDED for run in known) else "commencées"
    return Finding("Nuit", True, f"tâches {what} le {last:%d/%m/%Y à %H:%M}")


def _last(connection: Connection, name: str) -> Any:
    columns = (runs.c.rule, runs.c.status, runs.c.error, runs.c.queued_at)
    return connection.execute(select(*columns).where(runs.c.automation == name).order_by(runs.c.key.desc()).limit(1)).first()
