"""The folder list is the design: who may import whom, read from the code itself."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "gnetics"
LEAVES = {"errors", "texts", "clock", "log_output", "settings"}
BASE = {"domain"} | LEAVES
ALLOWED: dict[str, set[str]] = {
    "settings": {"clock", "domain", "errors"},
    "errors": set(),
    "texts": set(),
    "clock": set(),
    "log_output": set(),
    "domain": LEAVES - {"settings"},
    "store": BASE,
    "metrics": BASE,
    "actions": BASE | {"store"},
    "imports": BASE | {"store", "actions", "exports"},  # what an import refuses leaves as a file
    "exports": BASE,
    "calendars": BASE | {"store", "actions", "imports", "exports"},  # of both, iCalendar
    "demo": BASE | {"store", "imports"},
    "mail": BASE | {"store", "actions", "imports", "exports"},  # of both, the iCalendar of invitations and their answers
    "automations": BASE | {"store", "metrics", "actions", "mail"},
    "operations": BASE | {"store", "actions", "mail", "automations", "imports", "calendars"},
    "state": BASE,
    "widgets": BASE | {"state"},
    "pages": BASE | {"store", "metrics", "actions", "imports", "exports", "mail", "state", "widgets"},
    "analysis": BASE | {"store", "metrics", "actions", "exports", "widgets"},
    "kernel": BASE | {"store", "state", "pages", "analysis"},
    "server": BASE | {"store", "exports", "mail", "state"},  # of exports, what other calendars read
    "__init__": BASE | {"store", "imports", "analysis"},
}
ALLOWED["cli"] = set(ALLOWED) - {"__init__"}
MODULES = sorted(PACKAGE.rglob("*.py"))


def part_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> set[str]:
    """Parts of gnetics that a module imports."""
    return {name.split(".")[1] for name in _modules(path) if name.startswith("gnetics.")}


def _modules(path: Path) -> set[str]:
    """What a module imports, anywhere in it, by `import_module("…")` too."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == "import_module":
            names = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        if isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: imports are absolute"
            names = [f"gnetics.{alias.name}" for alias in node.names] if node.module == "gnetics" else [node.module]
        found.update(names)
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_follow_the_arrows(path: Path) -> None:
    part = part_of(path)
    wrong = imports(path) - ALLOWED[part] - {part}
    assert not wrong, f"{path.relative_to(PACKAGE)} may not import {sorted(wrong)}"


def test_no_folder_is_reached_again_from_what_it_imports() -> None:
    others = {part: allowed - {part} for part, allowed in ALLOWED.items()}
    assert set(TopologicalSorter(others).static_order()) == set(ALLOWED)


def test_no_module_is_called_utils_helpers_or_common() -> None:
    assert not [path for path in MODULES if path.stem in {"utils", "helpers", "common", "misc"}]


LOOKED_AT = {  # state of one page: testable without a widget, as what is in state/
    "boards": ["period"],
    "calendrier": ["shown_days", "index", "layout", "event_draft", "event_repeat"],
    "contacts": ["facets", "sorts", "shown", "selection", "draft"],
    "faq": ["search"],
    "logs": ["log", "mail_log"],
}


@pytest.mark.parametrize(("page", "name"), [(page, name) for page, names in LOOKED_AT.items() for name in names])
def test_the_state_of_a_page_knows_only_what_it_is_state_of(page: str, name: str) -> None:
    path = PACKAGE / "pages" / page / f"{name}.py"
    inside = {name for name in _modules(path) if name.startswith("gnetics.pages.")}
    allowed = {f"gnetics.pages.{page}.{name}" for page, names in LOOKED_AT.items() for name in names}
    assert inside <= allowed and imports(path) <= ALLOWED["state"] | {"state", "pages"}
    assert not {"ipywidgets", "ipyvuetify"} & {name.partition(".")[0] for name in _modules(path)}


@pytest.mark.parametrize("folder", ["domain", "state", "metrics", "store", "actions", "imports", "exports", "demo"])
def test_no_widget_below_the_widgets(folder: str) -> None:
    for path in (PACKAGE / folder).rglob("*.py"):
        text = path.read_text("utf-8")
        assert "ipywidgets" not in text and "ipyvuetify" not in text, path
