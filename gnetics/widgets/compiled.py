"""Templates compiled beforehand (`make templates`): a browser of our server then needs neither Vue's compiler nor their sources."""

from __future__ import annotations

import os
import re
from functools import cache
from hashlib import sha256
from pathlib import Path

from ipyvue import define_module, register_component_from_string
from ipyvue.Template import Template, get_template

PACKAGE = Path(__file__).parents[1]
BUNDLE = Path(__file__).parent / "bundle" / "templates.mjs"
MODULE = "gnetics"
OF_MODULE = re.compile(r"^import \{[^}]*\} from '(\.{1,2}/[\w./-]+\.mjs)';$", re.MULTILINE)
OF_PART = re.compile(r"^import (\w+) from '(\.{1,2}/[\w./-]+\.vue)';$", re.MULTILINE)
ADDRESS = "GNETICS_TEMPLATES_URL"  # in the environment of kernels: where our server serves the bundle; JupyterLab does not


@cache
def sources() -> dict[str, Path]:
    """Every template of ours by its file's name; each stands beside its widget, but for those that are only parts."""
    return {path.name: path for path in PACKAGE.rglob("*.vue")}


def text_of(path: Path) -> str:
    """Of a template, with the modules of ours that it imports written into it, as compile.mjs does."""

    def module(found: re.Match[str]) -> str:
        return re.sub(r"^export ", "", (path.parent / found[1]).read_text("utf-8"), flags=re.MULTILINE)

    return OF_MODULE.sub(module, path.read_text("utf-8"))


def parts_of(path: Path) -> dict[str, Path]:
    """The templates that a template imports, by the name it gives them."""
    return {name: (path.parent / part).resolve() for name, part in OF_PART.findall(path.read_text("utf-8"))}


@cache
def parts() -> frozenset[str]:
    """The files of templates that others import."""
    return frozenset(part.name for path in sources().values() for part in parts_of(path).values())


def digest_of(path: Path) -> str:
    """Of a template, its modules and its parts: a part that is edited changes it too."""
    return sha256(_whole(path).encode()).hexdigest()


def _whole(path: Path) -> str:
    return "".join([text_of(path), *map(_whole, parts_of(path).values())])


def template_of(path: Path) -> Template:
    """What a browser compiles by itself."""
    template = get_template(path)
    template.template = _by_itself(path)
    return template


def _by_itself(path: Path) -> str:
    """Its parts are components of the whole application there: Vue finds them, since the template's own are undefined."""
    for name, part in parts_of(path).items():
        register_component_from_string(name, _by_itself(part), part.name)
    return OF_PART.sub(r"const \1 = undefined;", text_of(path))


@cache
def digests() -> dict[str, str]:
    """Of the sources that the bundle was made from, by name."""
    lines = BUNDLE.read_text("utf-8").splitlines()
    return {name: digest for _, name, digest in (line.split() for line in lines if line.startswith("// "))}


@cache
def export_of(file: str) -> str | None:
    """The component of the bundle that stands for this template; None when it was changed since, or nobody serves the bundle."""
    name, address = file.removesuffix(".vue"), os.environ.get(ADDRESS)
    if not address or digests().get(name) != digest_of(sources()[file]):
        return None
    define_module(MODULE, url=address, dependencies=[])
    return name


def prepare() -> None:
    """Make what templates share in a process, before the first of them: the module, and the sources of those changed since."""
    for name, path in sources().items():
        if name not in parts() and export_of(name) is None:
            template_of(path)
