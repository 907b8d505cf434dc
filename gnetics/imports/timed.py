"""Answers that are read against a clock, from the first byte of their headers on: the limits of a socket hold for one piece of them."""

from __future__ import annotations

import http.client
import io
import socket
import time
from typing import Any


class Clock:
    """What is left of the seconds given to a whole, and of those without a word."""

    def __init__(self, seconds: float, silence: float) -> None:
        self._end, self._silence = time.monotonic() + seconds, silence

    def left(self) -> float:
        """Seconds until the next piece must be there; raises TimeoutError when the time is over."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return min(left, self._silence)

    def over(self) -> bool:
        return time.monotonic() >= self._end


class Answer(http.client.HTTPResponse):
    def __init__(self, connected: socket.socket, *arguments: Any, clock: Clock, **options: Any) -> None:
        super().__init__(connected, *arguments, **options)
        self.fp = io.BufferedReader(_Timed(self.fp.detach(), connected, clock))


class _Timed(io.RawIOBase):
    def __init__(self, raw: io.RawIOBase, connected: socket.socket, clock: Clock) -> None:
        self._raw, self._connected, self._clock = raw, connected, clock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._connected.settimeout(self._clock.left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()
