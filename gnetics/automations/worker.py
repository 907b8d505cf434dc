"""`gnetics worker`: does the tasks of the night, once for the store; tells by mail when the store stays silent."""

from __future__ import annotations

import logging
from contextlib import closing
from datetime import datetime, timedelta
from threading import Event

from gnetics.automations.nightly import do_tasks
from gnetics.errors import GneticsError, StoreError
from gnetics.mail.alerts import alert
from gnetics.settings import Settings
from gnetics.store.crm import open_crm

log = logging.getLogger("gnetics.worker")
PAUSE = 60.0  # seconds
SILENT_FOR = timedelta(minutes=5)  # a restart of the database is no news


class Outage:
    """How long the store has not answered, and whether it was told."""

    since: datetime | None = None
    told = False

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def over(self) -> None:
        self.since, self.told = None, False

    def go_on(self, why: str) -> None:
        now = self._settings.clock.now()
        self.since = self.since or now
        if self.told or now - self.since < SILENT_FOR:
            return
        about = f"panne-{self.since:%Y%m%d%H%M}"
        try:
            alert(self._settings, "la base ne répond plus", [f"Depuis {self.since:%H:%M}\u00a0: {why}"], now, about)
        except GneticsError as error:
            log.warning(error)
        else:
            self.told = True


def work(settings: Settings, stopping: Event) -> None:
    """Until told to stop; a task that is being done is finished first."""
    log.info("Le planificateur de CRM GNETICS est prêt.")
    outage = Outage(settings)
    while not stopping.is_set():
        try:
            with closing(open_crm(settings, trusted=True)) as crm:  # opened anew: another store may have been put in its place
                do_tasks(crm, stopping.is_set)
        except StoreError as error:
            log.warning(error)
            outage.go_on(str(error))
        else:
            outage.over()
        stopping.wait(PAUSE)
