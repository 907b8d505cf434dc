"""Where all processes of a server write their lines, kernels included: what a kernel's `sys.stderr` gets would be sent to the browser."""

from __future__ import annotations

import errno
import logging
import os
import sys

LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"
FIELDS = ("levelname", "name", "message")


def set_up(level: str, as_json: bool) -> None:
    """Our lines at `level`, others and Python's warnings only when something is wrong; a forked kernel keeps what its parent set up."""
    if logging.getLogger().handlers:
        return
    server = getattr(sys.stderr, "_original_stdstream_copy", 2)  # in a kernel that Jupyter started, 2 leads to the browser too
    output = logging.StreamHandler(os.fdopen(os.dup(server), "w", encoding="utf-8", errors="backslashreplace"))
    output.setFormatter(_json() if as_json else logging.Formatter(LINE))
    logging.basicConfig(handlers=[output], level=logging.WARNING)
    logging.captureWarnings(True)
    logging.getLogger("gnetics").setLevel(level)
    logging.getLogger("tornado").handlers.clear()  # ipykernel's: the same line a second time, in a form of its own
    logging.getLogger("tornado.general").addFilter(_is_failure)
    logging.getLogger("Comm").setLevel(logging.ERROR)  # ipykernel looks for a comm in a thread that may be ahead of its opening


def _is_failure(record: logging.LogRecord) -> bool:
    """Leaves out the traceback of a kernel that ends, and finds the socket closed by which it would say so."""
    error = record.exc_info and record.exc_info[1]
    return getattr(error, "errno", None) != errno.ENOTSOCK


def _json() -> logging.Formatter:
    from pythonjsonlogger.json import JsonFormatter

    return JsonFormatter(FIELDS, timestamp=True, json_ensure_ascii=False)
