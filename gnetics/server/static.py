"""Files of the front end: compressed, and kept for ever by the browser under an address that changes with their content."""

from __future__ import annotations

import hashlib
import logging
import os
import posixpath
import re
from functools import cache
from importlib.metadata import distributions
from mimetypes import guess_type
from pathlib import Path
from threading import get_ident
from typing import Any

import brotli
from jupyter_server.base.handlers import FileFindHandler
from jupyterlab_server.themes_handler import ThemesHandler
from platformdirs import user_cache_dir
from tornado import web
from voila.static_file_handler import AllowListFileHandler, MultiStaticFileHandler, TemplateStaticFileHandler
from voila.utils import make_url

from gnetics.server.handlers import FrenchErrors, Plain

log = logging.getLogger("gnetics.static")
TEMPLATE = "gnetics"
FRONT_END = ("voila", "ipyvue", "ipyvuetify", "bqplot", "bqscales", "ipywidgets", "jupyterlab_widgets")
ICONS = "jupyter-vuetify/static/088756a8adfa8995.woff2"  # 7,000 of them
OUR_ICONS = Path(__file__).with_name("icons.woff2")  # those that pages use (`make icons`), sent in its place: a thirtieth of its size
# ipywidgets looks for a widget for two seconds, then not again: on a busy machine all of them come in between, and the page never
# shows (its issue 4026)
MENDED = (b'throw Error("widget model not found")', b'if(void 0===(t=this._models[e]))throw Error("widget model not found")')
LIST = Path(__file__).with_name("front_end.txt")  # of what front_end.py sends as one script
TEXTS = (".js", ".mjs", ".css", ".json", ".svg")
QUALITY = 9  # 12 % smaller than gzip for 4 s of work, once; 11 would save as much again for 15 times that


@cache
def stamp() -> str:
    """Changes whenever one of the packages that bring front-end files does, or what we send in a file's place."""
    found = sorted((d.metadata["Name"], d.version) for d in distributions() if d.metadata["Name"].lower().replace("-", "_") in FRONT_END)
    return hashlib.sha256(repr((found, MENDED)).encode() + OUR_ICONS.read_bytes() + LIST.read_bytes()).hexdigest()[:12]


def cache_folder() -> Path:
    """Where this version of the front end is kept compressed, for all servers of this account."""
    return Path(user_cache_dir("gnetics", appauthor=False)) / stamp()


class Kept(Plain):
    """Under a stamped address (or with ?v=…) a file never changes; its text is compressed once, for browsers that read Brotli."""

    original = ""

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        """The file to send: the compressed one when there is one."""
        found: str | None = super().validate_absolute_path(root, absolute_path)  # type: ignore[misc]
        self.original = found or ""
        if not found or not found.endswith(TEXTS) or "br" not in re.findall(r"\w+", self.request.headers.get("Accept-Encoding", "")):
            return found
        try:
            small = str(compressed(Path(found), cache_folder()))
        except OSError as error:  # a full disk: the file itself is as good
            log.warning("%s cannot be compressed: %s", found, error)
            return found
        self.set_header("Content-Encoding", "br")
        return small

    def get_content_size(self) -> int:
        return Path(self.absolute_path).stat().st_size  # type: ignore[attr-defined]

    def get_content_type(self) -> str:
        return guess_type(self.original)[0] or "application/octet-stream"

    def set_headers(self) -> None:
        super().set_headers()  # type: ignore[misc]
        self.set_header("Vary", "Accept-Encoding")
        kept = self.settings["gnetics_stamp"] in self.request.path or "v" in self.request.arguments
        self.set_header("Cache-Control", "public, max-age=31536000, immutable" if kept else "no-cache")


def compressed(file: Path, folder: Path) -> Path:
    """The file once compressed: kept in `folder`, which the system may empty."""
    made = folder / f"{hashlib.sha256(str(file).encode()).hexdigest()}-{file.stat().st_mtime_ns}.br"
    if not made.exists():
        keep(brotli.compress(file.read_bytes(), quality=QUALITY), made)
    return made


def keep(content: bytes, place: Path) -> None:
    """Write a file of the cache, there as a whole or not at all."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    partial = place.with_suffix(f".{os.getpid()}-{get_ident()}")  # servers and their threads may make the same one at once
    try:
        partial.write_bytes(content)
        partial.replace(place)
    finally:
        partial.unlink(missing_ok=True)


class VoilaFile(Kept, MultiStaticFileHandler):  # type: ignore[misc]
    """Voilà's own scripts."""


class TemplateFile(Kept, TemplateStaticFileHandler):  # type: ignore[misc]
    """Files of the template, addressed with ?v=…"""

    def parse_url_path(self, path: str) -> str:
        path = posixpath.normpath(path)
        _, folder, inside = [*path.split("/", 2), "", ""][:3]
        if folder != "static" or not inside or "\0" in path:  # the original asserts
            raise web.HTTPError(404)
        parsed: str = super().parse_url_path(path)
        return parsed


class Extension(Kept, FileFindHandler):
    """Scripts of the widget packages."""

    def prepare(self) -> None:  # type: ignore[override]
        """Open to all: nobody is asked of the store, which may be away."""

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:
        found = super().validate_absolute_path(root, absolute_path)
        return str(OUR_ICONS) if found and found.endswith(ICONS) else found


class Theme(FrenchErrors, ThemesHandler):
    """Style sheets of JupyterLab's themes."""


class NoFile(FrenchErrors, AllowListFileHandler):  # type: ignore[misc]
    """Files beside the notebooks: none may be fetched."""


def stamped(page_config: dict[str, Any], base_url: str, **_: Any) -> dict[str, Any]:
    """Voilà's page_config_hook: stamped addresses, and the theme's with its prefix."""
    page_config["fullStaticUrl"] = f"{base_url}voila/static/{stamp()}"
    page_config["fullLabextensionsUrl"] = f"{base_url}voila/labextensions/{stamp()}"
    page_config["themesUrl"] = f"{base_url}voila/api/themes"
    page_config["fullMathjaxUrl"] = make_url(TEMPLATE, base_url, "static/mathjax.js")
    return page_config


def with_stamp(path: str) -> str:
    """The route of a folder of static files, also reachable under its stamped address."""
    return re.sub(r"(/voila/(?:static|labextensions)/)\(", rf"\1(?:{stamp()}/)?(", path)
