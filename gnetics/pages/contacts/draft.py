"""A form being filled: what was typed, what it means, and why it cannot be saved yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import traitlets as tl

from gnetics.domain import leads, values
from gnetics.domain.fields import BY_KEY, EDITABLE
from gnetics.domain.regions import Region
from gnetics.errors import Unreadable


class Draft(tl.HasTraits):
    """`form` is the text typed by field, `errors` the sentence beside each field ("" for the whole form).

    `read(key, text)` gives the value of a text or raises Unreadable; `check(values, changed)` gives the sentences of a save.
    """

    form = tl.Dict(key_trait=tl.Unicode(), value_trait=tl.Unicode())
    errors = tl.Dict(key_trait=tl.Unicode(), value_trait=tl.Unicode())
    dirty = tl.Bool(False)

    def __init__(self, read: Callable[[str, str], Any], check: Callable[[Mapping[str, Any], Iterable[str]], dict[str, str]]) -> None:
        super().__init__()
        self._read = read
        self._check = check
        self._opened: dict[str, str] = {}
        self._original: dict[str, Any] = {}

    def open(self, form: dict[str, str], original: Mapping[str, Any]) -> None:
        """Start from what the store holds: `original` values and the texts that show them."""
        self._opened, self._original = dict(form), dict(original)
        self.form, self.errors, self.dirty = dict(form), {}, False

    def type(self, typed: Mapping[str, str]) -> None:
        """Take what was typed; the sentences follow."""
        known = {key: text for key, text in typed.items() if key in self._opened}
        self.form = self.form | known
        self.dirty = bool(self._touched())
        self.errors = self.blockers()

    def blockers(self) -> dict[str, str]:
        """Why it cannot be saved, by field; empty when it can."""
        changes, sentences = self._parse()
        return self._check(self._original | changes, list(changes)) | sentences

    def changes(self) -> dict[str, Any]:
        """The values that differ from the original; meant for a draft without blockers."""
        return self._parse()[0]

    def seen(self, keys: Iterable[str]) -> dict[str, Any]:
        """What those fields held when the form opened."""
        return {key: self._original.get(key) for key in keys}

    def _touched(self) -> list[str]:
        return [key for key, text in self.form.items() if text.strip() != self._opened[key].strip()]

    def _parse(self) -> tuple[dict[str, Any], dict[str, str]]:
        changes: dict[str, Any] = {}
        sentences: dict[str, str] = {}
        for key in self._touched():
            try:
                changes[key] = self._read(key, self.form[key])
            except Unreadable as error:
                sentences[key] = str(error)
        return {key: value for key, value in changes.items() if value != self._original.get(key)}, sentences


def lead_draft(region: Region) -> Draft:
    """The draft of a lead's sheet."""
    return Draft(
        lambda key, text: values.parse(BY_KEY[key].kind, text, region, BY_KEY[key].choices),
        lambda lead, changed: leads.check(lead, region, changed=changed),
    )


def lead_form(lead: Mapping[str, Any], region: Region) -> dict[str, str]:
    """The editable fields of a lead as texts; a text kept because it could not be read is shown to be corrected."""
    return {field.key: values.show(field.kind, lead.get(field.key), region) for field in EDITABLE}
