"""Styles are global: a class whose looks are set in two places changes one page after another was visited."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "gnetics"
ALONE = re.compile(r"(?:\.v-application )?[a-z]*\.(g-[\w-]+)")  # a selector that is one class and nothing more


def test_each_class_gets_its_looks_in_one_file() -> None:
    places: dict[str, set[str]] = defaultdict(set)
    for path in [*PACKAGE.rglob("*.vue"), *PACKAGE.rglob("*.css")]:
        text = path.read_text("utf-8")
        sheet = text if path.suffix == ".css" else "".join(re.findall(r"<style>(.*?)</style>", text, re.DOTALL))
        for selectors in re.findall(r"([^{}]+)\{", re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)):
            for name in filter(None, (ALONE.fullmatch(each.strip()) for each in selectors.split(","))):
                places[name[1]].add(path.name)
    assert len(places) > 200
    assert {name: files for name, files in places.items() if len(files) > 1} == {}
