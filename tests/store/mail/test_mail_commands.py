"""« gnetics inbox », « outbox » and « oppositions »: what an administrator reads and does without a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gnetics import settings as settings_module
from gnetics.actions import accounts
from gnetics.cli import main
from gnetics.domain.outbox import State
from gnetics.domain.rights import Verb
from gnetics.mail import outbox
from gnetics.mail.answering import send
from gnetics.mail.composing import Draft
from gnetics.settings import CONFIG
from gnetics.store.crm import Crm, create_crm
from gnetics.store.people.writers import Writer

CLIENT = "zoe@client.example"
Shown = pytest.CaptureFixture[str]


@pytest.fixture
def crm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Crm]:
    """A store with Zoé, and a mailbox of one mail of hers."""
    box, config = tmp_path / "courrier", tmp_path / "gnetics.toml"
    box.mkdir()
    said = f"From: Zoé <{CLIENT}>\r\nTo: contact@gnetics.example\r\nMessage-ID: <a@c>\r\nSubject: Devis\r\n\r\nBonjour\r\n"
    (box / "1.eml").write_bytes(said.encode())
    table = f'[mail.boxes.equipe]\npath = "{box}"\nformat = "eml"\naddress = "contact@gnetics.example"\n'
    config.write_text(f'data_dir = "{tmp_path}"\nuser = "Chef"\n{table}', "utf-8")
    monkeypatch.setenv(CONFIG, str(config))
    with closing(create_crm(settings_module.load(), "real", trusted=True)) as store:
        accounts.add(store, "Chef", "Ana", "administration", None, Writer("ana@gnetics.example"))
        with store.write("Chef", Verb.IMPORT) as uow:
            uow.insert("leads", {"name": "Zoé Client", "email": CLIENT, "owner": "Ana"})
            uow.commit()
        yield store


def test_a_mailbox_is_read_and_listed_and_one_that_is_not_there_is_refused(crm: Crm, capsys: Shown) -> None:
    assert main(["inbox", "list"]) == 0
    assert "equipe (équipe) : jamais lue" in capsys.readouterr().out
    assert main(["inbox", "fetch"]) == 0
    assert "equipe : 1 " in capsys.readouterr().out
    assert main(["inbox", "fetch", "equipe"]) == 0
    assert "rien de nouveau" in capsys.readouterr().out
    assert main(["inbox", "list"]) == 0
    assert "equipe (équipe) : lue le" in capsys.readouterr().out
    assert main(["inbox", "fetch", "autre"]) == 1
    assert "il y a equipe" in capsys.readouterr().err


def test_a_mail_of_which_nobody_knows_whether_it_left_is_settled(crm: Crm, capsys: Shown) -> None:
    assert main(["outbox", "list"]) == 0
    assert "Aucun message n’attend." in capsys.readouterr().out
    send(crm, "Ana", 1, None, Draft((CLIENT,), (), "Devis", "Bonjour"), "un clic")
    assert main(["outbox", "list"]) == 0
    assert f"Ana à {CLIENT}" in capsys.readouterr().out
    (waiting,) = outbox.waiting(crm)
    assert waiting.state == State.TO_DO
    assert main(["outbox", "settle", str(waiting.key), "sent"]) == 1, "it is known not to have left"


def test_an_address_that_is_opposed_is_added_listed_and_removed(crm: Crm, capsys: Shown) -> None:
    for arguments, told in (
        (["add", CLIENT, "--motif", "par téléphone"], f"Rien ne sera plus envoyé à {CLIENT}."),
        (["list"], f"{CLIENT} : par téléphone, le"),
        (["remove", CLIENT], f"On peut de nouveau écrire à {CLIENT}."),
    ):
        assert main(["oppositions", *arguments]) == 0
        assert told in capsys.readouterr().out
    assert main(["oppositions", "list"]) == 0
    assert capsys.readouterr().out == ""
