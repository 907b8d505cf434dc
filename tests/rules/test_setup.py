"""pyproject.toml, the lock, environment.yml, Makefile and README tell the same."""

from __future__ import annotations

import argparse
import re
import tomllib
from dataclasses import fields
from importlib.metadata import distribution, distributions
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name

from gnetics.cli import parser
from gnetics.settings import CONFIG, KEYS, NAMES, PROJECT, variable
from gnetics.settings.credentials import TOLD, WAYS
from gnetics.settings.tables import TABLES
from gnetics.state.sidebar import PAGES

PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
LOCK = [line for line in (PROJECT / "requirements.lock").read_text("utf-8").splitlines() if not line.startswith("#")]
README = (PROJECT / "README.md").read_text("utf-8")
READMES = sorted(
    [PROJECT / "README.md", *(PROJECT / folder / "README.md" for folder in ("deploy", "tests")), *(PROJECT / "gnetics").rglob("README.md")]
)


def _pins() -> dict[NormalizedName, str]:
    return {canonicalize_name(name): version for name, version in (line.split("==") for line in LOCK)}


def test_the_lock_is_plain_pins_in_order() -> None:
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line) for line in LOCK)
    assert sorted(LOCK, key=str.lower) == LOCK
    assert len(_pins()) == len(LOCK)


def test_every_dependency_is_pinned_within_its_bounds() -> None:
    project = PYPROJECT["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values(), PYPROJECT["build-system"]["requires"]]
    pins = _pins()
    for requirement in map(Requirement, chain.from_iterable(groups)):
        assert pins[canonicalize_name(requirement.name)] in requirement.specifier, requirement


def test_every_dependency_says_why() -> None:
    text = (PROJECT / "pyproject.toml").read_text("utf-8")
    listed = [
        line for line in text[text.index("dependencies = [") : text.index("[project.scripts]")].splitlines() if line.startswith('    "')
    ]
    assert len(listed) > 20
    assert [line for line in listed if not re.search(r",\s+# \w", line)] == []


def test_what_is_installed_is_the_lock() -> None:
    installed = {canonicalize_name(each.metadata["Name"]): each.version for each in distributions()}
    assert {name: installed.get(name) for name in _pins()} == _pins()


def test_what_a_pinned_package_asks_of_others_is_what_they_are_pinned_at() -> None:
    """Else plain pip falls back, without a word, to versions of years ago."""
    asked = [(name, Requirement(each)) for name in _pins() for each in distribution(name).requires or ()]
    counted = [(name, each) for name, each in asked if each.marker is None or each.marker.evaluate({"extra": ""})]
    left_out = {"rfc3987-syntax", "lark"}
    missing = [(name, str(each)) for name, each in counted if canonicalize_name(each.name) not in _pins().keys() | left_out]
    other = [
        (name, str(each)) for name, each in counted if (pin := _pins().get(canonicalize_name(each.name))) and pin not in each.specifier
    ]
    assert (missing, other) == ([], [])


def test_nothing_builds_a_grammar_at_each_start() -> None:
    assert not {"rfc3987-syntax", "lark"} & _pins().keys()


def test_the_version_is_the_last_one_of_the_changelog() -> None:
    versions = re.findall(r"^## (.+)$", (PROJECT / "CHANGELOG.md").read_text("utf-8"), re.M)
    assert versions[0] == "Unreleased" and all(re.fullmatch(r"\d+\.\d+\.\d+ — \d{4}-\d\d-\d\d", each) for each in versions[1:])
    assert versions[1].split(" — ")[0] == PYPROJECT["project"]["version"]
    days = [each.split(" — ")[1] for each in versions[1:]]
    assert days == sorted(days, reverse=True)


def test_conda_takes_the_same_lock_and_a_python_we_support() -> None:
    text = (PROJECT / "environment.yml").read_text("utf-8")
    assert re.findall(r"- -r (\S+)", text) == ["requirements.lock"]
    assert re.findall(r"^  - (\S+)$", text, re.M) == ["conda-forge", "python=3.12", "pip", "pip:"]


def test_make_installs_from_the_lock() -> None:
    makefile = (PROJECT / "Makefile").read_text("utf-8")
    assert "--no-deps -r requirements.lock" in makefile
    assert PYPROJECT["project"]["requires-python"] == ">=3.11"
    assert "sys.version_info < (3, 11)" in makefile


@pytest.mark.parametrize("word", [CONFIG, *map(variable, NAMES)])
def test_every_setting_has_its_row_in_the_readme(word: str) -> None:
    assert len(re.findall(rf"^\| `{word}` \|.+\|.+\|$", README, re.M)) == 1


def test_every_way_to_a_secret_is_in_the_readme() -> None:
    assert {variable(key) for key in KEYS} - set(re.findall(r"`(GNETICS_[A-Z_]+)`", README)) == set()


def test_no_readme_names_a_setting_that_does_not_exist() -> None:
    of_tables = {variable(*place, "name", TOLD) for place, _ in TABLES.values()}
    named = {word for readme in READMES for word in re.findall(r"GNETICS_[A-Z_]+", readme.read_text("utf-8"))}
    assert named <= {CONFIG, *map(variable, KEYS), *of_tables}


@pytest.mark.parametrize(("place", "kind"), TABLES.values(), ids=lambda value: ".".join(value) if isinstance(value, tuple) else "")
def test_every_key_of_a_table_has_its_row_in_the_readme(place: tuple[str, ...], kind: type[Any]) -> None:
    table = re.search(rf"^\| in `\[{re.escape('.'.join(place))}\.NAME\]` \|.+\n(?:\|.+\|\n)+", README, re.M)
    assert table
    described = re.findall(r"`(\w+)`", " ".join(re.findall(r"^\|([^|]+)\|", table[0], re.M)))
    keys, secret = [each.name for each in fields(kind) if each.name != "name"], []
    if "credential" in keys:
        keys.remove("credential")
        secret = list(WAYS)
        assert variable(*place, "name", TOLD) in README
    assert described == [*keys, *secret]


def test_ci_runs_make_test_and_nothing_else() -> None:
    lines = [line for line in (PROJECT / ".ci" / "run").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert lines == ["set -euo pipefail", 'cd "$(dirname "$0")/.."', "make test"]


@pytest.mark.parametrize("readme", READMES, ids=lambda readme: str(readme.relative_to(PROJECT)))
def test_what_a_readme_links_or_shows_is_there(readme: Path) -> None:
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", readme.read_text("utf-8")) if "://" not in link]
    assert [link for link in links if not (readme.parent / link).exists()] == []


def test_each_page_has_its_picture_and_each_long_text_its_link() -> None:
    assert {page.title for page in PAGES} == set(re.findall(r"!\[(.+?)\]\(tests/references/", README))
    linked = {(PROJECT / link).resolve() for link in re.findall(r"\]\(([\w/]+README\.md)\)", README)}
    assert linked == set(READMES) - {PROJECT / "README.md"}


def test_the_readme_lists_every_command() -> None:
    table = README.partition("## Commands")[2].partition("\n## ")[0]
    listed = {word for row in re.findall(r"^\|(.+?) \| ", table, re.M) for word in re.findall(r"`(?:gnetics )?([a-z-]+)", row)}
    commands = next(each for each in parser()._actions if isinstance(each, argparse._SubParsersAction)).choices
    assert commands.keys() - listed == set()
    assert set(re.findall(r"^\| `gnetics ([a-z-]+)", table, re.M)) <= commands.keys()


def test_the_first_screen_says_run_import_people_and_back_up_and_settings_come_last() -> None:
    heads = re.findall(r"^\*\*(\w[\w ]*)\.\*\*", README.partition("\n## ")[0], re.M)
    assert heads == ["Run", "Import", "People", "Back up"] and len(README.partition("\n## ")[0].splitlines()) <= 50
    assert re.findall(r"^## (.+)$", README, re.M)[-1] == "Settings"
