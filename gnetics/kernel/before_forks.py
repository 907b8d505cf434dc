"""The app as kernels inherit it: made with all its pages, once, in the process that they are forked from (kernel/fork_parent.py)."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from gnetics.errors import StoreError, StoreReplaced
from gnetics.kernel.early_kernel import silenced
from gnetics.pages import opening
from gnetics.store import memory

log = logging.getLogger(__name__)
T = TypeVar("T")


def make() -> None:
    """Without a store that answers nothing is made: kernels then open it themselves, and say why they cannot."""
    _aside(_make)


def catch_up() -> bool:
    """Read what changed in the store, for the kernel to come; False when this process should no longer be the one to fork from."""
    return _aside(_catch_up)


def refill() -> None:
    """Between two forks, fill again the pages that are no longer true: the kernels to come need not do it each."""
    _aside(_refill)


def leave_behind() -> None:
    """In a child whose person sees only their own leads: nothing of the store is there until they are known."""
    opening.disinherit()
    gc.unfreeze()  # else what is held in circles stays
    gc.collect()


def _aside(work: Callable[[], T]) -> T:
    """Read the store in a thread that is gone afterwards: in the main one ADBC would leave one of its own, which no fork may meet."""
    with ThreadPoolExecutor(1) as worker:
        done = worker.submit(work).result()
    memory.give_back()
    return done


def _catch_up() -> bool:
    app = opening.inherited()
    if app is None:
        return False
    try:
        app.snapshot.catch_up()
        return True
    except StoreReplaced:
        log.warning("Another store has taken the place of the one that kernels inherit.")
    except StoreError:
        log.warning("The store does not answer: the next kernel opens it itself.")
    finally:
        app.crm.close()  # a child must not meet a connection of its parent
    opening.disinherit()
    return False


def _refill() -> None:
    app = opening.inherited()
    if app is None:
        return
    try:
        with silenced():
            app.refill()
    except Exception:  # the kernels to come make their pages themselves, and say what is wrong
        log.exception("The pages that kernels inherit cannot be filled again.")
        opening.disinherit()
    finally:
        app.crm.close()


def _make() -> None:
    opening.hide_libraries()
    try:
        app = opening.current_app()
    except StoreError:
        return
    try:
        app.make_all()
    finally:
        app.crm.close()
