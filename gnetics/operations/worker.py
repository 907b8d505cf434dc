"""`gnetics worker`: mail, sources, calendars, what rules say, at night too; tells by mail when the store stays silent."""

from __future__ import annotations

import logging
from contextlib import closing
from datetime import datetime
from threading import Event
from time import monotonic

from gnetics.errors import UNEXPECTED, GneticsError, NotAStore, SchemaMismatch, StoreError, StoreLocked
from gnetics.operations import mail_work
from gnetics.operations.alerts import alert
from gnetics.operations.calendar_work import sync_calendars
from gnetics.operations.mail_work import Mailboxes
from gnetics.operations.rule_work import run_rules
from gnetics.operations.source_work import read_sources
from gnetics.settings import Settings
from gnetics.store.crm import open_crm
from gnetics.store.heartbeat import beat

log = logging.getLogger("gnetics.worker")
PAUSE = 60.0  # seconds
SENT_WITHIN = 4.0  # seconds: somebody waits for what they decided to send
SILENT_FOR = 300.0  # seconds: a restart of the database is no news


class Outage:
    """Since when the store has not answered, and whether it was told."""

    begun: datetime | None = None
    told = False

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seconds = 0.0

    def over(self) -> None:
        self.begun, self.told = None, False

    def go_on(self, why: str) -> None:
        now = self._settings.clock.now()
        if self.begun is None:
            self.begun, self._seconds = now, monotonic()
        if self.told or monotonic() - self._seconds < SILENT_FOR:
            return
        lines = [f"Depuis le {self.begun:%d/%m/%Y à %H:%M}\u00a0: {why}"]
        try:
            alert(self._settings, "la base ne répond plus", lines, now, f"panne-{self.begun:%Y%m%d%H%M}")
        except GneticsError as error:
            log.warning(error)
        else:
            self.told = True


def work(settings: Settings, stopping: Event) -> None:
    """Until told to stop; a task that is being done is finished first.

    Raises SchemaMismatch when the store is of another version: the code was changed under it, and whoever started it starts it anew.
    """
    log.info("Le planificateur de CRM GNETICS est prêt.")
    with closing(Mailboxes()) as mailboxes:
        _work(settings, stopping, mailboxes)


def _work(settings: Settings, stopping: Event, mailboxes: Mailboxes) -> None:
    outage, next_round = Outage(settings), 0.0
    while not stopping.is_set():
        pause = PAUSE
        try:
            with closing(open_crm(settings, trusted=True)) as crm:  # opened anew: another store may have been put in its place
                begins = monotonic() >= next_round
                mailboxes.fetch(crm, begins, stopping.is_set)
                if begins:
                    read_sources(crm, stopping.is_set)
                    sync_calendars(crm, stopping.is_set)
                    run_rules(crm, stopping.is_set)
                    beat(crm)
                    next_round = monotonic() + PAUSE
                mail_work.propose(crm)
                mail_work.send(crm, stopping.is_set)
        except StoreLocked as error:  # somebody writes for long: it answers
            log.warning(error)
            outage.over()
        except StoreError as error:
            if isinstance(error, SchemaMismatch) and not isinstance(error, NotAStore):
                raise
            log.warning(error)
            outage.go_on(str(error))
        except Exception as error:
            log.exception("The work cannot be done.")
            outage.go_on(UNEXPECTED.format(type(error).__name__))
        else:
            outage.over()
            pause = min(PAUSE, SENT_WITHIN)
        stopping.wait(pause)
