"""« ⋯ » of a contact's sheet: all that is known of the person, and forgetting them."""

from __future__ import annotations

from typing import Any, Protocol

import traitlets as tl
from ipywidgets.widgets.widget import widget_serialization

from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.download import Download


class PersonHandler(Protocol):
    """What the menu asks of its page."""

    def give(self, form: str) -> None: ...
    def ask(self) -> None: ...
    def erase(self, name: str) -> None: ...


class PersonMenu(GuardedTemplate):
    """`title` is the contact's, typed to erase it; `going` says what would go, `left` what still names the person once it is done.

    `may_erase`: offers it; `refusal`: why it was not done; `blocked`: why nothing can be for now. `download` hands over files.
    """

    source = "person_menu.vue"
    title = tl.Unicode().tag(sync=True)
    may_erase = tl.Bool(False).tag(sync=True)
    blocked = tl.Unicode().tag(sync=True)
    shown = tl.Bool(False).tag(sync=True)
    done = tl.Bool(False).tag(sync=True)
    going = tl.List(tl.Unicode()).tag(sync=True)
    left = tl.List(tl.Unicode()).tag(sync=True)
    refusal = tl.Unicode().tag(sync=True)
    download = tl.Instance(Download).tag(sync=True, **widget_serialization)

    def __init__(self, handler: PersonHandler, **traits: Any) -> None:
        super().__init__(download=Download(forms=()), **traits)
        self._handler = handler

    def vue_give(self, data: dict[str, Any]) -> None:
        self._handler.give(str(data["form"]))

    def vue_ask(self, _data: Any) -> None:
        self._handler.ask()

    def vue_erase(self, data: dict[str, Any]) -> None:
        self._handler.erase(str(data["name"]))
