"""A file is opened by what it contains, and refused in a sentence that says what to do."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from gnetics.errors import UnreadableFile
from gnetics.imports import cell_errors, text_file, workbook

TABLE = "Nom;Entreprise\nÉlodie Lefèvre;L’Atelier d’Œuvres\n"


def cells(data: bytes, filename: str = "f.csv") -> list[list[workbook.Cell]]:
    return [row for _, row in workbook.read(data, filename).sheets[0].rows()]


def xlsx(rows: list[list[object]]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Leads")
        for line, row in enumerate(rows):
            sheet.write_row(line, 0, row)
    return buffer.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_accents_survive_every_usual_encoding(encoding: str) -> None:
    assert cells(TABLE.encode(encoding))[1] == ["Élodie Lefèvre", "L’Atelier d’Œuvres"]


@pytest.mark.parametrize("encoding", ["cp850", "mac_roman"])
def test_an_encoding_that_would_spoil_accents_is_refused(encoding: str) -> None:
    with pytest.raises(UnreadableFile, match="encodage"):
        workbook.read("Nom;Ville\nRémy André;Orléans\nHélène;Saint-Étienne\n".encode(encoding), "f.csv")


@pytest.mark.parametrize("sign", [";", ",", "\t", "|"])
def test_the_separator_is_found(sign: str) -> None:
    assert cells(f"Nom{sign}Ville{sign}Note\nA{sign}B{sign}1,5\n".replace("1,5", "x").encode())[1] == ["A", "B", "x"]


def test_the_separator_excel_announces_wins() -> None:
    assert cells(b"sep=;\r\nNom;Ville\r\nA, B;C\r\n")[0] == ["Nom", "Ville"]
    assert workbook.read(b"sep=;\r\nNom;Ville\r\nA, B;C\r\n").sheets[0].head[1] == (3, ["A, B", "C"])


def test_lines_are_numbered_as_a_person_sees_them() -> None:
    rows = workbook.read(b'Nom;Note\n"A\nB";1\n\nC;2\n').sheets[0].head
    assert [line for line, _ in rows] == [1, 2, 4, 5]
    sheet = workbook.read(xlsx([[], [], ["Nom"], ["A"]])).sheets[0]
    assert (3, ["Nom"]) in sheet.head


def test_a_quote_left_open_is_refused_with_its_line() -> None:
    with pytest.raises(UnreadableFile, match="guillemet ouvert ligne 3"):
        workbook.read(b'Nom;Note\nA;1\n"B;2\nC;3\n')


def test_a_cell_too_long_for_a_text_is_refused_as_such_with_its_line() -> None:
    with pytest.raises(UnreadableFile, match="La ligne 3 a une case de plus de 131\u202f072 caractères"):
        workbook.read(f"Nom;Note\nA;1\nB;{'x' * 131_073}\n".encode())


def test_the_name_of_a_file_does_not_decide_what_it_is() -> None:
    assert cells(xlsx([["Nom"], ["A"]]), "f.csv") == [["Nom"], ["A"]]
    assert cells(TABLE.encode(), "f.xlsx")[0] == ["Nom", "Entreprise"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_accents_written_twice_are_restored_and_told(encoding: str) -> None:
    twice = "Nom;Prénom\nLefèvre;Élodie d’Àïa\n".encode().decode("cp1252")
    book = workbook.read(twice.encode(encoding))
    assert [row for _, row in book.sheets[0].rows()] == [["Nom", "Prénom"], ["Lefèvre", "Élodie d’Àïa"]]
    assert [(line, "rétablis" in said) for line, said in book.told] == [(1, True)]
    mixed = workbook.read(f"Nom;Prénom\n{'Lefèvre'.encode().decode('cp1252')};Élodie\n".encode(encoding))
    assert mixed.sheets[0].head[1][1] == ["LefÃ¨vre", "Élodie"] and "ligne 2" in mixed.told[0][1]
    assert not workbook.read("Nom\nJOÃO São\n".encode(encoding)).told


def test_a_formula_that_says_only_a_text_is_that_text() -> None:
    data = b'Nom;Tel\n="Anne ""A"" Roux";"=""0612345678"""\n=A1;\'="x"\n'
    assert cells(data)[1:] == [['Anne "A" Roux', "0612345678"], ["=A1", '="x"']]


def test_a_text_that_looks_like_a_formula_is_a_text() -> None:
    assert cells(xlsx([["Nom"], ["=1+1"]]))[1] == ["=1+1"]


@pytest.mark.parametrize("piece", [17, 2**20])
def test_each_error_of_an_xlsx_is_found_in_its_cell(monkeypatch: pytest.MonkeyPatch, piece: int) -> None:
    monkeypatch.setattr(cell_errors, "_PIECE", piece)  # bytes of a sheet looked at in one go
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        book.add_worksheet("Vide & <autre>")
        sheet = book.add_worksheet("Ventes & « Co »")
        for line in range(40):
            sheet.write_row(line, 2, [1.5] * 10)
            for place in range(line % 2, 10, 2):
                sheet.write_formula(line, 2 + place, "=1/0", None, "#DIV/0!")
    (found,) = workbook.read(buffer.getvalue()).sheets
    for line, row in found.rows():
        assert row == [None, None] + ["#DIV/0!" if (place - line) % 2 else 1.5 for place in range(10)]
    assert found.name == "Ventes & « Co »"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "vide"),
        (b" \r\n\n", "vide"),
        (b"\xef\xbb\xbf", "vide"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "pas un classeur"),
        (("\ufeffNom;Ville\n" + "A;B\n" * 5000 + "\0").encode("utf-16-le"), "encodage"),
        (b"\xff\xfeN\0o\0m", "encodage|vide"),
        (b"PK\x03\x04 not really", "endommagé"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "endommagé"),
        (b"<html><table><tr><td>Nom</td></tr></table>", "page ou un document"),
        (b"%PDF-1.7\n", "page ou un document"),
        (";".join(f"c{n}" for n in range(10_000)).encode(), "10000 colonnes"),
        (("a" * 200_000).encode(), "une case de plus de 131"),
    ],
)
def test_what_is_not_a_workbook_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(UnreadableFile, match=why):
        workbook.read(data if data != b"\xff\xfeN\0o\0m" else b"\xff\xfeN\0o\0m\0\0", "f.csv")


@pytest.mark.parametrize("text", [";", "a;", '"a\n";', "é" * 1000 + ";"])
def test_a_line_without_end_is_refused_before_it_is_held(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_file, "LONGEST_ROW", 2**18)
    data = b"Nom;Ville\nAnne;Lyon\n" + (text * (2**24 // len(text))).encode()
    tracemalloc.start()
    with pytest.raises(UnreadableFile, match="ligne 3 est trop longue"):
        workbook.read(data)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < len(data) + 2**25  # the text is looked at by pieces; its cells, held, would take 100 MB and more


def test_a_line_as_long_as_may_be_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_file, "LONGEST_ROW", 1000)
    text = "Nom;Ville\r\nAnne;" + "x" * 993 + "\r\n" + ('"' + "y\n" * 400 + '";Lyon\r\n') * 3
    assert [len(row) for row in cells(text.encode())] == [2] * 5


def test_a_spreadsheet_of_all_the_columns_there_can_be_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="16384 colonnes"):
        workbook.read(xlsx([[f"c{n}" for n in range(16_384)]]))


def bomb(member: str, start: bytes, filling: bytes, end: bytes) -> bytes:
    """A sound workbook of which one member is 40 MB once unzipped."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx([["Nom"], ["Anne"]]))) as sound, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sound.namelist():
            archive.writestr(name, start + filling * (40 * 2**20 // len(filling)) + end if name == member else sound.read(name))
    return buffer.getvalue()


SPREADSHEET = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
BOMBS = {
    "xl/sharedStrings.xml": (b"<sst " + SPREADSHEET + b"><si><t>", b"Nom de ", b"</t></si></sst>"),
    "xl/worksheets/sheet1.xml": (b"<worksheet " + SPREADSHEET + b"><sheetData>", b"<row><c/></row>", b"</sheetData></worksheet>"),
}


@pytest.mark.parametrize("member", BOMBS)
def test_a_small_file_that_is_huge_once_unzipped_is_refused_unread(member: str) -> None:
    data = bomb(member, *BOMBS[member])
    assert len(data) < 200_000
    with pytest.raises(UnreadableFile, match="dépasse 30\u00a0Mo une fois décompressé"):
        workbook.read(data, largest=30)


@pytest.mark.parametrize("member", BOMBS)
def test_a_file_that_lies_about_its_size_is_refused(member: str) -> None:
    data = bytearray(bomb(member, *BOMBS[member]))
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        places = (archive.getinfo(member).header_offset + 22, data.rindex(member.encode()) - 46 + 24)  # sizes before it, and in the list
    for place in places:
        assert struct.unpack_from("<L", data, place)[0] > 30 * 2**20
        struct.pack_into("<L", data, place, 1000)
    with pytest.raises(UnreadableFile, match="endommagé"):
        workbook.read(bytes(data), largest=30)


def test_a_spreadsheet_without_a_cell_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="vide"):
        workbook.read(xlsx([]))


def test_a_zip_of_something_else_is_refused() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("photo.txt", "bonjour")
    with pytest.raises(UnreadableFile, match="endommagé"):
        workbook.read(buffer.getvalue(), "f.xlsx")


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="n’existe pas"):
        workbook.read(tmp_path / "absent.xlsx")
    with pytest.raises(UnreadableFile, match="ne peut pas être ouvert"):
        workbook.read(tmp_path)


def test_a_file_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "gros.csv"
    with path.open("wb") as file:
        file.truncate(workbook.LARGEST_FILE + 1)
    tracemalloc.start()
    with pytest.raises(UnreadableFile, match="200\u00a0Mo"):
        workbook.read(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 2**20


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        assert workbook.read(data).sheets
    except UnreadableFile:
        return


@given(st.lists(st.lists(st.text(max_size=8).filter(lambda text: "\0" not in text), min_size=2, max_size=3), min_size=1, max_size=5))
def test_every_cell_of_a_quoted_file_is_found_again(rows: list[list[str]]) -> None:
    text = "sep=;\n" + "".join(";".join('"' + cell.replace('"', '""') + '"' for cell in row) + "\r\n" for row in rows)
    assert [row for _, row in text_file.rows(io.StringIO(text, newline=""))] == rows
