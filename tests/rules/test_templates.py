"""What browsers are given of the templates is what their sources say."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from gnetics.widgets import compiled


def test_the_bundle_is_made_from_the_templates_as_they_are() -> None:
    now = {file.stem: compiled.digest_of(file) for file in compiled.PACKAGE.rglob("*.vue")}
    assert len(now) == len([*compiled.PACKAGE.rglob("*.vue")]), "two templates of one name"
    assert compiled.digests() == now, "run `make templates`"


def test_the_bundle_exports_every_template() -> None:
    exported = re.search(r"(?<![-\w])export\{([^}]*)\}", compiled.BUNDLE.read_text("utf-8"))
    assert exported and {name.split(" as ")[-1] for name in exported[1].split(",")} == compiled.digests().keys()


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    monkeypatch.setenv(compiled.ADDRESS, "/widgets/templates.mjs")
    compiled.export_of.cache_clear()
    yield monkeypatch
    compiled.export_of.cache_clear()


def test_a_template_that_changed_since_is_compiled_by_the_browser(served: pytest.MonkeyPatch) -> None:
    served.setattr(compiled, "digests", lambda: {"faq": "another"})
    assert compiled.export_of("faq.vue") is None


def test_without_our_server_templates_are_compiled_by_the_browser(served: pytest.MonkeyPatch) -> None:
    assert compiled.export_of("faq.vue") == "faq"
    compiled.export_of.cache_clear()
    served.delenv(compiled.ADDRESS)
    assert compiled.export_of("faq.vue") is None


def test_a_part_goes_by_the_name_of_its_file() -> None:
    """Where a browser compiles it, that is its name in the whole application."""
    imported = {(name, part.stem) for path in compiled.sources().values() for name, part in compiled.parts_of(path).items()}
    assert {(name, stem) for name, stem in imported if name != stem.title().replace("_", "")} == set()


def test_no_line_is_longer_than_those_of_python() -> None:
    scripts = [*compiled.PACKAGE.rglob("*.vue"), *compiled.PACKAGE.rglob("*.mjs"), *compiled.PACKAGE.rglob("session.js")]
    lines = [(file.name, line) for file in scripts if file != compiled.BUNDLE for line in file.read_text("utf-8").splitlines()]
    assert not [(name, line) for name, line in lines if len(line) > 140]
