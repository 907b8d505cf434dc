"""Templates compiled beforehand (`make templates`): a browser of our server then needs neither Vue's compiler nor their sources."""

from __future__ import annotations

import os
import re
from functools import cache
from hashlib import sha256
from pathlib import Path

from ipyvue import define_module
from ipyvue.Template import Template, get_template

PACKAGE = Path(__file__).parents[1]
BUNDLE = Path(__file__).parent / "bundle" / "templates.mjs"
MODULE = "gnetics"
LOCAL = re.compile(r"^import \{[^}]*\} from '(\.{1,2}/[\w./-]+\.mjs)';$", re.MULTILINE)
ADDRESS = "GNETICS_TEMPLATES_URL"  # in the environment of kernels: where our server serves the bundle; JupyterLab does not


@cache
def sources() -> dict[str, Path]:
    """Every template of ours by its file's name; each stands beside its widget."""
    return {path.name: path for path in PACKAGE.rglob("*.vue")}


def text_of(path: Path) -> str:
    """Of a template, with the modules of ours that it imports written into it, as compile.mjs does."""

    def module(found: re.Match[str]) -> str:
        return re.sub(r"^export ", "", (path.parent / found[1]).read_text("utf-8"), flags=re.MULTILINE)

    return LOCAL.sub(module, path.read_text("utf-8"))


def template_of(file: str) -> Template:
    """What a browser compiles by itself."""
    path = sources()[file]
    template = get_template(path)
    template.template = text_of(path)
    return template


@cache
def digests() -> dict[str, str]:
    """Of the sources that the bundle was made from, by name."""
    lines = BUNDLE.read_text("utf-8").splitlines()
    return {name: digest for _, name, digest in (line.split() for line in lines if line.startswith("// "))}


@cache
def export_of(file: str) -> str | None:
    """The component of the bundle that stands for this template; None when it was changed since, or nobody serves the bundle."""
    name, address = file.removesuffix(".vue"), os.environ.get(ADDRESS)
    if not address or digests().get(name) != sha256(text_of(sources()[file]).encode()).hexdigest():
        return None
    define_module(MODULE, url=address, dependencies=[])
    return name


def prepare() -> None:
    """Make what templates share in a process, before the first of them: the module, and the sources of those changed since."""
    for name in sources():
        if export_of(name) is None:
            template_of(name)
