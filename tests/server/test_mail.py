"""Alerts by a real mail server: what leaves, and what is said when nothing does."""

from __future__ import annotations

import email
import re
import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote

import pytest
import trustme

from gnetics.errors import GneticsError, MailError
from gnetics.mail import smtp
from gnetics.operations.alerts import alert, mail_finding
from gnetics.settings import Settings
from tests.served import free_port
from tests.server.mail_server import HOST, NAME, PASSWORD, UNKNOWN, Box, mail_server

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
SECRET = f"{quote(NAME, safe='')}:{quote(PASSWORD, safe='')}@"
LINES = ["Disque\u00a0: 12\u00a0Mo libres", "", "Détails à l’écran…"]
pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """This machine trusts the authority."""
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))


@pytest.fixture
def plain() -> Iterator[Box]:
    with mail_server() as box:
        yield box


@pytest.fixture
def secure(authority: trustme.CA) -> Iterator[Box]:
    with mail_server(authority) as box:
        yield box


def _settings(url: str, to: str = "ana@exemple.fr, bob@exemple.fr") -> Settings:
    return replace(Settings(), smtp_url=url, mail_from=NAME, alerts_to=to)


def _alert(settings: Settings) -> bool:
    return alert(settings, "2 points à corriger en décembre\u00a0!", LINES, NOW, "controle-2026-11-24")


def _message(box: Box) -> EmailMessage:
    ((_, _, content),) = box.taken
    found = email.message_from_bytes(content, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def test_a_message_can_be_sent_again_and_names_whom_it_goes_to(plain: Box) -> None:
    message, settings = EmailMessage(), _settings(f"smtp://{HOST}:{plain.port}")
    message.set_content("Bonjour")
    for people in (["ana@exemple.fr"], ["bob@exemple.fr"]):
        smtp.send(settings, people, message)
    read = [email.message_from_bytes(content, policy=policy.default) for _, _, content in plain.taken]
    assert [(each["From"], each["To"]) for each in read] == [(NAME, "ana@exemple.fr"), (NAME, "bob@exemple.fr")]


def test_an_alert_reaches_everyone_as_it_was_written(plain: Box) -> None:
    assert _alert(_settings(f"smtp://{HOST}:{plain.port}"))
    ((sender, people, _),) = plain.taken
    assert (sender, people) == (NAME, ["ana@exemple.fr", "bob@exemple.fr"])
    message = _message(plain)
    assert message["Subject"] == "CRM GNETICS\u00a0: 2 points à corriger en décembre\u00a0!"
    assert message["From"] == NAME
    assert message["Message-ID"] == "<gnetics-controle-2026-11-24@exemple.fr>"
    assert message["Auto-Submitted"] == "auto-generated", "no automatic answer comes back"
    assert message["Date"].datetime == NOW
    assert message.get_content().splitlines()[:3] == LINES


@pytest.mark.usefixtures("trusted")
def test_a_password_travels_encrypted_by_starttls(secure: Box) -> None:
    settings = _settings(f"smtp://{SECRET}{HOST}:{secure.port}")
    assert mail_finding(settings).fine, mail_finding(settings).sentence
    assert secure.taken == [], "checking sends nothing"
    assert _alert(settings)
    assert _message(secure)["To"] == "ana@exemple.fr, bob@exemple.fr"


@pytest.mark.usefixtures("trusted")
def test_or_from_the_first_byte_on(authority: trustme.CA) -> None:
    with mail_server(authority, at_once=True) as box:
        assert _alert(_settings(f"smtps://{SECRET}{HOST}:{box.port}"))
        assert len(box.taken) == 1


def test_without_addresses_nothing_is_sent_and_nothing_is_wrong(plain: Box) -> None:
    settings = _settings(f"smtp://{HOST}:{plain.port}", to="")
    assert not _alert(settings)
    assert mail_finding(settings).fine
    assert plain.taken == []


def _refusal(settings: Settings) -> str:
    """The sentence, the same when checking and when sending."""
    finding = mail_finding(settings)
    with pytest.raises(GneticsError) as refused:
        _alert(settings)
    assert not finding.fine and finding.sentence == str(refused.value)
    assert PASSWORD not in finding.sentence and quote(PASSWORD) not in finding.sentence
    return finding.sentence


@pytest.mark.usefixtures("trusted")
def test_a_wrong_password_is_said(secure: Box) -> None:
    assert "refuse le nom ou le mot de passe" in _refusal(_settings(f"smtp://{quote(NAME)}:faux@{HOST}:{secure.port}"))


@pytest.mark.usefixtures("trusted")
def test_a_password_that_no_mail_server_can_be_given_is_said(secure: Box) -> None:
    assert "avec des accents" in _refusal(_settings(f"smtp://{quote(NAME)}:{quote('été')}@{HOST}:{secure.port}"))


def test_a_certificate_that_nobody_trusts_is_said_before_any_password_leaves(secure: Box) -> None:
    assert "a un certificat qui n’est pas valable" in _refusal(_settings(f"smtp://{SECRET}{HOST}:{secure.port}"))


def test_a_password_never_travels_in_clear(plain: Box) -> None:
    assert "n’offre pas de connexion chiffrée" in _refusal(_settings(f"smtp://{SECRET}{HOST}:{plain.port}"))


def test_an_address_that_the_server_refuses_is_named_and_the_others_have_their_alert(plain: Box, caplog: pytest.LogCaptureFixture) -> None:
    settings = _settings(f"smtp://{HOST}:{plain.port}", to=f"ana@exemple.fr, {UNKNOWN}")
    said = rf"refuse {UNKNOWN}.*utilisateur inconnu"
    assert not mail_finding(settings).fine and re.search(said, mail_finding(settings).sentence)
    assert _alert(settings), "it left for somebody: sending it again would tell Ana twice"
    assert [people for _, people, _ in plain.taken] == [["ana@exemple.fr"]]
    assert re.search(said, caplog.text)


def test_when_every_address_is_refused_nothing_left(plain: Box) -> None:
    assert "utilisateur inconnu" in _refusal(_settings(f"smtp://{HOST}:{plain.port}", to=UNKNOWN))


def test_a_server_that_is_not_there_is_said() -> None:
    assert "refuse la connexion" in _refusal(_settings(f"smtp://{HOST}:{free_port()}"))


def test_a_server_that_says_nothing_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gnetics.mail.smtp.PATIENCE", 0.3)
    with socket.create_server((HOST, 0)) as mute, pytest.raises(MailError, match="ne répond pas"):
        _alert(_settings(f"smtp://{HOST}:{mute.getsockname()[1]}"))


@pytest.mark.parametrize(
    "url",
    [
        *("smtp.exemple.fr", "http://exemple.fr", "smtp://", "smtp://exemple.fr:abc"),
        *(
            "smtp://u:SECRET[w@exemple.fr",
            "smtp://u:12345/SECRET@exemple.fr",
            "smtp://u:1?SECRET@exemple.fr",
            "smtp://u:℀SECRET@exemple.fr",
        ),
    ],
)
def test_an_address_of_a_server_that_is_none_is_said_and_not_shown(url: str) -> None:
    said = _refusal(_settings(url))
    assert "GNETICS_SMTP_URL n’est pas compris" in said
    assert "SECRET" not in said and "u:1" not in said


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (replace(Settings(), alerts_to="ana@exemple.fr"), "demande aussi GNETICS_SMTP_URL et GNETICS_MAIL_FROM"),
        (replace(_settings("smtp://127.0.0.1:25"), mail_from="a@exemple.fr, b@exemple.fr"), "GNETICS_MAIL_FROM doit être une adresse"),
        (_settings("smtp://127.0.0.1:25", to="ana;bob@exemple.fr"), "« ana;bob@exemple.fr » n’est pas une adresse email"),
        (_settings("smtp://127.0.0.1:25", to="ana"), "« ana » n’est pas une adresse email"),
        (_settings("smtp://127.0.0.1:25", to="ana@exemple.fr\nBcc: bob@exemple.fr"), "n’est pas une adresse email"),
    ],
)
def test_settings_that_lack_something_are_said(settings: Settings, said: str) -> None:
    assert said in _refusal(settings).replace("\u00a0", " ")
