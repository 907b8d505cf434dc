"""Whoever sees only their own leads is told nothing of the others, from the first byte of their kernel on."""

from __future__ import annotations

import http.client
import json
import re
import struct
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

import pytest
from websockets.sync.client import ClientConnection, connect

from gnetics import settings as settings_module
from gnetics.actions import accounts
from gnetics.domain.rights import Verb
from gnetics.state.sidebar import MODULES
from gnetics.store.crm import open_crm
from tests.probes import WAIT, write_probe
from tests.served import Served, serve
from tests.server.test_sign_in import cookie_of, post

PASSWORD = "Un long mot de passe 7"
PAGES = ("accueil", "dashboard", "dash_data", "contacts", "calendrier", "automations", "inbox", "faq")
ROLES = {"Ana": "édition", "Léa": "lecture", "Chef": "administration"}  # the first two see their own leads only
SLOW = "import time\ntime.sleep(0.4)"  # whoever is quick has that long to speak to the kernel before it knows its person
ANOTHERS = "L-000001"
GUESSES: tuple[dict[str, Any], ...] = (
    {"form": "csv"},
    {"text": "a", "page": "contacts", "query": {"lead": ANOTHERS}, "key": "leads", "ref": ANOTHERS, "refs": [ANOTHERS], "on": True},
    {"page": "dash_data", "query": {"figure": "A.contacts"}, "view": "table", "day": "", "size": 200, "first": 0},
)  # what an event may be given


@dataclass(frozen=True)
class Store:
    """`others`: what is of leads that Ana and Léa do not see, and nowhere in what they see."""

    url: str
    others: frozenset[str]
    mine: str


@pytest.fixture(scope="module")
def store(copy_of_demo: Callable[[], str]) -> Store:
    url = copy_of_demo()
    crm = open_crm(replace(settings_module.load({}), database_url=url), trusted=True)
    owner = str(crm.snapshot().leads["owner"].value_counts().index[0])
    for name, role in ROLES.items():
        accounts.add(crm, "admin", name, role, PASSWORD)
    with crm.write("admin", Verb.SAVE_LEAD) as uow:  # their leads are those of the one who has most
        for key in crm.snapshot().leads.index[crm.snapshot().leads["owner"] == owner]:
            uow.update("leads", int(key), {"owner": "Ana" if key % 2 else "Léa"})
        uow.commit()
    accounts.set_own_leads(crm, "admin", "Ana", True)
    accounts.set_own_leads(crm, "admin", "Léa", True)
    leads = crm.snapshot().leads
    ours = leads["owner"].isin(["Ana", "Léa"])
    crm.close()
    fields = ["name", "email", "phone", "lead_id", "notes"]
    told = " ".join(leads.loc[ours].astype("string").fillna("").agg(" ".join, axis=1))
    others = {str(value) for name in fields for value in leads.loc[~ours, name].dropna() if len(str(value)) > 7}
    return Store(
        url,
        frozenset(each for each in others - {ANOTHERS} if each not in told),
        str(leads.loc[leads["owner"] == "Ana", "email"].dropna().iloc[0]),
    )


@pytest.fixture(scope="module", params=["oui", pytest.param("non", marks=pytest.mark.soak)], ids=["forked", "alone"])
def server(request: pytest.FixtureRequest, store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("door")
    for page in PAGES:
        package, _, module = MODULES[page].rpartition(".")
        prepare = f'from gnetics.kernel.request import prepare\nprepare("{page}")'
        load = f"from {package} import {module}"
        write_probe(folder, page, SLOW, prepare, SLOW, load, WAIT, SLOW, f"{module}.show(request)")
    settings = {"notebooks_dir": str(folder), "database_url": store.url, "pools": "contacts=1,dashboard=1", "fork_kernels": request.param}
    settings |= {"max_kernels": "300", "cull_after": "10"}  # nobody says that these pages are left
    with serve(folder / "log", log_level="DEBUG", **settings) as served:
        served.wait_until_warm(2)
        yield served


def _parts(message: bytes) -> list[str]:
    """The arrays that a message carries, then its JSON: whoever comes late is told a page with charts in such a one."""
    (count,) = struct.unpack_from(">I", message)
    first, *others = (*struct.unpack_from(f">{count}I", message, 4), len(message))
    return [message[others[0] :].decode("utf-8", "replace"), message[first : others[0]].decode("utf-8", "replace")]


@dataclass
class Spy:
    """A page opened by hand: its HTML as it comes, and a socket on its kernel from the moment that its name is there.

    `known`: templates heard of in another kernel, with their events.
    """

    server: Served
    cookie: str
    known: dict[str, list[str]] = field(default_factory=dict)
    heard: list[str] = field(default_factory=list)
    session: str = field(default_factory=lambda: uuid.uuid4().hex)

    def open(self, page: str) -> None:
        """From the first byte: ask for everything, again and again, until the page is there; then once more, and all its events."""
        with self._page(page) as (html, rest):
            kernel = re.search(r'"kernelId": "([^"]+)"', html)
            assert kernel, html[-300:]
            with self._socket(kernel[1]) as socket, ThreadPoolExecutor(1) as reader:
                reading = reader.submit(rest)
                self._fire(socket, self.known)
                while not reading.done():
                    self._ask(socket)
                    self._hear(socket, seconds=0.05)
                html += reading.result()
                assert '"model_id"' in html, html[-500:]
                self.heard.append(html)
                self._try_all(socket)

    @contextmanager
    def _page(self, page: str) -> Iterator[tuple[str, Callable[[], str]]]:
        place = urlsplit(self.server.url)
        connection = http.client.HTTPConnection(str(place.hostname), place.port, timeout=60)
        connection.request("GET", f"/voila/render/{page}.ipynb", headers={"Cookie": self.cookie})
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()
        html = ""
        while "kernelId" not in html or "</script>" not in html.partition("kernelId")[2]:
            some = answer.read1()
            html += some.decode(errors="replace")
            assert some
        try:
            yield html, lambda: answer.read().decode(errors="replace")
        finally:
            connection.close()

    @contextmanager
    def _socket(self, kernel: str) -> Iterator[ClientConnection]:
        address = self.server.url.replace("http", "ws") + f"api/kernels/{kernel}/channels"
        with connect(address, proxy=None, max_size=None, additional_headers={"Cookie": self.cookie}) as socket:
            yield socket

    def _ask(self, socket: ClientConnection) -> str:
        """For the names of all comms, for each state of a model heard of, and for all states: the comm that answers the last."""
        control = uuid.uuid4().hex
        self._send(socket, "comm_info_request", {})
        for model in list(self.models()):
            self._send(socket, "comm_msg", {"comm_id": model, "data": {"method": "request_state"}})
        self._send(socket, "comm_open", {"comm_id": control, "target_name": "jupyter.widget.control", "data": {}}, {"version": "1.0.0"})
        self._send(socket, "comm_msg", {"comm_id": control, "data": {"method": "request_states"}})
        return control

    def _try_all(self, socket: ClientConnection) -> None:
        """Each event of each template that is there, with a few guesses of what it may be given."""
        self._hear(socket, until=self._ask(socket))
        templates = self.models()
        assert templates, "the page's widgets were never told"
        self._fire(socket, templates)
        self._hear(socket, until=self._ask(socket))

    def _fire(self, socket: ClientConnection, templates: dict[str, list[str]]) -> None:
        for model, event in ((model, event) for model, events in templates.items() for event in events):
            for guess in GUESSES:
                content = {"event": event, "data": guess}
                self._send(socket, "comm_msg", {"comm_id": model, "data": {"method": "custom", "content": content}})

    def _send(self, socket: ClientConnection, kind: str, content: dict[str, Any], metadata: dict[str, str] | None = None) -> None:
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "username": "", "session": self.session, "date": "", "version": "5.3"}
        message = {"channel": "shell", "header": header, "parent_header": {}, "metadata": metadata or {}, "content": content, "buffers": []}
        socket.send(json.dumps(message))

    def _hear(self, socket: ClientConnection, until: str = "", seconds: float = 240) -> None:
        """Until a comm has answered, or else nothing has come for so long."""
        answered = re.compile(rf'"update_states".*"{until}"|"{until}".*"update_states"')
        while True:
            try:
                said = socket.recv(timeout=seconds)
            except TimeoutError:
                assert not until
                return
            self.heard += [said] if isinstance(said, str) else _parts(said)
            if until and answered.search(self.heard[-1]):
                return

    def models(self) -> dict[str, list[str]]:
        """Model → its events, of the templates heard of."""
        found: dict[str, list[str]] = {}
        for said in self.heard:
            if not said.startswith("{"):
                continue
            content = json.loads(said).get("content")
            if content is None:
                continue  # a file that was handed over
            states = content.get("data", {}).get("states", {})
            found |= {model: each["state"]["events"] for model, each in states.items() if each["state"].get("events")}
            if opened := content.get("data", {}).get("state", {}).get("events"):
                found[content["comm_id"]] = opened
        return found


@pytest.fixture(scope="module")
def cookies(server: Served) -> dict[str, str]:
    return {name: cookie_of(post(server, "connexion", name=name, password=PASSWORD)) for name in ROLES}


def _visits(count: int) -> list[tuple[str, str]]:
    return [(name, PAGES[(3 * n + 3) % len(PAGES)]) for n in range(count) for name in ("Ana", "Léa")][:count]


def _opened(server: Served, cookies: dict[str, str], visits: list[tuple[str, str]], known: dict[str, list[str]] | None = None) -> list[Spy]:
    spies = [Spy(server, cookies[name], known or {}) for name, _ in visits]
    with ThreadPoolExecutor(3) as together:
        list(together.map(lambda pair: pair[0].open(pair[1][1]), zip(spies, visits, strict=True)))
    return spies


@pytest.fixture(scope="module")
def chefs(server: Served, cookies: dict[str, str]) -> list[Spy]:
    return _opened(server, cookies, [("Chef", "contacts")] * 2)


@pytest.mark.parametrize("loads", [6, pytest.param(100, marks=pytest.mark.soak)])
def test_not_one_field_of_anothers_lead_is_told_from_the_first_byte_on(
    server: Served, store: Store, cookies: dict[str, str], chefs: list[Spy], loads: int
) -> None:
    mine = 0
    for spy in _opened(server, cookies, _visits(loads), chefs[0].models()):
        said = json.dumps([json.loads(each) if each.startswith("{") else each for each in spy.heard], ensure_ascii=False)
        assert [each for each in store.others if each in said] == []
        mine += store.mine in said
    assert mine, "and they are told of their own"


def test_whoever_sees_all_is_told_all_and_ids_are_drawn_by_each_kernel(store: Store, chefs: list[Spy]) -> None:
    one, other = chefs
    assert any(each in said for said in one.heard for each in store.others)
    assert not set(one.models()) & set(other.models())
