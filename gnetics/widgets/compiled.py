"""Templates compiled beforehand (`make templates`): a browser of our server then needs neither Vue's compiler nor their sources."""

from __future__ import annotations

import os
from functools import cache
from hashlib import sha256
from pathlib import Path

from ipyvue import define_module
from ipyvue.Template import get_template

HERE = Path(__file__).parent
BUNDLE = HERE / "templates.mjs"
MODULE = "gnetics"
ADDRESS = "GNETICS_TEMPLATES_URL"  # in the environment of kernels: where our server serves the bundle; JupyterLab does not


@cache
def digests() -> dict[str, str]:
    """Of the sources that the bundle was made from, by name."""
    lines = BUNDLE.read_text("utf-8").splitlines()
    return {name: digest for _, name, digest in (line.split() for line in lines if line.startswith("// "))}


@cache
def export_of(file: str) -> str | None:
    """The component of the bundle that stands for this template; None when it was changed since, or nobody serves the bundle."""
    name, address = file.removesuffix(".vue"), os.environ.get(ADDRESS)
    if not address or digests().get(name) != sha256((HERE / file).read_bytes()).hexdigest():
        return None
    define_module(MODULE, url=address, dependencies=[])
    return name


def prepare() -> None:
    """Make what templates share in a process, before the first of them: the module, and the sources of those changed since."""
    for file in HERE.glob("*.vue"):
        if export_of(file.name) is None:
            get_template(file)
