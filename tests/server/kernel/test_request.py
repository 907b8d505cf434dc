"""What a kernel does while it waits for its visitor."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import pytest
from websockets.sync.server import ServerConnection, serve

from gnetics.errors import GneticsError
from gnetics.kernel.request import Request, prepare, wait
from gnetics.pages import opening

VISIT = {"SCRIPT_NAME": "/crm/voila/render/contacts.ipynb", "QUERY_STRING": "lead=L-1&q=a+b", "HTTP_X_GNETICS_USER": "Ana"}


@contextmanager
def teller(*answers: str | None) -> Iterator[int]:
    """A server that gives each connection its answer; None breaks the connection off."""
    left = list(answers)

    def handle(connection: ServerConnection) -> None:
        answer = left.pop(0)
        if answer is None:
            connection.socket.close()
        else:
            connection.send(answer)

    with serve(handle, "127.0.0.1", 0) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server.socket.getsockname()[1]
        server.shutdown()


@pytest.fixture
def warm(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    settings = {"PREHEAT": "True", "KERNEL_ID": "k-1", "APP_IP": "127.0.0.1", "SERVER_URL": "/crm/"}
    for name, value in settings.items():
        monkeypatch.setenv(f"VOILA_{name}", value)
    return monkeypatch


def test_a_warm_kernel_is_told_its_visit(warm: pytest.MonkeyPatch) -> None:
    with teller(json.dumps(VISIT)) as port:
        warm.setenv("VOILA_APP_PORT", str(port))
        assert wait() == Request("contacts", {"lead": "L-1", "q": "a b"}, "Ana")


def test_a_kernel_that_inherited_its_pages_makes_and_announces_none_while_it_waits(warm: pytest.MonkeyPatch) -> None:
    warm.setattr(opening._Kernel, "app", object())  # which has no page
    prepare("contacts")


def test_a_broken_connection_is_tried_again(warm: pytest.MonkeyPatch) -> None:
    with teller(None, None, json.dumps(VISIT)) as port:
        warm.setenv("VOILA_APP_PORT", str(port))
        assert wait().user == "Ana"


def test_a_proxy_of_the_environment_is_not_asked(warm: pytest.MonkeyPatch) -> None:
    with teller(json.dumps(VISIT)) as port:
        warm.setenv("VOILA_APP_PORT", str(port))
        warm.setenv("http_proxy", "http://127.0.0.1:9")
        warm.delenv("no_proxy", raising=False)
        assert wait().user == "Ana"


@pytest.mark.parametrize("user", [{}, {"HTTP_X_GNETICS_USER": ""}])
def test_nobody_is_never_taken_for_somebody(warm: pytest.MonkeyPatch, user: dict[str, str]) -> None:
    visit = {name: value for name, value in VISIT.items() if name != "HTTP_X_GNETICS_USER"} | user
    with teller(json.dumps(visit)) as port:
        warm.setenv("VOILA_APP_PORT", str(port))
        with pytest.raises(GneticsError, match="Rechargez"):
            wait()


def test_a_cold_kernel_reads_its_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (VISIT | {"VOILA_PREHEAT": "False"}).items():
        monkeypatch.setenv(name, value)
    assert wait() == Request("contacts", {"lead": "L-1", "q": "a b"}, "Ana")
    monkeypatch.delenv("HTTP_X_GNETICS_USER")
    with pytest.raises(GneticsError):
        wait()


def test_outside_voila_the_notebook_goes_on_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("VOILA_PREHEAT", raising=False)
    monkeypatch.setenv("GNETICS_USER", "Bruno")
    assert wait() == Request(None, {}, "Bruno")


def test_waiting_costs_a_kernel_neither_voila_nor_tornado() -> None:
    heavy = "{'voila', 'tornado', 'pandas', 'ipywidgets'}"
    cells = "from gnetics.kernel.request import prepare, wait; prepare('accueil'); wait()"
    code = f"import sys; {cells}; print(sorted({heavy} & sys.modules.keys()))"
    assert subprocess.check_output([sys.executable, "-c", code], text=True).strip() == "[]"
