"""What the benches of the served app share: servers over a copy of the demo, and Chromium with a profile that stays."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from playwright.sync_api import BrowserContext, ViewportSize, sync_playwright

from gnetics import settings as settings_module
from gnetics.demo.store import build_demo
from tests.browser.conftest import ARGUMENTS, CHROMIUM
from tests.served import Served, free_port, serve_afresh, until_answering

PAGES = ("accueil", "dashboard", "dash_data", "contacts", "calendrier", "automations", "inbox", "faq")
SCREEN: ViewportSize = {"width": 1400, "height": 900}
BARE = "import ipyvuetify as v\nv.Btn(children=['Bonjour'])"


@cache
def _demo() -> bytes:
    """What a demo store of today holds."""
    with TemporaryDirectory() as folder:
        settings = replace(settings_module.load({}), data_dir=Path(folder))
        build_demo(settings)
        return settings.demo_store.read_bytes()


def demo_url(folder: Path) -> str:
    """The address of a new demo store in that folder."""
    folder.mkdir(exist_ok=True)
    (folder / "demo.db").write_bytes(_demo())
    return f"sqlite:///{folder / 'demo.db'}"


@contextmanager
def demo_server(folder: Path, pools: str) -> Iterator[Served]:
    """Our server on a demo store of its own, its warm kernels ready, its worker beside it."""
    chosen = {"database_url": demo_url(folder), "pools": pools, "worker": "oui", "user": "Ana", "log_level": "DEBUG"}
    with serve_afresh(folder / "log", **chosen) as server:
        yield server


@contextmanager
def plain_voila(folder: Path, warm: bool = True) -> Iterator[str]:
    """Plain Voilà with one notebook of one ipyvuetify button, its next kernel ready or not; gives its address."""
    (folder / "bare").mkdir()
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(BARE)])
    nbformat.write(notebook, folder / "bare" / "bare.ipynb")
    port = free_port()
    options = [f"--port={port}", "--Voila.ip=127.0.0.1", "--no-browser", f"--preheat_kernel={warm}", "--pool_size=1"]
    with (folder / "voila.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "voila", str(folder / "bare"), *options], stdout=log, stderr=log, env=dict(os.environ), cwd=folder
        )
    address = f"http://127.0.0.1:{port}/voila/render/bare.ipynb"
    try:
        until_answering(f"http://127.0.0.1:{port}/voila/static/voila.js")
        yield address
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def chromium(profile: Path) -> Iterator[BrowserContext]:
    """A browser that remembers, as a person's does: from the third visit on it keeps scripts compiled."""
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            profile, executable_path=CHROMIUM, args=ARGUMENTS, locale="fr-FR", timezone_id="Europe/Paris", viewport=SCREEN
        )
        context.set_default_timeout(120_000)  # a busy machine is slow
        yield context
        context.close()
