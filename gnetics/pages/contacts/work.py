"""A long task of a page, which runs beside the kernel's loop: « Arrêter » is heard and progress is drawn meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Event
from typing import TypeVar

from gnetics.errors import GneticsError
from gnetics.widgets.guard import guard

T = TypeVar("T")
Progress = Callable[[int, int], None]
_TICK = 0.15  # seconds between two drawings of the progress


class Cancelled(GneticsError):
    """The person asked to stop."""


class Work:
    """One task at a time; `draw` receives a percentage."""

    def __init__(self, draw: Callable[[int], None]) -> None:
        self._draw = draw
        self._stop = Event()
        self._running: asyncio.Task[None] | None = None  # held, since a loop forgets its tasks

    def start(self, task: Callable[[Progress], T], then: Callable[[Callable[[], T]], None]) -> None:
        """`then` receives what gives the result, or raises what the task raised. Without a loop, all is done on return."""
        steps = _Steps()
        self._stop = steps.stop
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            then(lambda: task(lambda done, total: self._at_once(steps, done, total)))
            return
        self._running = loop.create_task(self._follow(task, then, steps))

    def stop(self) -> None:
        """The task raises Cancelled at its next progress."""
        self._stop.set()

    def _at_once(self, steps: _Steps, done: int, total: int) -> None:
        steps(done, total)
        self._draw(steps.percent)

    async def _follow(self, task: Callable[[Progress], T], then: Callable[[Callable[[], T]], None], steps: _Steps) -> None:
        working = asyncio.get_running_loop().run_in_executor(None, task, steps)
        while not working.done():
            await asyncio.wait({working}, timeout=_TICK)
            if not steps.stop.is_set():
                guard(self._draw)(steps.percent)
        guard(then)(working.result)


class _Steps:
    """Of one task, so that stopping it never stops the next."""

    def __init__(self) -> None:
        self.stop = Event()
        self.percent = -1

    def __call__(self, done: int, total: int) -> None:
        if self.stop.is_set():
            raise Cancelled("Arrêté\u00a0: rien n’a été changé.")
        self.percent = 100 * done // max(total, 1)
