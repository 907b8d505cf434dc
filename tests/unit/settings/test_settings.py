"""What settings may say: all else is refused by one sentence that names the setting, before anything is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from gnetics import cli
from gnetics import settings as settings_module
from gnetics.domain.regions import REGIONS
from gnetics.errors import GneticsError
from gnetics.settings import CONFIG, KEYS, NAMES, Settings, for_kernels, for_worker, load, variable
from gnetics.settings.secret_ways import by_command

YES_OR_NO = ("", "peut-être", "2", "ouioui")
NUMBER = ("", "beaucoup", "-1", "1.5", "8_8", "٣", "9" * 5000, "99999999")
BAD: dict[str, tuple[str, ...]] = {
    "database_url": ("nimporte", "mysql://h/d", "sqlite://", "sqlite:///:memory:", "postgresql://h:abc/d", "postgresql+nimporte://h/d"),
    "data_dir": (__file__,),
    "notebooks_dir": (__file__, "/nulle/part"),
    "user": ("x" * 201, "Ana\nadmin", "\udcff"),
    "ip": ("127.0.0.1 8866", "http://127.0.0.1", "é"),
    "port": (*NUMBER, "65536"),
    "base_url": ("/a b/", "/../", "https://crm.example.org/", "/é?x", "//example.org/", "."),
    "session_hours": (*NUMBER, "0"),
    "trusted_proxies": ("proxy", "10.0.0.0/8", "127.0.0.1;10.0.0.1", "300.1.1.1"),
    "proxy_user_header": ("X Forwarded", "X-Utilisateur:", "Préfixe"),
    "warm_kernels": YES_OR_NO,
    "fork_kernels": YES_OR_NO,
    "pools": ("accueil", "accueil=", "accueil=deux", "accueil=100", "accueil=1;contacts=1"),
    "cull_after": (*NUMBER, "0"),
    "max_kernels": (*NUMBER, "0"),
    "worker": YES_OR_NO,
    "smtp_url": ("smtp.exemple.fr", "http://exemple.fr", "smtp://", "smtp://exemple.fr:abc", "smtp://a:b@exemple.fr/chemin"),
    "mail_from": ("Ana", "ana@exemple.fr, bob@exemple.fr", "<ana@exemple.fr>"),
    "alerts_to": ("Ana", "ana@exemple.fr; bob@exemple.fr"),
    "mail_sending": ("oui", "reel", "blanc"),
    "mail_keep_attachments": ("pdf;docx", "pdf docx", "exe", "pdf, .JS", "tar.gz", "image/png", "*", "é"),
    "mail_attachment_mb": (*NUMBER, "0", "31"),
    "mail_kept_months": (*NUMBER, "1201"),
    "runs_kept_months": (*NUMBER, "1201"),
    "access_kept_months": (*NUMBER, "1201"),
    "history_kept_months": (*NUMBER, "1201"),
    "contacts_kept_months": (*NUMBER, "1201"),
    "contacts_confirm_days": (*NUMBER, "29"),
    "proposer_url": ("serveur/v1", "http://serveur/v1", "https://"),
    "proposer_model": ("deux mots",),
    "proposer_key": ("deux mots", "clé"),
    "proposer_requests": (*NUMBER, "-1"),
    "proposer_tokens": (*NUMBER, "-1"),
    "public_url": ("crm.exemple.fr", "http://crm.exemple.fr/", "https://"),
    "log_level": ("", "debug", "TOUT", "10"),
    "log_json": YES_OR_NO,
    "mail_invitations": YES_OR_NO,
    "metrics_token": ("deux mots", "clé", "a\nb"),
    "import_workbook_mb": (*NUMBER, "0"),
    "import_private": YES_OR_NO,
    "region": ("", "fr", "BE"),
    "region_locale": ("français", "xx_YY", "fr_"),
    "region_zone": ("Paris", "Europe", "../Paris", "/etc/passwd", "9" * 300),
    "region_currency": ("euro", "XYZ", "€"),
    "region_symbol": ("1", "  ", "beaucoup d’euros", "."),
    "region_date_format": ("jj/mm/aaaa", "%d/%m", "%d/%m/%y", "%d/%m-%Y", "%q"),
    "region_first_weekday": ("lundi", "7", "-1", "1.0", "9" * 5000),
    "region_phone": ("France", "fr", "33"),
    "region_working_hours": ("8", "18:00-09:00", "08:00-25:00", "08:00-08:00", "8h-18h"),
    "region_holidays": ("Alsace", "FR", "reunion"),
}
GOOD = {
    "user": ("Ana Lopès", "Jean\u00a0Paul"),
    "ip": ("", "0.0.0.0", "::1", "localhost", "fe80::1%eth0"),
    "port": ("0", " 8900 "),
    "base_url": ("", "/", "crm", "/crm", "/crm/equipe-1/"),
    "trusted_proxies": ("", "127.0.0.1, ::1,192.0.2.7"),
    "pools": ("", "accueil=2, contacts = 1"),
    "smtp_url": ("", "smtp://crm:a%40b@mail.exemple.fr:587", "smtps://mail.exemple.fr"),
    "alerts_to": ("ana@exemple.fr, bob@exemple.fr",),
    "metrics_token": ("s3cr3t/+=-_",),
    "mail_sending": ("réel",),
    "mail_keep_attachments": ("", "pdf", "pdf, docx, png", ".PDF,*.jpeg, 7z"),
    "mail_attachment_mb": ("1", "30"),
    "mail_kept_months": ("0", "24"),
    "runs_kept_months": ("0", "1200"),
    "proposer_url": ("", "https://serveur.exemple.fr/v1", "http://127.0.0.1:8080/v1"),
    "public_url": ("https://crm.exemple.fr", "https://exemple.fr:8443/crm/"),
    "region": tuple(REGIONS),
    "region_locale": ("en_CA",),
    "region_zone": ("America/Toronto", "UTC"),
    "region_currency": ("CHF",),
    "region_symbol": ("CHF", "$"),
    "region_date_format": ("%d.%m.%Y", "%m/%d/%Y", "%Y-%m-%d"),
    "region_first_weekday": ("0", "6"),
    "region_phone": ("CA",),
    "region_working_hours": ("08:30-18:00", "9:00 - 17:15"),
    "region_holidays": ("alsace-moselle", "la-réunion"),
    "worker": ("OUI", "0"),
}
SECRETS = {
    "database_url": "postgresql://crm:S3cret-base@h/d?password=S3cret-base",
    "smtp_url": "smtp://crm:S3cret-mail@h",
    "metrics_token": "S3cret-jeton",
    "proposer_key": "S3cret-cle",
}


def test_every_setting_has_values_that_are_refused() -> None:
    assert BAD.keys() == set(NAMES)


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in BAD.items() for value in values], ids=lambda text: text[:20])
def test_a_bad_value_is_refused_in_one_sentence_that_names_the_setting(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By every command; that no secret is in the sentence is asked below."""
    monkeypatch.setattr(settings_module.os, "environ", {variable(name): value})
    assert cli.main(["imports"]) == 1
    said = capsys.readouterr()
    assert said.out == "" and len(said.err.splitlines()) == 1 and len(said.err) < 250
    assert variable(name) in said.err and said.err.endswith(".\n")


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in GOOD.items() for value in values])
def test_a_good_value_is_taken(name: str, value: str) -> None:
    settings = load({variable(name): value})
    assert settings.place and getattr(settings, name) is not None


def _file(folder: Path, text: str) -> dict[str, str]:
    """The environment of who has this configuration."""
    file = folder / "crm.toml"
    file.write_text(text, "utf-8")
    return {CONFIG: str(file)}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("port = 8900.5", 1),
        ("port = true", 1),
        ("worker = 1.0", 1),
        ("user = ['Ana']", 1),
        ("# qui\nuser = true", 2),
        ("[user]\nname = 'Ana'", 1),
        ("port = 8900\nuser.name = 'Ana'", 2),
        ("port = 8900\n\nnimporte = 1\n", 3),
        ("port = 8900\n[mail.boxes.ana]\nhost = 'h'", 3),
        ("port = 70000", 1),
        ("user = 'Ana'\nregion_zone = 'Paris'\n", 2),
        ("smtp_url = 'smtp.exemple.fr'", 1),
        ("user = 'Ana'\nport =", 2),
    ],
)
def test_a_bad_file_is_refused_in_one_sentence_that_names_the_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(GneticsError) as refused:
        load(_file(tmp_path, text))
    said = str(refused.value)
    assert said.startswith((f"crm.toml, ligne {line}\u00a0: ", f"crm.toml, ligne {line}, réglage "))
    assert len(said.splitlines()) == 1 and str(tmp_path) not in said


def test_a_value_of_the_file_is_refused_under_the_name_it_has_there(tmp_path: Path) -> None:
    with pytest.raises(GneticsError) as refused:
        load(_file(tmp_path, "user = 'Ana'\nport = 'huit'"))
    assert str(refused.value) == "crm.toml, ligne 2, réglage port\u00a0: «\u00a0huit\u00a0» n’est pas un nombre entier."
    assert load(_file(tmp_path, "port = 'huit'") | {"GNETICS_PORT": "8900"}).port == 8900


def test_a_file_is_read_with_the_types_of_toml_and_the_environment_wins(tmp_path: Path) -> None:
    environ = _file(tmp_path, 'port = 8900\nworker = false\nuser = "Ana"\nregion_first_weekday = 0\nlog_json = "oui"\n')
    found = load(environ | {"GNETICS_USER": "Bruno"})
    assert (found.port, found.worker, found.user, found.place.first_weekday, found.log_json) == (8900, False, "Bruno", 0, True)


@pytest.mark.parametrize(("name", "why"), [("absent.toml", "n’existe pas"), ("", "lu"), ("crm.toml/x", "n’existe pas")])
def test_a_file_that_is_named_and_cannot_be_read_is_refused(tmp_path: Path, name: str, why: str) -> None:
    (tmp_path / "crm.toml").touch()
    with pytest.raises(GneticsError, match=why) as refused:
        load({CONFIG: str(tmp_path / name)})
    assert len(str(refused.value).splitlines()) == 1


def test_a_file_is_named_by_its_whole_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _file(tmp_path, "port = 8900")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(GneticsError, match=r"GNETICS_CONFIG.*chemin complet"):
        load({CONFIG: "crm.toml"})


def test_a_blank_name_is_that_of_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As in an env file whose lines are there to be filled."""
    monkeypatch.setattr(settings_module, "PROJECT", tmp_path)
    assert load({CONFIG: ""}).port == load({}).port == 8866
    (tmp_path / "gnetics.toml").write_text("port = 8900")
    assert load({CONFIG: ""}).port == load({}).port == 8900


def _command(folder: Path, secret: str) -> str:
    """One that prints a secret, and notes that it was asked."""
    return f'sh -c \'echo >> "{folder}/asked"; echo "{secret}"; echo more\''


def _asked(folder: Path) -> int:
    file = folder / "asked"
    return len(file.read_text().splitlines()) if file.exists() else 0


@pytest.mark.parametrize("name", SECRETS)
def test_a_secret_comes_from_the_environment_a_file_or_a_command_named_there_or_in_the_configuration(name: str, tmp_path: Path) -> None:
    secret = SECRETS[name]
    held = tmp_path / "held"
    held.touch(0o600)
    held.write_text(f"{secret}\n")
    command = _command(tmp_path, secret)
    told = [{variable(name): secret}, {variable(f"{name}_file"): str(held)}, {variable(f"{name}_command"): command}]
    written = [f"{name} = '{secret}'", f"{name}_file = '{held}'", f"{name}_command = '''{command}'''"]
    for environ in [*told, *(_file(tmp_path, text) for text in written)]:
        assert getattr(load(environ), name) == secret


def test_two_ways_to_one_secret_are_refused(tmp_path: Path) -> None:
    with pytest.raises(GneticsError) as refused:
        load({"GNETICS_METRICS_TOKEN": "S3cret", "GNETICS_METRICS_TOKEN_COMMAND": _command(tmp_path, "x")})
    assert str(refused.value) == (
        "Réglage GNETICS_METRICS_TOKEN_COMMAND\u00a0: ce secret est aussi donné par GNETICS_METRICS_TOKEN\u00a0; gardez l’un des deux."
    )
    with pytest.raises(GneticsError, match=r"crm.toml, ligne 2, réglage smtp_url_file.*aussi donné par smtp_url\u00a0;"):
        load(_file(tmp_path, "smtp_url = 'smtp://h'\nsmtp_url_file = '/run/x'"))
    assert _asked(tmp_path) == 0


def test_ways_left_blank_do_not_count(tmp_path: Path) -> None:
    blank = {"GNETICS_METRICS_TOKEN_FILE": "", "GNETICS_METRICS_TOKEN_COMMAND": ""}
    assert load(blank | {"GNETICS_METRICS_TOKEN": "t"}).metrics_token == "t"
    assert load(blank | _file(tmp_path, "metrics_token = 't'")).metrics_token == "t"


def test_a_secret_of_the_environment_wins_over_the_ways_of_the_file_which_are_not_asked(tmp_path: Path) -> None:
    environ = _file(tmp_path, f"metrics_token_command = '''{_command(tmp_path, 'theirs')}'''")
    assert load(environ | {"GNETICS_METRICS_TOKEN": "ours"}).metrics_token == "ours"
    assert load(environ | {"GNETICS_METRICS_TOKEN": ""}).metrics_token == ""
    assert _asked(tmp_path) == 0


def test_a_secret_that_is_not_obtained_is_refused_and_neither_it_nor_its_way_is_shown(tmp_path: Path) -> None:
    for key, way in (("metrics_token_file", "/S3cret"), ("smtp_url_command", "S3cret"), ("smtp_url_command", "echo http://S3cret")):
        for environ in ({variable(key): way}, _file(tmp_path, f"\n{key} = '{way}'")):
            with pytest.raises(GneticsError) as refused:
                load(environ)
            assert "S3cret" not in str(refused.value) and (
                variable(key) in str(refused.value) or f"ligne 2, réglage {key}" in str(refused.value)
            )


def test_no_secret_and_no_place_of_the_store_is_in_a_repr_or_in_a_refusal(tmp_path: Path) -> None:
    environ = {variable(name): value for name, value in SECRETS.items()} | {"GNETICS_DATA_DIR": str(tmp_path)}
    shown = repr(load(environ))
    assert "S3cret" not in shown and str(tmp_path) not in shown and "port=8866" in shown
    for name, bad in (("smtp_url", "http://crm:S3cret@h"), ("metrics_token", "S3cret jeton"), ("metrics_token", "S3cret\n")):
        with pytest.raises(GneticsError) as refused:
            load({variable(name): bad})
        assert "S3cret" not in str(refused.value)


def test_a_kernel_and_a_worker_are_told_no_secret_they_do_not_need() -> None:
    environ = {variable(name): value for name, value in SECRETS.items()} | {"HOME": "/home/crm"}
    settings = load(environ)
    kernel, worker = load(for_kernels(environ, settings)), load(for_worker(environ, settings))
    assert (kernel.database_url, kernel.smtp_url, kernel.metrics_token) == (SECRETS["database_url"], "", "")
    assert (worker.database_url, worker.smtp_url, worker.metrics_token) == (SECRETS["database_url"], SECRETS["smtp_url"], "")
    assert for_kernels(environ, settings)["HOME"] == "/home/crm"


@pytest.mark.parametrize("form", ["environment", "file"])
def test_kernels_and_workers_know_of_no_way_to_a_secret_and_ask_none_again(form: str, tmp_path: Path) -> None:
    commands = {f"{name}_command": _command(tmp_path, value) for name, value in SECRETS.items()}
    written = "".join(f"{key} = '''{command}'''\n" for key, command in commands.items())
    environ = _file(tmp_path, written) if form == "file" else {variable(key): command for key, command in commands.items()}
    settings = load(environ)
    for_all = [for_kernels(environ, settings), for_worker(environ, settings)]
    by_command.cache_clear()  # they are processes of their own
    kernel, worker = map(load, for_all)
    assert _asked(tmp_path) == len(SECRETS)
    assert (kernel.database_url, kernel.smtp_url, kernel.metrics_token) == (SECRETS["database_url"], "", "")
    assert (worker.database_url, worker.smtp_url, worker.metrics_token) == (SECRETS["database_url"], SECRETS["smtp_url"], "")
    assert not [environ for environ in for_all if str(tmp_path / "asked") in str(environ)]


def test_the_environment_a_kernel_and_a_worker_get_blanks_each_way_to_a_secret() -> None:
    """Blank, not absent: it is put over what the server has."""
    ways = {variable(key) for key in KEYS if key.endswith(("_file", "_command"))}
    assert len(ways) == 2 * len(SECRETS)
    for environ in (for_kernels({}, Settings()), for_worker({}, Settings())):
        assert {environ[way] for way in ways} == {""}
