"""How far an import is."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
EVERY = 500  # rows between two calls of the progress


class Steps:
    """One count over the whole import, told from time to time."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.done = 0
        self._total, self._progress = total, progress

    def __call__(self) -> None:
        self.done += 1
        if self._progress and self.done % EVERY == 0:
            self._progress(self.done, self._total)

    def add(self, start: int, done: int) -> None:
        self.done = start + done
        if self._progress:
            self._progress(min(self.done, self._total), self._total)

    def end(self) -> None:
        self.add(self._total, 0)
