"""Mailboxes on a real IMAP server: every message once, nothing changed there, and what goes wrong said in a sentence."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import count, islice
from pathlib import Path
from threading import Timer
from urllib.parse import quote

import pytest

from gnetics.errors import MailError
from gnetics.mail.boxes.imap import ImapSource, NotTold
from gnetics.mail.boxes.source import LARGEST, Fetched, Folder, Listing
from gnetics.settings.credentials import Credential
from gnetics.settings.mailbox import MailBox
from gnetics.settings.secret_ways import by_command
from gnetics.settings.values import Given
from tests import dovecot
from tests.dovecot import ASCII_PASSWORD, HOST, PASSWORD, SENT, Dovecot, token
from tests.served import free_port

SECRET = Credential(Given("password", PASSWORD))
ELEMENTS = "&AMk-l&AOk-ments envoy&AOk-s"
numbers = count(1)


@pytest.fixture
def user(imap_server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> str:
    """Somebody whose mailbox is empty, on a server that this machine trusts."""
    monkeypatch.setenv("SSL_CERT_FILE", str(imap_server.authority))
    return f"personne{next(numbers)}@exemple.fr"


@pytest.fixture
def source(imap_server: Dovecot, user: str) -> Iterator[ImapSource]:
    with closing(ImapSource(_box(imap_server, user))) as source:
        yield source


def _box(
    server: Dovecot, user: str, scheme: str = "imaps", host: str = HOST, credential: Credential = SECRET, folders: tuple[str, ...] = ()
) -> MailBox:
    port = server.tls_port if scheme == "imaps" else server.port
    return MailBox("ana", f"{scheme}://{quote(user, safe='')}@{host}:{port}", credential=credential, folders=folders)


def _message(number: int, size: int = 0) -> bytes:
    return b"Message-ID: <%d@exemple.fr>\r\nSubject: Essai %d\r\n\r\n" % (number, number) + b"x" * size + b"\r\n"


def _inbox(source: ImapSource) -> Listing:
    return source.listing(Folder("INBOX", False))


def _all(source: ImapSource) -> list[Fetched]:
    listing = _inbox(source)
    return list(source.messages(listing, listing.uids))


def _said(act: Callable[[], object]) -> str:
    with pytest.raises(MailError) as refused:
        act()
    said = str(refused.value).replace("\u00a0", " ")
    assert len(said.splitlines()) == 1 and said.endswith(".") and PASSWORD not in said
    return said


def test_reading_all_leaves_flags_and_new_mail_as_they_were(imap_server: Dovecot, user: str, source: ImapSource) -> None:
    sent = [_message(number) for number in range(5)]
    with imap_server.client(user) as client:
        for message, flags in zip(sent, ["", r"(\Seen)", r"(\Flagged \Answered)", r"(\Deleted)", "(devis)"], strict=True):
            client.append("INBOX", flags, "", message)
        files = imap_server.deliver(user, b"Subject: neuf\r\n\r\n")

        def marks() -> list[object]:
            client.select(readonly=True)
            return [client.uid("FETCH", "1:*", "(FLAGS)"), client.response("RECENT")]

        before = marks()
        assert [each.content for each in _all(source)] == [*sent, b"Subject: neuf\r\n\r\n"]
        assert marks() == before and "Answered" in str(before) and files[0].exists()


def test_a_message_is_given_as_it_came_byte_for_byte(imap_server: Dovecot, user: str, source: ImapSource) -> None:
    odd = [b"\r\n", b"a", b"Subject: \xe9\xff\r\n\r\n\x01)\r\n* 3 FETCH (UID 7)\r\n", _message(1, 100_000), b")\r\n" * 50]
    imap_server.deliver(user, *odd)
    found = _all(source)
    assert [each.content for each in found] == odd
    assert [each.size for each in found] == [len(each) for each in odd]
    assert not any(each.headers_only or each.failure for each in found)


def _folders(source: ImapSource) -> dict[str, bool]:
    return {each.name: each.sent for each in source.folders()}


def _create(server: Dovecot, user: str, *names: str) -> None:
    with server.client(user) as client:
        for name in names:
            assert client.create(f'"{name}"')[0] == "OK"


def test_sent_mail_is_where_the_server_says_so_and_nowhere_else(imap_server: Dovecot, user: str, source: ImapSource) -> None:
    _create(imap_server, user, SENT, "Sent", "Archives")
    assert _folders(source) == {"INBOX": False, SENT: True}


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("&AMk-l&AOk-ments envoy&AOk-s", "Éléments envoyés"),
        ("Messages envoy&AOk-s", "Messages envoyés"),
        ("INBOX/Sent Items", "INBOX/Sent Items"),
    ],
)
def test_or_where_its_name_does(imap_server: Dovecot, user: str, source: ImapSource, raw: str, name: str) -> None:
    _create(imap_server, user, raw, "Envois de colis", "Brouillons")
    assert _folders(source) == {"INBOX": False, name: True}


def test_the_folders_that_settings_name_are_read_whatever_letters_they_have(imap_server: Dovecot, user: str) -> None:
    _create(imap_server, user, "Clients &AOA- rappeler/&AMk-t&AOk- 2026", 'Dits \\"x\\" &- co')
    names = ("Clients à rappeler/Été 2026", 'Dits "x" & co')
    with closing(ImapSource(_box(imap_server, user, folders=names))) as source:
        first, second = source.folders()
        assert (first.name, second.name) == names
        source.append(first, _message(1))
        assert [source.listing(each).uids for each in (first, second)] == [[1], []]
    with closing(ImapSource(_box(imap_server, user, folders=("INBOX", "Devis")))) as source:
        assert "n’a pas de dossier « Devis » ; elle a " in _said(source.folders)


@pytest.mark.parametrize("password", [PASSWORD, ASCII_PASSWORD])
@pytest.mark.parametrize("scheme", ["imap", "imap+starttls", "imaps"])
def test_a_server_is_spoken_to_as_its_address_says(imap_server: Dovecot, user: str, scheme: str, password: str) -> None:
    imap_server.deliver(user, _message(1))
    with closing(ImapSource(_box(imap_server, user, scheme, credential=Credential(Given("password", password))))) as source:
        assert [each.content for each in _all(source)] == [_message(1)]


def test_three_thousand_messages_are_all_read_once_though_it_stops_half_way(imap_server: Dovecot, user: str) -> None:
    imap_server.deliver(user, *map(_message, range(3000)))
    taken: dict[int, bytes] = {}

    def read(most: int) -> int:
        with closing(ImapSource(_box(imap_server, user))) as source:
            listing = _inbox(source)
            left = [uid for uid in listing.uids if uid not in taken]
            for each in islice(source.messages(listing, left), most):
                assert each.uid not in taken
                taken[each.uid] = each.content
        return len(left)

    assert [read(1417), read(3000), read(3000)] == [3000, 1583, 0]
    assert list(taken.values()) == [_message(number) for number in range(3000)]


def test_nothing_is_read_again_when_nothing_came(imap_server: Dovecot, user: str, source: ImapSource) -> None:
    imap_server.deliver(user, _message(1), _message(2))
    assert _inbox(source).uids == [1, 2]
    imap_server.deliver(user, _message(3))
    assert _inbox(source).uids == [1, 2, 3]


def test_what_is_deleted_meanwhile_is_left_out(imap_server: Dovecot, user: str, source: ImapSource) -> None:
    imap_server.deliver(user, *map(_message, range(3)))
    listing = _inbox(source)
    with imap_server.client(user) as client:
        client.select()
        client.uid("STORE", "2", "+FLAGS", r"(\Deleted)")
        client.expunge()
    assert [each.uid for each in source.messages(listing, listing.uids)] == [1, 3]


def test_a_folder_made_anew_has_another_validity_and_its_old_numbers_are_not_used(
    imap_server: Dovecot, user: str, source: ImapSource
) -> None:
    folder = Folder("Devis", False)
    _create(imap_server, user, "Devis")
    source.append(folder, _message(1))
    before = source.listing(folder)
    _inbox(source)
    with imap_server.client(user) as client:
        client.delete("Devis")
        client.create("Devis")
        client.append("Devis", "", "", _message(2))
    assert "a refait son dossier « Devis »" in _said(lambda: list(source.messages(before, before.uids)))
    after = source.listing(folder)
    assert after.uids == before.uids and after.uidvalidity != before.uidvalidity


def test_of_a_message_that_is_too_large_only_the_headers_are_read(imap_server: Dovecot, user: str, source: ImapSource) -> None:
    largest = LARGEST - len(_message(2))
    sent = [_message(1), _message(2, largest), _message(3, largest + 1), _message(4)]
    imap_server.deliver(user, *sent)
    found = _all(source)
    assert [each.headers_only for each in found] == [False, False, True, False]
    assert [each.content == content for each, content in zip(found, sent, strict=True)] == [True, True, False, True]
    assert found[2].content == _message(3).removesuffix(b"\r\n") and found[2].size == LARGEST + 1


@pytest.mark.parametrize("failure", ["no-after", "disconnect-immediately"])
def test_a_message_that_the_server_cannot_read_does_not_stop_the_others(monkeypatch: pytest.MonkeyPatch, failure: str) -> None:
    with dovecot.server(failure) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
        files = server.deliver("ana", *map(_message, range(300)))
        for number in (7, 250):
            files[number].chmod(0)
        with closing(ImapSource(_box(server, "ana"))) as source:
            found = _all(source)
        assert [each.uid for each in found] == list(range(1, 301))
        assert [each.uid for each in found if each.failure] == [8, 251]
        assert all(each.content == _message(each.uid - 1) for each in found if not each.failure)


def test_a_line_that_is_cut_is_taken_up_again_without_a_double_or_a_hole(imap_server: Dovecot, user: str, source: ImapSource) -> None:
    imap_server.deliver(user, *map(_message, range(1000)))
    found = []
    listing = _inbox(source)
    for each in source.messages(listing, listing.uids):
        found.append(each.content)
        if len(found) in (1, 600):
            imap_server.cut()
    assert found == [_message(number) for number in range(1000)]


def test_a_line_that_was_closed_meanwhile_is_made_anew(imap_server: Dovecot, user: str, source: ImapSource) -> None:
    imap_server.deliver(user, _message(1))
    for ask in (source.folders, lambda: _all(source), source.folders):
        assert ask()
        imap_server.cut()
    assert "ne répond pas" in _said(lambda: source.wait(5))
    assert [each.content for each in _all(source)] == [_message(1)]


def test_a_server_that_goes_in_the_middle_is_said_and_what_was_read_stays_read(monkeypatch: pytest.MonkeyPatch) -> None:
    with dovecot.server() as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
        server.deliver("ana", *map(_message, range(500)))
        with closing(ImapSource(_box(server, "ana"))) as source:
            listing = _inbox(source)
            messages = source.messages(listing, listing.uids)
            found = list(islice(messages, 100))
            server.stop()
            assert re.search(r"refuse la connexion|ne répond pas", _said(lambda: found.extend(messages)))
            assert [each.uid for each in found] == list(range(1, len(found) + 1)) and not any(each.failure for each in found)
            assert "refuse la connexion" in _said(source.folders)


def test_a_wrong_password_is_said(imap_server: Dovecot, user: str) -> None:
    with closing(ImapSource(_box(imap_server, user, credential=Credential(Given("password", "non"))))) as source:
        assert _said(source.folders) == (
            f"Boîte « ana » : le serveur de courrier {HOST}:{imap_server.tls_port} refuse le nom ou le mot de passe."
        )


def test_a_mailbox_without_secret_asks_for_one() -> None:
    with closing(ImapSource(MailBox("ana", "imaps://ana@127.0.0.1"))) as source:
        assert "donnez password_file, password_command, token_command" in _said(source.folders)


def test_a_mailbox_whose_secret_leads_to_nothing_says_where_it_is_written(tmp_path: Path) -> None:
    for key, value in (("password_file", str(tmp_path / "absent")), ("password_command", "false"), ("token_command", "false")):
        with closing(ImapSource(MailBox("ana", "imaps://ana@127.0.0.1", credential=Credential(Given(key, value))))) as source:
            assert key.upper() in _said(source.folders)


def _tokens(folder: Path, *tokens: str) -> str:
    """A command that prints one after the other, then the last one again."""
    for number, each in enumerate(tokens, 1):
        (folder / str(number)).write_text(each)
    return f"sh -c 'echo >> {folder}/asked; n=$(wc -l < {folder}/asked); cat {folder}/$n || cat {folder}/{len(tokens)}'"


def test_a_token_is_kept_until_it_is_refused_and_then_asked_for_again(imap_server: Dovecot, user: str, tmp_path: Path) -> None:
    by_command.cache_clear()
    command = _tokens(tmp_path, token(user, 2001), token(user, 2096))
    imap_server.deliver(user, _message(1))
    for _ in range(3):
        with closing(ImapSource(_box(imap_server, user, credential=Credential(Given("token_command", command))))) as source:
            assert [each.content for each in _all(source)] == [_message(1)]
    assert len((tmp_path / "asked").read_text().splitlines()) == 2


def test_a_token_that_is_refused_again_is_said(imap_server: Dovecot, user: str, tmp_path: Path) -> None:
    by_command.cache_clear()
    command = _tokens(tmp_path, token(user, 2001))
    with closing(ImapSource(_box(imap_server, user, credential=Credential(Given("token_command", command))))) as source:
        assert "refuse le nom ou le jeton" in _said(source.folders)
    assert len((tmp_path / "asked").read_text().splitlines()) == 2


def test_a_server_that_nobody_vouches_for_is_refused(imap_server: Dovecot, user: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for scheme in ("imaps", "imap+starttls"):
        with closing(ImapSource(_box(imap_server, user, scheme, host="localhost"))) as source:
            assert "a un certificat qui n’est pas valable" in _said(source.folders)
    monkeypatch.delenv("SSL_CERT_FILE")
    for scheme in ("imaps", "imap+starttls"):
        with closing(ImapSource(_box(imap_server, user, scheme))) as source:
            assert "a un certificat qui n’est pas valable" in _said(source.folders)


def test_a_server_that_is_not_there_or_speaks_otherwise_is_said(imap_server: Dovecot) -> None:
    nobody, plain = free_port(), imap_server.port
    for url, said in (
        (f"imaps://ana@{HOST}:{nobody}", "refuse la connexion"),
        ("imaps://ana@absent.invalid", "est introuvable"),
        (f"imaps://ana@{HOST}:{plain}", "ne répond pas comme attendu"),
    ):
        with closing(ImapSource(MailBox("ana", url, credential=SECRET))) as source:
            assert said in _said(source.folders)


def test_a_password_is_not_sent_where_nothing_is_encrypted() -> None:
    with dovecot.server(tls="no") as server, closing(ImapSource(_box(server, "ana", "imap+starttls"))) as source:
        assert "n’offre pas de connexion chiffrée" in _said(source.folders)
        assert "user=<ana>" not in (server.root / "log").read_text("utf-8")


def test_waiting_ends_when_something_comes_or_came_since_one_waited_last(imap_server: Dovecot, user: str, source: ImapSource) -> None:
    assert source.wait(10), "nobody knows what came before"
    assert not source.wait(0.1)
    delivery = Timer(0.3, imap_server.deliver, (user, _message(1)))
    delivery.start()
    begun = time.monotonic()
    assert source.wait(10) and time.monotonic() - begun < 8
    delivery.join()
    assert not source.wait(0.1), "it is told once"
    imap_server.deliver(user, _message(2))
    begun = time.monotonic()
    assert source.wait(10) and time.monotonic() - begun < 8
    assert _inbox(source).uids == [1, 2]


def test_waiting_ends_soon_when_one_is_to_stop(source: ImapSource) -> None:
    source.wait(0.1)
    begun = time.monotonic()
    assert not source.wait(60, lambda: time.monotonic() - begun > 0.5)
    assert time.monotonic() - begun < 5


def test_a_line_that_is_cut_while_one_waits_is_said(imap_server: Dovecot, source: ImapSource) -> None:
    source.wait(0.1)
    cutting = Timer(0.5, imap_server.cut)
    cutting.start()
    begun = time.monotonic()
    assert "ne répond pas" in _said(lambda: source.wait(60))
    assert time.monotonic() - begun < 10
    cutting.join()


def test_a_server_without_idle_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with dovecot.server(capability="IMAP4rev1 SASL-IR LITERAL+ UIDPLUS LIST-EXTENDED SPECIAL-USE") as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
        with closing(ImapSource(_box(server, "ana"))) as source, pytest.raises(NotTold):
            source.wait(5)


def test_the_mark_of_a_folder_changes_with_the_messages_that_are_there_and_with_nothing_else(
    imap_server: Dovecot, user: str, source: ImapSource
) -> None:
    folder = Folder("INBOX", False)
    imap_server.deliver(user, _message(1), _message(2))
    marks = [source.mark(folder)]
    with imap_server.client(user) as client:
        client.select()
        client.uid("STORE", "1", "+FLAGS", r"(\Seen \Flagged)")
        assert source.mark(folder) == marks[0], "it was only read"
        client.uid("STORE", "1", "+FLAGS", r"(\Deleted)")
        client.expunge()
        marks.append(source.mark(folder))
        client.append("INBOX", "", "", _message(3))
        marks.append(source.mark(folder))
    assert len(set(marks)) == 3 and None not in marks


def test_what_we_sent_is_put_with_sent_mail_as_read(imap_server: Dovecot, user: str, source: ImapSource) -> None:
    _create(imap_server, user, ELEMENTS)
    (sent,) = (each for each in source.folders() if each.sent)
    content = _message(1) + "Été".encode()
    source.append(sent, content)
    listing = source.listing(sent)
    assert [each.content for each in source.messages(listing, listing.uids)] == [content]
    with imap_server.client(user) as client:
        client.select(f'"{ELEMENTS}"', readonly=True)
        assert r"\Seen" in str(client.fetch("1", "(FLAGS)"))
