"""Quoting what somebody typed inside a sentence, whatever its length."""

from __future__ import annotations


def quote(text: str, longest: int = 40) -> str:
    """« text » on one line, cut after `longest` characters."""
    return f"«\u00a0{shortened(text, longest)}\u00a0»"


def shortened(text: str, longest: int = 40) -> str:
    """On one line, cut after `longest` characters."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[:longest] + "…"
