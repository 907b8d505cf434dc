"""The icons that pages use, out of the 7,000 that ipyvuetify brings: `make icons`, after a new one."""

from __future__ import annotations

import re
import sys
from functools import cache
from io import BytesIO
from itertools import chain
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from jupyter_core.paths import jupyter_path

from gnetics.server import static

PACKAGE = Path(static.__file__).parents[1]
NAME = re.compile(r"mdi-[a-z0-9]+(?:-[a-z0-9]+)*")
SOURCES = {".py", ".vue", ".css", ".json", ".html", ".j2"}


@cache
def whole() -> TTFont:
    """The font of ipyvuetify, whose glyphs have the names of the icons."""
    folders = [Path(folder) / static.ICONS for folder in jupyter_path("labextensions")]
    return TTFont(next(folder for folder in folders if folder.exists()))


def used() -> set[int]:
    """Code points of the icons of our sources, and of those that Vuetify puts in its own components."""
    ours = [file.read_text("utf-8") for file in PACKAGE.rglob("*") if file.suffix in SOURCES]
    folders = [Path(folder) / "jupyter-vuetify" / "static" for folder in jupyter_path("labextensions")]
    theirs = [file.read_text("utf-8") for folder in folders for file in folder.glob("*.js") if file.stat().st_size < 1_000_000]
    names = {name.removeprefix("mdi-") for name in chain.from_iterable(map(NAME.findall, ours + theirs))}
    return {code for code, name in whole().getBestCmap().items() if name in names}


def make() -> bytes:
    """The font with these alone."""
    options = subset.Options(flavor="woff2", layout_features=[], notdef_outline=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=used())
    font = TTFont(BytesIO(_bytes(whole())))
    subsetter.subset(font)
    _in_place(font)
    font.flavor = "woff2"
    return _bytes(font)


def _in_place(font: TTFont) -> None:
    """Each drawn where its outline is: the bearings of the whole font say 0, which draws at the left edge."""
    glyphs = font["glyf"]
    for name, (width, _) in font["hmtx"].metrics.items():
        glyphs[name].recalcBounds(glyphs)
        font["hmtx"][name] = width, glyphs[name].xMin


def _bytes(font: TTFont) -> bytes:
    made = BytesIO()
    font.save(made)
    return made.getvalue()


if __name__ == "__main__":
    sys.stdout.write(f"{static.OUR_ICONS.write_bytes(make())} bytes\n")
