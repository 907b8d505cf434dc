"""Asks a server's health all along, while something else is done to it."""

from __future__ import annotations

import time
from threading import Event, Thread
from types import TracebackType
from typing import Self

import psutil

from tests.served import Served

LIMIT = 1.0  # seconds for an answer


class Watch:
    """`slowest` answer in seconds, `late` (waited for, worked meanwhile) those for which the server itself, and not a busy machine,
    took longer than the limit; bytes it took meanwhile."""

    def __init__(self, server: Served, pause: float = 0.02) -> None:
        self._server, self._pause = server, pause
        self._process = psutil.Process(server.process.pid)
        self._stop, self._thread = Event(), Thread(target=self._ask)
        self.asked, self.slowest = 0, 0.0
        self.late: list[tuple[float, float]] = []
        self.wrong: list[str] = []
        self.before = self.highest = self.memory()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()

    def memory(self) -> int:
        return int(self._process.memory_info().rss)

    def _ask(self) -> None:
        while not self._stop.wait(self._pause):
            start, worked = time.perf_counter(), sum(self._process.cpu_times()[:2])
            try:
                answer = self._server.get("sante")
            except OSError as error:
                self.wrong.append(repr(error))
                continue
            seconds = time.perf_counter() - start
            if answer.status != 200:
                self.wrong.append(f"{answer.status} {answer.body}")
            if seconds > LIMIT and (own := sum(self._process.cpu_times()[:2]) - worked) > LIMIT:
                self.late.append((seconds, own))
            self.asked += 1
            self.slowest = max(self.slowest, seconds)
            self.highest = max(self.highest, self.memory())

    def healthy(self, growth: int) -> None:
        """Fails unless every answer was right and in time, and the server at no time took more than so many bytes."""
        assert self.asked and not self.wrong and not self.late, (self.asked, self.wrong[:3], self.late[:3])
        assert self.highest - self.before < growth, f"{(self.highest - self.before) >> 20} MiB more"
