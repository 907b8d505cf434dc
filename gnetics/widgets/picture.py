"""A chart that can be taken away as an image, with its title, sentences and legend, in light colours whatever the theme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

import traitlets as tl
from ipywidgets.widgets.widget import widget_serialization

from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import given


class Legend(TypedDict):
    """A colour of a picture; tint is primary, won, soon or late."""

    text: str
    tint: str


class Picture(GuardedTemplate):
    """`figure` is a bqplot figure; `lines` are sentences under the title, `foot` says when and of what."""

    source = "picture.vue"
    figure = tl.Any().tag(sync=True, **widget_serialization)
    title = tl.Unicode().tag(sync=True)
    lines = tl.List(tl.Unicode()).tag(sync=True)
    legend = given(list[Legend])
    foot = tl.Unicode().tag(sync=True)
    file_name = tl.Unicode().tag(sync=True)

    def say(self, title: str, lines: Sequence[str], legend: Sequence[Legend], foot: str, file_name: str) -> None:
        with self.hold_sync():
            self.title, self.lines, self.legend = title, list(lines), list(legend)
            self.foot, self.file_name = foot, file_name
