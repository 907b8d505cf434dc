"""What the worker does with rules: those that are on, those of the night too, and people are told of one that goes on failing."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from gnetics.automations import working
from gnetics.domain.night import night
from gnetics.errors import GneticsError, StoreError
from gnetics.operations.alerts import alarm
from gnetics.operations.nightly import DEEDS
from gnetics.store import nights
from gnetics.store.crm import Crm

log = logging.getLogger("gnetics.worker")


def run_rules(crm: Crm, stopping: Callable[[], bool] = lambda: False) -> int:
    """What is wrong with rules stops them, and nothing else: mail goes on; a fault of their file is told by « gnetics check »."""
    try:
        nights.note(crm, night(crm.clock.now()))
        return working.work(crm, stopping, partial(alarm, crm), DEEDS)
    except StoreError:
        raise
    except GneticsError as error:
        log.warning("The rules do not run: %s", error)
    except Exception:
        log.exception("The rules do not run.")
    return 0
