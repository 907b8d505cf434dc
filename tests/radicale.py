"""A throw-away Radicale: a real CalDAV server in a folder of its own, and another client of it, which knows nothing of ours."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import requests
from requests.auth import HTTPBasicAuth

from tests.served import free_port

USER, PASSWORD = "ana", "mot:de/passe-né"
CONFIG = """
[server]
hosts = 127.0.0.1:{port}
[auth]
type = htpasswd
htpasswd_filename = {root}/users
htpasswd_encryption = plain
delay = 0
[storage]
filesystem_folder = {root}/collections
[web]
type = none
[logging]
level = error
"""


@dataclass
class Radicale:
    root: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "radicale", "-C", str(self.root / "config")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        end = time.monotonic() + 20
        while True:
            try:
                requests.get(self.url, timeout=2)
            except requests.ConnectionError:
                if self.process.poll() is not None or time.monotonic() > end:
                    raise RuntimeError("Radicale did not start") from None
                time.sleep(0.05)
            else:
                return

    def fill(self, calendar: str, texts: dict[str, str]) -> None:
        """What stands there from the beginning, in a calendar that was made."""
        folder = self.root / "collections" / "collection-root" / USER / calendar
        for name, text in texts.items():
            (folder / name).write_text(text, "utf-8", newline="")

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def forget_tokens(self) -> None:
        """As a server that was restored, or cleaned up: what it was last asked is unknown to it."""
        known = [each for folder in self.root.rglob("sync-token") for each in folder.iterdir()]
        assert known
        for each in known:
            each.unlink()


@dataclass
class Client:
    """Another program of the same person, by plain requests."""

    url: str

    def ask(self, method: str, name: str = "", body: str = "", **headers: str) -> requests.Response:
        answer = requests.request(
            method, self.url + name, data=body.encode(), headers=headers, auth=HTTPBasicAuth(USER.encode(), PASSWORD.encode()), timeout=600
        )
        assert answer.status_code < 400 or answer.status_code in (404, 412), answer.text
        return answer

    def make(self) -> None:
        body = (
            '<?xml version="1.0"?><c:mkcalendar xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:set><d:prop>'
            "<d:displayname>Équipe</d:displayname></d:prop></d:set></c:mkcalendar>"
        )
        assert self.ask("MKCALENDAR", "", body).status_code == 201

    def names(self) -> list[str]:
        answer = self.ask("PROPFIND", "", "", Depth="1")
        return sorted(name for name in re.findall(r"<href>[^<]*/([^/<]+\.ics)</href>", answer.text))

    def read(self, name: str) -> str:
        answer = self.ask("GET", name)
        return answer.content.decode() if answer.status_code == 200 else ""

    def all(self) -> dict[str, str]:
        return {name: self.read(name) for name in self.names()}

    def put(self, name: str, text: str) -> None:
        assert self.ask("PUT", name, text, **{"Content-Type": "text/calendar; charset=utf-8"}).status_code in (201, 204)

    def edit(self, name: str, old: str, new: str) -> None:
        text = self.read(name)
        assert old in text, text
        self.put(name, text.replace(old, new))

    def delete(self, name: str) -> None:
        self.ask("DELETE", name)


@contextmanager
def server() -> Iterator[Radicale]:
    with TemporaryDirectory(prefix="gnetics-caldav-") as place:
        root = Path(place)
        running = Radicale(root, free_port())
        (root / "users").write_text(f"{USER}:{PASSWORD}\n", "utf-8")
        (root / "config").write_text(CONFIG.format(root=root, port=running.port), "utf-8")
        running.start()
        try:
            yield running
        finally:
            running.stop()
