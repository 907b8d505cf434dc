"""What a browser's messages do to a kernel, and what comes back on the websocket."""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

from tests.probes import WAIT, told, write_probe
from tests.served import Served, serve

FAIL = """
import json, logging, os, sys, warnings
from gnetics.kernel import doors
from gnetics.widgets import guard
from gnetics.widgets.base import GuardedTemplate
from ipywidgets import IntSlider, Widget
import traitlets as tl

class Probe(GuardedTemplate):
    source = "lost_reason.vue"
    said = tl.Unicode().tag(sync=True)

    def vue_fail(self, data):
        warnings.warn("un avertissement")
        raise ValueError("un secret")

    def vue_count(self, data):
        self.said = f"widgets: {len(Widget.widgets)}"

from gnetics.store.crm import open_crm
open_crm().latest_rev()
outputs = [each.stream.fileno() for each in logging.getLogger().handlers] + [getattr(sys.stderr, "_original_stdstream_copy", 2)]
probe = Probe()
slider = IntSlider()
guard.report_to(lambda text, kind: setattr(probe, "said", text))
print("<<" + json.dumps({"kernel": os.environ["VOILA_KERNEL_ID"], "probe": probe.model_id, "slider": slider.model_id,
                         "outputs": [os.readlink(f"/proc/self/fd/{each}") for each in outputs]}) + ">>")
doors.open()
"""


class Browser:
    """One page's connection to its kernel, in JSON messages; `heard` holds what came."""

    def __init__(self, connection: ClientConnection) -> None:
        self._connection, self._session = connection, uuid.uuid4().hex
        self.heard: list[str] = []

    def send(self, kind: str, content: dict[str, Any], metadata: dict[str, str] | None = None) -> None:
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "username": "", "session": self._session, "date": "", "version": "5.3"}
        message = {"channel": "shell", "header": header, "parent_header": {}, "metadata": metadata or {}, "content": content, "buffers": []}
        self._connection.send(json.dumps(message))

    def custom(self, model: str, content: dict[str, Any]) -> None:
        self.send("comm_msg", {"comm_id": model, "data": {"method": "custom", "content": content}})

    def update(self, model: str, state: dict[str, Any]) -> None:
        self.send("comm_msg", {"comm_id": model, "data": {"method": "update", "state": state, "buffer_paths": []}})

    def until(self, pattern: str) -> re.Match[str]:
        """The first message from now on in which it is found."""
        while True:
            self.heard.append(str(self._connection.recv(timeout=20)))
            if found := re.search(pattern, json.dumps(json.loads(self.heard[-1]), ensure_ascii=False)):
                return found


@contextmanager
def browser(server: Served, kernel: str, **headers: str) -> Iterator[Browser]:
    address = server.url.replace("http", "ws") + f"api/kernels/{kernel}/channels"
    with connect(address, proxy=None, max_size=None, additional_headers=headers) as connection:
        yield Browser(connection)


@pytest.fixture(scope="module", params=["oui", "non"])
def server(request: pytest.FixtureRequest, copy_of_demo: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Once with forked kernels, once with those that Jupyter starts."""
    folder = tmp_path_factory.mktemp("messages")
    write_probe(folder, "accueil", "import ipywidgets", WAIT, FAIL)  # as pages do, which import before they wait
    settings = {"notebooks_dir": str(folder), "database_url": copy_of_demo(), "pools": "", "fork_kernels": request.param}
    with serve(folder / "log", **settings, log_json="oui") as served:
        yield served


@pytest.fixture
def opened(server: Served) -> dict[str, Any]:
    return told(server.get("voila/render/accueil.ipynb").body)


def test_what_a_kernel_logs_goes_to_the_log_and_never_into_a_file_opened_later(server: Served, opened: dict[str, Any]) -> None:
    """A descriptor closed by who does not own it comes to mean the next file: that was the store, whose first bytes were a log line."""
    assert opened["outputs"] == [str(server.log)] * 2


def test_a_callback_that_fails_says_a_reference_to_the_browser_and_the_rest_to_the_log(server: Served, opened: dict[str, Any]) -> None:
    with browser(server, opened["kernel"]) as tab:
        tab.custom(opened["probe"], {"event": "fail", "data": {}})
        reference = tab.until(r"réf\. ([0-9A-F]{6})")[1]
        tab.custom(opened["probe"], {"event": "fail", "data": {}})
        tab.until(r"réf\. ([0-9A-F]{6})")
        shown = " ".join(tab.heard)
        assert not [word for word in ("Traceback", "un secret", "avertissement", '"stream"') if word in shown]
    lines = [json.loads(line) for line in server.log.read_text("utf-8").splitlines()]
    failure = next(line for line in lines if reference in line["message"])
    assert "ValueError: un secret" in failure["exc_info"]
    assert any("un avertissement" in line["message"] for line in lines)


def test_a_value_that_no_widget_takes_fails_in_the_log_only(server: Served, opened: dict[str, Any]) -> None:
    with browser(server, opened["kernel"]) as tab:
        tab.update(opened["slider"], {"value": "pas un nombre"})
        tab.update(opened["probe"], {"said": 3})
        tab.send("comm_msg", {"comm_id": opened["probe"], "data": {"nothing": "known"}})
        tab.custom(opened["probe"], {"event": "fail", "data": {}})
        tab.until("Erreur inattendue")
        shown = " ".join(tab.heard)
        assert not [word for word in ("Traceback", "TraitError", "KeyError", '"stream"') if word in shown]
    log = server.log.read_text("utf-8")
    assert "TraitError: The 'value' trait of an IntSlider" in log and "KeyError: 'method'" in log


def test_what_a_widget_is_told_writes_no_line_of_its_own_in_the_log(server: Served, opened: dict[str, Any]) -> None:
    method = "x\n2026-11-29 12:00:00,000 WARNING gnetics.identity Bruno signed in"
    with browser(server, opened["kernel"]) as tab:
        tab.send("comm_msg", {"comm_id": opened["slider"], "data": {"method": method}})
        tab.custom(opened["probe"], {"event": "fail", "data": {}})
        tab.until("Erreur inattendue")
    lines = [json.loads(line)["message"] for line in server.log.read_text("utf-8").splitlines()]
    assert [line for line in lines if line.endswith(f'"{method}"')]


@pytest.mark.parametrize(
    ("module", "model", "view"),
    [("jupyter-vue", "VueTemplateModel", "VueView"), ("@jupyter-widgets/controls", "IntSliderModel", "IntSliderView")],
)
def test_a_browser_makes_no_widget(server: Served, opened: dict[str, Any], module: str, model: str, view: str) -> None:
    described = {"_model_name": model, "_view_name": view}
    for kind in ("model", "view"):
        described |= {f"_{kind}_module": module, f"_{kind}_module_version": "2.0.0" if "controls" in module else "^3.0.0"}
    with browser(server, opened["kernel"]) as tab:
        tab.custom(opened["probe"], {"event": "count", "data": {}})
        before = tab.until(r"widgets: \d+")[0]
        data = {"state": described, "buffer_paths": []}
        tab.send("comm_open", {"comm_id": "mine", "target_name": "jupyter.widget", "data": data}, {"version": "2.1.0"})
        tab.custom("mine", {"create_widget": ["os", "system"], "id": "x", "props": {"command": "true"}})
        tab.custom(opened["probe"], {"event": "count", "data": {}, "create_widget": ["os", "system"]})
        tab.update(opened["probe"], {"said": ""})
        tab.custom(opened["probe"], {"event": "count", "data": {}})
        assert tab.until(r"widgets: \d+")[0] == before
