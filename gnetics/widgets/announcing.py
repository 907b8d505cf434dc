"""Widgets made before there was a kernel to speak through: unknown to the browser until they are announced."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ipywidgets import Widget
from ipywidgets.widgets.widget import __protocol_version__, _instances, _remove_buffers

REFERENCE = "IPY_MODEL_"  # how the state of a widget names another


class Unheard:
    """They wait in groups, one for each thing that they were made for."""

    def __init__(self) -> None:
        self._waiting: dict[str, Widget] = {}  # by model
        self._groups: dict[str, list[str]] = {}

    def take(self, group: str) -> None:
        """What was made since the last call is of `group`; the browser does not hear of it when it asks for all widgets."""
        self._groups[group] = list(_instances)
        self._waiting.update(_instances)
        _instances.clear()

    def announce(self, group: str) -> None:
        """Open anew the comms of the group, which were opened when nobody listened, each after those that its state names."""
        for model in self._groups.pop(group, ()):
            self._open(model)

    def forget(self) -> list[str]:
        """Announce none of the rest; says which groups that was."""
        groups = list(self._groups)
        self._groups.clear()
        self._waiting.clear()
        return groups

    def _open(self, model: str) -> None:
        widget = self._waiting.pop(model, None)
        if widget is None or widget.comm is None:  # heard of, or closed since
            return
        state, paths, buffers = _remove_buffers(widget.get_state())
        for named in _references(state):
            self._open(named)
        _instances[model] = widget
        widget.comm.open({"state": state, "buffer_paths": paths}, {"version": __protocol_version__}, buffers)


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        if value.startswith(REFERENCE):
            yield value.removeprefix(REFERENCE)
    elif isinstance(value, dict):
        for each in value.values():
            yield from _references(each)
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _references(each)
