"""What the server writes: few lines, and never what a visitor asked for (queries hold names and identifiers)."""

from __future__ import annotations

import logging
import re
from textwrap import indent
from typing import Any

from nbclient.exceptions import CellExecutionError

from gnetics import log_output
from gnetics.server import counters, limits

# lines that any visitor could have written a million times: our notebooks keep no outputs to trust; a 403 is counted as each
COMMON = re.compile(r"is not trusted$|No session ID specified$|Couldn't authenticate \w+ connection$")
access = logging.getLogger("gnetics.access")


def set_up(level: str, as_json: bool) -> None:
    """Those of Voilà and Jupyter only when something is wrong, unless debugging."""
    log_output.set_up(level, as_json)
    general = logging.getLogger("tornado.general")
    general.setLevel(logging.DEBUG if level == "DEBUG" else logging.INFO)  # heard by limits.py
    general.addFilter(limits.count)
    general.addFilter(lambda record: level == "DEBUG" or record.levelno >= logging.ERROR)  # each 403 and 404
    logging.getLogger("tornado.application").addFilter(is_news)
    logging.getLogger("tornado.application").addFilter(without_queries)
    for name in ("traitlets", "asyncio"):
        logging.getLogger(name).addFilter(is_failure)


def take_over(theirs: logging.Logger, level: str) -> None:
    """Voilà's own lines, written as ours are."""
    theirs.setLevel(logging.DEBUG if level == "DEBUG" else logging.WARNING)
    theirs.handlers.clear()
    theirs.propagate = True
    theirs.addFilter(is_news)


def is_failure(record: logging.LogRecord) -> bool:
    """Leaves out what is said when a visitor leaves while the page is made (handlers.py tells of a kernel that died by itself).

    The traceback of a cell that failed is no part of the line.
    """
    if isinstance(record.msg, CellExecutionError):
        if record.msg.ename == "KeyboardInterrupt":
            return False
        record.exc_text, record.msg = indent(str(record.msg), "  "), "a cell of a page failed"
    return not any("Kernel died" in str(said) for said in (record.getMessage(), record.exc_info and record.exc_info[1]))


def without_queries(record: logging.LogRecord) -> bool:
    """Tornado writes the whole address of a request that failed: keep its path, save what is secret of it."""
    record.msg, record.args = _without_secret(re.sub(r"\?[^\s']+", "?…", record.getMessage())), ()
    return True


def _without_secret(path: str) -> str:
    """The address of somebody's calendar opens it."""
    return re.sub(r"(calendrier/)[^/\s']+(\.ics)", r"\1…\2", path)


def is_news(record: logging.LogRecord) -> bool:
    """Leaves out what is said at each request, whoever makes it."""
    return COMMON.search(str(record.msg)) is None


def log_request(handler: Any) -> None:
    """One line per request, with its path and without its query; only failures of the server are warnings."""
    status, request = handler.get_status(), handler.request
    level = logging.WARNING if status >= 500 else logging.DEBUG
    counters.count_request(handler)
    access.log(level, "%d %s %s %.0f ms", status, request.method, _without_secret(request.path), 1000 * request.request_time())
