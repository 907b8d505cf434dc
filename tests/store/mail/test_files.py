"""Mailboxes in files: the same messages in every format and as a server gives them, under numbers that stay; nothing is written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from gnetics.errors import MailError
from gnetics.mail.boxes.opening import source
from gnetics.mail.boxes.source import LARGEST, Fetched, Folder, Source
from gnetics.settings.credentials import Credential
from gnetics.settings.mailbox import Format, MailBox
from gnetics.settings.values import Given
from tests.dovecot import HOST, PASSWORD, Dovecot

MESSAGES = [
    b"From: ana@exemple.fr\nSubject: Devis\nStatut: lu\n\nBonjour,\nFrom Paris with love\n>From here\nStatus: en cours\n\nAna\n",
    "Subject: Été\n\nÀ bientôt\n".encode(),
    b"Subject: pli\xe9\n sur deux lignes\n\n\n\n",
    b"Subject: double\n\nx\n",
    b"Subject: double\n\nx\n",
    b"Subject: sans texte\n\n",
]
WIRE = [each.replace(b"\n", b"\r\n") for each in MESSAGES]
INBOX = Folder("INBOX", False)


def _mbox(folder: Path, marks: bytes = b"Status: RO\nX-Mozilla-Status: 0001\n", skipped: int = 0) -> Path:
    """As programs write it, with marks of their own among the headers."""
    path = folder / "boite"
    with path.open("wb") as file:
        for each in MESSAGES[skipped:]:
            head, _, body = each.partition(b"\n\n")
            quoted = re.sub(rb"^(>*From )", rb">\1", body, flags=re.MULTILINE)
            file.write(b"From ana@exemple.fr Mon Nov 30 10:00:00 2026\n" + head + b"\n" + marks + b"\n" + quoted + b"\n")
    return path


def _maildir(folder: Path) -> Path:
    for part in ("cur", "new", "tmp"):
        (folder / part).mkdir(parents=True)
    for number, each in enumerate(MESSAGES):
        name = f"17000000{number:02}.M1P{number}.ici"
        (folder / ("cur" if number % 2 else "new") / (f"{name}:2,S" if number % 2 else name)).write_bytes(each)
    return folder


def _eml(folder: Path) -> Path:
    for number, each in enumerate(MESSAGES):
        (folder / f"{number} été.{'EML' if number else 'eml'}").write_bytes(each.replace(b"\n", b"\r\n") if number % 2 else each)
    (folder / "lisez-moi.txt").write_text("rien")
    return folder


MAKERS: dict[Format, Callable[[Path], Path]] = {Format.MBOX: _mbox, Format.MAILDIR: _maildir, Format.EML: _eml}


@contextmanager
def _opened(path: Path, form: Format, *folders: str) -> Iterator[Source]:
    with closing(source(MailBox("ana", path=str(path), format=form, folders=folders))) as found:
        yield found


def _all(found: Source, folder: Folder = INBOX) -> list[Fetched]:
    listing = found.listing(folder)
    return list(found.messages(listing, listing.uids))


def _said(act: Callable[[], object]) -> str:
    with pytest.raises(MailError) as refused:
        act()
    return str(refused.value).replace("\u00a0", " ")


def _state(folder: Path) -> dict[Path, object]:
    return {each: (each.stat().st_mtime_ns, each.is_file() and each.read_bytes()) for each in [folder, *folder.rglob("*")]}


@pytest.mark.parametrize("form", Format)
def test_every_format_gives_the_same_messages_and_no_file_changes(form: Format, tmp_path: Path) -> None:
    path = MAKERS[form](tmp_path)
    before = _state(tmp_path)
    with _opened(path, form) as found:
        assert found.folders() == [INBOX]
        assert sorted(each.content for each in _all(found)) == sorted(WIRE)
        messages = _all(found)
    assert [each.content for each in messages] == WIRE, "in the order of the mailbox"
    assert [each.size for each in messages] == [len(each) for each in WIRE] and len({each.uid for each in messages}) == len(WIRE)
    assert _state(tmp_path) == before


def test_a_server_gives_the_same_bytes_of_the_same_maildir(imap_server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(imap_server.authority))
    imap_server.deliver("fichiers", *MESSAGES)
    url = f"imaps://fichiers@{HOST}:{imap_server.tls_port}"
    with closing(source(MailBox("ana", url, credential=Credential(Given("password", PASSWORD))))) as there:
        by_server = [each.content for each in _all(there)]
    with _opened(imap_server.maildir("fichiers"), Format.MAILDIR) as here:
        assert [each.content for each in _all(here)] == by_server == WIRE


def test_numbers_stay_when_messages_are_read_marked_and_others_come_or_go(tmp_path: Path) -> None:
    (tmp_path / "maildir").mkdir()
    (tmp_path / "eml").mkdir()
    boxes = {form: MAKERS[form](tmp_path / form if form != Format.MBOX else tmp_path) for form in Format}
    before: dict[Format, list[int]] = {}
    for form, path in boxes.items():
        with _opened(path, form) as found:
            before[form] = list(found.listing(INBOX).uids)
    for each in list((boxes[Format.MAILDIR] / "new").iterdir()):
        each.rename(boxes[Format.MAILDIR] / "cur" / f"{each.name}:2,RS")
    next((boxes[Format.MAILDIR] / "cur").glob("1700000000*")).unlink()
    next(boxes[Format.EML].glob("0*")).unlink()
    _mbox(tmp_path, marks=b"Status: O\nX-Keywords: devis\n vu\nX-Mozilla-Status: 0013\n", skipped=1)
    for form, path in boxes.items():
        with _opened(path, form) as found:
            assert found.listing(INBOX).uids == before[form][1:], form


@pytest.mark.parametrize("form", [Format.MAILDIR, Format.EML])
def test_a_message_that_went_meanwhile_is_left_out(form: Format, tmp_path: Path) -> None:
    with _opened(MAKERS[form](tmp_path), form) as found:
        listing = found.listing(INBOX)
        for each in [*tmp_path.rglob("*.M1P0*"), *tmp_path.glob("0*.eml")]:
            each.unlink()
        assert [each.content for each in found.messages(listing, listing.uids)] == WIRE[1:]


def test_of_an_mbox_compacted_meanwhile_nothing_is_taken_for_another_message(tmp_path: Path) -> None:
    path, begin = tmp_path / "boite", b"From ana@exemple.fr Mon Nov 30 10:00:00 2026\n"
    texts = [b"Subject: %d\n\n%s\n" % (number, b"%d" % number * 50_000) for number in range(3)]
    path.write_bytes(b"".join(begin + each + b"\n" for each in texts))
    with _opened(path, Format.MBOX) as found:
        listing = found.listing(INBOX)
        path.write_bytes(b"".join(begin + each + b"\n" for each in (texts[0], texts[2])))
        assert [each.content for each in found.messages(listing, listing.uids)] == [texts[0].replace(b"\n", b"\r\n")]
        assert [each.size for each in _all(found)] == [50_016, 50_016]


def test_of_a_message_that_is_too_large_only_the_headers_are_read(tmp_path: Path) -> None:
    large = b"Subject: plan\n\n" + b"x" * LARGEST
    (tmp_path / "a.eml").write_bytes(large)
    (tmp_path / "boite").write_bytes(b"From a Mon Nov 30 10:00:00 2026\n" + large + b"\n")
    for path, form in ((tmp_path, Format.EML), (tmp_path / "boite", Format.MBOX)):
        with _opened(path, form) as found:
            (message,) = _all(found)
        assert message.headers_only and message.content == b"Subject: plan\r\n\r\n" and len(large) <= message.size <= len(large) + 1


def test_a_file_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    _eml(tmp_path)
    (tmp_path / "3 été bis.eml").mkdir()
    with _opened(tmp_path, Format.EML) as found:
        messages = _all(found)
    assert [each.content for each in messages if not each.failure] == WIRE
    (failed,) = (each for each in messages if each.failure)
    assert failed.content == b"" and failed.failure


def test_folders_within_have_the_names_people_read_and_sent_mail_is_found(tmp_path: Path) -> None:
    box = _maildir(tmp_path / "boite")
    _maildir(box / ".&AMk-l&AOk-ments envoy&AOk-s")
    _maildir(box / ".Archives.2025")
    with _opened(box, Format.MAILDIR) as found:
        assert found.folders() == [INBOX, Folder("Éléments envoyés", True)]
        assert [each.content for each in _all(found, Folder("Éléments envoyés", True))] == WIRE
    with _opened(box, Format.MAILDIR, "Archives/2025") as found:
        assert found.folders() == [Folder("Archives/2025", False)]
    (tmp_path / "export" / "2025" / "Envoyés").mkdir(parents=True)
    _eml(tmp_path / "export" / "2025" / "Envoyés")
    with _opened(tmp_path / "export", Format.EML) as found:
        assert found.folders() == [INBOX, Folder("2025/Envoyés", True)]
        assert len(_all(found, Folder("2025/Envoyés", True))) == len(MESSAGES)
    _mbox(tmp_path / "export").rename(tmp_path / "Sent.mbox")
    with _opened(tmp_path / "Sent.mbox", Format.MBOX) as found:
        assert found.folders() == [Folder("INBOX", True)]


def test_what_is_no_mailbox_of_its_format_is_said(tmp_path: Path) -> None:
    (tmp_path / "texte").write_text("Bonjour\n")
    for path, form, said in (
        (tmp_path / "texte", Format.MBOX, "ce n’est pas une boîte au format mbox"),
        (tmp_path, Format.MBOX, "ce n’est pas une boîte au format mbox"),
        (tmp_path, Format.MAILDIR, "ce n’est pas une boîte au format maildir"),
        (tmp_path / "texte", Format.EML, "ce n’est pas une boîte au format eml"),
        (tmp_path / "absent", Format.MBOX, "elle n’existe pas"),
        (tmp_path / "absent", Format.EML, "elle n’existe pas"),
    ):
        with _opened(path, form) as found:
            assert said in _said(lambda: found.listing(found.folders()[0]))
