"""French sentences keep « : » and the like on the line of their word: no ordinary space there in what a template shows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from gnetics.domain.typography import spaced

TEMPLATES = sorted((Path(__file__).parents[2] / "gnetics").rglob("*.vue"))
MARKUP = re.compile(r'<!--.*?-->|<(?:[^<>"]|"[^"]*")+>|\{\{.*?\}\}', re.DOTALL)
ATTRIBUTE = re.compile(r'([^\s<>"=]+)="([^"]*)"')
UNTIL = {quote: re.compile(r"(?:\\.|\$(?!\{)|[^\\$" + quote + "])*", re.DOTALL) for quote in "'`"}  # up to its end, or to a value in it
PIECE = re.compile(r"//[^\n]*|/\*.*?\*/|['`]", re.DOTALL)


def shown(source: str) -> Iterator[tuple[int, int]]:
    """Where the words are that the template may show: texts, plain attributes, and strings of its expressions and script."""
    template, script = (re.search(rf"<{tag}>(.*)</{tag}>", source, re.DOTALL) for tag in ("template", "script"))
    if script:
        yield from _strings(source, *script.span(1))
    at, end = template.span(1) if template else (0, 0)
    for found in MARKUP.finditer(source, at, end):
        yield at, found.start()
        at = found.end()
        if found[0].startswith("{{"):
            yield from _strings(source, *found.span())
        else:
            for each in ATTRIBUTE.finditer(source, *found.span()):
                yield from _strings(source, *each.span(2)) if re.match(r"[:@#]|v-", each[1]) else [each.span(2)]
    yield at, end


def _strings(source: str, at: int, end: int) -> Iterator[tuple[int, int]]:
    """The strings of this code, those `with ${values}` in pieces; comments left out."""
    while found := PIECE.search(source, at, end):
        at = found.end()
        while found[0] in "'`" and source[at] != found[0]:
            piece = UNTIL[found[0]].match(source, at, end)
            assert piece
            yield piece.span()
            at = piece.end()
            if source.startswith("${", at):
                close = _closing(source, at + 2)
                yield from _strings(source, at + 2, close)
                at = close + 1
            elif source[at] != found[0]:
                at += 1
        at += found[0] in "'`"


def _closing(source: str, at: int) -> int:
    depth = 1
    while depth:
        depth += {"{": 1, "}": -1}.get(source[at], 0)
        at += 1
    return at - 1


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_templates_have_no_break_spaces_where_french_wants_them(path: Path) -> None:
    source = path.read_text("utf-8")
    words = [source[start:end] for start, end in shown(source)]
    assert [each for each in words if spaced(each) != each] == []


@pytest.mark.parametrize(
    "template",
    [
        "<b>Prêt ?</b>",
        "<b>{{ a ? b : c }} : rien</b>",
        '<b title="Vue : tout" />',
        "<b :title=\"a ? 'Vue : ' + a : ''\" />",
        "<b :title=\"`${a ? `« ${a} »` : ''}`\" />",
    ],
)
def test_an_ordinary_space_is_found_wherever_it_is_shown(template: str) -> None:
    source = f"<template>{template}</template>"
    assert any(spaced(source[start:end]) != source[start:end] for start, end in shown(source))
