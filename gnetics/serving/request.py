"""What brought a visitor here: the page, its query and who asks; in a warm kernel, waits for that visitor.

Runs inside kernels, so it never imports voila (1.6 s of CPU and 61 MB per kernel).
"""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import parse_qsl

from gnetics import settings as settings_module
from gnetics.errors import GneticsError
from gnetics.serving import doors
from gnetics.serving.people import default_user

USER_VARIABLE = "HTTP_X_GNETICS_USER"
LONGEST_PAUSE = 2.0  # seconds between two tries
NO_VISITOR = "Le serveur n’a pas dit qui demande cette page. Rechargez-la ; si cela continue, prévenez votre administrateur."


@dataclass(frozen=True)
class Request:
    """`page` is the notebook's name without its ending; None outside Voilà."""

    page: str | None
    query: dict[str, str]
    user: str


def wait() -> Request:
    """The visitor's request; outside Voilà (JupyterLab, tests) an empty one at once."""
    warm, settings = os.environ.get("VOILA_PREHEAT"), settings_module.load()
    if warm is None:
        return Request(None, {}, default_user(settings))
    doors.close()
    return _request(_ask(_address(), os.environ["VOILA_KERNEL_ID"]) if warm == "True" else os.environ)


def _request(told: dict[str, str] | os._Environ[str]) -> Request:
    user = told.get(USER_VARIABLE)
    if not user:
        raise GneticsError(NO_VISITOR)
    query = dict(parse_qsl(told.get("QUERY_STRING", ""), keep_blank_values=True))
    return Request(PurePosixPath(told.get("SCRIPT_NAME", "")).stem or None, query, user)


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
