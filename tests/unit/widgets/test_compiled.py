"""Templates made of parts, where a browser compiles them by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from ipyvue.VueComponentRegistry import vue_component_registry

from gnetics.widgets import compiled

PAGE = """<template><outer-part /></template>
<script>
import OuterPart from './parts/outer_part.vue';

export default { components: { OuterPart } };
</script>
"""
OUTER = PAGE.replace("outer-part", "inner-part").replace("OuterPart", "InnerPart").replace("parts/outer_part", "inner_part")
INNER = """<template><b>{{ two() }}</b></template>
<script>
import { two } from '../numbers.mjs';

export default { methods: { two } };
</script>
"""


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Path]:
    """A template with a part, which has one itself, which imports a module."""
    (tmp_path / "parts").mkdir()
    (tmp_path / "page.vue").write_text(PAGE, "utf-8")
    (tmp_path / "parts" / "outer_part.vue").write_text(OUTER, "utf-8")
    (tmp_path / "parts" / "inner_part.vue").write_text(INNER, "utf-8")
    (tmp_path / "numbers.mjs").write_text("export const two = () => 2;\n", "utf-8")
    yield tmp_path / "page.vue"
    for name in ("OuterPart", "InnerPart"):
        vue_component_registry.pop(name, None)


def test_a_browser_is_given_the_parts_of_a_template_and_theirs_by_name(page: Path) -> None:
    assert "const OuterPart = undefined;" in str(compiled.template_of(page).template)
    given = {name: vue_component_registry[name].component for name in ("OuterPart", "InnerPart")}
    assert "const InnerPart = undefined;" in given["OuterPart"]
    assert "const two = () => 2;" in given["InnerPart"]
    assert "import" not in "".join(given.values())


@pytest.mark.parametrize("edited", ["page.vue", "parts/outer_part.vue", "parts/inner_part.vue", "numbers.mjs"])
def test_a_template_is_another_once_anything_it_is_made_of_was_edited(page: Path, edited: str) -> None:
    before = compiled.digest_of(page)
    with (page.parent / edited).open("a") as file:
        file.write("\n")
    assert compiled.digest_of(page) != before
