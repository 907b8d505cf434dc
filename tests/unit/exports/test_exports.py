"""Files that leave the CRM: what is in them is what was in the store, whatever people typed."""

from __future__ import annotations

import csv
import io
import re
import shutil
import sys
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from gnetics.actions.imports import import_rows
from gnetics.domain.fields import LEAD_FIELDS, Field
from gnetics.domain.folding import visible
from gnetics.domain.regions import REGIONS
from gnetics.domain.rights import Verb
from gnetics.domain.statuses import LABELS
from gnetics.domain.values import clean
from gnetics.exports.csv_file import csv_file
from gnetics.exports.inert import guarded, unguarded
from gnetics.exports.lead_table import lead_table
from gnetics.exports.other_tables import event_table, message_table
from gnetics.exports.tables import Column, Measure, Table, file_name
from gnetics.exports.vcards import vcards
from gnetics.exports.xlsx_file import xlsx_file
from gnetics.imports.importer import import_workbook
from gnetics.imports.report import Report
from gnetics.settings import Settings
from gnetics.store.crm import open_crm
from gnetics.store.reading.logs import frame_of_messages
from tests.served import ZONE
from tests.unit.metrics.conftest import Maker

FR, QUEBEC = REGIONS["FR"], REGIONS["CA-QC"]
HOSTILE = [
    "=1+1",
    "+33 6",
    "-5",
    "@SUM(A1)",
    "'=deja",
    "''=deux",
    'a;b"c',
    "x,y,z",
    "deux\nlignes",
    "_x0041_",
    "été œuvre 🙂",
    "\u200fשלום",
    "007",
]


def texts(limit: int, lines: bool = False) -> st.SearchStrategy[str | None]:
    """Texts as the store keeps them: cleaned, never blank."""
    drawn = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30), st.text("=+-@';,\"\t|% 1aé", max_size=12))
    return drawn.map(lambda text: clean(text, lines)[:limit].strip()).map(lambda text: text if visible(text).strip() else None)


READ_BY_MACHINES = texts(100).map(lambda text: text and visible(text).strip())
DAYS = st.one_of(st.none(), st.dates(date(1900, 3, 1), date(2199, 12, 31)))
BY_KIND: dict[str, st.SearchStrategy[Any]] = {
    "status": st.sampled_from([*LABELS, "Bizarre", None]),
    "score": st.one_of(st.none(), st.integers(0, 100)),
    "percent": st.integers(0, 100),
    "money": st.one_of(st.none(), st.integers(0, 10**12), st.sampled_from([0, 1, 10, 100, 123456, 10**12])),
    "date": DAYS,
    "email": READ_BY_MACHINES,
    "phone": READ_BY_MACHINES,
    "tags": st.one_of(st.none(), st.lists(st.sampled_from(["Salon", "VIP", "à rappeler"]), unique=True, min_size=1).map(", ".join)),
}


def values_of(field: Field) -> st.SearchStrategy[Any]:
    if field.choices:
        return st.sampled_from([None, *field.choices])
    return BY_KIND.get(field.kind, texts(field.limit, field.kind == "long_text"))


@st.composite
def leads(draw: st.DrawFn) -> list[dict[str, Any]]:
    rows = []
    for number in range(draw(st.integers(1, 4))):
        values = {field.key: draw(values_of(field)) for field in LEAD_FIELDS}
        identity = {"lead_id": f"L-{number:06d}"} if draw(st.booleans()) else {"lead_id": None, "origin": f"{number:064x}"}
        rows.append(
            {name: value for name, value in (values | identity).items() if value is not None} | {"probability": values["probability"]}
        )
    return rows


@pytest.fixture(scope="module")
def sent(empty_store: Path) -> Callable[..., tuple[list[Any], list[Any], Report]]:
    """sent(region, rows, make, name): leads of a store, those of another that took its export, the report of its own import of it."""

    def run(region: str, rows: list[dict[str, Any]], make: Callable[..., bytes], name: str) -> tuple[list[Any], list[Any], Report]:
        with TemporaryDirectory() as place:
            copies = [shutil.copy(empty_store, Path(place) / f"{number}.db") for number in (1, 2)]
            first, second = (open_crm(Settings(database_url=f"sqlite:///{copy}", region=region)) for copy in copies)
            with first.write("Ana", Verb.SAVE_LEAD) as uow:
                import_rows(uow, "leads", rows)
                uow.commit()
            frame = first.snapshot().leads
            content = vcards(frame) if make is vcards else make(lead_table(frame), first.region)
            again = import_workbook(first, "Ana", content, name)
            import_workbook(second, "Ana", content, name)
            found = content_of(frame), content_of(second.snapshot().leads), again
            first.close()
            second.close()
            return found

    return run


def content_of(frame: pd.DataFrame) -> list[Any]:
    keys = [field.key for field in LEAD_FIELDS] + ["origin"]
    rows = [tuple(None if pd.isna(value) else value for value in row) for row in frame[keys].itertuples(index=False)]
    return sorted(rows, key=repr)


@pytest.mark.parametrize("region", REGIONS)
@settings(max_examples=settings().max_examples // 8)  # 0.2 s each: three imports into two stores
@given(rows=leads(), form=st.sampled_from([("a.csv", csv_file), ("a.xlsx", xlsx_file)]), heading=st.booleans())
def test_exported_leads_import_back_to_the_same_leads(
    sent: Callable[..., Any], region: str, rows: list[dict[str, Any]], form: tuple[str, Any], heading: bool
) -> None:
    above = (("Chiffre", "Pipeline actif"), ("Valeur", "12")) if heading else ()
    name, make = form
    before, after, again = sent(region, rows, lambda table, region: make(table, region, above), name)
    assert after == before
    assert (again.taken, again.updated) == (0, 0)


@settings(max_examples=settings().max_examples // 4)
@given(rows=leads())
def test_leads_sent_as_cards_change_nothing_when_they_come_back(sent: Callable[..., Any], rows: list[dict[str, Any]]) -> None:
    *_, again = sent("FR", rows, vcards, "a.vcf")
    assert (again.taken, again.updated, again.refused) == (0, 0, 0), again.changes


@pytest.mark.parametrize("make", [csv_file, xlsx_file])
def test_the_whole_demo_exported_changes_nothing_when_it_comes_back(copy_of_demo: Callable[[], str], make: Callable[..., bytes]) -> None:
    crm = open_crm(Settings(region_zone=ZONE, database_url=copy_of_demo()))
    data = crm.snapshot()
    messages = frame_of_messages(crm, "Ana", data.messages.index.tolist())
    for table in (lead_table(data.leads), event_table(data.events, data.leads), message_table(messages, data.leads)):
        report = import_workbook(crm, "Ana", make(table, crm.region), "export")
        (sheet,) = report.sheets
        assert (sheet.unchanged, sheet.refused) == (sheet.rows, 0), table.title
    crm.close()


def test_an_event_of_nobody_is_not_given_to_the_first_lead_that_lives_in_its_session_only() -> None:
    make = Maker()
    events = make.events([{"lead_key": key, "starts_at": make.at(make.today), "ends_at": make.at(make.today)} for key in (None, -1)])
    made = event_table(events, pd.DataFrame({"lead_id": ["L-1"]}, index=[-1]))
    place = [column.label for column in made.columns].index("ID Lead")
    assert [row[place] for row in made.rows] == [None, "L-1"]


HIDDEN = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) in ("Cc", "Cf", "Zs", "Zl", "Zp")]
UNSEEN = [*"\u034f\u115f\u1160\u17b4\u17b5\u180b\u180f\u2800\u3164\ufe00\ufe0f\uffa0\U000e0100"]  # letters and marks that show nothing
RUN = [chr(code) for code in range(0x10000) if unicodedata.normalize("NFKC", chr(code)) in ("=", "+", "-", "@")]  # « ＝ » in Japanese Excel


@given(st.text([*"='+-@\t\r\n a＝＋－＠﹣", *HIDDEN, *UNSEEN], max_size=8))
def test_a_guard_makes_inert_and_is_taken_away(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text).strip("".join([*HIDDEN, *UNSEEN]))[:1] not in RUN
    assert guarded(text)[:1] not in ("\t", "\r", "\n")


@pytest.mark.parametrize("sign", RUN)
def test_nothing_unseen_hides_a_formula(sign: str) -> None:
    assert not [hidden for hidden in [*HIDDEN, *UNSEEN] if not guarded(f"{hidden}{sign}1+1").startswith("'")]
    assert guarded(f"{sign}1") == f"'{sign}1"


@pytest.mark.parametrize("text", ["a=1", "Ana", "", "'Ana", "1-2", "«\u00a0-\u00a0»", "\u00a0", "\u200bAna", "l’@"])
def test_a_text_that_runs_nothing_is_written_as_it_is(text: str) -> None:
    assert guarded(text) == text


VALUES = Table(
    "Valeurs",
    (
        Column("Nom"),
        Column("Montant", "money"),
        Column("Probabilité", "percent"),
        Column("Taux", "ratio"),
        Column("Jour", "date"),
        Column("Le", "moment"),
    ),
    (
        ('=HYPERLINK("http://x")', 123456, 75, 0.25, date(2026, 11, 24), datetime(2026, 11, 24, 9, 5, tzinfo=UTC)),
        ("Ana", Measure(None, "money", "n/d"), None, Measure(3, "whole", "3"), None, None),
    ),
)


def test_csv_is_what_excel_in_french_opens() -> None:
    data = csv_file(VALUES, FR)
    assert data.startswith(b"\xef\xbb\xbf") and data.endswith(b"\r\n")
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert rows[1] == ['\'=HYPERLINK("http://x")', "1234,56", "75%", "25%", "24/11/2026", "24/11/2026 10:05"]
    assert rows[2] == ["Ana", "n/d", "", "3", "", ""]
    assert b"2026-11-24 04:05" in csv_file(VALUES, QUEBEC)


def test_a_workbook_holds_real_numbers_and_days_and_no_formula() -> None:
    book = CalamineWorkbook.from_filelike(io.BytesIO(xlsx_file(VALUES, FR, (("Chiffre", "=1+1"),))))
    rows = book.get_sheet_by_name("Valeurs").to_python()
    assert rows[1] == ['=HYPERLINK("http://x")', 1234.56, 75.0, 0.25, date(2026, 11, 24), datetime(2026, 11, 24, 10, 5)]
    assert rows[2][:4] == ["Ana", "n/d", "", 3.0]
    assert book.get_sheet_by_name("À propos").to_python() == [["Chiffre", "=1+1"]]


def test_a_french_name_of_a_file() -> None:
    assert file_name("Contacts : À corriger / œuvre", date(2026, 11, 24), "csv") == "gnetics-contacts-a-corriger-oeuvre-2026-11-24.csv"


def cards_read(data: bytes) -> list[dict[str, list[list[str]]]]:
    """What RFC 2426 says a reader finds: by property, the parts between « ; », each a list of those between « , »."""

    def split(text: str, sign: str) -> list[str]:
        return re.findall(rf"(?:^|{sign})((?:[^\\{sign}]|\\.)*)", text, re.DOTALL)

    def plain(text: str) -> str:
        return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], text, flags=re.DOTALL)

    cards: list[dict[str, list[list[str]]]] = []
    for line in re.sub("\r\n[ \t]", "", data.decode()).removesuffix("\r\n").split("\r\n"):
        label, _, value = line.partition(":")
        if line == "BEGIN:VCARD":
            cards.append({})
        cards[-1][label.split(";")[0]] = [[plain(one) for one in split(part, ",")] for part in split(value, ";")]
    return cards


CARD_TEXTS = texts(200, lines=True) | st.builds(str.__mul__, st.text("é,;\\\n œ🙂n", max_size=12), st.integers(1, 30)).map(
    lambda text: clean(text, lines=True) or None
)


@given(
    st.lists(st.fixed_dictionaries(dict.fromkeys(("name", "company", "job_title", "notes", "tags"), CARD_TEXTS)), min_size=1, max_size=3)
)
def test_any_card_is_read_back_whole(rows: list[dict[str, str | None]]) -> None:
    others = dict.fromkeys(("origin", "email", "phone", "phone_e164"))
    data = vcards(pd.DataFrame([row | others | {"lead_id": f"L-{number}"} for number, row in enumerate(rows)]))
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    cards = cards_read(data)
    assert [card["UID"] for card in cards] == [[[f"L-{number}"]] for number in range(len(rows))]
    for row, card in zip(rows, cards, strict=True):
        for key, label in (("company", "ORG"), ("job_title", "TITLE"), ("notes", "NOTE")):
            assert card.get(label) == (None if row[key] is None else [[row[key]]])
        if name := row["name"]:
            parts = " ".join(one for part in card["N"] for one in part)
            assert sorted(re.findall(r"\w+", parts)) == sorted(re.findall(r"\w+", name)) and card["FN"] == [[name]]
        assert card.get("CATEGORIES") == (None if row["tags"] is None else [[tag.strip() for tag in row["tags"].split(",")]])


def test_a_card_per_lead_with_folded_and_escaped_lines() -> None:
    row = dict.fromkeys(["lead_id", "origin", "name", "company", "job_title", "email", "phone", "phone_e164", "tags", "notes"])
    frame = pd.DataFrame(
        [
            row
            | {
                "lead_id": "L-000001",
                "name": "Alice Durand-Petit",
                "phone": "06 12 34 56 78",
                "phone_e164": "+33612345678",
                "tags": "VIP, Salon",
                "notes": "é" * 60 + "\na;b,c\\d",
            },
            row | {"company": "Atelier, Nord"},
        ]
    )
    text = vcards(frame).decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    whole = text.replace("\r\n ", "")
    assert "N:Durand-Petit;Alice;;;\r\nFN:Alice Durand-Petit\r\n" in whole
    assert "TEL;TYPE=WORK,VOICE:+33612345678" in whole and "CATEGORIES:VIP,Salon" in whole
    assert "é\\na\\;b\\,c\\\\d" in whole
    assert "FN:Atelier\\, Nord" in whole and "ORG:Atelier\\, Nord" in whole and whole.count("BEGIN:VCARD") == 2
