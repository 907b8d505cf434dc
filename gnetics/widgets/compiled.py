"""Templates compiled beforehand (`make templates`): a browser of our server then needs neither Vue's compiler nor their sources."""

from __future__ import annotations

import os
from functools import cache
from hashlib import sha256
from pathlib import Path

from ipyvue import define_module
from ipyvue.Template import get_template

PACKAGE = Path(__file__).parents[1]
BUNDLE = Path(__file__).with_name("templates.mjs")
MODULE = "gnetics"
ADDRESS = "GNETICS_TEMPLATES_URL"  # in the environment of kernels: where our server serves the bundle; JupyterLab does not


@cache
def sources() -> dict[str, Path]:
    """Every template of ours by its file's name; each stands beside its widget."""
    return {path.name: path for path in PACKAGE.rglob("*.vue")}


@cache
def digests() -> dict[str, str]:
    """Of the sources that the bundle was made from, by name."""
    lines = BUNDLE.read_text("utf-8").splitlines()
    return {name: digest for _, name, digest in (line.split() for line in lines if line.startswith("// "))}


@cache
def export_of(file: str) -> str | None:
    """The component of the bundle that stands for this template; None when it was changed since, or nobody serves the bundle."""
    name, address = file.removesuffix(".vue"), os.environ.get(ADDRESS)
    if not address or digests().get(name) != sha256(sources()[file].read_bytes()).hexdigest():
        return None
    define_module(MODULE, url=address, dependencies=[])
    return name


def prepare() -> None:
    """Make what templates share in a process, before the first of them: the module, and the sources of those changed since."""
    for name, path in sources().items():
        if export_of(name) is None:
            get_template(path)
