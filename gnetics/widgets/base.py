"""The base of every template: the browser may send declared events, and nothing else."""

from __future__ import annotations

import logging
from typing import Any, ClassVar

import ipyvuetify as v
import traitlets as tl
from ipywidgets import Layout, widget_serialization

from gnetics.domain.values import storable
from gnetics.widgets import compiled
from gnetics.widgets.guard import call

log = logging.getLogger(__name__)


class GuardedTemplate(v.VuetifyTemplate):
    """A `.vue` beside its `.py`; a method `vue_<event>` declares the event and receives its data.

    ipyvue would also let a client call any method or set any attribute (create_widget, update_ref): both are refused here.
    """

    source: ClassVar[str]  # the file's name
    layout = tl.Instance(Layout, allow_none=True).tag(sync=True, **widget_serialization)  # styled by its template: no model for it

    esm_module = tl.Unicode(None, allow_none=True).tag(sync=True)  # where the browser finds the component when `template` is empty
    esm_export = tl.Unicode(None, allow_none=True).tag(sync=True)

    def __init__(self, **traits: Any) -> None:
        if export := compiled.export_of(self.source):
            traits |= {"template": "", "esm_module": compiled.MODULE, "esm_export": export}
        else:
            traits["template"] = compiled.template_of(compiled.sources()[self.source])
        super().__init__(**traits)

    def _handle_event(self, _widget: Any, content: dict[str, Any], buffers: list[memoryview] | None) -> None:
        event = content.get("event")
        if not set(content) <= {"event", "data"} or event not in self.events:
            log.warning("message refused by %s: %s", type(self).__name__, sorted(content))
            return
        method = getattr(self, f"vue_{event}")
        data = _storable(content.get("data", {}))
        call(method, *((data, buffers) if buffers else (data,)))

    def set_state(self, sync_data: dict[str, Any]) -> None:
        super().set_state(_storable(sync_data))

    def run(self, method: str, *arguments: Any, buffers: list[bytes] | None = None) -> None:
        """Call `jupyter_<method>(...arguments, buffers)` of the template in the browser."""
        self.send({"method": method, "args": list(arguments)}, buffers=buffers)


def _storable(value: Any) -> Any:
    """What a browser sent, less what neither a frame nor a database can hold of its texts."""
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, dict):
        return {_storable(name): _storable(each) for name, each in value.items()}
    return [_storable(each) for each in value] if isinstance(value, list) else value
