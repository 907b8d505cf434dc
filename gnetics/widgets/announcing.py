"""Widgets made before there was a kernel to speak through: unknown to the browser until they are announced."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ipywidgets import Widget
from ipywidgets.widgets.widget import __protocol_version__, _instances, _remove_buffers

REFERENCE = "IPY_MODEL_"


def take_unheard() -> list[Widget]:
    """The widgets made since the last call, which the browser does not hear of when it asks for all."""
    found = list(_instances.values())
    _instances.clear()
    return found


def announce(widgets: Iterable[Widget]) -> None:
    """Open anew their comms, which were opened when nobody listened; a widget closed since has none."""
    waiting = {each.model_id: each for each in widgets if each.comm is not None}
    for name in list(waiting):
        _announce(name, waiting)


def _announce(name: str, waiting: dict[str, Widget]) -> None:
    """Those that a widget refers to go first: the browser looks for them as soon as it hears of it."""
    widget = waiting.pop(name, None)
    if widget is None:
        return
    _instances[name] = widget
    state, paths, buffers = _remove_buffers(widget.get_state())
    for other in _references(state):
        _announce(other, waiting)
    widget.comm.open({"state": state, "buffer_paths": paths}, {"version": __protocol_version__}, buffers)


def _references(state: Any) -> Iterator[str]:
    if isinstance(state, str):
        if state.startswith(REFERENCE):
            yield state.removeprefix(REFERENCE)
    elif isinstance(state, dict | list | tuple):
        for each in state.values() if isinstance(state, dict) else state:
            yield from _references(each)
