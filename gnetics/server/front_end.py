"""What every page asks of the front end, in few files that its head announces: they come while the page's kernel still works.

`front_end.txt` lists it; a test in the browser keeps the list in step with the packages of the lock. Most of it are 80 chunks of
webpack's, which only define modules and may run before they are asked for: they are sent as one script.
"""

from __future__ import annotations

import functools
import hashlib
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tornado import web

from gnetics.server import cache, static

log = logging.getLogger("gnetics.static")
TEMPLATES = Path(__file__).parents[1] / "widgets" / "bundle" / "templates.mjs"
FOLDER, CHUNKS = "front-end", "chunks.js"  # of their addresses
ROBOTO = {"1e2d4d3a272629cd.woff2": 400, "1dfbc3dbf815e3f3.woff2": 500}  # the files of our type, and their weights
Roots = Mapping[str, Sequence[str]]  # the folders that « static » and « labextensions » stand for


class Templates(static.Kept, web.StaticFileHandler):
    """The templates of our widgets, compiled (widgets/compiled.py)."""


class Chunks(static.Kept, web.StaticFileHandler):
    """One script of many; a page also works without, asking for each."""

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        _bundle(Path(root), self.settings["gnetics_front_end"])
        return super().validate_absolute_path(root, absolute_path)


@functools.cache
def listed() -> tuple[str, ...]:
    """Addresses below `voila/`, without their stamp."""
    return tuple(static.LIST.read_text("utf-8").split())


@dataclass(frozen=True)
class Announced:
    """Addresses, without the server's prefix: `scripts` are asked for by others, and run when they are."""

    templates: str
    chunks: str
    scripts: tuple[str, ...]
    fonts: tuple[str, ...]


@functools.cache
def announced() -> Announced:
    templates = f"{FOLDER}/{TEMPLATES.name}?v={hashlib.sha256(TEMPLATES.read_bytes()).hexdigest()[:12]}"
    others = [each.replace("/", f"/{static.stamp()}/", 1) for each in listed() if not is_chunk(each)]
    scripts, fonts = ([f"voila/{each}" for each in others if (".woff2" in each) == font] for font in (False, True))
    return Announced(templates, f"{FOLDER}/{CHUNKS}?v={static.stamp()}", tuple(scripts), tuple(fonts))


def typefaces() -> list[tuple[str, int]]:
    """Of pages without the app: addresses as above, and weights."""
    return [(address, weight) for address in announced().fonts for name, weight in ROBOTO.items() if name in address]


def handlers(prefix: str) -> list[tuple[str, type, dict[str, Any]]]:
    """Where they are served."""
    return [
        (rf"{prefix}{FOLDER}/({TEMPLATES.stem}\.mjs)", Templates, {"path": TEMPLATES.parent}),
        (rf"{prefix}{FOLDER}/(chunks\.js)", Chunks, {"path": static.cache_folder()}),
    ]


def prepare(roots: Roots, stopped: Callable[[], bool]) -> None:
    """At the start of a server, so that its first visitor waits for nothing; done once for all servers of a version."""
    folder = static.cache_folder()
    try:
        cache.hold(folder)
        cache.remove_unused(folder.parent)
        for file in (_bundle(folder, roots), TEMPLATES):
            if not stopped():
                static.compressed(file, folder)
    except OSError as error:  # then each visit tries again
        log.warning("the front end cannot be prepared: %s", error)


def is_chunk(address: str) -> bool:
    """Whether it goes into the one script."""
    name = address.rsplit("/", 1)[-1]
    return not (".woff2" in name or name == "voila.js" or name.startswith("remoteEntry."))


def _bundle(folder: Path, roots: Roots) -> Path:
    made = folder / CHUNKS
    if not made.exists():
        # in a function each: « use strict » is of a chunk, not of all
        bundle = "\n".join(f"(function(){{{text}\n}}).call(self);" for text in _chunks(roots)).encode()
        static.keep(bundle.replace(*static.MENDED), made)
    return made


def _chunks(roots: Roots) -> Iterator[str]:
    for address in filter(is_chunk, listed()):
        kind, _, rest = address.partition("?")[0].partition("/")
        files = [file for root in roots[kind] if (file := Path(root) / rest).is_file()]
        yield from (file.read_text("utf-8") for file in files[:1])
