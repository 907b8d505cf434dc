"""Tables of the configuration file: mailboxes are read as they are written, or refused in one sentence that has the line."""

from __future__ import annotations

from pathlib import Path

import pytest

from gnetics.errors import GneticsError
from gnetics.settings import CONFIG, for_kernels, for_worker, load
from gnetics.settings.mailbox import Format, Kind, MailBox
from gnetics.settings.secret_ways import by_command

URL = "url = 'imaps://ana%40exemple.fr@imap.exemple.fr'\n"
VARIABLE = "GNETICS_MAIL_BOXES_ANA_PASSWORD"


def _file(folder: Path, text: str) -> dict[str, str]:
    """The environment of who has this configuration."""
    file = folder / "crm.toml"
    file.write_text(text, "utf-8")
    return {CONFIG: str(file)}


def _box(folder: Path, text: str, **environ: str) -> MailBox:
    (box,) = load(_file(folder, f"[mail.boxes.ana]\n{text}") | environ).mail_boxes
    return box


def _refusal(folder: Path, text: str) -> str:
    with pytest.raises(GneticsError) as refused:
        load(_file(folder, text))
    said = str(refused.value)
    assert len(said.splitlines()) == 1 and len(said) < 300 and said.endswith(".") and "S3cret" not in said
    return said.replace("\u00a0", " ")


def test_mailboxes_are_read_in_order_with_what_is_said_of_each(tmp_path: Path) -> None:
    text = f"""
        port = 8900
        [mail.boxes.equipe]
        {URL}
        [mail.boxes.ana-2]
        url = "imap+starttls://Ana@imap.exemple.fr:1143"
        kind = "personnelle"
        user = "Ana Lopès"
        folders = ["INBOX", "Éléments envoyés"]
        [mail.boxes.archives]
        path = "/srv/courrier"
        format = "maildir"
    """
    team, ana, archives = load(_file(tmp_path, text)).mail_boxes
    assert (team.name, team.kind, team.user, team.folders, team.credential) == ("equipe", Kind.TEAM, "", (), None)
    assert (team.server.host, team.server.port, team.server.user) == ("imap.exemple.fr", 993, "ana@exemple.fr")
    assert (ana.name, ana.kind, ana.user, ana.folders) == ("ana-2", Kind.PERSONAL, "Ana Lopès", ("INBOX", "Éléments envoyés"))
    assert (ana.server.scheme, ana.server.port) == ("imap+starttls", 1143)
    assert (archives.path, archives.format) == ("/srv/courrier", Format.MAILDIR)


def test_a_server_of_this_machine_may_be_spoken_to_without_encryption(tmp_path: Path) -> None:
    assert _box(tmp_path, "url = 'imap://ana@127.0.0.1'").server.port == 143


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("hote = 'h'", 2, "réglage inconnu « mail.boxes.ana.hote »"),
        ("token = 'S3cret'", 2, "réglage inconnu « mail.boxes.ana.token »"),
        (f"{URL}password = 'S3cret'", 3, f"password_file, password_command, token_command ou la variable {VARIABLE}"),
        ("url = 'imaps://ana:S3cret@imap.exemple.fr'", 2, "le mot de passe n’est pas écrit dans l’adresse"),
        (f"{URL}kind = 'familiale'", 3, "« familiale » n’est pas équipe ou personnelle"),
        (f"{URL}kind = 'personnelle'", 3, "nomme son utilisateur"),
        (f"{URL}user = 'Ana'", 3, "nomme son utilisateur"),
        (f"{URL}folders = 'INBOX'", 3, "n’est pas une liste de textes"),
        (f"{URL}folders = ['INBOX', 3]", 3, "n’est pas une liste de textes"),
        ("kind = 'équipe'", 1, "donnez url ou path"),
        ("", 1, "donnez url ou path"),
        (f"{URL}path = '/srv/courrier'\nformat = 'mbox'", 3, "l’un des deux seulement"),
        ("path = '/srv/courrier'", 2, "mbox ou maildir ou eml"),
        (f"{URL}format = 'mbox'", 3, "path et format vont ensemble"),
        ("path = '/srv/courrier'\nformat = 'pst'", 3, "« pst » n’est pas mbox ou maildir ou eml"),
        ("path = 'courrier'\nformat = 'mbox'", 2, "chemin complet"),
        ("url = 'imap://ana@imap.exemple.fr'", 2, "sans chiffrement seulement vers cet ordinateur"),
        ("url = 'imaps://imap.exemple.fr'", 2, "ce n’est pas une adresse comme imaps://nom%40exemple.fr@"),
        ("url = 'pop://ana@imap.exemple.fr'", 2, "ce n’est pas une adresse comme"),
        ("url = 'imaps://ana:S3cret[w@imap.exemple.fr'", 2, "ce n’est pas une adresse comme"),
        ('url = "S3cret\\n"', 2, "la valeur n’est pas un texte"),
        ("url = 3", 2, "ce n’est pas une adresse comme"),
        (f"{URL}password_file = '/a'\npassword_command = 'S3cret'", 4, "aussi donné par mail.boxes.ana.password_file"),
    ],
)
def test_a_mailbox_that_is_not_right_is_refused_with_its_line_and_no_secret(tmp_path: Path, text: str, line: int, said: str) -> None:
    sentence = _refusal(tmp_path, f"[mail.boxes.ana]\n{text}")
    assert sentence.startswith(f"crm.toml, ligne {line}") and said in sentence


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("mail = 3", 1, "réglage inconnu « mail »"),
        ("[mail]\nboxes = 3", 2, "donnez une table par nom, comme [mail.boxes.ana]"),
        ("[[mail.boxes]]\nurl = 'x'", 1, "donnez une table par nom"),
        (f"[mail.boxes]\n{URL}", 2, "donnez une table par nom"),
        ("[mail.bals.ana]\nurl = 'x'", 1, "réglage inconnu « mail.bals »"),
        (f"[mail.boxes.'équipe']\n{URL}", 1, "lettres minuscules sans accent"),
        (f"[mail.boxes.équipe]\n{URL}", 1, "illisible"),
        (f"[mail.boxes.Ana]\n{URL}", 1, "lettres minuscules sans accent"),
        (f"[mail.boxes.'']\n{URL}", 1, "lettres minuscules sans accent"),
        (f"[mail.boxes.a-b]\n{URL}[mail.boxes.a_b]\n{URL}", 3, "même nom, à un tiret près"),
    ],
)
def test_a_table_that_is_none_of_ours_is_refused_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    sentence = _refusal(tmp_path, text)
    assert sentence.startswith(f"crm.toml, ligne {line}") and said in sentence


def _command(folder: Path, secret: str) -> str:
    """One that prints a secret, and how many times it was asked."""
    return f"sh -c 'echo >> {folder}/asked; echo {secret}$(wc -l < {folder}/asked)'"


def test_a_secret_is_asked_for_when_it_is_needed_and_not_when_settings_are_read(tmp_path: Path) -> None:
    box = _box(tmp_path, f"""{URL}token_command = "{_command(tmp_path, "S3cret")}" """)
    assert box.credential and box.credential.is_token and not (tmp_path / "asked").exists()
    assert [box.credential.obtain(), box.credential.obtain(), box.credential.renew(), box.credential.obtain()] == [
        "S3cret1", "S3cret1", "S3cret2", "S3cret2",
    ]  # fmt: skip


def test_a_password_comes_from_a_file_a_command_or_the_environment_which_wins(tmp_path: Path) -> None:
    held = tmp_path / "held"
    held.touch(0o600)
    held.write_text("S3cret of the file\n")
    for text, environ, expected in (
        (f"password_file = '{held}'", {}, "S3cret of the file"),
        ("password_command = 'echo S3cret'", {}, "S3cret"),
        ("password_file = ''\npassword_command = 'echo S3cret'", {}, "S3cret"),
        (f"password_file = '{held}'", {VARIABLE: "S3cret told"}, "S3cret told"),
    ):
        credential = _box(tmp_path, f"{URL}{text}", **environ).credential
        assert credential and not credential.is_token and credential.obtain() == expected


def test_a_secret_that_is_not_obtained_is_said_with_the_line_and_without_its_way(tmp_path: Path) -> None:
    credential = _box(tmp_path, f"{URL}password_file = '/S3cret'").credential
    assert credential
    with pytest.raises(GneticsError) as refused:
        credential.obtain()
    assert str(refused.value).startswith("crm.toml, ligne 3, réglage mail.boxes.ana.password_file\u00a0: ce fichier ne peut pas être lu")
    assert "S3cret" not in str(refused.value)


def test_no_repr_has_a_secret_or_what_leads_to_it(tmp_path: Path) -> None:
    for text, environ in (("token_command = 'echo S3cret'", {}), ("", {VARIABLE: "S3cret"})):
        settings = load(_file(tmp_path, f"[mail.boxes.ana]\n{URL}{text}") | environ)
        assert settings.mail_boxes[0].credential and "S3cret" not in repr(settings) and "name='ana'" in repr(settings)


def test_a_kernel_knows_of_no_way_to_a_mailbox_and_a_worker_of_all(tmp_path: Path) -> None:
    by_command.cache_clear()
    text = f"[mail.boxes.ana]\n{URL}[mail.boxes.b-2]\n{URL}" + """password_command = "echo S3cret2" """
    environ = _file(tmp_path, text) | {VARIABLE: "S3cret1", "HOME": "/home/crm"}
    settings = load(environ)
    for_kernel = for_kernels(environ, settings)
    assert "S3cret" not in str(for_kernel) and for_kernel["HOME"] == "/home/crm"
    assert [box.credential for box in load(for_kernel).mail_boxes] == [None, None]
    worker = load(for_worker(environ, settings))
    assert [box.credential and box.credential.obtain() for box in worker.mail_boxes] == ["S3cret1", "S3cret2"]


def test_files_that_are_read_again_and_again_are_read_as_they_are_written(tmp_path: Path) -> None:
    text = "[sources.salon]\nurl = 'https://exemple.fr/salon.csv'\n[sources.erp]\npath = '/srv/erp.xlsx'\nevery_minutes = 5\n"
    salon, erp = load(_file(tmp_path, text)).sources
    assert (salon.name, salon.url, salon.every_minutes) == ("salon", "https://exemple.fr/salon.csv", 60)
    assert (erp.path, erp.every_minutes) == ("/srv/erp.xlsx", 5)
    assert "exemple.fr" not in repr(salon)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("every_minutes = 5", "donnez url ou path"),
        ("url = 'ftp://exemple.fr/a'", "ce n’est pas une adresse comme https://"),
        ("path = 'contacts.csv'", "ce n’est pas un chemin complet"),
        ("path = '/srv/a.csv'\nevery_minutes = 0", "donnez de 1 à 10080 minutes"),
        ("path = '/srv/a.csv'\npassword = 'S3cret'", "réglage inconnu"),
    ],
)
def test_a_source_that_cannot_be_one_is_refused_with_its_line(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(GneticsError) as refused:
        load(_file(tmp_path, f"[sources.salon]\n{text}\n"))
    said = str(refused.value).replace("\u00a0", " ")
    assert expected in said and "ligne" in said and "S3cret" not in said


CALENDAR = "url = 'https://nuage.exemple.fr/remote.php/dav/'\nuser = 'ana'\n"


def test_calendars_are_read_with_whose_they_are_and_how_often(tmp_path: Path) -> None:
    text = f"[calendars.pro]\n{CALENDAR}owner = 'Ana Lopès'\nevery_minutes = 15\n[calendars.equipe]\n{CALENDAR}"
    pro, team = load(_file(tmp_path, text) | {"GNETICS_CALENDARS_PRO_PASSWORD": "S3cret"}).calendars
    assert (pro.name, pro.host, pro.user, pro.owner, pro.every_minutes) == ("pro", "nuage.exemple.fr", "ana", "Ana Lopès", 15)
    assert (team.owner, team.every_minutes, team.credential) == ("", 5, None)
    assert pro.credential and pro.credential.obtain() == "S3cret" and "S3cret" not in repr(pro)


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("", 1, "ce n’est pas une adresse comme https://"),
        ("url = 'ftp://exemple.fr'\nuser = 'ana'", 2, "ce n’est pas une adresse comme https://"),
        ("url = 'https://ana:S3cret@exemple.fr/'\nuser = 'ana'", 2, "ne sont pas écrits dans l’adresse"),
        ("url = 'http://exemple.fr/'\nuser = 'ana'", 2, "écrivez https://"),
        ("url = 'https://exemple.fr/'", 1, "donnez user"),
        (f"{CALENDAR}every_minutes = 0", 4, "donnez de 1 à 10080 minutes"),
        (f"{CALENDAR}password = 'S3cret'", 4, "la variable GNETICS_CALENDARS_PRO_PASSWORD"),
        (f"{CALENDAR}calendrier = 'a'", 4, "réglage inconnu « calendars.pro.calendrier »"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    refused = _refusal(tmp_path, f"[calendars.pro]\n{text}")
    assert said in refused and f"ligne {line}" in refused


def test_a_calendar_on_this_machine_needs_no_encryption_and_kernels_are_told_no_password(tmp_path: Path) -> None:
    environ = _file(tmp_path, "[calendars.pro]\nurl = 'http://127.0.0.1:5232/'\nuser = 'ana'")
    environ |= {"GNETICS_CALENDARS_PRO_PASSWORD": "S3cret"}
    settings = load(environ)
    assert for_kernels(environ, settings)["GNETICS_CALENDARS_PRO_PASSWORD"] == ""
