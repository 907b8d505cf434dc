"""Text typed by people reaches the browser only through traits: nothing turns it into HTML."""

from __future__ import annotations

import re
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "gnetics"
TEMPLATES = sorted(PACKAGE.rglob("*.vue"))
FORBIDDEN_PYTHON = re.compile(r"ipywidgets\.HTML|\bw(idgets)?\.HTML\(|from ipywidgets import .*\bHTML\b|display\.HTML|_repr_html_")
FORBIDDEN_VUE = re.compile(
    r"v-html|innerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|https?://(?!\.\.\.)[a-z0-9.-]+/[^\"' ]*\.(js|css)"
)


def test_python_never_builds_html() -> None:
    assert not [path for path in PACKAGE.rglob("*.py") if FORBIDDEN_PYTHON.search(path.read_text("utf-8"))]


def test_templates_never_inject_html() -> None:
    assert TEMPLATES
    assert not [path for path in TEMPLATES if FORBIDDEN_VUE.search(path.read_text("utf-8"))]


def test_every_template_derives_from_the_guarded_base() -> None:
    for path in PACKAGE.rglob("*.py"):
        if path.name != "base.py":
            assert "VuetifyTemplate" not in path.read_text("utf-8"), path


def test_colours_are_written_in_the_theme_only() -> None:
    colour = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b")
    for path in TEMPLATES:
        assert not colour.search(path.read_text("utf-8")), f"{path.name} writes a colour: use a --g-* token"
