"""Kernels forked from a warmed parent: what they share, what they do not, and what is left when one of them goes."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from typing import Any

import psutil
import pytest

from gnetics.server import forks
from tests.probes import write_probe
from tests.served import ROOT, Served, serve_afresh

PAGE = "voila/render/accueil.ipynb"
TELL = """
import gc, json, os, random, signal, sys, threading, uuid
import numpy as np
from ipywidgets.widgets import widget
print("<<" + json.dumps({
    "kernel": os.environ["VOILA_KERNEL_ID"], "variables": sorted(os.environ), "folder": os.getcwd(), "parent": os.getppid(),
    "session": os.getsid(0) == os.getpid(), "imported": "pandas" in sys.modules, "voila": "voila" in sys.modules,
    "debugger": "debugpy.server" in sys.modules,
    "stores": [name for name in os.listdir("/proc/self/fd") if "demo.db" in os.path.realpath(f"/proc/self/fd/{name}")],
    "chance": [random.random(), np.random.random(), str(uuid.uuid4()), os.urandom(4).hex()],
    "children_are_waited_for": signal.getsignal(signal.SIGCHLD) == signal.SIG_DFL, "collects": gc.isenabled(),
}) + ">>")
"""
CAUGHT_UP = """
from gnetics.kernel import before_forks
from gnetics.pages import opening
from gnetics.kernel.fork_parent import stay_alone
from gnetics.store import frames
before_forks.make()
app = opening.inherited()
with app.crm.write("Ana", "save_lead") as uow:
    uow.insert("leads", {"name": "Zoé"})
    uow.commit()
frames.MANY = 0  # loaded anew, as after a large import
before = len(app.snapshot.leads)
assert before_forks.catch_up() and len(app.snapshot.leads) == before + 1
stay_alone()
"""
# from its first moment until its connection file says that its sockets are open
INTERRUPTED = """
import json, os, signal, time
from gnetics.server.forks import Parent
where = {connection!r}
kernel = {{"connection_file": where, "environment": dict(os.environ), "folder": os.getcwd(), "title": "kernel-closed"}}
forked = Parent({life}).fork(json.dumps(kernel).encode())
end = time.monotonic() + 60
while forked.poll() is None and not os.path.exists(where) and time.monotonic() < end:
    forked.send_signal(signal.SIGINT)
    time.sleep(0.001)
print("started" if forked.poll() is None else "ended")
forked.kill()
forked.wait()
"""
pytestmark = pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="this system cannot fork kernels")


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("notebooks")
    write_probe(folder, "accueil", TELL)
    return folder


@pytest.fixture(scope="module")
def settings(notebooks: Path, copy_of_demo: Callable[[], str]) -> dict[str, str]:
    return {"notebooks_dir": str(notebooks), "database_url": copy_of_demo(), "user": "Ana", "pools": "", "fork_kernels": "oui"}


@pytest.fixture(scope="module")
def server(settings: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serve_afresh(tmp_path_factory.mktemp("log") / "log", **settings) as found:
        yield found


def _told(server: Served) -> dict[str, Any]:
    body = unescape(server.get(PAGE).body)
    found = re.search(r"<<(\{.*?\})>>", body)
    assert found, body
    answer: dict[str, Any] = json.loads(found[1])
    return answer


def _parent(server: Served) -> psutil.Process:
    children = psutil.Process(server.process.pid).children()
    living = [each for each in children if each.status() != psutil.STATUS_ZOMBIE]
    return next(each for each in living if "gnetics.kernel.fork_parent" in each.cmdline())


def _gone(processes: list[psutil.Process]) -> bool:
    return not psutil.wait_procs(processes, 10)[1]


def test_a_forked_kernel_is_one_of_its_own(server: Served, notebooks: Path) -> None:
    first, second = _told(server), _told(server)
    assert first["imported"] and not first["debugger"] and not first["voila"]
    assert first["parent"] == second["parent"] == _parent(server).pid
    assert first["folder"] == str(notebooks)
    assert first["session"] and first["children_are_waited_for"] and first["collects"]
    assert first["kernel"] != second["kernel"]
    assert not set(first["chance"]) & set(second["chance"])
    assert first["stores"] == []
    assert not set(forks.FOR_THE_PARENT) & set(first["variables"]), "the parent's own settings"
    assert {"VOILA_PREHEAT", "HTTP_X_GNETICS_USER", "QUERY_STRING"} <= set(first["variables"])
    names = {psutil.Process(server.kernel(each["kernel"])).name() for each in (first, second)}
    assert names == {f"kernel-{each['kernel'][:8]}" for each in (first, second)}


@pytest.mark.parametrize("how", [signal.SIGKILL, *(pytest.param(how, marks=pytest.mark.soak) for how in (signal.SIGINT, signal.SIGTERM))])
def test_kernels_outlive_their_parent_but_not_the_server(settings: dict[str, str], tmp_path: Path, how: signal.Signals) -> None:
    with serve_afresh(tmp_path / "log", **settings) as server:
        kernel = _told(server)["kernel"]
        process, old = psutil.Process(server.kernel(kernel)), _parent(server)
        old.kill()
        assert _told(server)["parent"] == _parent(server).pid != old.pid, "the next ones get another"
        assert server.get(f"api/kernels/{kernel}").status == 200
        family = [process, *psutil.Process(server.process.pid).children(recursive=True)]
        assert len(set(family)) == 3
        server.process.send_signal(how)
        server.process.wait(20)
        assert _gone(family)


def test_a_forked_kernel_that_dies_is_seen_and_buried(server: Served) -> None:
    kernel = _told(server)["kernel"]
    process = psutil.Process(server.kernel(kernel))
    process.kill()
    assert _gone([process])
    assert server.get(f"api/kernels/{kernel}").status == 404
    assert process not in _parent(server).children()


def test_new_code_is_forked_from_a_new_parent(tmp_path: Path, settings: dict[str, str]) -> None:
    package, notebooks = tmp_path / "project" / "gnetics", tmp_path / "notebooks"
    shutil.copytree(ROOT / "gnetics", package)
    notebooks.mkdir()
    write_probe(notebooks, "accueil", TELL.replace('"kernel"', '"words": __import__("gnetics.texts").texts.NOTHING_NEW, "kernel"'))
    with serve_afresh(tmp_path / "log", package.parent, **settings | {"notebooks_dir": str(notebooks)}) as server:
        before = _told(server)
        kept = psutil.Process(server.kernel(before["kernel"]))
        with (package / "texts.py").open("a") as file:
            file.write('\nNOTHING_NEW = "nouveau"\n')
        after = _told(server)
        assert after["words"] == "nouveau" != before["words"]
        assert after["parent"] != before["parent"]
        assert kept.is_running(), "whoever works with the old code goes on"


def test_a_parent_that_hangs_holds_up_one_visitor_and_is_replaced(tmp_path: Path, settings: dict[str, str]) -> None:
    quick = "from gnetics.server import forks; forks.FORKS_WITHIN, forks.PAUSE = 4, 2"
    with serve_afresh(tmp_path / "log", before=quick, **settings) as server:
        kept = _told(server)
        kernel, hung = psutil.Process(server.kernel(kept["kernel"])), _parent(server)
        hung.suspend()
        assert _told(server)["parent"] == server.process.pid, "started as Jupyter starts them"
        log = server.log.read_text("utf-8")
        assert "The parent of the kernels does not answer: kernels are forked from a new one." in log
        assert "Kernels cannot be forked: for 2 s they start one by one." in log
        assert _gone([hung])
        assert kernel.is_running(), "whoever works goes on"
        time.sleep(2)
        assert _told(server)["parent"] == _parent(server).pid


def test_a_parent_that_cannot_start_leaves_kernels_to_start_as_jupyter_starts_them(tmp_path: Path, settings: dict[str, str]) -> None:
    broken = "from gnetics.server import forks; forks.FOR_THE_PARENT['PYTHONHASHSEED'] = 'no number'"
    with serve_afresh(tmp_path / "log", before=broken, **settings) as server:
        assert [_told(server)["parent"] for _ in range(2)] == [server.process.pid] * 2
        assert server.log.read_text("utf-8").count("Kernels cannot be forked: for 60 s they start one by one.") == 1


def test_without_forking_kernels_start_as_jupyter_starts_them(tmp_path: Path, settings: dict[str, str]) -> None:
    with serve_afresh(tmp_path / "log", **settings | {"fork_kernels": "non"}) as server:
        told = _told(server)
        assert told["parent"] == server.process.pid
        assert not told["imported"]


def test_a_forked_kernel_shows_what_its_cells_print_return_and_raise(settings: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "notebooks"
    folder.mkdir()
    write_probe(folder, "accueil", "print('voi' + 'ci')", "display('et ' + 'puis')", "'en' + 'fin'")
    write_probe(folder, "contacts", "raise ValueError('raté')")
    with serve_afresh(tmp_path / "log", **settings | {"notebooks_dir": str(folder)}) as server:
        body = unescape(server.get(PAGE).body)
        assert all(word in body for word in ("voici", "et puis", "enfin")), body
        server.get("voila/render/contacts.ipynb")
        assert "'ename': 'ValueError', 'evalue': 'raté'" in server.log.read_text("utf-8")


def test_a_kernel_whose_page_is_closed_while_it_starts_leaves_no_traceback(settings: dict[str, str], tmp_path: Path) -> None:
    life, alive = os.pipe()
    environment = os.environ | {"GNETICS_DATABASE_URL": settings["database_url"], "GNETICS_USER": "Ana"}
    script = INTERRUPTED.format(life=life, connection=str(tmp_path / "kernel.json"))
    done = subprocess.run([sys.executable, "-c", script], env=environment, pass_fds=[life], capture_output=True, text=True, check=False)
    os.close(life)
    os.close(alive)
    assert (done.returncode, done.stdout) == (0, "started\n") and "Traceback" not in done.stderr, done.stderr


def test_no_thread_is_left_to_fork_beside_after_a_large_import_is_read(settings: dict[str, str]) -> None:
    environment = os.environ | forks.FOR_THE_PARENT | {"GNETICS_DATABASE_URL": settings["database_url"], "GNETICS_USER": "Ana"}
    done = subprocess.run([sys.executable, "-c", CAUGHT_UP], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
