"""What a template is given is what it reads: the TypedDicts of its traits, held against its `.vue`."""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypedDict, get_args, get_type_hints, is_typeddict

import pytest
import traitlets as tl

from gnetics.widgets import compiled
from gnetics.widgets.base import GuardedTemplate
from tests.template_reads import Key, Kind, reads

PACKAGE = Path(__file__).resolve().parents[2] / "gnetics"
for module in [*PACKAGE.rglob("widgets/[a-z]*.py"), PACKAGE / "pages" / "frame.py"]:
    importlib.import_module(".".join(module.relative_to(PACKAGE.parent).with_suffix("").parts))


def subclasses(of: type[GuardedTemplate]) -> Iterator[type[GuardedTemplate]]:
    for each in of.__subclasses__():
        yield each
        yield from subclasses(each)


WIDGETS: dict[str, Any] = {each.source: each for each in subclasses(GuardedTemplate) if "source" in vars(each)}


def given(widget: Any) -> dict[str, Kind]:
    return {name: trait.metadata["given"] for name, trait in widget.class_traits(sync=True).items() if "given" in trait.metadata}


def typed(kind: Kind) -> Iterator[Any]:
    """The TypedDicts of a kind, and those of their keys."""
    if is_typeddict(kind):
        yield kind
    for each in get_type_hints(kind).values() if is_typeddict(kind) else get_args(kind):
        yield from typed(each)


def keys(kinds: dict[str, Kind]) -> set[Key]:
    """But for `n`, which grows so that the same can be sent twice."""
    return {(row, key) for kind in kinds.values() for row in typed(kind) for key in get_type_hints(row) if key != "n"}


def differences(*templates: tuple[str, dict[str, Kind]], parts: Mapping[str, str] | None = None) -> set[str]:
    """What these sources read and are not given, and what they are given and none of them reads; texts of `parts` by element."""
    found = [(reads(source, kinds, parts), keys(kinds)) for source, kinds in templates]
    unread = set().union(*(of for _, of in found)) - set().union(*(reader.read for reader, _ in found))
    unknown = set().union(*(reader.unknown for reader, _ in found))
    return {f"{row.__name__} has no {key}" for row, key in unknown} | {f"nobody reads {key} of {row.__name__}" for row, key in unread}


def source_of(file: str) -> str:
    return compiled.text_of(compiled.sources()[file])


PARTS = {file.removesuffix(".vue").replace("_", "-"): source_of(file) for file in compiled.parts()}


def test_every_template_has_its_widget_or_is_part_of_another() -> None:
    assert WIDGETS.keys() == compiled.sources().keys() - compiled.parts()


@pytest.mark.parametrize("file", sorted(WIDGETS))
def test_a_trait_of_rows_says_what_they_are(file: str) -> None:
    ours = {name: trait for name, trait in WIDGETS[file].class_traits(sync=True).items() if name not in GuardedTemplate.class_traits()}
    rows = {name for name, trait in ours.items() if isinstance(trait, tl.Dict) or isinstance(getattr(trait, "_trait", None), tl.Dict)}
    assert {name for name in rows if not {"given", "to_json"} & ours[name].metadata.keys()} == set()  # to_json: widgets by name


def test_templates_read_what_they_are_given_and_nothing_else() -> None:
    assert differences(*((source_of(file), given(widget)) for file, widget in WIDGETS.items()), parts=PARTS) == set()


# the reader itself: that it can fail


class Part(TypedDict):
    text: str


class Line(TypedDict):
    ref: str
    parts: list[Part]


SOURCE = """
<template>
  <ul><li v-for="(r, i) in rows" :key="r.ref" @click="open(r)">{{ words(r) }}<i v-for="p in shown(r)">{{ p.text }}</i></li></ul>
</template>
<script>
export default {
  methods: {
    words(line) { return `${line.ref}`; },
    shown(line) { return line.parts.filter((p) => p.text); },
  },
};
</script>"""


def test_what_is_read_through_methods_and_callbacks_is_followed() -> None:
    assert differences((SOURCE, {"rows": list[Line]})) == set()


@pytest.mark.parametrize(
    ("written", "instead", "told"),
    [
        ("{{ p.text }}", "{{ p.words }}", {"Part has no words"}),
        ("${line.ref}", "${line.title}", {"Line has no title"}),
        ("line.parts.filter((p) => p.text)", "line.lots", {"Line has no lots", "nobody reads parts of Line", "nobody reads text of Part"}),
    ],
)
def test_a_template_that_reads_another_key_is_found(written: str, instead: str, told: set[str]) -> None:
    assert differences((SOURCE.replace(written, instead), {"rows": list[Line]})) == told


def test_what_is_handed_to_a_function_beside_the_component_is_followed_there() -> None:
    beside = SOURCE.replace("export default", "function text(part) { return part.text; }\nexport default").replace("p.text)", "text(p))")
    assert differences((beside.replace("{{ p.text }}", ""), {"rows": list[Line]})) == set()
    assert differences((beside.replace("part.text", "part.words"), {"rows": list[Line]})) == {"Part has no words"}


IN_PARTS = """<template><ul><one-row v-for="r in rows" :key="r.ref" :the-row="r" /></ul></template>"""
ONE_ROW = """<template><li><i v-for="p in parts">{{ p.text }}</i></li></template>
<script>export default { computed: { parts() { return this.theRow.parts; } } };</script>"""


def test_what_is_handed_to_a_part_is_followed_there() -> None:
    assert differences((IN_PARTS, {"rows": list[Line]}), parts={"one-row": ONE_ROW}) == set()
    assert differences((IN_PARTS, {"rows": list[Line]}), parts={"one-row": ONE_ROW.replace("p.text", "p.words")}) == {
        "Part has no words",
        "nobody reads text of Part",
    }


def test_a_key_that_no_template_reads_is_found() -> None:
    class More(Line):
        title: str

    assert differences((SOURCE, {"rows": list[More]})) == {"nobody reads title of More"}


def test_of_two_templates_given_the_same_rows_one_may_leave_keys_to_the_other() -> None:
    assert (
        differences((SOURCE, {"rows": list[Line]}), ("<template><i v-for='r in rows'>{{ r.ref }}</i></template>", {"rows": list[Line]}))
        == set()
    )


def test_a_key_taken_from_a_template_of_ours_is_found() -> None:
    kinds = given(WIDGETS["home.vue"])
    assert differences((source_of("home.vue").replace("{{ c.figure }}", "{{ c.figures }}"), kinds)) == {
        "Card has no figures",
        "nobody reads figure of Card",
    }
