"""Each person with an account writes from addresses of their own, which nobody else has."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from gnetics import cli
from gnetics import settings as settings_module
from gnetics.actions import accounts
from gnetics.errors import Refused
from gnetics.store.crm import Crm, open_crm
from gnetics.store.people.writers import DEMO, Writer, colleagues, writer_of


def known(crm: Crm, name: str) -> Writer | None:
    with crm.read() as connection:
        return writer_of(connection, name)


@pytest.fixture
def crm(crm: Crm) -> Crm:
    accounts.add(crm, "Bruno", "Chef", "administration", None)
    accounts.add(crm, "Chef", "Ana Lopès", "édition", None, Writer("Ana@Exemple.FR", ("a.lopes@exemple.fr",), "", "Ana\n06 12 34 56 78"))
    return crm


def test_a_person_writes_under_the_name_of_the_account_from_the_main_address(crm: Crm) -> None:
    assert known(crm, "Ana Lopès") == Writer("ana@exemple.fr", ("a.lopes@exemple.fr",), "Ana Lopès", "Ana\n06 12 34 56 78")
    assert known(crm, "Chef") is None
    with crm.read() as connection:
        assert colleagues(connection) == dict.fromkeys(("ana@exemple.fr", "a.lopes@exemple.fr"), "Ana Lopès")


def test_an_address_is_one_persons_whatever_its_case(crm: Crm) -> None:
    with pytest.raises(Refused, match=r"ana@exemple\.fr est déjà celle de Ana Lopès"):
        accounts.add(crm, "Chef", "Bruno", "édition", None, Writer("ANA@exemple.fr"))
    with pytest.raises(Refused, match=r"a\.lopes@exemple\.fr est déjà"):
        accounts.set_writer(crm, "Chef", "Chef", Writer("chef@exemple.fr", ("A.Lopes@exemple.fr",)))
    assert known(crm, "Chef") is None


@pytest.mark.parametrize("writer", [Writer("ana"), Writer("ana@exemple.fr", ("pas une adresse",)), Writer("ana@exemple.fr", (), "n" * 81)])
def test_what_is_no_address_or_too_long_is_refused_and_the_account_is_not_made(crm: Crm, writer: Writer) -> None:
    with pytest.raises(Refused):
        accounts.add(crm, "Chef", "Nouvelle", "édition", None, writer)
    with crm.read() as connection:
        assert writer_of(connection, "Nouvelle") is None


def test_new_addresses_take_the_place_of_the_old_ones(crm: Crm) -> None:
    accounts.set_writer(crm, "Chef", "ana lopes", Writer("lopes@exemple.fr", (), "Ana de CRM GNETICS"))
    assert known(crm, "Ana Lopès") == Writer("lopes@exemple.fr", (), "Ana de CRM GNETICS", "")
    accounts.add(crm, "Chef", "Bruno", "édition", None, Writer("ana@exemple.fr"))


def test_the_command_takes_the_addresses_and_the_signature_from_a_file(
    crm: Crm, store_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GNETICS_DATABASE_URL", store_url)
    signature = tmp_path / "signature.txt"
    signature.write_text("Zoé\nCRM GNETICS\n", "utf-8-sig")
    words = ["--email", "zoe@exemple.fr", "--alias", "z@exemple.fr", "--nom-affiche", "Zoé M.", "--signature", str(signature)]
    assert cli.main(["user", "add", "Zoé", "--sans-mot-de-passe", *words]) == 0
    assert known(crm, "Zoé") == Writer("zoe@exemple.fr", ("z@exemple.fr",), "Zoé M.", "Zoé\nCRM GNETICS")
    assert cli.main(["user", "email", "Zoé", "--email", "zoe@exemple.com"]) == 0
    assert known(crm, "Zoé") == Writer("zoe@exemple.com", (), "Zoé", "")
    assert cli.main(["user", "add", "Léo", "--sans-mot-de-passe", "--alias", "leo@exemple.fr"]) == 1
    assert "Donnez aussi --email" in capsys.readouterr().err


def test_in_the_demo_everybody_may_write_since_nothing_leaves(copy_of_demo: Callable[[], str]) -> None:
    with closing(open_crm(settings_module.load({"GNETICS_DATABASE_URL": copy_of_demo()}))) as demo:
        assert known(demo, "Visiteur") == Writer(DEMO, (), "Visiteur")
