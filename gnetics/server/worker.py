"""The worker of a machine that has no unit for it: a process of its own, which ends with its server however that ends."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Mapping

from tornado.ioloop import PeriodicCallback

log = logging.getLogger("gnetics.server")
LOOKED_AT_EVERY = 60  # seconds
ENDS_WITHIN = 5  # seconds: what it has not committed then is done again by the next one


class Worker:
    """`gnetics worker`, started again when it ends before its server."""

    _process: subprocess.Popen[bytes] | None = None
    _looking: PeriodicCallback | None = None

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment

    def watch(self) -> None:
        self._start()
        self._looking = PeriodicCallback(self._look, 1000 * LOOKED_AT_EVERY)
        self._looking.start()

    def stop(self) -> None:
        if self._looking:
            self._looking.stop()
        if self._process:
            try:
                self._process.communicate(timeout=ENDS_WITHIN)  # closes its standard input
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def _start(self) -> None:
        command = [sys.executable, "-P", "-m", "gnetics.cli", "worker", "--until-eof"]
        self._process = subprocess.Popen(  # Ctrl+C is for the server
            command, stdin=subprocess.PIPE, start_new_session=True, env=self._environment
        )

    def _look(self) -> None:
        if self._process and self._process.poll() is not None:
            log.warning("The worker ended (%d): another one is started.", self._process.returncode)
            self._start()
