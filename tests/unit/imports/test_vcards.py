"""Visiting cards of any version and program become the rows that a careful assistant would have typed."""

from __future__ import annotations

import time

import pytest

from gnetics.errors import UnreadableFile
from gnetics.exports.vcards import OURS
from gnetics.imports import workbook

OLD = """BEGIN:VCARD
VERSION:2.1
N;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Dupr=E9;Sylvain;;M.;
FN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Sylvain Dupr=
=E9
TEL;WORK;VOICE:01 99 00 10 10
TEL;CELL;PREF:06 39 98 12 34
TEL;FAX:01 99 00 10 11
EMAIL;INTERNET:sylvain@alpha.example
X-ODD;ENCODING=QUOTED-PRINTABLE:un=
deux:trois
PHOTO;ENCODING=BASE64;JPEG:
 /9j/4AAQSkZJRg
AAAA

ORG:Alpha Bois;Ventes
NOTE;ENCODING=QUOTED-PRINTABLE:ligne 1=0D=0Aligne 2
END:VCARD
"""
NEW = """BEGIN:VCARD
VERSION:4.0
item1.EMAIL;TYPE=home:anne@maison.example
item2.EMAIL;PREF=1:mailto:anne@theta.example
item2.X-ABLabel:travail
FN:Anne Pic
N:Pic;Anne;;Dr.;
ORG:Theta\\, SARL
TITLE:Gérante
ROLE:Achats
CATEGORIES:Clients,VIP
TEL;VALUE=uri;TYPE="voice,work":tel:+33-1-99-00-10-10;ext=22
TEL;VALUE=uri;TYPE="voice,cell":tel:+33-6-39-98-12-34
NOTE:une note plu
 s longue\\nfin
ADR;TYPE=work:;;1\\, rue du Bois;Lyon;;69001;France
URL:https://theta.example
END:VCARD
"""


def read(text: str, encoding: str = "utf-8") -> list[dict[str, str]]:
    """The cells that say something, by title, of each card."""
    (_, titles), *rows = workbook.read(text.encode(encoding), "cartes.vcf").sheets[0].rows()
    return [{str(title): str(cell).replace("\r", "") for title, cell in zip(titles, cells, strict=True) if cell} for _, cells in rows]


def card(*lines: str) -> dict[str, str]:
    (found,) = read("\n".join(["BEGIN:VCARD", "VERSION:3.0", *lines, "END:VCARD"]))
    return found


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_cards_of_every_version_are_rows_under_our_titles(encoding: str, ends: str) -> None:
    assert read((OLD + NEW).replace("\n", ends), encoding) == [
        {
            "Nom": "Sylvain Dupré",
            "Entreprise": "Alpha Bois",
            "Email": "sylvain@alpha.example",
            "Téléphone": "06 39 98 12 34",
            "Notes": "ligne 1\nligne 2\nAutre téléphone\u00a0: 01 99 00 10 10\nFax\u00a0: 01 99 00 10 11\nService\u00a0: Ventes",
        },
        {
            "Nom": "Anne Pic",
            "Entreprise": "Theta, SARL",
            "Fonction": "Gérante",
            "Email": "anne@theta.example",
            "Téléphone": "+33-6-39-98-12-34",
            "Étiquettes": "Clients, VIP",
            "Notes": "une note plus longue\nfin\nAutre email\u00a0: anne@maison.example\n"
            "Autre téléphone\u00a0: +33-1-99-00-10-10 poste 22\nAutre fonction\u00a0: Achats\n"
            "Adresse\u00a0: 1, rue du Bois, 69001 Lyon, France\nSite\u00a0: https://theta.example",
        },
    ]


def test_what_is_not_taken_of_a_card_is_a_column_of_its_own() -> None:
    sheet = workbook.read(OLD.encode(), "c.vcf").sheets[0]
    assert sheet.head[0][1][-2:] == ["Propriété X-ODD", "Propriété PHOTO"]


@pytest.mark.parametrize(
    ("lines", "name", "company"),
    [
        (["N:Dupré;Sylvain;;;", "FN:Dupré, Sylvain"], "Dupré, Sylvain", ""),
        (["N:Dupré;Sylvain;;;", "FN:Sylvain Dupré (Alpha Bois)", "ORG:Alpha Bois"], "Sylvain Dupré", "Alpha Bois"),
        (["N:Dupré;Sylvain;;;", "FN:Alpha Bois", "ORG:Alpha Bois"], "Sylvain Dupré", "Alpha Bois"),
        (["N:王;小明;;;", "FN:王小明"], "王小明", ""),
        (["N:;;;;", "FN:Alpha Bois", "ORG:Alpha Bois"], "", "Alpha Bois"),
        (["N:;;;;", "FN:a@alpha.example", "EMAIL:a@alpha.example"], "", ""),
        (["FN:Plombier de Lyon"], "Plombier de Lyon", ""),
        (["KIND:org", "FN:Alpha Bois"], "", "Alpha Bois"),
        (["N:Dupré;Sylvain", f"PRODID:{OURS}"], "Sylvain Dupré", ""),
        (["N:;;;;", "FN:Contact sans identité", f"PRODID:{OURS}"], "", ""),
    ],
)
def test_the_name_is_the_persons_not_what_the_card_is_filed_under(lines: list[str], name: str, company: str) -> None:
    found = card(*lines)
    assert (found.get("Nom", ""), found.get("Entreprise", "")) == (name, company)


def test_a_number_is_kept_only_where_no_other_program_can_give_it_too() -> None:
    other, own = "Identifiant d’un autre programme", "ID Lead"
    assert other not in card("FN:A", "UID:12")
    assert card("FN:A", "UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1")[other] == "4fbe8971-0bc3-424c-9c26-36c3e1eff6b1"
    assert card("FN:A", "UID:K1", f"PRODID:{OURS}")[own] == "K1"
    assert card("FN:A", "UID:L-000012")[own] == "L-000012"


def test_a_group_is_no_person() -> None:
    text = "BEGIN:VCARD\nVERSION:4.0\nKIND:group\nFN:Amis\nEND:VCARD\n"
    book = workbook.read((NEW + text).encode(), "c.vcf")
    assert len(list(book.sheets[0].rows())) == 2
    assert book.told == ((19, "«\u00a0Amis\u00a0» est un groupe de contacts\u00a0: il n’est pas importé."),)


def test_a_card_within_a_card_is_nobodys_row() -> None:
    agent = "AGENT:\nBEGIN:VCARD\nFN:Autre\nEND:VCARD"
    assert card("FN:Anne Pic", agent, "EMAIL:anne@theta.example") == {"Nom": "Anne Pic", "Email": "anne@theta.example"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"BEGIN:VCARD\nFN:A\n", "ligne 1 n\u2019est jamais ferm\u00e9e"),
        (b"BEGIN:VCARD\nFN:A\nBEGIN:VCARD\nFN:B\nEND:VCARD\n", "ligne 1 n\u2019est jamais ferm\u00e9e"),
        (b"BEGIN:VCARD\nFN:A\nEND:VCARD\nNom;Email\n", "ligne 4 n\u2019est d\u2019aucune carte"),
        (b"BEGIN:VCARD\nFN:A\nsans signe\nEND:VCARD\n", "ligne 3 n\u2019est d\u2019aucune carte"),
        (b"BEGIN:VCARD\nFN:A\nEND:VCARD\nEND:VCARD\n", "ligne 4 n\u2019est d\u2019aucune carte"),
    ],
)  # fmt: skip
def test_a_broken_card_is_refused_with_its_line(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said):
        workbook.read(data, "c.vcf")


@pytest.mark.parametrize(
    "data",
    [
        b"BEGIN:VCARD\nNOTE:x\n" + b" \n" * 10_000_000,
        b"BEGIN:VCARD\nPHOTO:x\n" + b" \n" * 10_000_000,
        b"BEGIN:VCARD\n" + b"EMAIL:a@b.example\n" * 1_000_000,
        b"BEGIN:VCARD\nFN;" + b'"' * 30_000_000 + b"\nEND:VCARD\n",
        b"BEGIN:VCARD\nFN:A\n" * 1_000_000,
    ],
    ids=["folding", "folding of a picture", "properties", "quotes", "never closed"],
)
def test_a_hostile_card_ends_fast_with_a_sentence(data: bytes) -> None:
    start = time.process_time()
    with pytest.raises(UnreadableFile, match="ligne"):
        workbook.read(data, "c.vcf")
    assert time.process_time() - start < 10


def test_a_large_picture_is_no_fault() -> None:
    assert card("FN:Anne", "PHOTO:data:image/jpeg;base64," + "A" * 5_000_000) == {"Nom": "Anne"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("BEGIN:VCALENDAR\nVERSION:2.0\n", "calendrier"),
        ("Return-Path: <a@b.example>\nReceived: par ici\n\tpuis là\nFrom: a@b.example\nSubject: Devis\n\nBonjour", "messages"),
        ("From a@b.example Mon Jan  5 10:00:00 2026\nFrom: a@b.example\nTo: c@d.example\n\nBonjour", "messages"),
    ],
)
def test_a_calendar_and_mails_say_where_they_go(text: str, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said):
        workbook.read(text.encode(), "contacts.csv")


@pytest.mark.parametrize(
    "text", ["From,To,Subject,Date\nAnne,Luc,Devis,05/01/2026\n", "Date: envoi;Nom\n05/01/2026;Anne\n", "Subject\nFrom: x\nTo: y\n"]
)
def test_a_table_about_mails_is_a_table(text: str) -> None:
    assert workbook.read(text.encode(), "f.csv").sheets[0].height >= 2
