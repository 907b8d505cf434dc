"""Text that a spreadsheet would run as a formula is made inert in a CSV file, and given back as it was by the import."""

from __future__ import annotations

import re

_RUNS = re.compile("'* *[=+\\-@\t\r\n]")  # what is guarded already is guarded once more, so that one guard can always be taken away


def guarded(text: str) -> str:
    """An apostrophe before what begins like a formula; anything else as it is."""
    return f"'{text}" if _RUNS.match(text) else text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if text.startswith("'") and _RUNS.match(text) else text
