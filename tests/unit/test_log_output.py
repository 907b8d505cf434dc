"""Lines of the log are lines, whatever was said to make them."""

from __future__ import annotations

import logging
import sys

from gnetics.log_output import LINE, Lines

FALSE_LINE = "2026-11-29 12:00:00,000 WARNING gnetics.identity Bruno signed in"


def _written(message: str, failure: str = "") -> list[str]:
    record = logging.LogRecord("gnetics.x", logging.WARNING, "", 0, "said %s", (message,), None)
    if failure:
        try:
            raise ValueError(failure)
        except ValueError:
            record.exc_info = sys.exc_info()
    return Lines(LINE).format(record).splitlines()


def test_what_was_said_ends_no_line_and_moves_no_cursor() -> None:
    (line,) = _written(f"é\n{FALSE_LINE}\r\x85\u2028\x1b[2J")
    assert line.endswith(f"said é\\n{FALSE_LINE}\\r\\x85\\u2028\\x1b[2J")


def test_a_traceback_begins_no_line() -> None:
    first, *below = _written("x", failure=f"y\n{FALSE_LINE}")
    assert first.endswith("said x")
    assert all(line.startswith("  ") for line in below)
    assert below[-1] == f"  {FALSE_LINE}"
