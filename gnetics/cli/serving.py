"""Serving the pages, and the worker beside."""

from __future__ import annotations

import argparse
import signal
import sys
from threading import Event, Thread

from gnetics.cli.french import Commands
from gnetics.settings import Settings


def add(commands: Commands) -> None:
    commands.add_parser("serve", help="sert les pages sur cet ordinateur").set_defaults(run=_serve)
    working = commands.add_parser("worker", help="fait les tâches de la nuit ; « serve » en lance un, sauf GNETICS_WORKER=non")
    working.add_argument("--until-eof", action="store_true", help=argparse.SUPPRESS)  # its server's end closes the standard input
    working.set_defaults(run=_worker)


def _serve(settings: Settings, _chosen: argparse.Namespace) -> None:
    from gnetics.server.app import serve

    serve(settings)


def _worker(settings: Settings, chosen: argparse.Namespace) -> None:
    from gnetics import log_output
    from gnetics.operations.worker import work

    log_output.set_up(settings.log_level, settings.log_json)
    stopping = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    if chosen.until_eof:
        Thread(target=_set_at_eof, args=(stopping,), daemon=True).start()
    work(settings, stopping)


def _set_at_eof(event: Event) -> None:
    sys.stdin.read()
    event.set()
