"""Who asks: the first two cells of each page; in a warm kernel they make the page, then wait for its visitor.

Runs inside kernels, so it never imports voila (1.6 s of CPU and 61 MB per kernel).
"""

from __future__ import annotations

import json
import os
import time
from pathlib import PurePosixPath
from urllib.parse import parse_qsl

from gnetics.errors import GneticsError
from gnetics.kernel import doors
from gnetics.settings import default_user, load
from gnetics.state.request import Request

USER_VARIABLE = "HTTP_X_GNETICS_USER"
LONGEST_PAUSE = 2.0  # seconds between two tries
NO_VISITOR = "Le serveur n’a pas dit qui demande cette page. Rechargez-la ; si cela continue, prévenez votre administrateur."


def prepare(page: str) -> None:
    """Before anything of the page is imported. A kernel that Voilà keeps warm, and that inherited no page, makes this one (a key of the
    sidebar) before anyone comes."""
    warm = os.environ.get("VOILA_PREHEAT")
    if warm is None:
        return
    doors.close()
    if warm == "True":
        _make(page)


def wait() -> Request:
    """The visitor's request; outside Voilà (JupyterLab, tests) an empty one at once. Only what must come after it stands below it: a
    cell is asked for and answered by itself, which takes 10 ms."""
    warm, settings = os.environ.get("VOILA_PREHEAT"), load()
    if warm is None:
        return Request(None, {}, default_user(settings))
    doors.close()
    return _request(_ask(_address(), os.environ["VOILA_KERNEL_ID"]) if warm == "True" else os.environ)


def _make(page: str) -> None:
    from gnetics.pages.opening import current_app, inherited  # with pandas and all widgets: a kernel that is not warm does it itself

    if inherited() is None:
        current_app().page(page)


def _request(told: dict[str, str] | os._Environ[str]) -> Request:
    user = told.get(USER_VARIABLE)
    if not user:
        raise GneticsError(NO_VISITOR)
    query = dict(parse_qsl(told.get("QUERY_STRING", ""), keep_blank_values=True))
    return Request(PurePosixPath(told.get("SCRIPT_NAME", "")).stem or None, query, user, doors.open)


def _address() -> str:
    host, port, base = (os.environ[f"VOILA_{name}"] for name in ("APP_IP", "APP_PORT", "SERVER_URL"))
    return f"ws://{host}:{port}{base}voila/query/"


def _ask(address: str, kernel_id: str) -> dict[str, str]:
    """Block until the server names a visitor; a lost connection is tried again for as long as the server lives."""
    from websockets.exceptions import ConnectionClosed, InvalidHandshake
    from websockets.sync.client import connect

    pause = 0.05
    while True:
        try:
            with connect(address + kernel_id, proxy=None, compression=None, ping_interval=None) as server:
                told: dict[str, str] = json.loads(server.recv())
                return told
        except (OSError, ConnectionClosed, InvalidHandshake):
            time.sleep(pause)
            pause = min(2 * pause, LONGEST_PAUSE)
