"""Widgets made before there was a kernel to speak through: unknown to the browser until they are announced."""

from __future__ import annotations

import uuid
from functools import cache
from typing import Any

from comm import get_comm_manager
from ipywidgets import Widget
from ipywidgets.widgets.widget import __protocol_version__, _instances, _remove_buffers

REFERENCE = "IPY_MODEL_"  # how the state of a widget names another


@cache
def _naming(kind: type[Widget]) -> frozenset[str]:
    """The traits that may name widgets; the others do not, and may be long."""
    return frozenset(kind.class_trait_names(to_json=bool))


class Unheard:
    """They wait in groups, one for each thing that they were made for; a browser cannot speak to them.

    Each is announced under a name drawn in its own kernel: those of the process that kernels are forked from, all of them know.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, Widget] = {}  # by the name it was made with
        self._groups: dict[str, list[str]] = {}

    def take(self, group: str) -> None:
        """What was made since the last call is of `group`; the browser does not hear of it when it asks for all widgets."""
        self._groups[group] = list(_instances)
        self._waiting.update(_instances)
        for name, widget in _instances.items():
            if get_comm_manager().comms.pop(name, None):
                widget.comm._closed = True  # until it is announced
        _instances.clear()

    def announce(self, group: str) -> None:
        """Open anew the comms of the group, which were opened when nobody listened, each after those that its state names."""
        for name in self._groups.pop(group, ()):
            self._open(name)

    def _open(self, name: str) -> str:
        """The name under which the browser knows it from now on."""
        widget = self._waiting.pop(name, None)
        if widget is None or widget.comm is None:  # heard of, or closed since
            return name
        drawn = widget._model_id = widget.comm.comm_id = uuid.uuid4().hex
        widget.comm.topic = f"comm-{drawn}".encode()
        state, paths, buffers = _remove_buffers(widget.get_state())
        for name in _naming(widget.__class__) & state.keys():
            state[name] = self._opening(state[name])
        _instances[drawn] = widget
        widget.comm.open({"state": state, "buffer_paths": paths}, {"version": __protocol_version__}, buffers)
        return drawn

    def _opening(self, value: Any) -> Any:
        """A value of a state; the widgets that it names are opened, and named anew."""
        if isinstance(value, str):
            return REFERENCE + self._open(value.removeprefix(REFERENCE)) if value.startswith(REFERENCE) else value
        if isinstance(value, dict):
            return {key: self._opening(each) for key, each in value.items()}
        if isinstance(value, list | tuple):
            return [self._opening(each) for each in value]
        return value
