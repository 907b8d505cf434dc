"""Once there are accounts: who gets in, as whom, for how long."""

from __future__ import annotations

import hashlib
import http.client
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from gnetics import settings as settings_module
from gnetics.actions import accounts
from gnetics.server.kernels import V1
from gnetics.store.crm import Crm, open_crm
from tests.probes import told
from tests.served import ZONE, Answer, Served, environment, serve

ACCUEIL = "voila/render/accueil.ipynb"
PASSWORDS = {"Ana Lopès": "Un mot de passe 1", "Bruno": "Un mot de passe 2", "Chloé": "Un mot de passe 3"}


def with_accounts(url: str) -> str:
    crm = _open(url)
    for name, password in PASSWORDS.items():
        accounts.add(crm, "admin", name, "administration" if name == "Bruno" else "édition", password)
    crm.close()
    return url


def _open(url: str) -> Crm:
    return open_crm(replace(settings_module.load({}), region_zone=ZONE, database_url=url), trusted=True)


@pytest.fixture(scope="module")
def store(copy_of_demo: Callable[[], str]) -> str:
    return with_accounts(copy_of_demo())


@pytest.fixture(scope="module")
def server(probes: Path, store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    log = tmp_path_factory.mktemp("people") / "log"
    settings = {"notebooks_dir": str(probes), "database_url": store, "pools": "contacts=1", "ip": "0.0.0.0"}
    with serve(log, before="from gnetics.server import kernels; kernels.ASKED_EVERY = 0.2", **settings) as served:
        served.url = re.sub("//[^:]+:", "//127.0.0.1:", served.url)
        yield served


def post(server: Served, path: str, cookies: str = "", headers: dict[str, str] | None = None, /, **fields: str) -> Answer:
    """A form, with the _xsrf cookie that its page would have given."""
    place = urlsplit(server.url)
    connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=30)
    sent = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": f"_xsrf=abc; {cookies}", **(headers or {})}
    try:
        connection.request("POST", place.path + path, urlencode({"_xsrf": "abc"} | fields), sent)
        return Answer.read(connection.getresponse())
    finally:
        connection.close()


def sign_in(server: Served, name: str, password: str = "", cookies: str = "", headers: dict[str, str] | None = None) -> Answer:
    return post(server, "connexion", cookies, headers, name=name, password=password or PASSWORDS[name])


def cookie_of(answer: Answer, name: str = "gnetics_session") -> str:
    found = re.search(rf"{name}=[\w-]+", answer.headers["Set-Cookie"])
    assert found, answer
    return found[0]


def test_an_attack_of_a_name_keeps_its_person_out_neither_where_they_are_known_nor_elsewhere(server: Served) -> None:
    known = sign_in(server, "Ana Lopès")
    cookies = known.headers["Set-Cookie"].split(", gnetics_")
    assert len(cookies) == 2 and all("HttpOnly" in each and "SameSite=Lax" in each for each in cookies)
    here = {"X-Forwarded-For": "198.18.0.1"}
    while "Trop d’essais" not in sign_in(server, "Ana Lopès", "faux", headers=here).body:
        pass
    first = cookie_of(known, "gnetics_device")
    for stranger in ("", "gnetics_device=nimporte"):
        assert sign_in(server, "Ana Lopès", headers=here, cookies=stranger).status == 403, "a stranger at that address waits"
    entered = sign_in(server, "Ana Lopès", headers=here, cookies=first)
    assert entered.status == 302
    assert sign_in(server, "Ana Lopès", headers={"X-Forwarded-For": "198.18.0.2"}).status == 302
    while "Trop d’essais" not in sign_in(server, "Ana Lopès", "faux", headers=here).body:
        pass
    assert sign_in(server, "Ana Lopès", headers=here, cookies=first).status == 403, "it was given another one"


def test_a_stranger_is_led_to_the_sign_in_page_and_back(server: Served) -> None:
    answer = server.get(ACCUEIL + "?lead=L-1")
    assert (answer.status, answer.headers["Location"]) == (302, "/connexion?next=%2Fvoila%2Frender%2Faccueil.ipynb%3Flead%3DL-1")
    page = server.get("connexion")
    assert page.status == 200 and "<h1>Connexion</h1>" in page.body and 'lang="fr"' in page.body
    assert '<meta name="color-scheme" content="dark">' in server.get("connexion", Cookie="gnetics_theme=dark").body
    back = post(server, "connexion", name="ana lopes", password=PASSWORDS["Ana Lopès"], next="/voila/render/accueil.ipynb?lead=L-1")
    assert (back.status, back.headers["Location"]) == (302, "/voila/render/accueil.ipynb?lead=L-1")


@pytest.mark.parametrize("next_page", ["https://example.org/", "//example.org/", "/voila/render/../../x", "/sante", "javascript:alert(1)"])
def test_sign_in_leads_to_no_other_place(server: Served, next_page: str) -> None:
    answer = post(server, "connexion", name="Bruno", password=PASSWORDS["Bruno"], next=next_page)
    assert answer.headers["Location"] == "/" + ACCUEIL


@pytest.mark.parametrize("page", ["accueil", "contacts"])
def test_the_kernel_hears_who_signed_in_whatever_the_headers_say(server: Served, page: str) -> None:
    cookie = cookie_of(sign_in(server, "Ana Lopès"))
    answer = server.get(f"voila/render/{page}.ipynb", Cookie=cookie, X_Gnetics_User="Bruno", X_Forwarded_User="Bruno")
    assert told(answer.body)["user"] == "Ana Lopès"


def test_the_session_cookie_is_closed_to_scripts_other_sites_and_plain_http(server: Served) -> None:
    plain = sign_in(server, "Ana Lopès").headers["Set-Cookie"]
    assert "HttpOnly" in plain and "SameSite=Lax" in plain and "Path=/" in plain and "Secure" not in plain
    assert "Secure" in sign_in(server, "Ana Lopès", headers={"X-Forwarded-Proto": "https"}).headers["Set-Cookie"]


def test_the_cookie_of_forms_is_closed_to_other_sites_and_plain_http(server: Served) -> None:
    plain = server.get("connexion").headers["Set-Cookie"]
    assert plain.startswith("_xsrf=") and "SameSite=Lax" in plain and "Path=/" in plain and "Secure" not in plain
    assert "HttpOnly" not in plain  # the page's script sends it along
    assert "Secure" in server.get("connexion", X_Forwarded_Proto="https").headers["Set-Cookie"]
    assert "Set-Cookie" not in server.get("connexion", Cookie="_xsrf=abc").headers


@pytest.mark.parametrize("cookie", ["gnetics_session=nimporte", "gnetics_session=", "username-127-0-0-1=x", ""])
def test_a_forged_cookie_opens_nothing(server: Served, cookie: str) -> None:
    assert server.get(ACCUEIL, Cookie=cookie).status == 302
    assert server.get("api/kernels/123e4567-e89b-42d3-a456-426614174000", Cookie=cookie).status == 403


def test_the_kernels_of_others_are_closed(server: Served) -> None:
    ana, bruno = (cookie_of(sign_in(server, name)) for name in ("Ana Lopès", "Bruno"))
    kernel = told(server.get(ACCUEIL, Cookie=ana).body)["kernel"]
    for cookie in (bruno, ""):
        assert server.get(f"api/kernels/{kernel}", Cookie=cookie).status == 403
        assert server.get(f"api/kernels/{kernel}", method="DELETE", Cookie=f"{cookie}; _xsrf=abc", X_XSRFToken="abc").status == 403
        assert post(server, f"voila/api/shutdown/{kernel}", cookie).status == 403
        with pytest.raises(InvalidStatus, match="403"), channel(server, kernel, cookie):
            pass
    with channel(server, kernel, ana):
        pass
    assert server.get(f"api/kernels/{kernel}", Cookie=ana).status == 200
    assert "authenticate" not in server.log.read_text("utf-8"), "whoever asks a million times fills no disk"


def channel(server: Served, kernel: str, cookie: str, protocol: str = V1, **headers: str) -> AbstractContextManager[ClientConnection]:
    address = server.url.replace("http", "ws") + f"api/kernels/{kernel}/channels"
    protocols = [Subprotocol(protocol)] if protocol else None
    return connect(address, proxy=None, additional_headers={"Cookie": cookie} | headers, subprotocols=protocols, max_queue=None)


def test_a_form_of_another_site_signs_nobody_in_or_out(server: Served) -> None:
    cookie = cookie_of(sign_in(server, "Ana Lopès"))
    for path in ("connexion", "deconnexion", "mot-de-passe"):
        assert server.get(path, method="POST", Cookie=cookie).status == 403
    assert server.get(ACCUEIL, Cookie=cookie).status == 200


@pytest.mark.parametrize(
    ("origin", "proto", "ours"),
    [
        ("http://{host}", "http", True),
        ("https://{host}", "https", True),
        ("https://{host}", "http", True),  # a proxy that does not say what it speaks
        ("http://{host}", "https", False),
        ("https://crm.example.org", "https", False),
        ("https://{host}.example.org", "https", False),
        ("ftp://{host}", "http", False),
        ("null", "http", False),
    ],
)
def test_forms_and_websockets_are_those_of_our_own_pages_and_of_no_plain_http_one_where_we_are_served_over_https(
    server: Served, cookie: str, kernel: str, origin: str, proto: str, ours: bool
) -> None:
    headers = {"Origin": origin.format(host=urlsplit(server.url).netloc), "X-Forwarded-Proto": proto}
    answers = [sign_in(server, "Bruno", headers=headers), post(server, "mot-de-passe", cookie, headers, old="faux", new="a", again="b")]
    assert ["<h1>Accès refusé</h1>" in each.body for each in answers] == [not ours] * 2
    assert post(server, "deconnexion", "gnetics_session=x", headers).status == (302 if ours else 403)
    assert post(server, f"voila/api/shutdown/{kernel.replace('-', '0')}", cookie, headers).status == (404 if ours else 403)
    with nullcontext() if ours else pytest.raises(InvalidStatus, match="403"), channel(server, kernel, cookie, **headers):
        pass


@pytest.fixture(scope="module")
def cookie(server: Served) -> str:
    return cookie_of(sign_in(server, "Ana Lopès"))


@pytest.fixture(scope="module")
def kernel(server: Served, cookie: str) -> str:
    return str(told(server.get(ACCUEIL, Cookie=cookie).body)["kernel"])


def test_after_signing_out_the_cookie_is_worth_nothing(server: Served) -> None:
    cookie = cookie_of(sign_in(server, "Ana Lopès"))
    assert server.get("mot-de-passe", Cookie=cookie).status == 200
    assert post(server, "deconnexion", cookie).headers["Location"] == "/connexion"
    assert server.get("mot-de-passe", Cookie=cookie).status == 302


def test_servers_of_one_store_share_sessions_and_their_end(server: Served, probes: Path, store: str, tmp_path: Path) -> None:
    quick = "from gnetics.server import kernels; kernels.ASKED_EVERY = 0.2"
    with serve(tmp_path / "log", before=quick, notebooks_dir=str(probes), database_url=store, pools="") as other:
        cookie = cookie_of(sign_in(server, "Ana Lopès"))
        kernel = told(server.get(ACCUEIL, Cookie=cookie).body)["kernel"]
        assert told(other.get(ACCUEIL, Cookie=cookie).body)["user"] == "Ana Lopès"
        with channel(server, kernel, cookie) as page:
            assert post(other, "deconnexion", cookie).headers["Location"] == "/connexion"
            assert server.get(ACCUEIL, Cookie=cookie).status == 302
            assert closing_code(page) == 1008


def test_signing_out_ends_the_kernels_that_only_this_session_speaks_to(server: Served) -> None:
    here, there = (cookie_of(sign_in(server, "Ana Lopès")) for _ in range(2))
    mine, shared, other = (told(server.get(ACCUEIL, Cookie=cookie).body)["kernel"] for cookie in (here, here, there))
    with ExitStack() as stack:
        cut_off = [stack.enter_context(channel(server, kernel, here)) for kernel in (mine, shared)]
        kept = [stack.enter_context(channel(server, kernel, there)) for kernel in (shared, other)]
        assert post(server, "deconnexion", here).status == 302
        assert [closing_code(page) for page in cut_off] == [1008, 1008]
        assert server.ends(mine, seconds=5)
        assert server.kernel_ids() >= {shared, other}
        assert all(page.ping().wait(20) for page in kept)


def test_a_session_that_came_to_its_end_is_worth_nothing_and_its_open_page_is_cut_off(server: Served, store: str) -> None:
    cookie = cookie_of(sign_in(server, "Ana Lopès"))
    kernel = told(server.get(ACCUEIL, Cookie=cookie).body)["kernel"]
    with channel(server, kernel, cookie) as open_page, closing(sqlite3.connect(store.removeprefix("sqlite:///"))) as other:
        digest = hashlib.sha256(cookie.partition("=")[2].encode()).hexdigest()
        ended = other.execute("UPDATE sign_ins SET ends_at = datetime('now') WHERE digest = ?", [digest])
        other.commit()
        assert ended.rowcount == 1
        assert closing_code(open_page) == 1008
    assert server.get(ACCUEIL, Cookie=cookie).headers["Location"].startswith("/connexion")
    assert server.get(f"api/kernels/{kernel}", Cookie=cookie).status == 403


def test_a_new_password_ends_the_other_sessions(server: Served) -> None:
    here, there = (cookie_of(sign_in(server, "Chloé")) for _ in range(2))
    new = {"new": "Encore un autre 4", "again": "Encore un autre 4"}
    old, short = PASSWORDS["Chloé"], {"new": "court", "again": "court"}
    assert said_of("again", post(server, "mot-de-passe", here, old=old, **new | {"again": "x"})).endswith("ne sont pas les mêmes.")
    assert said_of("old", post(server, "mot-de-passe", here, old="pas le bon", **new)) == "Ce n’est pas votre mot de passe actuel."
    assert "au moins 10" in said_of("new", post(server, "mot-de-passe", here, old=old, **short))
    kept = cookie_of(post(server, "mot-de-passe", here, old=PASSWORDS["Chloé"], **new))
    assert [server.get("mot-de-passe", Cookie=each).status for each in (here, there, kept)] == [302, 302, 200]
    assert sign_in(server, "Chloé").status == 403
    assert sign_in(server, "Chloé", new["new"]).status == 302


def said_of(field: str, page: Answer) -> str:
    """Why a field was refused, said beside it."""
    assert page.status == 403 and page.body.count('aria-invalid="true"') == 1 and re.search(rf'id="{field}"[^>]*autofocus', page.body)
    found = re.search(rf'id="{field}-said" class="wrong" role="alert">([^<]+)<', page.body)
    assert found, page.body
    return found[1]


def test_while_the_store_is_held_signing_out_forgets_the_session_and_guessing_is_slowed_whatever_the_headers_say(
    probes: Path, copy_of_demo: Callable[[], str], tmp_path: Path
) -> None:
    url, settings = with_accounts(copy_of_demo()), {"notebooks_dir": str(probes), "pools": "", "fork_kernels": "non"}
    impatient = (
        "from gnetics.store import engine; engine.make_engine.__defaults__ = (0.1,);"
        "from gnetics.store.people import guessing; guessing.FREE['address'] = 3"
    )
    with serve(tmp_path / "log", before=impatient, database_url=url, trusted_proxies="192.0.2.1", **settings) as server:
        cookie = cookie_of(sign_in(server, "Bruno"))
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as other:
            other.execute("BEGIN IMMEDIATE")
            gone = post(server, "deconnexion", cookie)
            assert (gone.status, gone.headers["Location"]) == (302, "/connexion")
            assert gone.headers["Set-Cookie"].startswith('gnetics_session="";')
            refused = sign_in(server, "Bruno")
            assert refused.status == 504 and "<h1>Base injoignable</h1>" in refused.body
        assert sign_in(server, "Bruno").status == 302
        for number in range(3):
            guessed = sign_in(server, f"nom{number}", "faux", headers={"X-Forwarded-For": f"192.0.2.{number}"})
            assert guessed.status == 403 and "inconnu" in guessed.body
        slowed = sign_in(server, "Bruno", headers={"X-Forwarded-For": "192.0.2.9"})
        assert slowed.status == 403 and "Trop d’essais" in slowed.body
        assert "Secure" not in server.get("connexion", X_Forwarded_Proto="https").headers["Set-Cookie"]


def test_one_person_leaves_half_of_the_places_and_a_page_nobody_sees_gives_its_own_back(probes: Path, store: str, tmp_path: Path) -> None:
    settings = {"notebooks_dir": str(probes), "database_url": store, "pools": "", "max_kernels": "4"}
    with serve(tmp_path / "log", before="from gnetics.server import handlers; handlers.CONNECTS_WITHIN = 5", **settings) as server:
        bruno, ana = (cookie_of(sign_in(server, name)) for name in ("Bruno", "Ana Lopès"))
        seen, unseen = (told(server.get(ACCUEIL, Cookie=bruno).body)["kernel"] for _ in range(2))
        with channel(server, seen, bruno):
            refused = server.get(ACCUEIL, Cookie=bruno)
            assert refused.status == 429 and "<h1>Trop de pages ouvertes</h1>" in refused.body
            assert server.get(ACCUEIL, Cookie=ana).status == 200
            assert server.ends(unseen, seconds=15)
        assert seen in server.kernel_ids(), "whoever saw it may come back"
        limit = time.monotonic() + 10
        while server.get(ACCUEIL, Cookie=bruno).status != 200:  # its process is gone a little before its place is free
            assert time.monotonic() < limit
            time.sleep(0.2)


def test_a_disabled_account_is_out_at_once(server: Served, store: str) -> None:
    crm = _open(store)
    accounts.add(crm, "admin", "Élodie", "édition", "Un mot de passe 5")
    cookie = cookie_of(sign_in(server, "Élodie", "Un mot de passe 5"))
    kernel = told(server.get(ACCUEIL, Cookie=cookie).body)["kernel"]
    accounts.set_disabled(crm, "admin", "elodie", True)
    crm.close()
    assert server.get(f"api/kernels/{kernel}", Cookie=cookie).status == 403
    assert "désactivé" in sign_in(server, "Élodie", "Un mot de passe 5").body


def test_an_open_page_is_cut_off_once_its_person_may_not_enter_and_not_before(server: Served, store: str) -> None:
    crm = _open(store)
    people = ("Fanny", "Hugo", "Inès")
    for name in people:
        accounts.add(crm, "admin", name, "édition", "Un mot de passe 6")
    cookies = {name: cookie_of(sign_in(server, name, "Un mot de passe 6")) for name in people}
    with ExitStack() as stack:
        open_pages = {}
        for name, cookie in cookies.items():
            kernel = told(server.get("voila/render/tampons.ipynb", Cookie=cookie).body)["kernel"]
            open_pages[name] = stack.enter_context(channel(server, kernel, cookie, "" if name == "Inès" else V1))
        while isinstance(open_pages["Inès"].recv(timeout=20), str):  # until a binary message, which comes without a protocol too
            pass
        accounts.set_role(crm, "admin", "Inès", "lecture")  # still signed in: what she may do is read by each action
        accounts.set_disabled(crm, "admin", "Fanny", True)
        post(server, "deconnexion", cookies["Hugo"])
        for name in ("Fanny", "Hugo"):
            assert closing_code(open_pages[name]) == 1008
        assert open_pages["Inès"].ping().wait(20)
        assert server.get("sante").status == 200
    crm.close()


def closing_code(socket: ClientConnection) -> int | None:
    with suppress(ConnectionClosed):
        while True:
            socket.recv(timeout=20)
    return socket.close_code


def test_what_was_typed_stays_and_is_no_markup(server: Served) -> None:
    page = sign_in(server, '"><script>alert(1)</script>', "faux mot de passe").body
    assert "Nom ou mot de passe inconnu" in page and "&lt;script&gt;" in page
    assert "<script>" not in page and "faux mot de passe" not in page


def test_passwords_are_nowhere_in_the_log(server: Served) -> None:
    text = server.log.read_text("utf-8")
    assert not [password for password in PASSWORDS.values() if password in text]


def test_a_trusted_proxy_names_its_people_and_nobody_else_does(probes: Path, store: str, tmp_path: Path) -> None:
    options = {"notebooks_dir": str(probes), "database_url": store, "pools": "", "proxy_user_header": "X-Forwarded-User"}
    with serve(tmp_path / "log", **options) as server:
        in_utf8, in_latin1 = "Ana Lopès".encode().decode("latin-1"), "Ana Lopès"  # the client sends each character as one byte
        for named, name in ((in_utf8, "Ana Lopès"), (in_latin1, "Ana Lopès"), ("bruno", "Bruno")):
            assert told(server.get(ACCUEIL, X_Forwarded_User=named).body)["user"] == name
        for headers in ({}, {"X_Forwarded_User": "Inconnu"}, {"X_Forwarded_User": ""}, {"X_Gnetics_User": "Bruno"}):
            assert server.get(ACCUEIL, **headers).headers["Location"].startswith("/connexion")
        assert server.get("connexion").status == 403
    with serve(tmp_path / "log", **options, trusted_proxies="192.0.2.1") as server:
        for _ in range(2):
            assert server.get(ACCUEIL, X_Forwarded_User="Bruno", X_Forwarded_For="192.0.2.9").status == 302
        assert server.log.read_text("utf-8").count("127.0.0.1 forwards requests and is not in GNETICS_TRUSTED_PROXIES") == 1


@pytest.mark.parametrize("ip", ["192.0.2.1", *(pytest.param(ip, marks=pytest.mark.soak) for ip in ("nulle.part.invalid", "2001:db8::1"))])
def test_an_address_of_another_machine_is_refused_in_one_sentence(store: str, ip: str) -> None:
    refusal = subprocess.run(
        [sys.executable, "-m", "gnetics.cli", "serve"],
        env=environment(ip=ip, port="0", database_url=store),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (refusal.returncode, refusal.stderr) == (1, f"GNETICS_IP={ip} : ce n’est pas une adresse de cet ordinateur.\n")


def test_a_server_that_listens_everywhere_hears_its_warm_kernels(probes: Path, store: str, tmp_path: Path) -> None:
    with serve(tmp_path / "log", notebooks_dir=str(probes), database_url=store, pools="contacts=1", ip="", log_level="DEBUG") as server:
        server.url = re.sub("//[^:]+:", "//127.0.0.1:", server.url)
        server.wait_until_warm(1)
        assert told(server.get("voila/render/contacts.ipynb", Cookie=cookie_of(sign_in(server, "Bruno"))).body)["warm"] == "True"
