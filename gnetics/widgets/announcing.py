"""Widgets made before there was a kernel to speak through: unknown to the browser until they are announced."""

from __future__ import annotations

from collections.abc import Iterable

from ipywidgets import Widget
from ipywidgets.widgets.widget import __protocol_version__, _instances, _remove_buffers


def take_unheard() -> list[Widget]:
    """The widgets made since the last call, which the browser does not hear of when it asks for all."""
    found = list(_instances.values())
    _instances.clear()
    return found


def announce(widgets: Iterable[Widget]) -> None:
    """Open anew their comms, which were opened when nobody listened; a widget closed since has none."""
    for each in widgets:
        if each.comm is not None:
            _instances[each.model_id] = each
            state, paths, buffers = _remove_buffers(each.get_state())
            each.comm.open({"state": state, "buffer_paths": paths}, {"version": __protocol_version__}, buffers)
