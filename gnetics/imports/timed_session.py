"""Requests of other servers whose answers end, or are left, within a time."""

from __future__ import annotations

from functools import partial
from typing import Any

import requests
from requests.adapters import HTTPAdapter

from gnetics.imports.timed import Answer, Clock


def session(seconds: float, silence: float) -> requests.Session:
    """Seconds of each whole answer, and without a word of it: beyond, it raises what requests raises for a silent server."""
    made, adapter = requests.Session(), _Timed(seconds, silence)
    for scheme in ("https://", "http://"):
        made.mount(scheme, adapter)
    return made


class _Timed(HTTPAdapter):
    def __init__(self, seconds: float, silence: float) -> None:
        super().__init__()
        self._clock = partial(Clock, seconds, silence)

    def get_connection_with_tls_context(self, *arguments: Any, **options: Any) -> Any:
        pool = super().get_connection_with_tls_context(*arguments, **options)
        if not hasattr(pool.ConnectionCls, "clock"):
            pool.ConnectionCls = type("Timed", (pool.ConnectionCls,), {"clock": staticmethod(self._clock), "response_class": _answer})
        return pool


def _answer(connection: Any, *arguments: Any, **options: Any) -> Answer:
    """As a method of a connection: the clock of each of its answers starts when the answer is waited for."""
    return Answer(*arguments, clock=connection.clock(), **options)
