"""Text that a spreadsheet would run as a formula is made inert in a CSV file, and given back as it was by the import."""

from __future__ import annotations

import re

# what shows nothing: controls, spaces, what Unicode lets a reader ignore, the blanks of Korean and Braille
_UNSEEN = (
    r"\x00-\x20\x7f-\xa0\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f"
    r"\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# signs that begin a formula, small and full-width ones too; and what is guarded already, so that one guard can always be taken away
_RUNS = re.compile(rf"'*(?:[{_UNSEEN}]*[=+\-@＝＋－＠﹦﹢﹣﹫⁼₌⁺₊﬩]| *[\t\r\n])")


def guarded(text: str) -> str:
    """An apostrophe before what begins like a formula; anything else as it is."""
    return f"'{text}" if _RUNS.match(text) else text


def unguarded(text: str) -> str:
    """What `guarded` was given."""
    return text[1:] if text.startswith("'") and _RUNS.match(text) else text
