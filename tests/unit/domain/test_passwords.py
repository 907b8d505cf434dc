"""Which passwords are too easy to guess."""

from __future__ import annotations

import gzip

import pytest

from gnetics.domain import passwords
from gnetics.domain.passwords import weakness

COMMONEST = [line for line in gzip.decompress(passwords.COMMON.read_bytes()).decode().splitlines() if not line.startswith("#")]


def test_none_of_the_ten_thousand_commonest_is_taken_however_it_is_written() -> None:
    assert len(set(COMMONEST)) == 10_000
    assert {"123456", "motdepasse", "azertyuiop", "password123"} <= set(COMMONEST)
    for each in COMMONEST:
        assert weakness(each, "Zoé") and weakness(each.upper(), "Zoé"), each
    assert "les plus courants" in weakness("password123", "Zoé")


@pytest.mark.parametrize("password", ["Motdepasse!", "MOTDEPASSE2026", "123qwertyuiop456", "2026!Dragon!2026", "pässword-2026"])
def test_digits_and_signs_around_a_common_one_hide_nothing(password: str) -> None:
    assert "les plus courants" in weakness(password, "Zoé")


@pytest.mark.parametrize(
    "password",
    [
        "analopes 7x29k",
        "7x29k LOPÈS 41",
        "l.o.p.e.s-7x29k",
        "7x29k-ana-7x29k",
        "AnaAna7x29k!41",
        "gnetics 7x29k41",
        "Le CRM 7x29k 41",
        "c-r-m-g-n-e-t-i-c-s",
    ],
)
def test_no_part_of_the_accounts_or_of_the_products_name_is_in_it(password: str) -> None:
    assert "ni votre nom ni celui du CRM" in weakness(password, "Ana Lopès")


@pytest.mark.parametrize("password", ["court", "aaaaaaaaaaaa", "x" * 201, ""])
def test_too_short_too_long_or_too_monotonous_is_refused(password: str) -> None:
    assert weakness(password, "Ana Lopès")


@pytest.mark.parametrize(
    ("password", "name"),
    [
        ("banane verte 41", "Ana Lopès"),
        ("Un mot de passe 1", "Jean de La Tour"),
        ("correct horse battery staple", "Horst"),
        ("écrire un mot de passe", "李"),
        ("パスワードは秘密です", "Ana"),
    ],
)
def test_others_are_taken(password: str, name: str) -> None:
    assert weakness(password, name) == ""
