"""What a served product says, with its store and without, tells nobody the secrets of the settings or where the store is."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import psycopg
import pytest

from gnetics import settings as settings_module
from gnetics.store.crm import create_crm, open_crm
from tests.served import Served, serve_afresh
from tests.server.kernel.test_messages import Browser, browser

pytestmark = pytest.mark.costly

MARK = "S3cret"
BASE, MAIL, TOKEN, PLACE = (f"{MARK}-{what}-7x29k" for what in ("base", "courrier", "jeton", "lieu"))
SETTINGS = {
    "mail_from": "crm@exemple.fr",
    "alerts_to": "ana@exemple.fr",
    "pools": "contacts=1",
    "max_kernels": "10",
    "worker": "oui",
    "log_level": "DEBUG",
}
SECRETS = {"smtp_url": f"smtp://crm:{MAIL}@127.0.0.1:9", "metrics_token": TOKEN}
SOON = "import gnetics.server.app as app; app.WORKER_AFTER = 0"


@dataclass
class Planted:
    """A store whose address is a secret, and how to take it away."""

    url: str
    take_away: Callable[[], object]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def planted(request: pytest.FixtureRequest, copy_of_demo: Callable[[], str], tmp_path: Path) -> Iterator[Planted]:
    if request.param == "sqlite":
        store = tmp_path / PLACE / "demo.db"
        store.parent.mkdir()
        shutil.move(copy_of_demo().removeprefix("sqlite:///"), store)
        yield Planted(f"sqlite:///{store}", lambda: store.parent.rename(tmp_path / "ailleurs"))
        return
    server = request.getfixturevalue("postgresql_server")
    plain = f"{server}/secrets"
    port = urlsplit(server).port

    def order(*statements: str) -> None:
        with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
            for each in statements:
                connection.execute(each)

    ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'secrets'"
    order("CREATE DATABASE secrets")
    create_crm(replace(settings_module.load({}), database_url=plain), "real").close()
    yield Planted(
        f"postgresql://postgres:{BASE}@127.0.0.1:{port}/secrets?application_name={PLACE}",
        lambda: order("ALTER DATABASE secrets ALLOW_CONNECTIONS false", ended, "ALTER DATABASE secrets RENAME TO ailleurs"),
    )
    order(ended.replace("secrets", "ailleurs"), "DROP DATABASE IF EXISTS ailleurs", "DROP DATABASE IF EXISTS secrets")


@pytest.mark.parametrize("forks", ["oui", pytest.param("non", marks=pytest.mark.soak)])
def test_pages_frames_measures_health_and_logs_hold_no_secret_whether_the_store_is_there_or_gone(
    planted: Planted, forks: str, tmp_path: Path
) -> None:
    said: list[str] = []
    given = SETTINGS | _elsewhere(tmp_path, database_url=planted.url, **SECRETS)
    with serve_afresh(tmp_path / "log", before=SOON, data_dir=str(tmp_path / PLACE), fork_kernels=forks, **given) as server:
        page = _asked(server, said)
        kernel = re.search(r'"kernelId": "([-0-9a-f]+)"', page)
        assert kernel
        with browser(server, kernel[1]) as tab:
            frame = _frame(tab)
            _environments(server)
            planted.take_away()
            tab.custom(frame, {"event": "refresh", "data": {}})
            tab.until('"kind": "(error|info)"')  # SQLite goes on with a file that has moved
            said += tab.heard
        assert server.get("sante").status == 503
        _asked(server, said)
    assert (tmp_path / "asked").read_text("utf-8").split() == ["database_url", "smtp_url"], "once, by the server"
    log = server.log.read_text("utf-8")
    assert "demo.db" in log or "secrets" in log, "the store is named"
    assert not [each for each in [*said, log] if MARK in each]
    assert len("".join(said)) > 50_000, "what was said was looked at"


def _elsewhere(folder: Path, **secrets: str) -> dict[str, str]:
    """Each in a file of its own: that of the token is named, the others are printed by commands, which note that they were asked."""
    for name, secret in secrets.items():
        (folder / name).touch(0o600)
        (folder / name).write_text(secret, "utf-8")
    commands = {f"{name}_command": f"sh -c 'echo {name} >> {folder}/asked; cat {folder}/{name}'" for name in ("database_url", "smtp_url")}
    return {"metrics_token_file": str(folder / "metrics_token"), **commands}


def _asked(server: Served, said: list[str]) -> str:
    """A page, as served; all that is asked without a browser is added to what was said."""
    page = unescape(server.get("voila/render/contacts.ipynb").body)
    said += [page, unescape(server.get("voila/render/faq.ipynb").body)]
    for path in ("sante", "metrics", "nimporte", "voila/query/x"):
        for headers in ({}, {"Authorization": "Bearer non"}, {"X_Forwarded_For": "192.0.2.7"}):
            said.append(server.get(path, **headers).body)
    return page


def _frame(tab: Browser) -> str:
    """The model of the app's frame."""
    tab.send("comm_info_request", {"target_name": "jupyter.widget"})
    tab.until('"comms"')
    for model in json.loads(tab.heard[-1])["content"]["comms"]:
        tab.send("comm_msg", {"comm_id": model, "data": {"method": "request_state"}})
    tab.until('"refreshed": "')
    frame: str = json.loads(tab.heard[-1])["content"]["comm_id"]
    return frame


def _environments(server: Served) -> None:
    """As any program of this account reads them: each process has what it needs."""
    environments = {}
    for child in psutil.Process(server.process.pid).children(recursive=True):
        text = Path(f"/proc/{child.pid}/environ").read_text("utf-8", "replace")
        environments[child.pid] = {word for word in (BASE, MAIL, TOKEN) if word in text}, " ".join(child.cmdline())
    workers = [found for found, command in environments.values() if "worker" in command]
    assert [MAIL in found and TOKEN not in found for found in workers] == [True]
    others = [found for found, command in environments.values() if "worker" not in command]
    assert len(others) >= 2 and not any(found & {MAIL, TOKEN} for found in others)


def test_an_open_crm_has_a_repr_without_secrets(planted: Planted) -> None:
    settings = settings_module.load(
        {settings_module.variable(name): value for name, value in (SETTINGS | SECRETS | {"database_url": planted.url}).items()}
    )
    crm = open_crm(settings)
    try:
        assert MARK not in repr(crm) + str(crm) + repr(settings) + repr(crm.snapshot()) and "Crm(" in repr(crm)
        planted.take_away()
        with pytest.raises(Exception) as gone:
            open_crm(settings)
        assert MARK not in str(gone.value) + repr(gone.value)
    finally:
        crm.close()
