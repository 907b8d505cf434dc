"""Attachments are kept when the settings say so: which, for whom, and until when."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import select, update

from gnetics.actions import accounts
from gnetics.actions.bin import empty_bin
from gnetics.actions.merging import merge_leads
from gnetics.clock import fixed
from gnetics.domain.messages import Outcome
from gnetics.domain.rights import Verb
from gnetics.errors import StoreError
from gnetics.mail.fetching import fetch
from gnetics.mail.reading import parts
from gnetics.settings.mailbox import Kind, MailBox
from gnetics.store import schema
from gnetics.store.crm import Crm
from gnetics.store.nights import KEPT_DAYS
from gnetics.store.reading import attachments, logs
from tests.conftest import live
from tests.store.mail.conftest import ANA, CLIENT, TEAM, mails

ZOE, LEO = 1, 2
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 9
MEGABYTE = 1_000_000
Put = Callable[..., None]


@pytest.fixture
def keeping(team: Crm) -> Crm:
    return replace(team, settings=replace(team.settings, mail_keep_attachments=".PDF, docx", mail_attachment_mb=1))


@pytest.fixture
def put(folder: Path, team: Crm) -> Put:
    """Puts a mail with these files into the mailbox."""
    numbers = count()

    def one(files: Mapping[str, bytes], sender: str = CLIENT, to: str = TEAM) -> None:
        number = next(numbers)
        message = EmailMessage()
        given = {"From": sender, "To": to, "Subject": "Devis", "Date": format_datetime(team.clock.now())}
        for name, value in {**given, "Message-ID": make_msgid(str(number), "client.example")}.items():
            message[name] = value
        message.set_content("Bonjour")
        for name, content in files.items():
            message.add_attachment(content, maintype="image", subtype="png", filename=name)  # mails say what they like
        (folder / f"{number:04}.eml").write_bytes(message.as_bytes())

    return one


def stored(crm: Crm) -> list[tuple[int, str]]:
    with crm.read() as connection:
        kept = select(schema.attachments.c.message_key, schema.attachments.c.name)
        return [(key, name) for key, name in connection.execute(kept.order_by(*schema.attachments.primary_key))]


def test_unless_asked_for_attachments_are_only_listed(team: Crm, box: MailBox, put: Put) -> None:
    put({"devis.pdf": PDF})
    fetch(team, box)
    assert mails(team)[0]["attachments"] == f'[["devis.pdf", {len(PDF)}]]'
    assert stored(team) == [] and attachments.whole(team, "Ana", 1, 0) is None


def test_those_of_a_wanted_extension_and_not_too_large_are_kept_as_they_came(keeping: Crm, box: MailBox, put: Put) -> None:
    put({"devis.pdf": PDF, "photo.png": b"x", "grand.pdf": b"x" * (MEGABYTE + 1), "Contrat.DOCX": b"x" * MEGABYTE, "vide.pdf": b""})
    fetch(keeping, box)
    assert attachments.names(keeping, "Ana", 1) == {0: "devis.pdf", 3: "Contrat.DOCX", 4: "vide.pdf"}
    assert attachments.whole(keeping, "Ana", 1, 0) == attachments.File("devis.pdf", "application/pdf", PDF)
    largest = attachments.whole(keeping, "Ana", 1, 3)
    assert largest is not None and largest.content == b"x" * MEGABYTE
    assert attachments.whole(keeping, "Ana", 1, 1) is attachments.whole(keeping, "Ana", 99, 0) is None


def test_a_program_is_not_kept_whatever_it_calls_itself(keeping: Crm, box: MailBox, put: Put) -> None:
    put({"facture.pdf.exe": PDF, "facture\u202efdp.exe": PDF, "facture.exe. ": PDF, "facture.pdf": b"MZ\x90\0" + PDF})
    fetch(keeping, box)
    assert stored(keeping) == []


def test_a_file_is_saved_under_a_name_that_leads_nowhere_else(keeping: Crm, box: MailBox, put: Put) -> None:
    put({"..\\..\\CON.pdf": PDF, "a\u202eb\u200b.pdf": PDF, "x" * 300 + ".pdf": PDF})
    fetch(keeping, box)
    assert [name for _, name in stored(keeping)] == ["_CON.pdf", "ab.pdf", "x" * 196 + ".pdf"]


def test_of_a_mail_that_was_cut_nothing_is_kept(keeping: Crm, box: MailBox, put: Put, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "LINES", 40)
    put({"un.pdf": PDF, "deux.pdf": PDF})
    fetch(keeping, box)
    assert len(mails(keeping)) == 1 and stored(keeping) == []


def test_what_a_stranger_sent_to_a_personal_mailbox_is_not_kept(keeping: Crm, box: MailBox, put: Put) -> None:
    put({"ordonnance.pdf": PDF}, sender="medecin@sante.example", to=ANA)
    put({"devis.pdf": PDF}, to=ANA)
    personal = replace(box, kind=Kind.PERSONAL, user="Ana")
    assert fetch(keeping, personal).outcomes == {Outcome.STRANGER: 1, Outcome.STORED: 1}
    assert stored(keeping) == [(1, "devis.pdf")]


def test_a_mail_that_comes_twice_has_its_files_once(keeping: Crm, box: MailBox, put: Put, folder: Path) -> None:
    put({"devis.pdf": PDF})
    (folder / "copie.eml").write_bytes((folder / "0000.eml").read_bytes())
    assert fetch(keeping, box).outcomes == {Outcome.STORED: 1, Outcome.KNOWN: 1}
    assert stored(keeping) == [(1, "devis.pdf")]


def test_who_sees_only_their_own_leads_gets_only_their_files(keeping: Crm, box: MailBox, put: Put) -> None:
    put({"zoe.pdf": PDF})
    put({"leo.pdf": PDF}, sender="leo@autre.example")
    put({"personne.pdf": PDF}, sender="inconnue@ailleurs.example")
    fetch(keeping, box)
    crm = replace(keeping, trusted=False)
    accounts.set_own_leads(crm, "Chef", "Bruno", True)
    assert [attachments.names(crm, "Bruno", key) for key in (1, 2, 3)] == [{}, {0: "leo.pdf"}, {}]
    assert [attachments.whole(crm, "Bruno", key, 0) is not None for key in (1, 2, 3)] == [False, True, False]
    assert [attachments.whole(crm, "Chef", key, 0) is not None for key in (1, 2, 3)] == [True, True, True]
    with crm.write("Chef", Verb.DELETE_LEAD) as uow:
        uow.delete("leads", LEO)
        uow.commit()
    assert attachments.names(crm, "Bruno", 2) == {}, "nor of a lead in the bin"


def test_a_file_that_the_store_damaged_is_not_handed_over(keeping: Crm, box: MailBox, put: Put) -> None:
    put({"devis.pdf": PDF})
    fetch(keeping, box)
    with keeping.write("Chef", Verb.TASKS) as uow:
        uow.connection.execute(update(schema.attachments).values(content=PDF[:-1]))
        uow.commit_private()
    with pytest.raises(StoreError, match="abîmée"):
        attachments.whole(keeping, "Ana", 1, 0)


def test_a_lead_that_is_erased_from_the_bin_leaves_no_file_behind(keeping: Crm, box: MailBox, put: Put) -> None:
    put({"zoe.pdf": PDF})
    put({"leo.pdf": PDF}, sender="leo@autre.example")
    put({"personne.pdf": PDF}, sender="inconnue@ailleurs.example")
    fetch(keeping, box)
    with keeping.write("Chef", Verb.DELETE_LEAD) as uow:
        uow.delete("leads", ZOE)
        uow.commit()
    empty_bin(keeping)
    assert len(stored(keeping)) == 3, "it may still be restored"
    later = _later(keeping)
    assert empty_bin(later) == 1
    assert stored(later) == [(2, "leo.pdf"), (3, "personne.pdf")]
    assert logs.counts(later, "Chef", logs.MAIL).total() == 2, "their mail leaves the log with them; figures still count it"


def test_the_files_of_a_merged_lead_go_with_the_one_that_took_it_over(keeping: Crm, box: MailBox, put: Put) -> None:
    put({"leo.pdf": PDF}, sender="leo@autre.example")
    fetch(keeping, box)
    merge_leads(keeping, "Chef", [ZOE, LEO], {}, {}, keeping.snapshot())
    later = _later(keeping)
    assert empty_bin(later) == 1
    assert stored(later) == [(1, "leo.pdf")], "the lead that was taken over is erased, its mail is the survivor's"
    with later.write("Chef", Verb.DELETE_LEAD) as uow:
        uow.delete("leads", ZOE)
        uow.commit()
    assert empty_bin(_later(later)) == 1
    assert stored(later) == []


def _later(crm: Crm) -> Crm:
    """Once what was deleted is to be erased."""
    later = replace(crm, clock=fixed(crm.clock.now() + timedelta(days=KEPT_DAYS + 1), crm.region.zone))
    live(later, KEPT_DAYS)
    return later
