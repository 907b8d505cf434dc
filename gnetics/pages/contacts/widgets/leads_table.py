"""The table view of Contacts: columns chosen by the person, sorted by a click on a header, simple fields edited in the row."""

from __future__ import annotations

from typing import Any, Protocol, TypedDict

import traitlets as tl

from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import given


class TableHandler(Protocol):
    """What the table asks of its page. `edit` answers with the sentence that refuses the text, "" when it is taken."""

    def open(self, ref: str) -> None: ...
    def sort(self, column: str) -> None: ...
    def show_columns(self, columns: list[str]) -> None: ...
    def pick(self, refs: list[str], on: bool, through: bool) -> None: ...
    def edit(self, ref: str, field: str, text: str) -> str: ...


class TableColumn(TypedDict):
    key: str
    label: str
    num: bool
    kind: str
    sortable: bool
    editable: bool


class LeadRow(TypedDict):
    """`cells` are texts, in the order of the columns."""

    ref: str
    cells: list[str]


class Flag(TypedDict):
    """A word beside a date: `tone` is late or soon."""

    text: str
    tone: str


class ContactRow(LeadRow):
    """`call` and `write` are links (tel:, mailto:), or empty; `flags` by column; `doubled` when it may be a duplicate;
    `erased`: nobody's any more."""

    title: str
    status: str
    call: str
    write: str
    doubled: bool
    erased: bool
    flags: dict[str, Flag]


class TableSort(TypedDict):
    column: str
    ascending: bool


class FieldChoice(TypedDict):
    key: str
    label: str


class EditOutcome(TypedDict):
    """What became of an edit: `sentence` refuses it, or is empty; `n` grows."""

    ref: str
    field: str
    sentence: str
    n: int


class LeadsTable(GuardedTemplate):
    """`fields` lists all that can be columns; `options` the known values by field.

    `picked` are the references ticked; `outcome` answers each edit.
    """

    source = "leads_table.vue"
    columns = given(list[TableColumn])
    rows = given(list[ContactRow])
    sort = given(TableSort)
    fields = given(list[FieldChoice])
    options = given(dict[str, list[str]])
    selected = tl.Unicode().tag(sync=True)
    picked = tl.List(tl.Unicode()).tag(sync=True)
    outcome = given(EditOutcome)

    def __init__(self, handler: TableHandler, **traits: Any) -> None:
        super().__init__(**traits)
        self._handler = handler
        self._edits = 0

    def vue_open(self, data: dict[str, Any]) -> None:
        self._handler.open(str(data["ref"]))

    def vue_sorting(self, data: dict[str, Any]) -> None:
        self._handler.sort(str(data["column"]))

    def vue_show_columns(self, data: dict[str, Any]) -> None:
        self._handler.show_columns(list(map(str, data["columns"])))

    def vue_pick(self, data: dict[str, Any]) -> None:
        self._handler.pick(list(map(str, data["refs"])), bool(data["on"]), bool(data.get("through")))

    def vue_edit(self, data: dict[str, Any]) -> None:
        ref, field = str(data["ref"]), str(data["field"])
        sentence = ""
        try:
            sentence = self._handler.edit(ref, field, str(data["text"]))
        finally:
            self._edits += 1
            self.outcome = {"ref": ref, "field": field, "sentence": sentence, "n": self._edits}
