"""The compressed front end on disk: a running server keeps the one of its version, whoever else starts."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from gnetics.server import cache

# a server of some version, as far as its cache goes; until its standard input is closed
SERVER = """
import sys
from gnetics.server import front_end, static
static.stamp = lambda: sys.argv[1]
front_end.prepare({"static": [], "labextensions": []}, lambda: False)
print("ready", flush=True)
sys.stdin.read()
"""


@contextmanager
def running(version: str, place: Path) -> Iterator[None]:
    environment = os.environ | {"XDG_CACHE_HOME": str(place)}
    command = [sys.executable, "-c", SERVER, version]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdout and server.stdout.readline() == b"ready\n"
        yield


def versions(place: Path) -> dict[str, int]:
    """The files kept of each."""
    return {folder.name: len(list(folder.glob("*.*"))) for folder in (place / "gnetics").iterdir()}


def test_the_cache_of_a_running_server_is_never_removed_and_that_of_others_is_in_the_end(tmp_path: Path) -> None:
    (tmp_path / "gnetics" / "abandoned").mkdir(parents=True)
    with running("first", tmp_path):
        kept = versions(tmp_path)
        assert kept.keys() == {"first"} and kept["first"] >= 3
        with running("second", tmp_path):
            assert versions(tmp_path) == {"first": kept["first"], "second": kept["first"]}
        with running("first", tmp_path):
            assert versions(tmp_path) == kept
    with running("third", tmp_path):
        assert versions(tmp_path).keys() == {"third"}


def test_a_folder_that_is_removed_as_a_server_starts_is_made_again_and_held(tmp_path: Path) -> None:
    stopped = Event()

    def remove() -> None:
        while not stopped.is_set():
            cache.remove_unused(tmp_path)

    with ThreadPoolExecutor() as other:
        removing = other.submit(remove)
        try:
            for number in range(50):
                made = tmp_path / f"version-{number}" / "chunks.js"
                cache.hold(made.parent)
                made.touch()
                cache.remove_unused(tmp_path)
                assert made.exists()
        finally:
            stopped.set()
        removing.result()


def test_what_is_no_folder_of_ours_stops_nobody(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    cache.remove_unused(tmp_path)
    assert {each.name for each in tmp_path.iterdir()} == {"file", "loop"}
