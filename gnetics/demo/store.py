"""The demo store, built from the demo workbook with its dates moved to the present week."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from gnetics.demo import workbook as demo_workbook
from gnetics.demo.journey import REFERENCE
from gnetics.domain.history import Action
from gnetics.imports.importer import import_workbook
from gnetics.settings import Settings
from gnetics.store import scratch
from gnetics.store.crm import Crm, create_crm, open_crm
from gnetics.store.schema import history
from gnetics.store.sqlite_file import put

AUTHOR = "Démonstration"


def build_demo(settings: Settings, *, force: bool = False) -> bool:
    """Make settings.demo_store, unless it is there; says whether it was made.

    A demo of another week that nobody has changed is made again, so that its dates stay near today;
    one that somebody has changed is kept, whatever its age. `force` makes it anew in any case.
    """
    if settings.demo_store.exists() and not force and not _stale(settings):
        return False
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    # built aside, then put in place at once: a build that is interrupted never leaves half a demo
    with scratch.folder(settings.data_dir, ".demo-") as folder:
        made = replace(settings, data_dir=folder, database_url="")
        crm = create_crm(made, "demo")
        try:
            import_workbook(crm, AUTHOR, _workbook(), demo_workbook.PATH.name, shift_days=shift(crm.clock.today()))
        finally:
            crm.close()
        put(made.demo_store, settings.demo_store)
    return True


def shift(today: date) -> int:
    """Days, a multiple of 7, from the workbook's reference Monday to this week's."""
    return (_monday(today) - REFERENCE).days


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _workbook() -> bytes:
    return demo_workbook.PATH.read_bytes() if demo_workbook.PATH.exists() else demo_workbook.content()


def _stale(settings: Settings) -> bool:
    crm = open_crm(replace(settings, database_url=f"sqlite:///{settings.demo_store}"), migrate=True)
    try:
        return _built(crm).date() < _monday(crm.clock.today()) and not _touched(crm)
    finally:
        crm.close()


def _built(crm: Crm) -> datetime:
    with crm.read() as connection:
        moment: datetime = connection.execute(select(func.min(history.c.at)).where(history.c.action == Action.IMPORTED)).scalar_one()
    return moment.astimezone(crm.region.zone)


def _touched(crm: Crm) -> bool:
    """Whether anything was written after the import, which is one transaction."""
    with crm.read() as connection:
        imported = connection.execute(
            select(func.max(history.c.rev)).where(history.c.action == Action.IMPORTED, history.c.who == AUTHOR)
        ).scalar_one()
    return crm.latest_rev() > int(imported)
