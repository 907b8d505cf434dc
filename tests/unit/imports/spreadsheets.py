"""Small spreadsheets made byte by byte, with what no program would write."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable

import xlsxwriter

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def archive(members: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in members.items():
            written.writestr(name, content)
    return buffer.getvalue()


def xlsx(rows: str, dimension: str = "A1:B2", tag: str = "") -> bytes:
    """A sound workbook whose sheet has these rows, as XML."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet("Leads").write_string(0, 0, "Nom")
    with zipfile.ZipFile(buffer) as sound:
        members: dict[str, str | bytes] = {name: sound.read(name) for name in sound.namelist()}
    names = f'{MAIN} xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    start = f'<{tag}worksheet {names}><{tag}dimension ref="{dimension}"/><{tag}sheetData>'
    return archive(members | {"xl/worksheets/sheet1.xml": f"{start}{rows}</{tag}sheetData></{tag}worksheet>"})


def ods(rows: str) -> bytes:
    office, table, text = (f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in ("office", "table", "text"))
    start = f'<office:document-content xmlns:office="{office}" xmlns:table="{table}" xmlns:text="{text}"><office:body><office:spreadsheet>'
    content = f'{start}<table:table table:name="Leads">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return archive({"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content})


def xlsb(cells: Iterable[tuple[int, int]]) -> bytes:
    """Numbers at these (row, column)."""

    def record(kind: int, content: bytes = b"") -> bytes:
        number = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
        return number + bytes([len(content)]) + content

    def wide(text: str) -> bytes:
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    book = record(0x83) + record(0x8F) + record(0x9C, struct.pack("<II", 0, 1) + wide("rId1") + wide("Leads")) + record(0x90) + record(0x84)
    sheet = record(0x81) + record(0x94, struct.pack("<IIII", 0, 1, 0, 1)) + record(0x91)
    for row, column in cells:
        sheet += record(0, struct.pack("<I", row) + bytes(13)) + record(5, struct.pack("<IId", column, 0, 7.0))
    sheet += record(0x92) + record(0x82)
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

    def related(kind: str, target: str) -> str:
        return f'<Relationships xmlns="{relations}"><Relationship Id="rId1" Type="{kinds}/{kind}" Target="{target}"/></Relationships>'

    return archive(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": related("officeDocument", "xl/workbook.bin"),
            "xl/_rels/workbook.bin.rels": related("worksheet", "worksheets/sheet1.bin"),
            "xl/workbook.bin": book,
            "xl/worksheets/sheet1.bin": sheet,
        }
    )
