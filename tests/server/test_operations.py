"""What an administrator sees of a server, and what it does when there is too much of something, or too little."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from gnetics import settings
from gnetics.actions.bin import delete_lead
from gnetics.clock import fixed
from gnetics.store.crm import Crm, open_crm
from gnetics.store.nights import KEPT_DAYS
from gnetics.store.schema import leads
from tests.conftest import live
from tests.probes import TELL, WAIT, told, write_probe
from tests.served import ZONE, Served, serve

PAGE = "voila/render/accueil.ipynb"


@pytest.fixture(scope="module")
def store(copy_of_demo: Callable[[], str]) -> Iterator[Crm]:
    """The store of that server; one lead was deleted over a month ago, another one since."""
    with closing(open_crm(replace(settings.load({}), region_zone=ZONE, database_url=copy_of_demo()))) as crm:
        for key, days in ((1, 31), (2, 29)):
            earlier = replace(crm, clock=fixed(crm.clock.now() - timedelta(days=days), crm.clock.zone))
            delete_lead(earlier, "Ana", key, earlier.snapshot())
        live(crm, KEPT_DAYS)
        yield crm


@pytest.fixture(scope="module")
def small(probes: Path, store: Crm, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server for three pages at once, its worker beside it at once, its log in JSON."""
    log = tmp_path_factory.mktemp("small") / "log"
    chosen = {"notebooks_dir": str(probes), "database_url": str(store.settings.database_url), "pools": "", "max_kernels": "3"}
    now = "import gnetics.server.app as app; app.WORKER_AFTER = 0"
    with serve(log, before=now, **chosen, worker="oui", log_json="oui", log_level="DEBUG", metrics_token="secret") as server:
        yield server


def _measure(server: Served, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", server.get("metrics").body, re.M)
    return float(found[1]) if found else 0.0


@pytest.mark.parametrize("asked", [400, pytest.param(10_000, marks=pytest.mark.soak)])
def test_many_quick_requests_start_only_as_many_kernels_as_allowed(small: Served, asked: int) -> None:
    with ThreadPoolExecutor(16) as crowd:
        answers = list(crowd.map(lambda _: small.get(PAGE), range(asked)))
    statuses = [answer.status for answer in answers]
    assert statuses.count(200) == 3 == len(small.kernels())
    assert statuses.count(503) == asked - 3
    refused = next(answer for answer in answers if answer.status == 503)
    assert refused.headers["Retry-After"] == "60"
    assert "<h1>Toutes les places sont prises</h1>" in refused.body
    assert "frame-ancestors" in refused.headers["Content-Security-Policy"]
    start = time.monotonic()
    assert small.get("sante").status == 200
    assert time.monotonic() - start < 10
    assert _measure(small, 'gnetics_pages_total{noyau="refusée"}') == asked - 3
    assert _measure(small, 'gnetics_pages_total{noyau="froide"}') == 3
    assert _measure(small, 'gnetics_kernels{etat="ouvert"}') == 3
    page = next(answer for answer in answers if answer.status == 200)
    cookie = page.headers["Set-Cookie"].split(";")[0]
    ended = small.get(f"voila/api/shutdown/{told(page.body)['kernel']}", "POST", Cookie=cookie, X_XSRFToken=cookie.partition("=")[2])
    assert ended.status == 204
    small.wait_for_kernels(2, seconds=5)
    assert small.get(PAGE).status == 200, "a place is free again"


def test_a_server_erases_what_was_deleted_over_a_month_ago(small: Served, store: Crm) -> None:
    end = time.monotonic() + 20
    while True:
        with store.read() as connection:
            names = connection.execute(select(leads.c.name).where(leads.c.key.in_([1, 2])).order_by(leads.c.key)).scalars().all()
        if names[0] is None:
            break
        assert time.monotonic() < end, small.log.read_text("utf-8")
        time.sleep(0.1)
    assert names[1]


def test_measures_are_for_this_machine_or_who_has_the_token(small: Served) -> None:
    assert small.get("sante").status == 200
    body = small.get("metrics").body
    assert "gnetics_store_up 1.0" in body
    assert 'gnetics_requests_total{handler="Health",status="200"}' in body
    assert "gnetics_request_seconds_bucket" in body
    forwarded = {"X_Forwarded_For": "192.0.2.7"}
    assert small.get("metrics", **forwarded).status == 403
    assert small.get("metrics", **forwarded, Authorization="Bearer other").status == 403
    assert small.get("metrics", **forwarded, Authorization="Bearer secret").status == 200


def test_each_line_of_the_log_is_an_object(small: Served) -> None:
    small.get("nimporte?lead=L-SECRET")
    limit = time.monotonic() + 10
    while "/nimporte" not in small.log.read_text("utf-8") and time.monotonic() < limit:  # written after the answer is sent
        time.sleep(0.05)
    lines = [json.loads(line) for line in small.log.read_text("utf-8").splitlines()]
    assert f"CRM GNETICS est prêt : {small.url}" in [line["message"] for line in lines]
    assert {"timestamp", "levelname", "name", "message"} <= lines[-1].keys()
    assert any(re.fullmatch(r"404 GET /nimporte \d+ ms", line["message"]) for line in lines)
    assert "L-SECRET" not in small.log.read_text("utf-8")


SPEAKS = """
import errno, logging
logging.getLogger("tornado.general").error("bonjour")
try:
    raise OSError(errno.ENOTSOCK, "closed")
except OSError:
    logging.getLogger("tornado.general").exception("adieu")
logging.getLogger("Comm").warning("No such comm: 12")
"""  # as ipykernel does when a kernel ends, and when a page begins


@pytest.mark.parametrize("forks", ["oui", "non"])
def test_what_a_kernel_logs_through_its_libraries_is_one_line_like_ours(
    copy_of_demo: Callable[[], str], tmp_path: Path, forks: str
) -> None:
    write_probe(tmp_path, "accueil", WAIT, TELL, SPEAKS)
    settings = {"notebooks_dir": str(tmp_path), "database_url": copy_of_demo(), "fork_kernels": forks, "pools": "", "log_json": "oui"}
    with serve(tmp_path / "log", **settings) as server:
        assert server.get("voila/render/accueil.ipynb").status == 200
        lines = [json.loads(line)["message"] for line in server.log.read_text("utf-8").splitlines()]
    assert lines.count("bonjour") == 1
    assert not {"adieu", "No such comm: 12"} & set(lines)
