"""« Annuler cet import »: created rows go, changed ones come back, and what people did since stays."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from gnetics.actions.bin import delete_lead, restore_lead
from gnetics.actions.leads import save_lead
from gnetics.actions.merging import merge_leads, undo_merge
from gnetics.actions.past_imports import KEPT_DAYS, undo_import
from gnetics.cli import main
from gnetics.clock import fixed
from gnetics.domain.rights import Verb
from gnetics.errors import NotFound, Refused
from gnetics.imports.importer import import_workbook
from gnetics.imports.plan import Asked
from gnetics.imports.report import Report
from gnetics.settings import Settings
from gnetics.store import schema
from gnetics.store.crm import Crm, create_crm
from gnetics.store.reading.imports import past_imports
from tests.conftest import live

NOON = datetime(2026, 11, 24, 11, tzinfo=UTC)
COLUMNS = [column for column in schema.leads.c if column.name not in ("rev", "updated_at")]


def take(crm: Crm, text: str) -> Report:
    return import_workbook(crm, "Léa", text.encode(), "clients.csv")


def stored(crm: Crm) -> dict[int, dict[str, Any]]:
    """Leads that are not deleted, whole but for when they were written."""
    with crm.read() as connection:
        rows = connection.execute(select(*COLUMNS).where(~schema.leads.c.deleted).order_by("key")).mappings()
        return {row["key"]: dict(row) for row in rows}


def undone(crm: Crm) -> tuple[int, int, list[str]]:
    done = undo_import(crm, "Ana", past_imports(crm, "Ana")[0].number)
    return done.removed, done.restored, list(map(str, done.kept))


def test_created_and_updated_rows_are_as_before(crm: Crm) -> None:
    take(crm, "ID Lead;Nom;Email;Montant;Statut\nA1;Anne;anne@atelier.fr;1.234;Clos\n;Bob Roux;bob@atelier.fr;;Nouveau\n")
    before = stored(crm)
    report = take(
        crm,
        "ID Lead;Nom;Email;Montant;Statut;Relance\n"
        "A1;Anne Petit;anne.petit@atelier.fr;99;Perdu;01/12/2026\n;Bob Le Roux;bob@atelier.fr;5;;\n;Chloé;bob@atelier.com;;;\n",
    )
    assert (report.taken, report.updated) == (1, 2)
    assert undone(crm) == (1, 2, [])
    assert stored(crm) == before
    assert [(each.added, each.updated, each.undone_at is None) for each in past_imports(crm, "Ana")] == [(1, 2, False), (2, 0, True)]


def test_what_the_file_writes_over_what_somebody_gave_is_told(crm: Crm) -> None:
    rows = "A1;Anne;10;Salon;06 12 34 56 78\nA2;Bob;10;Salon;\n"
    take(crm, f"ID Lead;Nom;Montant;Source;Téléphone\n{rows}")
    save_lead(crm, "alice", 1, {"amount": 3000, "source": "Web", "notes": "Rappeler"}, None, crm.snapshot())
    again = take(
        crm, f"ID Lead;Nom;Montant;Source;Téléphone;Téléphone 2\n{rows.replace(';Salon;06', ';;06').replace('78', '78;06 12 34 56 79')}"
    )
    told = [(problem.line, problem.column, problem.value.replace("\u00a0", " ")) for problem in again.problems if problem.line > 1]
    assert told == [(2, "Montant estimé", "30,00 €")]
    assert [(lead["amount"], lead["source"], lead["notes"]) for lead in stored(crm).values()] == [
        (1000, "Web", "Rappeler\nTéléphone 2\u00a0: 06 12 34 56 79"),
        (1000, "Salon", None),
    ]


def test_what_was_edited_since_is_kept_and_listed(crm: Crm) -> None:
    take(crm, "ID Lead;Nom;Montant;Source\nA1;Anne;10;Salon\n")
    take(crm, "ID Lead;Nom;Montant;Source\nA1;Anne;20;Web\nA2;Bob;;\nA3;Chloé;;\n")
    snapshot = crm.snapshot()
    save_lead(crm, "alice", 1, {"amount": 3000}, None, snapshot)
    save_lead(crm, "alice", 2, {"company": "Ébène"}, None, snapshot)
    removed, restored, kept = undone(crm)
    assert (removed, restored) == (1, 1)
    assert kept == [
        "Bob\u00a0: modifié depuis, il est gardé.",
        "Anne\u00a0: Montant estimé modifié depuis, la valeur est gardée.",
    ]
    leads = stored(crm)
    assert [(lead["name"], lead["amount"], lead["source"]) for lead in leads.values()] == [("Anne", 3000, "Salon"), ("Bob", None, None)]


def test_a_status_that_stays_keeps_what_follows_it_and_a_value_put_back_by_hand_is_not_listed(crm: Crm) -> None:
    take(crm, "ID Lead;Nom;Statut;Clos le;Source;Montant\nA1;Anne;Clos;01/10/2026;Salon;10\n")
    take(crm, "ID Lead;Nom;Statut;Source;Montant\nA1;Anne;Contacté;Web;20\n")
    save_lead(crm, "alice", 1, {"status": "Qualifié", "source": "Salon"}, None, crm.snapshot())
    after = stored(crm)[1]
    assert undone(crm) == (0, 1, ["Anne\u00a0: Statut modifié depuis, la valeur est gardée."])
    assert {name for name, value in stored(crm)[1].items() if value != after[name]} == {"amount"}  # still open, without a closing date


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("events", {"uid": "u", "title": "Point", "starts_at": NOON, "ends_at": NOON}),
        ("messages", {"message_id": "m", "direction": "reçu", "at": NOON}),
        ("runs", {"idempotency_key": "r", "rule": "Relance", "status": "réussi"}),
    ],
)
def test_a_lead_that_later_had_an_exchange_is_kept(crm: Crm, table: str, row: dict[str, Any]) -> None:
    take(crm, "ID Lead;Nom\nA1;Anne\nA2;Bob\n")
    with crm.write("alice", Verb.IMPORT) as uow:
        uow.insert(table, row | {"lead_key": 1})
        uow.commit()
    assert undone(crm) == (1, 0, ["Anne\u00a0: modifié depuis, il est gardé."])


def test_what_was_merged_since_is_listed_with_the_contact_that_has_it(crm: Crm) -> None:
    take(crm, "ID Lead;Nom;Source\nA1;Anne;\nA2;Chloé;Salon\n")
    report = take(crm, "ID Lead;Nom;Email;Source\nB1;Anna;anna@atelier.fr;\nA2;;;Web\nB2;Bob;;\n")
    assert (report.taken, report.updated) == (2, 1)
    snapshot = crm.snapshot()
    merged = [merge_leads(crm, "alice", keys, {}, {}, snapshot) for keys in ([1, 3], [1, 2])]
    assert stored(crm)[1]["email"] == "anna@atelier.fr" and stored(crm)[1]["source"] == "Web"
    assert undone(crm) == (
        1,
        0,
        [
            "Anna\u00a0: fusionné depuis avec Anne, qui garde ce qu’il a apporté.",
            "Chloé\u00a0: fusionné depuis avec Anne, qui garde ce qu’il a apporté.",
        ],
    )
    for merge in reversed(merged):
        undo_merge(crm, "alice", 1, merge.rev, snapshot)
    leads = stored(crm)
    assert {lead["name"]: (lead["email"], lead["source"]) for lead in leads.values()} == {
        "Anne": (None, None), "Chloé": (None, "Salon"), "Anna": ("anna@atelier.fr", None),
    }  # fmt: skip


def test_what_was_merged_into_a_contact_deleted_since_is_not_listed(crm: Crm) -> None:
    take(crm, "ID Lead;Nom\nA1;Anne\n")
    take(crm, "ID Lead;Nom\nB1;Anna\n")
    snapshot = crm.snapshot()
    merge_leads(crm, "alice", [1, 2], {}, {}, snapshot)
    delete_lead(crm, "alice", 1, snapshot)
    assert undone(crm) == (0, 0, [])


def test_stopped_half_way_an_undoing_changes_nothing(crm: Crm) -> None:
    take(crm, "Nom\n" + "".join(f"Personne {n}\n" for n in range(1200)))
    before, rev, told = stored(crm), crm.latest_rev(), []

    def stop(done: int, total: int) -> None:
        told.append((done, total))
        if done >= 1000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        undo_import(crm, "Ana", past_imports(crm, "Ana")[0].number, stop)
    assert told == [(0, 1200), (500, 1200), (1000, 1200)]
    assert (stored(crm), crm.latest_rev()) == (before, rev)
    assert undone(crm) == (1200, 0, [])


def test_an_import_is_undone_once_by_its_number_and_within_its_days(crm: Crm) -> None:
    take(crm, "Nom\nAnne\n")
    number = past_imports(crm, "Ana")[0].number
    later = replace(crm, clock=fixed(crm.clock.now() + timedelta(days=KEPT_DAYS + 1), crm.region.zone))
    with pytest.raises(Refused, match="30 jours"):
        undo_import(later, "Ana", number)
    assert past_imports(later, "Ana") == []
    undo_import(crm, "Ana", number)
    with pytest.raises(Refused, match="déjà annulé"):
        undo_import(crm, "Ana", number)
    with pytest.raises(NotFound):
        undo_import(crm, "Ana", 99)


def test_an_import_that_changes_nothing_is_not_in_the_list(crm: Crm) -> None:
    take(crm, "Nom\nAnne\n")
    take(crm, "Nom\nAnne\n")
    assert len(past_imports(crm, "Ana")) == 1


def test_the_file_can_be_imported_again_after(crm: Crm) -> None:
    data = "ID Lead;Nom\nA1;Anne\n;Bob\n"
    take(crm, data)
    undone(crm)
    assert stored(crm) == {}
    assert import_workbook(crm, "Léa", data.encode(), "clients.csv", asked=Asked("update")).skipped == 2  # they are in the bin
    report = import_workbook(crm, "Léa", data.encode(), "clients.csv", asked=Asked("create"))
    assert (report.taken, report.updated, past_imports(crm, "Ana")[0].added) == (2, 0, 2)
    assert sorted(lead["name"] for lead in stored(crm).values()) == ["Anne", "Bob"]
    assert undone(crm) == (2, 0, [])
    assert stored(crm) == {}


def test_what_the_undoing_removed_is_in_the_bin(crm: Crm) -> None:
    take(crm, "ID Lead;Nom\nA1;Anne\n")
    undone(crm)
    restore_lead(crm, "Ana", 1, crm.snapshot())
    assert stored(crm)[1]["name"] == "Anne"


def test_the_points_of_a_source_follow(crm: Crm) -> None:
    take(crm, "ID Lead;Nom;Source\nA0;Anne;Salon\n")
    before = stored(crm)
    take(crm, "ID Lead;Nom;Source;Statut\n" + "".join(f"B{n};B{n};Salon;Clos\n" for n in range(40)))
    assert stored(crm)[1]["score_source"] != before[1]["score_source"]
    undone(crm)
    assert stored(crm) == before


def test_all_the_sheets_are_undone(crm: Crm) -> None:
    from gnetics.demo import workbook as demo_workbook

    import_workbook(crm, "Léa", demo_workbook.content(), "demo.xlsx")
    undone(crm)
    with crm.read() as connection:
        for table in schema.VERSIONED.values():
            assert not connection.execute(select(table.c.key).where(~table.c.deleted)).all()


def test_the_command_lists_imports_and_undoes_one_by_its_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GNETICS_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("GNETICS_USER", "Ana")
    for name, text in (("un.csv", "ID Lead;Nom\nA1;Anne\nA2;Bob\n"), ("deux.csv", "ID Lead;Nom;Source\nA1;Anne;Web\nA3;Chloé;\nA4;;\n")):
        (tmp_path / name).write_text(text, "utf-8")
        assert main(["import", str(tmp_path / name)]) == 0
    crm = create_crm(Settings(data_dir=tmp_path), "real")
    save_lead(crm, "alice", 1, {"source": "Salon"}, None, crm.snapshot())
    capsys.readouterr()
    assert main(["imports"]) == 0
    second, first = capsys.readouterr().out.splitlines()
    assert re.fullmatch(r"2 : \d\d/\d\d/\d{4} \d\d:\d\d, Ana, deux\.csv, 2 ajout\(s\), 1 mise\(s\) à jour, 0 refus", second)
    assert "un.csv, 2 ajout(s), 0 mise(s) à jour" in first
    assert main(["import", "--undo", "2"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "  Anne\u00a0: Source modifié depuis, la valeur est gardée.",
        "Import annulé : 2 retiré(s), 0 rétabli(s), 1 gardé(s) car modifié(s) depuis.",
    ]
    assert [lead["name"] for lead in stored(crm).values()] == ["Anne", "Bob"]
    assert main(["import", "--undo", "2"]) == 1 and "déjà annulé" in capsys.readouterr().err
    assert main(["imports"]) == 0 and capsys.readouterr().out.splitlines()[0].endswith(", annulé")
    for wrong in (["import"], ["import", "un.csv", "--undo", "1"], ["import", "--undo", "un"]):
        with pytest.raises(SystemExit, match="2"):
            main(wrong)
    crm.close()


def test_traces_of_old_imports_are_forgotten(crm: Crm) -> None:
    take(crm, "Nom\nAnne\n")
    with crm.write("x", Verb.IMPORT) as uow:
        uow.connection.execute(update(schema.imports).values(at=uow.now - timedelta(days=KEPT_DAYS + 1)))
        uow.commit_private()
    live(crm, KEPT_DAYS)
    take(crm, "Nom\nBob\n")
    with crm.read() as connection:
        traces = connection.execute(select(schema.imports.c.trace).order_by(schema.imports.c.key)).scalars().all()
    assert traces[0] is None and traces[1]
