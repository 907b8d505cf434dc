"""`gnetics automations`: which rules there are, trying one, switching it on and off, running them, doing again."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from gnetics import settings as settings_module
from gnetics.cli import main
from gnetics.domain.rights import Verb
from gnetics.operations.rules_check import rules_finding
from gnetics.store.crm import open_crm
from tests.conftest import copied
from tests.store.automations.conftest import Team


@pytest.fixture
def folder(empty_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store with one lead without email."""
    copied(empty_store, tmp_path / "gnetics.db")
    monkeypatch.setenv("GNETICS_DATA_DIR", str(tmp_path))
    with closing(open_crm(replace(settings_module.load({}), data_dir=tmp_path), trusted=True)) as crm, crm.write("", Verb.IMPORT) as uow:
        uow.insert("leads", {"lead_id": "L-000001", "name": "Zoé", "status": "Nouveau"})
        uow.commit()
    return tmp_path


def test_a_rule_is_listed_tried_enabled_run_and_disabled(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["automations", "list"]) == 0
    assert "email-a-corriger (inactive) : Quand un contact est créé" in capsys.readouterr().out
    assert main(["automations", "preview", "email-a-corriger"]) == 0
    out = capsys.readouterr().out
    assert "1 contact(s) la remplissent aujourd’hui." in out
    assert "- Zoé : simulé ; Statut\u00a0: À corriger ; L’email manque." in out
    assert main(["automations", "enable", "email-a-corriger", "--existants"]) == 0
    assert "est active depuis le" in capsys.readouterr().out
    assert main(["automations", "run"]) == 0
    capsys.readouterr()
    assert main(["automations", "replay", "1"]) == 1
    assert "est «\u00a0réussi\u00a0»\u00a0: rien n’est à refaire." in capsys.readouterr().err
    assert main(["automations", "disable", "email-a-corriger"]) == 0
    assert "est inactive ; 0 action(s)" in capsys.readouterr().out


def test_a_rule_of_the_night_is_on_tried_done_and_disabled(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["automations", "list"]) == 0
    assert "nuit-corbeille (active, version 1) : Chaque nuit à 03:30" in capsys.readouterr().out
    assert main(["automations", "preview", "nuit-corbeille"]) == 0
    assert "- simulé ; rien à changer maintenant" in capsys.readouterr().out
    assert main(["automations", "run"]) == 0
    assert capsys.readouterr().out.startswith("5 action(s)")
    assert main(["automations", "disable", "nuit-corbeille"]) == 0
    assert main(["automations", "list"]) == 0
    assert "nuit-corbeille (inactive)" in capsys.readouterr().out


def test_what_cannot_be_is_refused_in_one_sentence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["automations", "enable", "inconnue"]) == 1
    assert "Il n’y a pas de règle «\u00a0inconnue\u00a0»" in capsys.readouterr().err
    assert main(["automations", "enable", "responsable"]) == 1
    assert "donnez people ou sources dans automations.toml" in capsys.readouterr().err
    (folder / "automations.toml").write_text("[rules.relance]\nfois = 3\n", "utf-8")
    assert main(["automations", "list"]) == 1
    assert "automations.toml, ligne 2\u00a0: réglage inconnu" in capsys.readouterr().err


def test_the_check_tells_of_rules_that_do_not_run(team: Team) -> None:
    assert (rules_finding(team.crm).fine, rules_finding(team.crm).sentence) == (True, "5\u00a0actives sur 15")
    team.enable("relance")
    team.write("[rules.relance]\nper_day = 3\n")
    found = rules_finding(team.crm)
    assert (found.fine, "relance" in found.sentence) == (False, True)
    team.write("[rules.relance]\nfois = 3\n")
    assert "ligne 2" in rules_finding(team.crm).sentence
