"""A service may propose answers: it is told little, asked within a day's share, and the templates do without it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from gnetics.mail.fetching import Fetch
from gnetics.mail.proposals import by_service
from gnetics.mail.proposals.by_service import ByService
from gnetics.mail.proposals.by_template import ByTemplate
from gnetics.mail.proposals.proposing import propose_all
from gnetics.store.crm import Crm
from tests.faulty import dripping
from tests.store.mail.conftest import Post, mails

pytestmark = pytest.mark.costly

Fetched = Callable[[], Fetch]
GOOD = {"choices": [{"message": {"content": " Bonjour Zoé, voici. "}}], "usage": {"total_tokens": 120}}


@dataclass
class Service:
    port: int
    answer: bytes = json.dumps(GOOD).encode()
    status: int = 200
    missing: int = 0  # bytes of the answer that never come
    asked: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)


@contextmanager
def service() -> Iterator[Service]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            running.asked.append((dict(self.headers.items()), body))
            self.send_response(running.status)
            self.send_header("Content-Length", str(len(running.answer) + running.missing))
            self.end_headers()
            self.wfile.write(running.answer)

        def log_message(self, *_: object) -> None:
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        running = Service(server.server_port)
        Thread(target=server.serve_forever).start()
        try:
            yield running
        finally:
            server.shutdown()


def proposed(crm: Crm, running: Service, models: Path, **settings: Any) -> list[tuple[str | None, str | None]]:
    known = {"proposer_url": f"http://127.0.0.1:{running.port}/v1", "proposer_model": "petit", "proposer_key": "s3cret", **settings}
    crm = replace(crm, settings=replace(crm.settings, **known))
    propose_all(crm, ByService(crm, ByTemplate(models)))
    return [(mail["reply_text"], mail["reply_origin"]) for mail in mails(crm)]


def test_its_text_is_a_proposal_like_another_with_its_origin_and_it_is_told_only_what_it_needs(
    team: Crm, post: Post, fetched: Fetched, tmp_path: Path
) -> None:
    post("Quel est le prix ?")
    fetched()
    with service() as running:
        assert proposed(team, running, tmp_path) == [("Bonjour Zoé, voici.", "service (petit)")]
    assert mails(team)[0]["reply_state"] == "proposée"
    ((headers, body),) = running.asked
    assert headers["Authorization"] == "Bearer s3cret"
    assert body["model"] == "petit"
    told = json.loads(body["messages"][1]["content"])
    assert told.keys() == {"objet", "message", "contact", "entreprise", "creneaux_libres", "signature"}
    assert "zoe@client.example" not in json.dumps(body)


@pytest.mark.parametrize(
    ("status", "answer"), [(500, b""), (302, b""), (200, b"pas du JSON"), (200, b"{}"), (200, b"[]"), (200, b"x" * (2 << 20))]
)
def test_when_it_does_not_answer_as_expected_a_template_does(
    team: Crm, post: Post, fetched: Fetched, tmp_path: Path, status: int, answer: bytes
) -> None:
    post("Quel est le prix ?")
    fetched()
    with service() as running:
        running.status, running.answer = status, answer
        ((text, origin),) = proposed(team, running, tmp_path)
    assert origin == "modèle «\u00a0tarif\u00a0»"
    assert text


def test_an_answer_that_is_cut_or_never_ends_is_left_for_a_template(
    team: Crm, post: Post, fetched: Fetched, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(2):
        post("Quel est le prix ?")
    fetched()
    with service() as running:
        running.missing = 10
        assert {origin for _, origin in proposed(team, running, tmp_path)} == {"modèle «\u00a0tarif\u00a0»"}
    post("Quel est le prix ?")
    fetched()
    monkeypatch.setattr(by_service, "PATIENCE", (5, 0.3))
    with dripping(b"HTTP/1.1 200 OK\r\n\r\n", b" ") as port:
        assert proposed(team, Service(port), tmp_path)[-1][1] == "modèle «\u00a0tarif\u00a0»"


@pytest.mark.parametrize("share", [{"proposer_requests": 2}, {"proposer_tokens": 240}])
def test_once_its_share_of_the_day_is_spent_templates_propose(
    team: Crm, post: Post, fetched: Fetched, tmp_path: Path, share: dict[str, int]
) -> None:
    for _ in range(4):
        post("Quel est le prix ?")
    fetched()
    with service() as running:
        origins = [origin for _, origin in proposed(team, running, tmp_path, **share)]
    assert len(running.asked) == 2
    assert origins.count("service (petit)") == 2


def test_a_server_that_is_away_costs_no_proposal(team: Crm, post: Post, fetched: Fetched, tmp_path: Path) -> None:
    post("Quel est le prix ?")
    fetched()
    with service() as running:
        pass
    ((_, origin),) = proposed(team, running, tmp_path)
    assert origin == "modèle «\u00a0tarif\u00a0»"
