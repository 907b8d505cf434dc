"""« Exporter »: buttons that ask the kernel for a file, which the browser then saves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypedDict

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import given

TYPES = {
    "csv": "text/csv;charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "html": "text/html;charset=utf-8",
    "vcf": "text/vcard;charset=utf-8",
    "ics": "text/calendar;charset=utf-8",
    "json": "application/json",
}
WORDS = {"csv": "CSV", "xlsx": "XLSX", "html": "Page à imprimer", "vcf": "vCard"}
Make = Callable[[str], tuple[str, bytes]]


def _none(form: str) -> tuple[str, bytes]:
    raise KeyError(form)  # there is no button that asks for it


class Form(TypedDict):
    key: str
    words: str


class Download(GuardedTemplate):
    """A button per form (a key of TYPES) after `label`; `what` names it for a screen reader. Without forms nothing shows, and
    a template with buttons of its own hands over files by `save`.

    `make(form)` gives the file's name and content when a button is pressed; it is not kept.
    """

    source = "download.vue"
    label = tl.Unicode("Exporter").tag(sync=True)
    what = tl.Unicode().tag(sync=True)
    forms = given(list[Form])

    def __init__(self, make: Make = _none, forms: Sequence[str] = ("csv", "xlsx"), **traits: Any) -> None:
        super().__init__(forms=[{"key": form, "words": WORDS[form]} for form in forms], **traits)
        self._make = make

    def save(self, name: str, media_type: str, content: bytes) -> None:
        """Have the browser save this file."""
        self.run("save", name, media_type, buffers=[content])

    def vue_make(self, data: dict[str, Any]) -> None:
        form = next(each["key"] for each in self.forms if each["key"] == data["form"])
        try:
            name, content = self._make(form)
            self.save(name, TYPES[form], content)
        finally:
            self.run("rest")
