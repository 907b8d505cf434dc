"""Files that stay: read again when they are due, what people changed since is kept, and a file that is another one is not taken."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import RowMapping, select

from gnetics import settings as settings_module
from gnetics.actions.bin import delete_lead
from gnetics.actions.leads import save_lead
from gnetics.cli import main
from gnetics.clock import fixed
from gnetics.domain.accesses import WORKER
from gnetics.imports.sources import accept, named, read, read_due, states
from gnetics.operations.source_work import read_sources, source_findings
from gnetics.settings import CONFIG
from gnetics.settings.source import Source
from gnetics.store import access_log
from gnetics.store.crm import Crm, create_crm, open_crm
from gnetics.store.schema import runs

RULE = "Source «\u00a0salon\u00a0»"
TITLES = "ID Lead;Nom;Email;Téléphone;Notes"
ZOE, LEO = "S-1;Zoé Client;zoe@client.example;06 12 34 56 78;", "S-2;Léo Autre;leo@autre.example;;"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "salon.csv"


@pytest.fixture
def crm(crm: Crm, file: Path) -> Crm:
    settings = replace(crm.settings, sources=(Source("salon", path=str(file), every_minutes=15),))
    return replace(crm, settings=settings, trusted=True)


def write(file: Path, *rows: str, titles: str = TITLES) -> None:
    file.write_text("\n".join([titles, *rows, ""]), "utf-8")


def later(crm: Crm, minutes: int) -> Crm:
    return replace(crm, clock=fixed(crm.clock.instant() + timedelta(minutes=minutes), crm.region.zone))


def told(crm: Crm) -> Sequence[RowMapping]:
    with crm.read() as connection:
        return connection.execute(select(runs).where(runs.c.rule == RULE).order_by(runs.c.key)).mappings().all()


def again(crm: Crm) -> None:
    read(crm, crm.settings.sources[0])


def test_what_is_new_in_it_is_taken_when_it_is_due_and_told_once(crm: Crm, file: Path) -> None:
    write(file, ZOE)
    assert [read_due(later(crm, minutes)) for minutes in (0, 14, 15)] == [1, 0, 1]
    (run,) = told(crm)
    assert (run["status"], run["subject"], run["reason"]) == ("réussi", "1\u00a0contact ajouté", None)
    write(file, ZOE, LEO)
    assert read_due(later(crm, 31)) == 1
    assert told(crm)[1]["subject"] == "1\u00a0contact ajouté, 1\u00a0contact inchangé"
    write(file, LEO, ZOE)  # in another order, which is no news
    assert read_due(later(crm, 60)) == 1
    assert len(told(crm)) == 2
    assert sorted(crm.snapshot().leads["name"]) == ["Léo Autre", "Zoé Client"]
    with crm.read() as connection:
        assert {line.place for line in access_log.lines(connection)} == {WORKER}


def test_a_row_that_is_there_no_more_removes_nobody(crm: Crm, file: Path) -> None:
    write(file, ZOE, LEO)
    again(crm)
    write(file, ZOE)
    again(crm)
    assert len(crm.snapshot().leads) == 2


def test_what_people_changed_since_is_kept_and_what_they_did_not_is_written(crm: Crm, file: Path) -> None:
    write(file, ZOE, LEO)
    again(crm)
    snapshot = crm.snapshot()
    save_lead(crm, "Ana", 1, {"phone": "04 72 00 11 22"}, None, snapshot)
    delete_lead(crm, "Ana", 2, snapshot)
    write(file, ZOE + "vue au salon", LEO + "perdu de vue")
    again(crm)
    lead = crm.snapshot().lead(1)
    assert (lead["phone"], lead["notes"]) == ("04 72 00 11 22", "vue au salon")
    assert list(crm.snapshot().leads["name"]) == ["Zoé Client"], "what was removed stays so"
    assert told(crm)[1]["reason"] == "1\u00a0valeur changée ici depuis est gardée."


def test_what_somebody_typed_before_the_source_is_kept_and_its_blanks_are_filled(crm: Crm, file: Path) -> None:
    save_lead(crm, "Ana", None, {"name": "Zoé C.", "email": "zoe@client.example"}, None, crm.snapshot())
    write(file, ZOE.replace("S-1", ""))
    again(crm)
    (lead,) = crm.snapshot().leads.to_dict("records")
    assert (lead["name"], lead["phone"]) == ("Zoé C.", "06 12 34 56 78")


def test_a_source_whose_columns_changed_is_told_once_and_not_taken_until_somebody_accepts(crm: Crm, file: Path) -> None:
    write(file, ZOE)
    again(crm)
    write(file, "S-1;zoe@autre.example;06 12 34 56 78;;Nantes", titles="ID Lead;Email;Téléphone;Notes;Ville")
    again(crm)
    again(crm)
    (_, run) = told(crm)
    assert run["status"] == "échec"
    assert "n’est plus lue" in run["error"] and "«\u00a0Nom\u00a0»" in run["error"] and "«\u00a0Ville\u00a0»" in run["error"]
    assert crm.snapshot().lead(1)["email"] == "zoe@client.example"
    (finding,) = source_findings(crm)
    assert not finding.fine and "colonnes" in finding.sentence
    accept(crm, "salon")
    again(crm)
    assert crm.snapshot().lead(1)["email"] == "zoe@autre.example"
    (finding,) = source_findings(crm)
    assert finding.fine


def test_a_file_that_is_away_is_told_once_and_read_when_it_is_back(crm: Crm, file: Path) -> None:
    again(crm)
    again(crm)
    (run,) = told(crm)
    assert (run["status"], run["error"]) == ("échec", "Le fichier «\u00a0salon.csv\u00a0» ne peut pas être lu (No such file or directory).")
    write(file, ZOE)
    again(crm)
    assert [run["status"] for run in told(crm)] == ["échec", "réussi"]


def test_a_row_that_is_refused_is_told_with_its_line(crm: Crm, file: Path) -> None:
    write(file, ZOE, ZOE.replace("Zoé", "Zoa"))
    again(crm)
    (run,) = told(crm)
    assert run["reason"].startswith("Ligne 3\u00a0: ID Lead")


def test_of_workers_that_come_together_one_reads(crm: Crm, file: Path, store_url: str) -> None:
    write(file, ZOE)

    def work(_: int) -> int:
        with closing(open_crm(replace(crm.settings, database_url=store_url), trusted=True)) as own:
            return read_due(replace(own, clock=crm.clock))

    with ThreadPoolExecutor(4) as workers:
        assert sorted(workers.map(work, range(4))) == [0, 0, 0, 1]


def test_the_demo_reads_none(crm: Crm, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(file, ZOE)
    monkeypatch.setattr(Crm, "kind", "demo")
    assert read_sources(crm, lambda: False) == 0
    monkeypatch.undo()
    assert read_sources(crm, lambda: True) == 0, "a worker that is told to stop begins none"
    assert read_sources(crm, lambda: False) == 1


def test_without_synchronisation_it_waits(crm: Crm, file: Path) -> None:
    write(file, ZOE)
    crm.set_sync(False, "Chef")
    assert read_due(crm) == 0
    crm.set_sync(True, "Chef")
    assert read_due(crm) == 1


def test_one_is_named_as_in_the_settings(crm: Crm) -> None:
    assert [state.entry for state in states(crm)] == [named(crm, "salon")]


def test_the_command_line_lists_reads_and_accepts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file, config = tmp_path / "salon.csv", tmp_path / "gnetics.toml"
    config.write_text(f'data_dir = "{tmp_path}"\n[sources.salon]\npath = "{file}"\n', "utf-8")
    monkeypatch.setenv(CONFIG, str(config))
    create_crm(settings_module.load(), "real", trusted=True).close()
    write(file, ZOE)
    for verb, told in (("list", "pas encore lue"), ("read", "salon (toutes les 60 min) : lue le")):
        assert main(["sources", verb, *(["salon"] if verb == "read" else [])]) == 0
        assert told in capsys.readouterr().out
    write(file, "S-1;Nantes", titles="ID Lead;Ville")
    assert main(["sources", "read", "salon"]) == 0
    assert "Elle n’est plus lue" in capsys.readouterr().out
    assert main(["sources", "accept", "salon"]) == 0
    assert "lue le" in capsys.readouterr().out
    assert main(["sources", "read", "autre"]) == 1
    config.write_text(f'data_dir = "{tmp_path}"\n', "utf-8")
    assert main(["sources", "list"]) == 0
    assert "Aucune source" in capsys.readouterr().out
