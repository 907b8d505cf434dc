"""The « Importer » dialog: choose a file, send it, see what it would do, then do it."""

from __future__ import annotations

from typing import Any, NotRequired, Protocol, TypedDict

import traitlets as tl
from ipywidgets.widgets.widget import widget_serialization

from gnetics.pages.contacts.widgets.leads_table import FieldChoice
from gnetics.widgets.base import GuardedTemplate
from gnetics.widgets.given import given

UNKNOWN = -1  # progress of a step that cannot tell yet


class ImportHandler(Protocol):
    """What the dialog asks of its page; `number` tells one sending from an earlier one given up."""

    def begin(self, number: int, name: str, size: int) -> None: ...
    def take(self, number: int, offset: int, data: memoryview | bytes) -> None: ...
    def unread(self, number: int) -> None: ...
    def fetch(self, address: str) -> None: ...
    def look(self, chosen: Choices) -> None: ...
    def stop(self) -> None: ...
    def undo(self, number: int) -> None: ...
    def again(self) -> None: ...
    def confirm(self) -> None: ...
    def close(self) -> None: ...


SAME, OTHER = "same", "other"


class Choices(TypedDict):
    """What a person chose: fields of columns and statuses of words, "" for none; the order of dates by column; sheets to take.

    `persons`: whether a row is the contact that it looks like, by « sheet!line » (`SAME` or `OTHER`).
    """

    mode: str
    columns: dict[str, str]
    statuses: dict[str, str]
    dates: dict[str, str]
    sheets: list[str]
    persons: dict[str, str]


class SheetShown(TypedDict):
    """How many rows of a sheet went where."""

    name: str
    kind: str
    rows: str
    taken: str
    updated: str
    unchanged: str
    skipped: str
    refused: str
    blank: str
    set_aside: str


class ProblemShown(TypedDict):
    sheet: str
    line: str
    column: str
    value: str
    reason: str


class FieldChange(TypedDict):
    label: str
    before: str
    after: str


class ChangeShown(TypedDict):
    line: str
    what: str
    title: str
    fields: list[FieldChange]


class Reading(TypedDict):
    """One way to read a doubtful column, and what it makes of the example."""

    answer: str
    says: str


class DoubtShown(TypedDict):
    """What is asked of a column, and the answer it was read by."""

    column: str
    sentence: str
    readings: list[Reading]
    taken: str


class LikenessField(TypedDict):
    label: str
    theirs: str
    ours: str


class LikenessShown(TypedDict):
    """A row beside the contact that it looks like."""

    id: str
    line: str
    title: str
    fields: list[LikenessField]


class AsideShown(TypedDict):
    """A sheet that is not taken until somebody says so."""

    name: str
    why: str


class ReportShown(TypedDict):
    """What the check found, `count` problems of which the first are shown, and how it read columns (`read_as`); `cells`: it has some.

    Then what was done, with its number and the rows refused.
    """

    summary: str
    ready: bool
    doubts: list[DoubtShown]
    likenesses: list[LikenessShown]
    aside: list[AsideShown]
    read_as: list[str]
    sheets: list[SheetShown]
    problems: list[ProblemShown]
    count: int
    changes: list[ChangeShown]
    preview: str
    shape: str
    cells: bool
    number: NotRequired[int | None]
    refused: NotRequired[int]


class ExampleShown(TypedDict):
    """What a cell says, and what would be stored of it."""

    before: str
    after: str


class FileColumn(TypedDict):
    """A column of the file, and the field it is read as."""

    sheet: str
    name: str
    field: str
    examples: list[ExampleShown]


class FileWord(TypedDict):
    """A status of the file that is not ours, and which of ours it is read as."""

    word: str
    ours: str
    count: str


class PastImport(TypedDict):
    number: int
    file: str
    facts: str
    undone: bool


class UndoneImport(TypedDict):
    """What undoing an import did; `kept` was changed since, `more` says that not all of it is shown."""

    text: str
    kept: list[str]
    more: str


class ImportDialog(GuardedTemplate):
    """`step` is choose, send, fetch, check, review, write, done, undo or undone; `refusal` says why nothing can be imported here.

    `begins`: this is the demo, and the file begins the team's own store.

    `progress` is a percentage; `report` what the check found, then what was done. `columns` are the file's with the field of each,
    `fields` those to choose from; `words` its statuses that are not ours, `statuses` those to choose from. `past` are the imports of the
    last days, `undone` what undoing one did. `limit` and `slice_size` are bytes. `exporter` is the Download of the problems, `refused`
    of the refused rows, `cells` of what is not kept as the file says it, `kept_rows` of what undoing kept, `sample` of an empty workbook.
    """

    source = "import_dialog.vue"
    shown = tl.Bool(False).tag(sync=True)
    begins = tl.Bool(False).tag(sync=True)
    step = tl.Unicode("choose").tag(sync=True)
    refusal = tl.Unicode().tag(sync=True)
    error = tl.Unicode().tag(sync=True)
    file_name = tl.Unicode().tag(sync=True)
    progress = tl.Int(UNKNOWN).tag(sync=True)
    report = given(ReportShown)
    mode = tl.Unicode("both").tag(sync=True)
    fields = given(list[FieldChoice])
    columns = given(list[FileColumn])
    statuses = tl.List(tl.Unicode()).tag(sync=True)
    words = given(list[FileWord])
    past = given(list[PastImport])
    undone = given(UndoneImport)
    limit = tl.Int().tag(sync=True)
    slice_size = tl.Int().tag(sync=True)
    exporter = tl.Any().tag(sync=True, **widget_serialization)
    refused = tl.Any().tag(sync=True, **widget_serialization)
    cells = tl.Any().tag(sync=True, **widget_serialization)
    sample = tl.Any().tag(sync=True, **widget_serialization)
    kept_rows = tl.Any().tag(sync=True, **widget_serialization)

    def __init__(self, handler: ImportHandler, **traits: Any) -> None:
        super().__init__(**traits)
        self._handler = handler

    def ask_slice(self, number: int, offset: int) -> None:
        """The browser answers with `part`: so never more than one slice is under way."""
        self.run("next", number, offset)

    def vue_begin(self, data: dict[str, Any]) -> None:
        self._handler.begin(int(data["number"]), str(data["name"]), int(data["size"]))

    def vue_part(self, data: dict[str, Any], buffers: list[memoryview] | None = None) -> None:
        self._handler.take(int(data["number"]), int(data["offset"]), buffers[0] if buffers else b"")

    def vue_unread(self, data: dict[str, Any]) -> None:
        self._handler.unread(int(data["number"]))

    def vue_fetch(self, data: dict[str, Any]) -> None:
        self._handler.fetch(str(data["address"]))

    def vue_look(self, data: Choices) -> None:
        self._handler.look(data)

    def vue_stop(self, _data: Any) -> None:
        self._handler.stop()

    def vue_undo(self, data: dict[str, Any]) -> None:
        self._handler.undo(int(data["number"]))

    def vue_again(self, _data: Any) -> None:
        self._handler.again()

    def vue_confirm(self, _data: Any) -> None:
        self._handler.confirm()

    def vue_close(self, _data: Any) -> None:
        self._handler.close()
