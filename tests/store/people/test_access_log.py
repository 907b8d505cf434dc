"""The access log: what is told, by whom, from where; told with what is done or not at all; gone when its time is over."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from gnetics.actions import accounts
from gnetics.actions.retention import forget_accesses
from gnetics.clock import fixed
from gnetics.domain.accesses import COMMAND, PAGE, Access
from gnetics.errors import Refused
from gnetics.imports.importer import import_workbook
from gnetics.store import access_log
from gnetics.store.crm import Crm
from gnetics.store.people import sign_ins
from gnetics.store.people.guessing import Visitor
from tests.conftest import live

GOOD = "Un mot de passe 1"
HERE = Visitor("192.0.2.7")
HOURS = timedelta(hours=12)


@pytest.fixture
def ana(crm: Crm) -> Crm:
    accounts.add(crm, "admin", "Ana", "administration", GOOD)
    return crm


def told(crm: Crm, person: str = "") -> list[tuple[str, str, str, int | None, str]]:
    """The oldest first."""
    with crm.read() as connection:
        return [(line.what, line.person, line.place, line.rows, line.detail) for line in access_log.lines(connection, person)][::-1]


def test_who_comes_in_cannot_or_leaves_is_told_with_their_address(ana: Crm) -> None:
    with pytest.raises(Refused):
        sign_ins.sign_in(ana, "ana", "autre chose", HERE, HOURS)
    cookies = sign_ins.sign_in(ana, "ANA", GOOD, HERE, HOURS)
    sign_ins.sign_out(ana, cookies.session, "192.0.2.9")
    sign_ins.sign_out(ana, cookies.session, "192.0.2.9")  # nobody's any more
    assert told(ana, "aNa") == [
        ("connexion refusée", "Ana", "192.0.2.7", None, ""),
        ("connexion", "Ana", "192.0.2.7", None, ""),
        ("déconnexion", "Ana", "192.0.2.9", None, ""),
    ]


def test_a_name_that_nobody_has_is_not_kept_since_it_may_be_a_password(ana: Crm) -> None:
    with suppress(Refused):
        sign_ins.sign_in(ana, GOOD, "Ana", HERE, HOURS)
    assert told(ana)[-1] == ("connexion refusée", "", "192.0.2.7", None, "")


def test_a_new_password_is_one_line_and_no_sign_in(ana: Crm) -> None:
    sign_ins.change_password(ana, "Ana", GOOD, "Un autre mot de passe 2", HERE, HOURS)
    assert [line[0] for line in told(ana, "Ana")] == ["mot de passe changé"]


def test_each_change_of_rights_is_told_with_what_it_gave(ana: Crm) -> None:
    ana = replace(ana, trusted=True)
    accounts.set_role(ana, "admin", "Ana", "lecture")
    accounts.set_own_leads(ana, "admin", "Ana", True)
    accounts.give_password(ana, "admin", "Ana", "Un autre mot de passe 2")
    accounts.set_disabled(ana, "admin", "Ana", True)
    given = ["administration", "lecture", "ses leads seulement", "mot de passe donné", "désactivé"]
    assert told(ana) == [("droits", "admin", COMMAND, None, f"Ana\u00a0: {each}") for each in given]


def test_an_import_tells_its_rows_and_one_that_is_only_tried_tells_nothing(crm: Crm) -> None:
    content = "Nom;Email\nZoé;zoe@exemple.fr\nLéo;leo@exemple.fr\n".encode()
    import_workbook(crm, "Ana", content, "salon.csv", dry_run=True)
    assert told(crm) == []
    import_workbook(crm, "Ana", content, "salon.csv")
    assert told(crm) == [("import", "Ana", PAGE, 2, "salon.csv")]


def test_lines_go_when_they_are_old_in_months_and_in_nights(crm: Crm) -> None:
    access_log.note(crm, Access.EXPORTED, "Ana", place=PAGE, rows=3, detail="contacts.csv")
    later = replace(crm, clock=fixed(crm.clock.now() + timedelta(days=400), crm.region.zone), trusted=True)
    assert forget_accesses(later, 12) == 0, "a clock that jumped"
    live(later, 30)
    assert forget_accesses(later, 12, trying=True) == forget_accesses(later, 12) == 1
    assert told(later) == []


def test_the_command_says_the_latest_last_and_writes_them_as_a_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from gnetics.cli import main

    monkeypatch.setenv("GNETICS_DATA_DIR", str(tmp_path))
    (tmp_path / "leads.csv").write_text("Nom;Email\nZoé;zoe@exemple.fr\n", "utf-8")
    monkeypatch.setenv("GNETICS_USER", "Ana")
    assert main(["import", str(tmp_path / "leads.csv")]) == main(["user", "add", "Ana", "--sans-mot-de-passe"]) == 0
    capsys.readouterr()
    assert main(["access-log"]) == 0
    first, second = (line.partition(" · ")[2] for line in capsys.readouterr().out.splitlines())
    assert first == "import · Ana · ligne de commande · 1\u00a0ligne · leads.csv"
    assert second == "droits · Ana · ligne de commande · Ana\u00a0: édition"
    assert main(["access-log", "--user", "Bruno"]) == 0 and capsys.readouterr().out.strip() == "Aucun accès."
    assert main(["access-log", "--since", "hier"]) == 1 and "--since hier" in capsys.readouterr().err
    assert main(["access-log", "--csv", str(tmp_path / "accès.csv")]) == 0
    assert (tmp_path / "accès.csv").read_text("utf-8-sig").splitlines()[0] == "Date;Accès;Compte;Depuis;Lignes;Détail"
    assert main(["access-log", "--csv", str(tmp_path / "nulle" / "part.csv")]) == 1 and "ne peut pas être écrit" in capsys.readouterr().err
