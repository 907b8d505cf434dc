"""What happens when a callback fails: a sentence for the person, the traceback for the log."""

from __future__ import annotations

import functools
import logging
import secrets
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from gnetics import texts
from gnetics.errors import GneticsError

log = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")
Notify = Callable[[str, str], None]  # (sentence, "info" | "success" | "warning" | "error")


def _log_only(sentence: str, kind: str) -> None:
    log.warning("%s: %s", kind, sentence)


def _anyone() -> None:
    """Nobody is asked."""


class _Current:
    """Where sentences go, and who says whether the browser may ask; a kernel serves one person, so one place is enough."""

    notify: Notify = staticmethod(_log_only)
    admit: Callable[[], None] = staticmethod(_anyone)


def report_to(notify: Notify, admit: Callable[[], None] = _anyone) -> None:
    """From now on send the sentences of failed callbacks to `notify`, and have `admit` raise for what the browser may not ask."""
    _Current.notify, _Current.admit = staticmethod(notify), staticmethod(admit)


def guard(callback: Callable[P, R]) -> Callable[P, R | None]:
    """Nothing raised by `callback` reaches the websocket, where a traceback would show in the browser."""

    @functools.wraps(callback)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | None:
        try:
            return callback(*args, **kwargs)
        except GneticsError as error:
            _Current.notify(str(error), "error")
        except Exception:
            reference = secrets.token_hex(3).upper()
            log.exception("callback %s failed, reference %s", getattr(callback, "__qualname__", callback), reference)
            _Current.notify(texts.UNEXPECTED.format(reference=reference), "error")
        return None

    return guarded


def call(callback: Callable[..., Any], *args: Any) -> Any:
    """Run `callback(*args)`, which the browser asks for, guarded and if it is admitted."""

    @functools.wraps(callback)
    def admitted() -> Any:
        _Current.admit()
        return callback(*args)

    return guard(admitted)()
