"""A small file that asks for gigabytes is refused in a sentence before they are taken; one that gets past that ends its reader only."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile
from threading import Thread

import olefile
import pytest

from gnetics.errors import UnreadableFile
from gnetics.imports import extents, reading_apart, workbook
from tests.unit.imports.spreadsheets import ods, xlsb, xlsx

CLIENTS = Path(__file__).parents[2] / "files" / "clients.xls"
TOO_WIDE, TOO_LARGE = "16384 colonnes, le maximum est 500", "trop grande, jusqu’à la ligne {}, colonne 500"


def xls(tmp_path: Path, row: int, column: int) -> bytes:
    """The sound file, its last cell moved there."""
    path = tmp_path / "moved.xls"
    shutil.copy(CLIENTS, path)
    with olefile.OleFileIO(path, write_mode=True) as container:
        book = bytearray(container.openstream("Workbook").read())
        places = [start for kind, start, _ in extents._xls_records(bytes(book)) if kind == 0x00FD]
        struct.pack_into("<HH", book, places[-1], row, column)
        container.write_stream("Workbook", bytes(book))
    return path.read_bytes()


def far(place: str, named: str = 'r="{}"') -> str:
    return f'<row r="1"><c {named.format("A1")}><v>1</v></c><c {named.format(place)}><v>1</v></c></row>'


HOSTILE = {
    "xlsx, the last column": (xlsx(far("XFD6000")), TOO_WIDE),
    "xlsx, the last cell": (xlsx(far("XFD1048576")), TOO_WIDE),
    "xlsx, the last line": (xlsx(far("SF1048576")), TOO_LARGE.format(1048576)),
    "xlsx, a rectangle of nothing": (xlsx(far("SF60000")), TOO_LARGE.format(60000)),
    "xlsx, other quotes": (xlsx(far("XFD6000", "r='{}'")), TOO_WIDE),
    "xlsx, other spaces": (xlsx(far("XFD6000", '\n r = "{}" ')), TOO_WIDE),
    "xlsx, a style before": (xlsx(far("XFD6000", 's="0" r="{}"')), TOO_WIDE),
    "xlsx, a prefix": (xlsx(re.sub("(</?)", r"\1x:", far("XFD6000")), tag="x:"), TOO_WIDE),
    "xlsx, cells without places": (xlsx(f"<row>{'<c/>' * 16383}<c><v>1</v></c></row>"), TOO_WIDE),
    "xlsx, rows without numbers": (xlsx(f'{"<row/>" * 59_999}<row><c r="SF60000"><v>1</v></c></row>'), TOO_LARGE.format(60000)),
    "ods, a column repeated": (
        ods('<table:table-row><table:table-cell office:value="1" table:number-columns-repeated="16384"/></table:table-row>'),
        TOO_WIDE,
    ),
    "ods, columns of nothing": (
        ods(
            '<table:table-row><table:table-cell table:number-columns-repeated="16383"/>'
            '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row>'
        ),
        TOO_WIDE,
    ),
    "ods, rows repeated": (
        ods(
            '<table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="499"/>'
            '<table:table-cell office:value-type="float" office:value="1"/></table:table-row>'
        ),
        TOO_LARGE.format(1048576),
    ),
    "ods, rows of nothing": (
        ods(
            '<table:table-row table:number-rows-repeated="59999"><table:table-cell/></table:table-row>'
            '<table:table-row><table:table-cell table:number-columns-repeated="499"/>'
            '<table:table-cell office:value-type="float" office:value="1"/></table:table-row>'
        ),
        TOO_LARGE.format(60000),
    ),
    "ods, more than there can be": (
        ods('<table:table-row><table:table-cell office:value="1" table:number-columns-repeated="99999999999999"/></table:table-row>'),
        "endommagé",
    ),
    "ods, one text of spaces": (
        ods(
            '<table:table-row><table:table-cell office:value-type="string"><text:p><text:s text:c="4000000000"/></text:p>'
            "</table:table-cell></table:table-row>"
        ),
        "endommagé",
    ),
    "xlsb, the last column": (xlsb([(0, 0), (5999, 16383)]), TOO_WIDE),
    "xlsb, a rectangle of nothing": (xlsb([(0, 0), (59_999, 499)]), TOO_LARGE.format(60000)),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_sheet_that_reaches_too_far_is_refused_before_it_is_held(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data, why = HOSTILE[name]
    assert len(data) < 10_000
    monkeypatch.setattr(reading_apart, "MEMORY", 2**27)  # bytes: what such a sheet would take is many times as much
    monkeypatch.setattr(reading_apart, "MEMORY_FOR_EACH", 0)
    with pytest.raises(UnreadableFile, match=why):
        workbook.read(data)


@pytest.mark.parametrize(("row", "column", "why"), [(0xFFFF, 499, TOO_LARGE.format(65536)), (0xFFFF, 0xFFFF, "65536 colonnes")])
def test_an_xls_that_reaches_too_far_is_refused(tmp_path: Path, row: int, column: int, why: str) -> None:
    with pytest.raises(UnreadableFile, match=why):
        workbook.read(xls(tmp_path, row, column))


@pytest.mark.parametrize(
    "data",
    [
        xlsx('<row r="1"><c r="A1"><v>7</v></c><c r="XFD1" s="0"/></row><row r="1048576"><c r="XFD1048576" s="0"></c></row>'),
        xlsx(far("A2").replace("<v>1", "<v>7"), dimension="A1:XFD1048576"),
        xlsx("<row><c><v>7</v></c></row>"),
        ods(
            '<table:table-row><table:table-cell office:value-type="float" office:value="7"/>'
            '<table:table-cell table:number-columns-repeated="16383"/></table:table-row>'
            '<table:table-row table:number-rows-repeated="1048575">'
            '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
        ),
        xlsb([(0, 0)]),
    ],
    ids=["blank cells far away", "a dimension that lies", "no places", "the rest of an ods", "xlsb"],
)
def test_what_only_looks_large_is_read(data: bytes) -> None:
    (sheet,) = workbook.read(data).sheets
    assert sheet.head[0][1][0] == 7.0


def test_a_reader_that_takes_too_much_ends_alone(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>1</v></c><c r="SF{row}"><v>1</v></c></row>' for row in range(1, 9_000))
    data = xlsx(rows)
    assert workbook.read(data).sheets[0].height == 8_999
    monkeypatch.setattr(reading_apart, "MEMORY", 2**27)
    monkeypatch.setattr(reading_apart, "MEMORY_FOR_EACH", 0)
    with pytest.raises(UnreadableFile, match="plus de mémoire ou de temps"):
        workbook.read(data)
    assert "memory allocation" in caplog.text


def test_a_reader_that_takes_too_long_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = "".join(f'<row r="{row}">{"<c><v>1</v></c>" * 400}</row>' for row in range(1, 2_500))
    monkeypatch.setattr(reading_apart, "SECONDS", 1)
    with pytest.raises(UnreadableFile, match="plus de mémoire ou de temps"):
        workbook.read(xlsx(rows))


def test_a_defect_of_the_reader_is_no_fault_of_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading_apart, "SECONDS", "never")
    with pytest.raises(RuntimeError, match="the reader of a file failed"):
        workbook.read(xlsx(far("B2")))


def test_a_reader_knows_none_of_our_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GNETICS_SMTP_URL", "smtp://name:secret@host")
    assert not [name for name in reading_apart._environment() if name.startswith("GNETICS_")]


def test_several_threads_read_at_once(tmp_path: Path) -> None:
    data = xlsx(far("B2"))
    found: list[list[list[workbook.Cell]]] = []

    def read() -> None:
        found.append([cells for _, cells in workbook.read(data).sheets[0].rows()])

    threads = [Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [[[1.0, None], [None, 1.0]]] * 4


def test_rows_are_gone_through_as_often_as_asked_and_by_two_at_once() -> None:
    rows = "".join(f'<row r="{row}"><c r="A{row}"><v>{row}</v></c></row>' for row in range(1, 2_502))
    (sheet,) = workbook.read(xlsx(rows)).sheets
    for (line, cells), (other, same) in zip(sheet.rows(), sheet.rows(), strict=True):
        assert line == other and cells == same == [float(line)]
    assert sheet.height == line == 2_501


def test_a_reader_ends_with_the_one_who_waits_for_it() -> None:
    with TemporaryFile() as rows:
        command = [sys.executable, "-P", "-m", "gnetics.imports.spreadsheet", str(rows.fileno()), "500", str(2**30), "60"]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pass_fds=[rows.fileno()]) as reader:
            assert reader.stdout
            reader.stdout.close()  # nobody waits any more; of the file, nothing ever comes
            assert reader.wait(60) == 1
