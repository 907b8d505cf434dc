"""The page by which one unsubscribes: for anybody who has the address of a mail, and only when its button is pressed."""

from __future__ import annotations

import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from gnetics import settings as settings_module
from gnetics.mail import suppressions
from gnetics.mail.unsubscribing import link
from gnetics.store.crm import Crm, open_crm
from tests.probes import write_probe
from tests.served import Served, serve

WHO = "zoe@client.example"


@pytest.fixture(scope="module")
def store(copy_of_demo: Callable[[], str]) -> str:
    return copy_of_demo()


@pytest.fixture(scope="module")
def server(store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("opt-out")
    write_probe(folder, "accueil")
    with serve(folder / "log", notebooks_dir=str(folder), database_url=store, pools="") as served:
        yield served


@pytest.fixture
def crm(store: str) -> Iterator[Crm]:
    with closing(open_crm(settings_module.load({"GNETICS_DATABASE_URL": store}), trusted=True)) as opened:
        yield opened


def barred(crm: Crm) -> bool:
    with crm.read() as connection:
        return bool(suppressions.among(connection, [WHO]))


def asked(server: Served, method: str, query: str, body: bytes | None = None, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(f"{server.url}desinscription{query}", body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def test_only_a_press_of_the_button_or_a_mail_programs_one_click_unsubscribes(server: Served, crm: Crm) -> None:
    with crm.read() as connection:
        query = "?" + urllib.parse.urlsplit(link(connection, "https://x.example", WHO)).query
    for method in ("GET", "HEAD"):
        status, _ = asked(server, method, query)
        assert status in (200, 405)
    assert not barred(crm), "a scanner of links changes nothing"
    status, page = asked(server, "GET", query)
    assert "Ne plus recevoir" in page and WHO not in page
    status, page = asked(server, "POST", query, b"List-Unsubscribe=One-Click", **{"Content-Type": "application/x-www-form-urlencoded"})
    assert (status, "C’est noté" in page) == (200, True)
    assert barred(crm)


@pytest.mark.parametrize("query", ["", "?a=", "?a=AAAA", "?a=" + "A" * 5_000, "?b=1", "?a=%00%ff"])
def test_a_stranger_learns_nothing_and_changes_nothing(server: Served, query: str) -> None:
    assert asked(server, "POST", query, b"List-Unsubscribe=One-Click")[0] in (400, 404)
    assert "Traceback" not in server.log.read_text("utf-8")
