"""A thread for a mailbox on a server: it waits by IDLE for new mail, so that the worker reads the mailbox before its next round.

Its line is the only one more that a mailbox gets, given up when the worker cannot read the mailbox; the store is the worker's alone.
"""

from __future__ import annotations

import logging
from contextlib import closing
from threading import Event, Thread
from time import monotonic

from gnetics.errors import MailError
from gnetics.mail.boxes.imap import ImapSource, NotTold
from gnetics.settings.mailbox import MailBox

log = logging.getLogger("gnetics.worker")
RENEWED = 300.0  # seconds: servers end an IDLE after half an hour, and routers forget a line that says nothing before
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 3600.0  # seconds, twice as long each time that a line did not hold
BETWEEN = 1.0  # seconds from one question to the next, whatever the server tells


class Watch(Thread):
    """Ends with the worker, or at once where the server has no IDLE: then the minute of the rounds stays."""

    def __init__(self, box: MailBox) -> None:
        super().__init__(name=f"idle {box.name}", daemon=True)
        self._box = box
        self._news, self._in_the_way, self._ended = Event(), Event(), Event()

    def came(self) -> bool:
        """Whether something came since this was asked last."""
        if not self._news.is_set():
            return False
        self._news.clear()
        return True

    def give_way(self) -> None:
        """The worker could not read the mailbox: its server may take one line only."""
        self._in_the_way.set()

    def end(self) -> None:
        self._ended.set()

    def run(self) -> None:
        pause = 0.0
        while not self._ended.is_set():
            begun = monotonic()
            try:
                self._wait()
            except NotTold as error:
                log.info(error)
                return
            except MailError as error:
                log.info(error)
            except Exception:
                log.exception("Nothing is waited for in the mailbox %s.", self._box.name)
            held = monotonic() - begun > RENEWED
            pause = FIRST_PAUSE if held else min(max(FIRST_PAUSE, 2 * pause), LONGEST_PAUSE)
            self._ended.wait(pause)

    def _wait(self) -> None:
        """Over one line, until it breaks or has to go."""
        self._in_the_way.clear()
        with closing(ImapSource(self._box)) as source:
            while not self._over():
                if source.wait(RENEWED, self._over):
                    self._news.set()
                self._ended.wait(BETWEEN)

    def _over(self) -> bool:
        return self._ended.is_set() or self._in_the_way.is_set()
