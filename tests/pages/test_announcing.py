"""Widgets made before there is a kernel to speak through: what the browser then hears of them, and in which order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from comm import get_comm_manager
from ipywidgets import HTML, VBox, Widget
from ipywidgets.widgets.widget import _instances

from gnetics.widgets.announcing import Unheard


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The models that the browser was told to open; no widget of another test is there."""
    told: list[str] = []

    def publish(comm: Any, kind: str, **_: Any) -> None:
        if kind == "comm_open":
            told.append(comm.comm_id)

    others = dict(_instances)
    _instances.clear()
    monkeypatch.setattr(type(HTML().comm), "publish_msg", publish)
    _instances.clear()
    yield told
    Widget.close_all()
    _instances.update(others)


@pytest.fixture
def box() -> VBox:
    """Its children are given after it was made."""
    box = VBox()
    box.children = [VBox([HTML()])]
    return box


def _named(widget: Any) -> set[str]:
    return {each.model_id for each in [*getattr(widget, "children", ()), widget.layout]}


def test_a_widget_is_announced_after_those_that_its_state_names(opened: list[str], box: VBox) -> None:
    unheard = Unheard()
    unheard.take("page")
    assert not _instances, "a browser that asks for all widgets is told of none of these"
    opened.clear()
    unheard.announce("page")
    for widget in (box, *box.children):
        assert _named(widget) <= set(opened[: opened.index(widget.model_id)])
    assert set(opened) == set(_instances)
    unheard.announce("page")
    assert len(opened) == len(set(opened)), "once only"


def test_what_is_hidden_cannot_be_spoken_to_and_is_announced_under_a_name_of_its_own(opened: list[str], box: VBox) -> None:
    comms = get_comm_manager().comms
    made_as = set(_instances)
    assert made_as <= set(comms)
    unheard = Unheard()
    unheard.take("page")
    assert not made_as & set(comms)
    inner = box.children[0]
    closed, inner.children = inner.children, ()
    closed[0].close()  # as a page filled again does
    opened.clear()
    unheard.announce("page")
    assert opened and not made_as & set(opened)
    assert set(opened) == set(_instances) and set(opened) <= set(comms)
    assert {box.model_id, inner.model_id} <= set(opened)
