"""What every page asks of the front end, announced in its head: fetched and read while the page's kernel still works.

`front_end.txt` lists it; a test in the browser keeps the list in step with the packages of the lock.
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_path
from tornado import web

from gnetics.serving import static

log = logging.getLogger("gnetics.static")
LIST = Path(__file__).with_suffix(".txt")
BUNDLE = Path(__file__).parents[1] / "widgets" / "templates.mjs"
FOLDER = "widgets"  # of its address


class Templates(static.Kept, web.StaticFileHandler):
    """The templates of our widgets, compiled (widgets/compiled.py)."""


def templates_url(base_url: str) -> str:
    """Changes with the content."""
    return f"{base_url}{FOLDER}/{BUNDLE.name}?v={hashlib.sha256(BUNDLE.read_bytes()).hexdigest()[:12]}"


@cache
def listed() -> tuple[str, ...]:
    """Addresses below `voila/`, without their stamp."""
    return tuple(LIST.read_text("utf-8").split())


@cache
def announced() -> dict[str, list[str]]:
    """Addresses below `voila/`: `chunks` only define modules and may run at any time, `entries` not before they are asked for."""
    found: dict[str, list[str]] = {"chunks": [], "entries": [], "fonts": []}
    for address in listed():
        folder, _, rest = address.partition("/")
        name = rest.rsplit("/", 1)[-1]
        kind = "fonts" if ".woff2" in name else "entries" if name == "voila.js" or name.startswith("remoteEntry.") else "chunks"
        found[kind].append(f"{folder}/{static.stamp()}/{rest}")
    return found


def compress(static_paths: Sequence[str], folder: Path, stopped: Callable[[], bool]) -> None:
    """At the start of a server, so that its first visitor does not wait for it: 4 s of work, done once for all servers of a version."""
    for other in folder.parent.glob("*"):
        if other != folder:
            shutil.rmtree(other, ignore_errors=True)
    roots: dict[str, Any] = {"static": static_paths, "labextensions": jupyter_path("labextensions")}
    for address in listed():
        kind, _, rest = address.partition("?")[0].partition("/")
        file = next((file for root in roots[kind] if (file := Path(root) / rest).is_file()), None)
        if stopped():
            return
        if file and file.suffix in static.TEXTS:
            try:
                static.compressed(file, folder)
            except OSError as error:  # then each visit tries again
                log.warning("%s cannot be compressed: %s", file, error)
