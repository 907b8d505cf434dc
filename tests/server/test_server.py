"""The server without a browser: who may ask what, and what comes back."""

from __future__ import annotations

import random
import re
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import brotli
import psutil
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from gnetics.server import static
from tests.probes import told, write_probe
from tests.served import ROOT, Answer, Served, environment, serve, serve_afresh

RENDER = "voila/render/"
OFTEN = """
from gnetics.server import config
made = config.voila_config
def often(settings):
    found = made(settings)
    found.VoilaConfiguration.http_keep_alive_timeout = 1
    return found
config.voila_config = often
"""
PAGE_CSS = "voila/templates/gnetics/static/page.css"


def test_root_leads_to_accueil(probe_server: Served) -> None:
    answer = probe_server.get("")
    assert (answer.status, answer.headers["Location"]) == (302, "/voila/render/accueil.ipynb")


def test_health_answers(probe_server: Served) -> None:
    answer = probe_server.get("sante")
    assert (answer.status, answer.body) == (200, '{"etat": "ok", "base": "ok"}')


@pytest.mark.parametrize("path", ["", "sante", RENDER + "accueil.ipynb", "voila/static/voila.js", "nimporte"])
def test_a_foreign_host_is_refused_everywhere(probe_server: Served, path: str) -> None:
    answer = probe_server.get(path, Host="crm.example.org")
    assert answer.status == 421
    assert "Adresse refusée" in answer.body


@pytest.mark.parametrize(
    ("cookie", "scheme", "when"),
    [
        ("gnetics_theme=dark", "dark", "all"),
        ("gnetics_theme=light", "light", "not all"),
        ("", "light dark", "(prefers-color-scheme: dark)"),
        ('gnetics_theme="<b>"', "light dark", "(prefers-color-scheme: dark)"),
    ],
)
def test_plain_pages_have_the_theme_chosen_in_the_app_else_the_systems(probe_server: Served, cookie: str, scheme: str, when: str) -> None:
    page = probe_server.get("nimporte", Cookie=cookie).body
    assert f'<meta name="color-scheme" content="{scheme}">' in page
    assert f"@media {when} {{" in page
    assert "<script" not in page


def test_a_foreign_host_gets_no_websocket(probe_server: Served) -> None:
    kernel = told(probe_server.get(RENDER + "accueil.ipynb").body)["kernel"]
    path = f"api/kernels/{kernel}/channels"
    handshake = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec_WebSocket_Version": "13",
        "Sec_WebSocket_Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    assert probe_server.get(path, Host="crm.example.org", **handshake).status == 421
    for origin in ("https://crm.example.org", "null"):
        with pytest.raises(InvalidStatus, match="403"), _socket(probe_server, path, origin=origin):
            pass
    for ours in (None, probe_server.url.rstrip("/")):
        with _socket(probe_server, path, origin=ours):
            pass


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "127.1.2.3:8866", "LOCALHOST", "[::1]:8866"])
def test_this_machine_is_no_foreign_host(probe_server: Served, host: str) -> None:
    assert probe_server.get("sante", Host=host).status == 200


@pytest.mark.parametrize(
    ("path", "status", "title"),
    [
        (RENDER + "inconnue.ipynb", 404, "Page introuvable"),
        (RENDER + "../secret.ipynb", 404, "Page introuvable"),
        (RENDER + "contacts.txt", 404, "Page introuvable"),
        ("voila/tree", 404, "Page introuvable"),
        ("voila/api/contents", 404, "Page introuvable"),
        ("nimporte", 404, "Page introuvable"),
        ("voila/files/contacts.ipynb", 403, "Accès refusé"),
        ("voila/files/donnees.csv", 403, "Accès refusé"),
    ],
)
def test_errors_are_french_pages_with_a_way_out(probe_server: Served, path: str, status: int, title: str) -> None:
    answer = probe_server.get(path)
    assert answer.status == status
    assert f"<h1>{title}</h1>" in answer.body
    assert 'href="/voila/render/accueil.ipynb">Accueil</a>' in answer.body
    assert 'lang="fr"' in answer.body


@pytest.mark.parametrize("up", ["../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%252f", "..%5c", "%00"])
@pytest.mark.parametrize(
    ("folder", "file"),
    [
        ("voila/templates/gnetics/static/", "error.html"),
        ("voila/templates/gnetics/x/", "static/../../error.html"),
        ("voila/static/", "app.py"),
        ("voila/static/", "static/../app.py"),
        ("voila/labextensions/", "../../../etc/passwd"),
        ("voila/labextensions/jupyter-vue/", "../../config/page_config.json"),
        ("", "../../../../../../../etc/passwd"),
    ],
)
def test_no_path_leads_out_of_the_front_end_files(probe_server: Served, folder: str, up: str, file: str) -> None:
    answer = probe_server.get(folder + up + file.replace("../", up))
    assert answer.status in {400, 403, 404}
    assert not [word for word in ("root:", "import ", "{% extends") if word in answer.body]


@pytest.mark.parametrize(
    "path", [RENDER + "accueil.ipynb", "nimporte", "sante", "voila/static/voila.js", "voila/templates/gnetics/static/page.css"]
)
def test_answers_carry_the_content_security_policy(probe_server: Served, path: str) -> None:
    headers = probe_server.get(path).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe-eval" not in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in re.findall("script-src [^;]+", headers["Content-Security-Policy"])[0]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Tornado" not in headers["Server"]


def test_a_page_has_no_inline_script_and_a_nonce_of_its_own_warm_or_cold(probe_server: Served) -> None:
    nonces = []
    for name in ("contacts", "contacts", "dashboard", "cassee"):
        page = probe_server.get(f"{RENDER}{name}.ipynb")
        found = re.search(r"script-src [^;]*'nonce-([\w-]{20,})'", page.headers["Content-Security-Policy"])
        assert found and f'<script nonce="{found[1]}" src=' in page.body
        nonces.append(found[1])
        scripts = re.findall(r"<script(?![^>]* src=)(?![^>]* type=\"application/)[^>]*>.*?</script>", page.body, re.DOTALL)
        assert scripts == [] and not re.search(r"<[^>]+\son\w+=", page.body)
    assert len(set(nonces)) == len(nonces)


def test_a_page_that_takes_long_is_kept_alive_without_a_script(tmp_path: Path, copy_of_demo: Callable[[], str]) -> None:
    write_probe(tmp_path, "accueil", "import time; time.sleep(2.5)")
    with serve_afresh(
        tmp_path / "log", before=OFTEN, notebooks_dir=str(tmp_path), database_url=copy_of_demo(), pools="", fork_kernels="non"
    ) as server:
        page = server.get(RENDER + "accueil.ipynb").body
    assert page.count("<!-- -->") >= 2 and "heartbeat" not in page


def test_a_page_is_french_titled_and_asks_no_other_host(probe_server: Served) -> None:
    page = probe_server.get(RENDER + "contacts.ipynb").body
    assert '<html lang="fr">' in page
    assert "<title>Contacts · CRM GNETICS</title>" in page
    assert 'role="status"' in page
    assert "https://" not in page


@pytest.mark.parametrize("query", ["template=markdown", "template=nimporte", "theme=dark", "voila-template=x"])
def test_the_template_cannot_be_chosen_by_the_visitor(probe_server: Served, query: str) -> None:
    answer = probe_server.get(f"{RENDER}dashboard.ipynb?{query}")
    assert answer.status == 200
    assert "templates/gnetics/static/page.css" in answer.body


@pytest.mark.parametrize(("page", "warm"), [("contacts", "True"), ("dashboard", "False")])
def test_a_kernel_hears_the_query_and_a_name_nobody_can_forge(probe_server: Served, page: str, warm: str) -> None:
    def ask() -> dict[str, Any]:
        return told(probe_server.get(f"{RENDER}{page}.ipynb?lead=L-000001&q=%C3%A9t%C3%A9&vide=", X_Gnetics_User="admin").body)

    end = time.monotonic() + 20
    while (answer := ask())["warm"] != warm and time.monotonic() < end:
        time.sleep(0.5)  # the tests before this one may have emptied the pool
    assert answer | {"kernel": ""} == {
        "page": page,
        "query": {"lead": "L-000001", "q": "été", "vide": ""},
        "user": "Ana Lopès",
        "kernel": "",
        "warm": warm,
    }


@pytest.mark.parametrize("wanted", ["image", "script", "iframe", "empty"])
def test_no_other_site_opens_a_page_that_nobody_sees(probe_server: Served, wanted: str) -> None:
    assert probe_server.get(RENDER + "dashboard.ipynb", Sec_Fetch_Site="cross-site", Sec_Fetch_Dest=wanted).status == 403


def test_a_link_in_a_mail_opens_a_page(probe_server: Served) -> None:
    assert probe_server.get(RENDER + "dashboard.ipynb", Sec_Fetch_Site="cross-site", Sec_Fetch_Dest="document").status == 200


def test_six_visitors_at_once_on_two_warm_kernels_get_their_own_page(probe_server: Served) -> None:
    with ThreadPoolExecutor(6) as crowd:
        pages = list(crowd.map(lambda n: told(probe_server.get(f"{RENDER}contacts.ipynb?n={n}").body), range(6)))
    assert [page["query"]["n"] for page in pages] == ["0", "1", "2", "3", "4", "5"]
    assert len({page["kernel"] for page in pages}) == 6


def test_a_warm_kernel_that_nobody_opened_does_not_exist_for_a_browser(probe_server: Served) -> None:
    mine = told(probe_server.get(RENDER + "contacts.ipynb").body)["kernel"]
    assert probe_server.get(f"api/kernels/{mine}").status == 200
    waiting = next(kernel for kernel in probe_server.kernel_ids() if probe_server.get(f"api/kernels/{kernel}").status == 404)
    with pytest.raises(InvalidStatus, match="404"), _socket(probe_server, f"api/kernels/{waiting}/channels"):
        pass
    origin = probe_server.url.rstrip("/")  # only browsers say it: they may not take a kernel's place
    with pytest.raises(InvalidStatus, match="403"), _socket(probe_server, f"voila/query/{waiting}", origin=origin):
        pass


def _socket(server: Served, path: str, origin: str | None = None) -> AbstractContextManager[ClientConnection]:
    return connect(server.url.replace("http", "ws") + path, proxy=None, origin=Origin(origin) if origin else None)


def test_a_kernel_ends_within_5_s_of_its_tab_saying_that_it_closes(probe_server: Served) -> None:
    page = probe_server.get(RENDER + "dashboard.ipynb")
    with _socket(probe_server, f"api/kernels/{told(page.body)['kernel']}/channels"):
        _close(probe_server, page)


@pytest.mark.parametrize("deaf", ["", "&sourd="], ids=["busy", "deaf"])
def test_so_does_a_kernel_that_is_computing(probe_server: Served, tmp_path: Path, deaf: str) -> None:
    page = probe_server.get(f"{RENDER}occupee.ipynb?journal={tmp_path / 'begun'}{deaf}")
    end = time.monotonic() + 30
    while not (tmp_path / "begun").exists():
        assert time.monotonic() < end
        time.sleep(0.05)
    _close(probe_server, page)


def _close(server: Served, page: Answer) -> None:
    """Say that the tab is closed, as a browser does, and see its kernel end."""
    kernel, cookie = told(page.body)["kernel"], page.headers["Set-Cookie"].split(";")[0]
    assert kernel in server.kernel_ids()
    said = {"Cookie": cookie, "X_XSRFToken": cookie.partition("=")[2]}
    assert server.get(f"voila/api/shutdown/{kernel}", method="POST", **said).status == 204
    assert server.ends(kernel, seconds=20)


def test_stopping_a_kernel_needs_the_cookie_of_a_page(probe_server: Served) -> None:
    kernel = told(probe_server.get(RENDER + "dashboard.ipynb").body)["kernel"]
    assert probe_server.get(f"voila/api/shutdown/{kernel}", method="POST").status == 403
    assert probe_server.get(f"api/kernels/{kernel}", method="DELETE").status == 403
    for verb in ("interrupt", "restart"):
        assert probe_server.get(f"api/kernels/{kernel}/{verb}", method="POST", Cookie="_xsrf=abc", X_XSRFToken="abc").status == 404
    assert probe_server.get(f"api/kernels/{kernel}").status == 200


def test_a_kernel_that_died_is_gone_for_its_page(probe_server: Served) -> None:
    kernel = told(probe_server.get(RENDER + "dashboard.ipynb").body)["kernel"]
    process = psutil.Process(probe_server.kernel(kernel))
    process.kill()
    psutil.wait_procs([process], 5)
    assert probe_server.get(f"api/kernels/{kernel}").status == 404


def test_a_failed_cell_shows_no_code_and_no_english(probe_server: Served) -> None:
    page = probe_server.get(RENDER + "cassee.ipynb").body
    assert 'class="g-failed"' in page
    assert "ZeroDivisionError" not in page
    assert "There was an error" not in page
    assert "ZeroDivisionError" in probe_server.log.read_text("utf-8")


def test_front_end_files_are_compressed_and_kept_for_ever(probe_server: Served) -> None:
    page = probe_server.get(RENDER + "dashboard.ipynb").body
    start = page.index('"fullStaticUrl": "/') + len('"fullStaticUrl": "/')
    stamped = page[start : page.index('"', start)] + "/voila.js"
    answer = probe_server.get(stamped, Accept_Encoding="gzip")
    assert (answer.status, answer.body[:2]) == (200, "\x1f\ufffd")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "gzip"
    assert probe_server.get("voila/static/voila.js", method="HEAD").headers["Cache-Control"] == "no-cache"
    plain = probe_server.get(stamped).body
    for _ in range(2):  # compressed now, then found compressed
        small = probe_server.get(stamped, Accept_Encoding="gzip, deflate, br, zstd")
        assert (small.status, small.headers["Content-Encoding"]) == (200, "br")
        assert small.headers["Content-Type"] == "text/javascript"
        assert "Accept-Encoding" in small.headers["Vary"]
        assert brotli.decompress(small.content).decode() == plain
    assert probe_server.get(stamped, Accept_Encoding="br", If_None_Match=small.headers["Etag"]).status == 304
    assert "Content-Encoding" not in probe_server.get("voila/templates/gnetics/static/favicon.svg").headers


def test_a_file_that_cannot_be_kept_compressed_is_sent_as_it_is(probes: Path, tmp_path: Path, copy_of_demo: Callable[[], str]) -> None:
    place = tmp_path / "cache"
    place.mkdir()
    settings = {"notebooks_dir": str(probes), "database_url": copy_of_demo(), "pools": "", "fork_kernels": "non"}
    folder = place / "gnetics"
    folder.touch()
    with serve(tmp_path / "log", before=f"import os; os.environ['XDG_CACHE_HOME'] = '{place}'", **settings) as server:
        plain = server.get(PAGE_CSS, Accept_Encoding="br")
        assert (plain.status, plain.headers.get("Content-Encoding")) == (200, None)
        assert "cannot be compressed" in server.log.read_text("utf-8")
        folder.unlink()
        small = server.get(PAGE_CSS, Accept_Encoding="br")
        assert brotli.decompress(small.content) == plain.content


def test_a_disk_that_fills_up_leaves_no_half_of_a_file_to_be_sent(tmp_path: Path) -> None:
    script, folder = tmp_path / "script.js", tmp_path / "small"
    script.write_bytes(random.Random(1).randbytes(10_000))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            static.compressed(script, folder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert list(folder.iterdir()) == []
    assert brotli.decompress(static.compressed(script, folder).read_bytes()) == script.read_bytes()


def test_the_log_keeps_no_query(probe_server: Served) -> None:
    probe_server.get(f"{RENDER}dashboard.ipynb?lead=L-SECRET")
    probe_server.get(f"{RENDER}inconnue.ipynb?lead=L-SECRET")
    assert "L-SECRET" not in probe_server.log.read_text("utf-8")


def test_everything_moves_under_a_base_address(probes: Path, tmp_path: Path, copy_of_demo: Callable[[], str]) -> None:
    store = copy_of_demo()
    with serve(tmp_path / "log", notebooks_dir=str(probes), database_url=store, base_url="crm", pools="contacts=1") as server:
        assert server.url.endswith("/crm/")
        assert server.get("").headers["Location"] == "/crm/voila/render/accueil.ipynb"
        page = server.get(RENDER + "contacts.ipynb?lead=L-1").body
        assert told(page)["query"] == {"lead": "L-1"}
        assert '"/voila' not in page
        assert server.get("sante").status == 200


def test_health_says_in_french_that_the_store_is_gone_and_starts_no_kernel(
    probes: Path, tmp_path: Path, copy_of_demo: Callable[[], str]
) -> None:
    store = copy_of_demo()
    with serve(tmp_path / "log", notebooks_dir=str(probes), database_url=store, pools="") as server:
        assert server.get("sante").status == 200
        for file in Path(store.removeprefix("sqlite:///")).parent.iterdir():
            file.unlink()
        answer = server.get("sante")
        assert answer.status == 503
        assert "n\\u2019existe pas" in answer.body
        elsewhere = server.get("sante", X_Forwarded_For="192.0.2.7")
        assert (elsewhere.status, elsewhere.body) == (503, '{"etat": "panne", "base": "La base ne r\\u00e9pond pas."}')
        assert "n’existe pas" in server.log.read_text("utf-8")
        assert server.kernels() == set()


def _refusal(**settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gnetics.cli", "serve"], cwd=ROOT, env=environment(**settings), capture_output=True, text=True, timeout=30
    )


def test_a_port_already_taken_is_said_in_one_sentence(probe_server: Served, copy_of_demo: Callable[[], str]) -> None:
    port = probe_server.url.rstrip("/").rsplit(":", 1)[1]
    refusal = _refusal(port=port, database_url=copy_of_demo())
    assert refusal.returncode == 1
    assert refusal.stderr.startswith(f"Le port {port} est déjà pris")
    assert len(refusal.stderr.splitlines()) == 1


@pytest.mark.parametrize("ip", ["0.0.0.0", *(pytest.param(ip, marks=pytest.mark.soak) for ip in ("192.168.1.10", "", "example.org"))])
def test_without_login_only_this_machine_is_served(ip: str, copy_of_demo: Callable[[], str]) -> None:
    refusal = _refusal(ip=ip, database_url=copy_of_demo())
    assert refusal.returncode == 1
    assert "n’écoute que sur cet ordinateur" in refusal.stderr


@pytest.mark.soak
@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
def test_a_server_on_an_ipv6_address_hears_its_warm_kernels(probes: Path, tmp_path: Path, copy_of_demo: Callable[[], str]) -> None:
    settings = {"notebooks_dir": str(probes), "database_url": copy_of_demo(), "pools": "contacts=1", "log_level": "DEBUG"}
    with serve(tmp_path / "log", ip="::1", **settings) as server:
        assert server.url.startswith("http://[::1]:")
        server.wait_until_warm(1)
        assert told(server.get(RENDER + "contacts.ipynb").body)["warm"] == "True"


def test_a_missing_store_is_said_before_serving(tmp_path: Path) -> None:
    refusal = _refusal(database_url=f"sqlite:///{tmp_path}/absente.db", port="0")
    assert refusal.returncode == 1
    assert "n’existe pas" in refusal.stderr


def test_pools_name_pages_that_exist(probes: Path, copy_of_demo: Callable[[], str]) -> None:
    refusal = _refusal(pools="contact=1", notebooks_dir=str(probes), port="0", database_url=copy_of_demo())
    assert refusal.returncode == 1
    assert "GNETICS_POOLS" in refusal.stderr


def test_a_kernel_left_alone_is_stopped_but_neither_warm_ones_nor_those_of_open_pages(
    tmp_path: Path, copy_of_demo: Callable[[], str]
) -> None:
    folder = tmp_path / "notebooks"
    folder.mkdir()
    for name in ("accueil", "contacts"):
        write_probe(folder, name)
    store = copy_of_demo()
    with serve(tmp_path / "log", notebooks_dir=str(folder), database_url=store, pools="contacts=1", cull_after="2") as server:
        server.wait_for_kernels(1)
        server.get(RENDER + "accueil.ipynb")
        kernel = told(server.get(RENDER + "accueil.ipynb").body)["kernel"]
        with _socket(server, f"api/kernels/{kernel}/channels") as page:
            assert len(server.kernels()) == 3
            server.wait_for_kernels(2, seconds=15)
            time.sleep(3)
            assert kernel in server.kernel_ids()
            page.socket.shutdown(socket.SHUT_RDWR)  # as a laptop that is closed: nobody says that the tab is
            assert server.ends(kernel, seconds=15)
        assert told(server.get(RENDER + "contacts.ipynb").body)["warm"] == "True"
