"""A chart that can be taken away as an image, with its title, sentences and legend, in light colours whatever the theme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import traitlets as tl
from ipywidgets.widgets.widget import widget_serialization

from gnetics.widgets.base import GuardedTemplate


class Picture(GuardedTemplate):
    """`figure` is a bqplot figure; `lines` are sentences under the title, `legend` of {text, tint}, `foot` says when and of what."""

    source = "picture.vue"
    figure = tl.Any().tag(sync=True, **widget_serialization)
    title = tl.Unicode().tag(sync=True)
    lines = tl.List(tl.Unicode()).tag(sync=True)
    legend = tl.List(tl.Dict()).tag(sync=True)
    foot = tl.Unicode().tag(sync=True)
    file_name = tl.Unicode().tag(sync=True)

    def say(self, title: str, lines: Sequence[str], legend: Sequence[dict[str, Any]], foot: str, file_name: str) -> None:
        with self.hold_sync():
            self.title, self.lines, self.legend = title, list(lines), list(legend)
            self.foot, self.file_name = foot, file_name
