"""Whatever a stranger calls a file, it is saved where one asks for it, under a name that says what it is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnetics.domain.file_names import LONGEST, NAMELESS, extension, is_program, media_type, safe, wanted


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("Devis d’été n° 3.pdf", "Devis d’été n° 3.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\System32\\devis.pdf", "devis.pdf"),
        ("devis\0.pdf", "devis.pdf"),
        ("a\r\n\tb.pdf", "a b.pdf"),
        ("facture\u202efdp.exe", "facturefdp.exe"),
        ("de\u200bvis\ufeff.pdf", "devis.pdf"),
        ("e\u200b\u0301te.pdf", "éte.pdf"),
        ('a:b|c?"<d>*.pdf', "a_b_c___d__.pdf"),
        ("CON", "_CON"),
        ("nul.pdf", "_nul.pdf"),
        ("Com1 .tar.gz", "_Com1 .tar.gz"),
        ("contrat.pdf", "contrat.pdf"),
        (".bashrc", "bashrc"),
        ("devis.pdf. . ", "devis.pdf"),
        ("日本語.docx", "日本語.docx"),
        ("", NAMELESS),
        ("..", NAMELESS),
        ("dossier/", NAMELESS),
        ("\u202e\u2066", NAMELESS),
    ],
)
def test_a_name_is_saved_without_what_would_hurt(name: str, saved: str) -> None:
    assert safe(name) == saved


def test_a_long_name_is_cut_before_its_extension() -> None:
    saved = safe("é" * 500 + ".PDF")
    assert saved.endswith("é.PDF") and len(saved.encode()) <= LONGEST


@given(st.text(max_size=400))
def test_no_name_leads_elsewhere_or_is_refused_by_a_system(name: str) -> None:
    saved = safe(name)
    assert saved == safe(saved) and 0 < len(saved.encode()) <= LONGEST
    assert not set(saved) & set('/\\:*?"<>|\0\n\u202e') and saved == saved.strip(" .")
    assert extension(name) == extension(saved)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("facture.PDF", "pdf"),
        ("photo.jpeg", "jpg"),
        ("facture.pdf.exe", "exe"),
        ("facture\u202efdp.exe", "exe"),
        ("facture.exe. .", "exe"),
        ("facture.pdf\0.exe", "exe"),
        ("facture.exe\u200b", "exe"),
        ("facture.pdf/x.exe", "exe"),
        ("pdf", ""),
        (".pdf", ""),
        ("facture.", ""),
        ("", ""),
    ],
)
def test_a_file_is_what_a_computer_opens_it_as(name: str, expected: str) -> None:
    assert extension(name) == expected


@pytest.mark.parametrize(("text", "expected"), [("pdf", "pdf"), (" .PDF ", "pdf"), ("*.docx", "docx"), ("JPEG", "jpg"), ("7z", "7z")])
def test_people_name_an_extension_as_they_like(text: str, expected: str) -> None:
    assert wanted(text) == expected


@pytest.mark.parametrize("text", ["", "exe", ".JS", "tar.gz", "un pdf", "image/png", "*", "é", "a" * 11])
def test_programs_and_what_is_no_extension_are_not_named(text: str) -> None:
    assert wanted(text) == ""


def test_what_a_browser_would_run_is_handed_over_as_bytes() -> None:
    assert media_type("devis.pdf") == "application/pdf"
    assert {media_type(f"page.{each}") for each in ("html", "htm", "svg", "xhtml", "xml", "exe", "inconnu")} == {"application/octet-stream"}


@pytest.mark.parametrize("content", [b"MZ\x90\0\x03\0", b"\x7fELF\x02", b"\xcf\xfa\xed\xfe\x07", b"L\0\0\0\x01\x14\x02\0"])
def test_a_program_is_known_by_its_first_bytes(content: bytes) -> None:
    assert is_program(content)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"PK\x03\x04", b"MZ;Nom\n" + b"Zo\xc3\xa9;12\n" * 20, b"\x89PNG\r\n\x1a\n"])
def test_a_document_is_none(content: bytes) -> None:
    assert not is_program(content)
