"""A published analysis in its kernel: its first cell and its last one, which server/analyses.py puts around its author's."""

from __future__ import annotations

import logging
import secrets
import signal
import sys
import time
from typing import Any

from gnetics import texts
from gnetics.analysis.visiting import read_rev
from gnetics.domain.typography import spaced
from gnetics.errors import GneticsError, Refused
from gnetics.kernel import doors
from gnetics.settings import load

log = logging.getLogger("gnetics.analyses")
MOST = 2 << 20  # characters of what a cell shows: the server holds them until the page is sent
DEAF = 10  # seconds after the limit: a cell that nothing interrupts ends with its kernel
INTERRUPTED = "Calcul interrompu : cette partie n’est pas affichée."
TOO_LONG = "Cette partie dépasse {seconds} secondes : son calcul est arrêté."
TOO_MUCH = "Cette partie affiche trop de données : le reste est coupé."
FAILED = "Cette partie n’a pas pu être calculée (réf. {reference}). Prévenez l’auteur de l’analyse en citant cette référence."
MADE = "{fresh} · calcul : {seconds} s"
REVISION = " · révision {rev}"


class _Run:
    """The run that this process is."""

    began = 0.0
    limit = 0
    cell_began = 0.0
    shown = 0


def begin(seconds: int) -> None:
    """Before the author's cells, each of which may take that long."""
    from IPython import get_ipython

    _Run.began, _Run.limit = time.monotonic(), seconds
    doors.close()
    shell: Any = get_ipython()
    shell.events.register("pre_run_cell", _cell_begins)
    shell.events.register("post_run_cell", _cell_ends)
    show = shell._showtraceback
    shell._showtraceback = lambda kind, error, _lines: show(kind, sentence := _said(error), [sentence])
    _bound(shell.display_pub, "publish")
    _bound(shell.displayhook, "write_format_data")


def end() -> None:
    """After them: the page may speak to its widgets, and says what it shows."""
    doors.open()
    fresh = texts.REFRESHED.format(time=load().clock.now().strftime("%H:%M"))
    seconds = f"{time.monotonic() - _Run.began:.1f}".replace(".", ",")
    rev = read_rev()
    print(spaced(MADE.format(fresh=fresh, seconds=seconds) + ("" if rev is None else REVISION.format(rev=rev))))


def _bound(place: Any, name: str) -> None:
    """From now on that method, which is given a text or the forms of an object, does as long as the cell has room."""
    shows = getattr(place, name)

    def bounded(*given: Any, **named: Any) -> Any:
        what = given[0] if given else named["data"]
        _Run.shown += sum(map(len, map(str, what.values()))) if isinstance(what, dict) else len(what)
        if _Run.shown > MOST:
            raise Refused({"": spaced(TOO_MUCH)})
        return shows(*given, **named)

    setattr(place, name, bounded)


def _cell_begins(_info: Any) -> None:
    _Run.cell_began, _Run.shown = time.monotonic(), 0
    for stream in (sys.stdout, sys.stderr):
        _bound(stream, "write")  # each time: after a cell IPython puts back what it found
    signal.alarm(_Run.limit + DEAF)  # nobody handles it: the system ends the process, whatever that does


def _cell_ends(_result: Any) -> None:
    signal.alarm(0)


def _said(error: BaseException) -> str:
    """The box of a cell that failed; how it did is for the log."""
    if isinstance(error, GneticsError):
        return str(error)
    if isinstance(error, KeyboardInterrupt):
        late = time.monotonic() - _Run.cell_began > _Run.limit - 1
        return spaced(TOO_LONG.format(seconds=_Run.limit) if late else INTERRUPTED)
    reference = secrets.token_hex(3).upper()
    log.error("a cell of an analysis failed, reference %s", reference, exc_info=error)
    return spaced(FAILED.format(reference=reference))
