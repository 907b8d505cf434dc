"""Where all processes of a server write their lines, kernels included: what a kernel's `sys.stderr` gets would be sent to the browser."""

from __future__ import annotations

import errno
import logging
import os
import re
import sys
from textwrap import indent

LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"
CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]")  # what ends a line, or moves a terminal's cursor
ENDS = ("KeyboardInterrupt caught in kernel", "Kernel.shell_channel_thread_main")
FIELDS = ("levelname", "name", "message")


def set_up(level: str, as_json: bool) -> None:
    """Our lines at `level`, others and Python's warnings only when something is wrong; a forked kernel keeps what its parent set up."""
    if logging.getLogger().handlers:
        return
    server = getattr(sys.stderr, "_original_stdstream_copy", 2)  # in a kernel that Jupyter started, 2 leads to the browser too
    output = logging.StreamHandler(os.fdopen(os.dup(server), "w", encoding="utf-8", errors="backslashreplace"))
    output.setFormatter(_json() if as_json else Lines(LINE))
    logging.basicConfig(handlers=[output], level=logging.WARNING)
    logging.captureWarnings(True)
    logging.getLogger("gnetics").setLevel(level)
    logging.getLogger("tornado").handlers.clear()  # ipykernel's: the same line a second time, in a form of its own
    for name in ("tornado.general", "asyncio", "py.warnings"):
        logging.getLogger(name).addFilter(is_failure)
    logging.getLogger("Comm").setLevel(logging.ERROR)  # ipykernel looks for a comm in a thread that may be ahead of its opening


class Lines(logging.Formatter):
    """A line each, whatever somebody made a message say; a traceback stands below it, never at the beginning of a line."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.message = CONTROLS.sub(lambda found: repr(found[0])[1:-1], record.message.rstrip())
        return super().formatMessage(record)

    def formatException(self, ei: object) -> str:
        return indent(super().formatException(ei), "  ")  # type: ignore[arg-type]


def is_failure(record: logging.LogRecord) -> bool:
    """Leaves out how a kernel ends while it works: interrupted, with a message unread, without the socket by which it would say so."""
    error = record.exc_info and record.exc_info[1]
    if isinstance(error, KeyboardInterrupt) or getattr(error, "errno", None) == errno.ENOTSOCK:
        return False
    return not any(words in record.getMessage() for words in ENDS)


def _json() -> logging.Formatter:
    from pythonjsonlogger.json import JsonFormatter

    return JsonFormatter(FIELDS, timestamp=True, json_ensure_ascii=False)
