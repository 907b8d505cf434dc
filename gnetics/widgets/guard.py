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


class _Current:
    """Where sentences go; a kernel serves one person, so one place is enough."""

    notify: Notify = staticmethod(_log_only)


def report_to(notify: Notify) -> None:
    """Send the sentences of failed callbacks to `notify` from now on."""
    _Current.notify = staticmethod(notify)


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
    """Run `callback(*args)` guarded."""
    return guard(callback)(*args)
