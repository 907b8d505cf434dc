"""The browser can send declared events to a template, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
import traitlets as tl

from gnetics.errors import GneticsError
from gnetics.widgets import guard
from gnetics.widgets.base import GuardedTemplate


class Probe(GuardedTemplate):
    source = "lost_reason.vue"  # any
    typed = tl.Unicode().tag(sync=True)

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[Any] = []

    def vue_ping(self, data: Any) -> None:
        self.heard.append(data)

    def vue_fail(self, data: Any) -> None:
        raise GneticsError("Refusé, pour une raison claire.") if data == "known" else ValueError("secret detail")

    def danger(self, *_: Any) -> None:
        self.heard.append("danger")


@pytest.fixture(autouse=True)
def said() -> Any:
    sentences: list[tuple[str, str]] = []
    guard.report_to(lambda text, kind: sentences.append((text, kind)))
    yield sentences
    guard.report_to(lambda text, kind: None)


def test_a_declared_event_is_heard() -> None:
    probe = Probe()
    probe._handle_event(None, {"event": "ping", "data": {"a": 1}}, None)
    assert probe.heard == [{"a": 1}]


def test_what_no_text_can_hold_is_left_out_of_what_comes() -> None:
    probe = Probe()
    probe._handle_event(None, {"event": "ping", "data": {"a\0": ["\ud800b", 1, None, {"c": "\udfff\0"}]}}, None)
    assert probe.heard == [{"a": ["b", 1, None, {"c": ""}]}]
    probe.set_state({"typed": "Zo\0\ud83dé 😀"})
    assert probe.typed == "Zoé 😀"


@pytest.mark.parametrize(
    "message",
    [
        {"create_widget": ["os", "system"], "id": "x", "props": {"command": {"functionRef": "danger", "args": []}}},
        {"update_ref": {"functionRef": "danger"}, "id": "x", "prop": "heard"},
        {"event": "danger", "data": {}},
        {"event": "__init__", "data": {}},
        {"event": "ping", "data": {}, "create_widget": ["os", "system"]},
    ],
)
def test_anything_else_is_refused(message: dict[str, Any]) -> None:
    probe = Probe()
    probe._handle_event(None, message, None)
    assert probe.heard == []


def test_a_refusal_is_shown_as_it_is(said: list[tuple[str, str]]) -> None:
    Probe()._handle_event(None, {"event": "fail", "data": "known"}, None)
    assert said == [("Refusé, pour une raison claire.", "error")]


def test_a_defect_shows_a_reference_and_never_its_detail(said: list[tuple[str, str]]) -> None:
    Probe()._handle_event(None, {"event": "fail", "data": "other"}, None)
    ((sentence, kind),) = said
    assert kind == "error" and "réf." in sentence and "secret" not in sentence
