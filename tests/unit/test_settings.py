"""What settings may say: all else is refused by one sentence that names the setting, before anything is done."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from gnetics import cli
from gnetics import settings as settings_module
from gnetics.domain.regions import REGIONS
from gnetics.errors import GneticsError
from gnetics.settings import Settings, for_kernels, for_worker, load, variable

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
    "log_level": ("", "debug", "TOUT", "10"),
    "log_json": YES_OR_NO,
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
    "region": tuple(REGIONS),
    "region_locale": ("en_CA",),
    "region_zone": ("America/Toronto", "UTC"),
    "region_currency": ("CHF",),
    "region_symbol": ("CHF", "$"),
    "region_date_format": ("%d.%m.%Y", "%m/%d/%Y", "%Y-%m-%d"),
    "region_first_weekday": ("0", "6"),
    "region_phone": ("CA",),
    "worker": ("OUI", "0"),
}
SECRETS = {
    "database_url": "postgresql://crm:S3cret-base@h/d?password=S3cret-base",
    "smtp_url": "smtp://crm:S3cret-mail@h",
    "metrics_token": "S3cret-jeton",
}


def test_every_setting_has_values_that_are_refused() -> None:
    assert BAD.keys() == {each.name for each in fields(Settings)}


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


@pytest.mark.parametrize(
    "text",
    [
        "port = 8900.5",
        "port = true",
        "worker = 1.0",
        "user = ['Ana']",
        "user = true",
        "[user]\nname = 'Ana'",
        "port =",
        "nimporte = 1",
        "\xff",
    ],
)
def test_a_bad_file_is_refused_in_one_sentence(tmp_path: Path, text: str) -> None:
    file = tmp_path / "gnetics.toml"
    file.write_text(text, "latin-1")
    with pytest.raises(GneticsError) as refused:
        load({}, file)
    assert len(str(refused.value).splitlines()) == 1 and str(tmp_path) not in str(refused.value)


def test_a_file_is_read_with_the_types_of_toml_and_the_environment_wins(tmp_path: Path) -> None:
    file = tmp_path / "gnetics.toml"
    file.write_text('port = 8900\nworker = false\nuser = "Ana"\nregion_first_weekday = 0\nlog_json = "oui"\nsmtp_url = "smtp://a:b@h"\n')
    found = load({"GNETICS_USER": "Bruno"}, file)
    assert (found.port, found.worker, found.user, found.place.first_weekday, found.log_json) == (8900, False, "Bruno", 0, True)
    assert load(for_kernels({}), file).smtp_url == "" != load(for_worker({}), file).smtp_url


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
    kernel, worker = load(for_kernels(environ)), load(for_worker(environ))
    assert (kernel.database_url, kernel.smtp_url, kernel.metrics_token) == (SECRETS["database_url"], "", "")
    assert (worker.database_url, worker.smtp_url, worker.metrics_token) == (SECRETS["database_url"], SECRETS["smtp_url"], "")
    assert for_kernels(environ)["HOME"] == "/home/crm"
