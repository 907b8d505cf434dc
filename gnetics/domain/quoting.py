"""Quoting what somebody typed inside a sentence, whatever its length."""

from __future__ import annotations


def quote(text: str, longest: int = 40) -> str:
    """« text » on one line, cut after `longest` characters."""
    line = " ".join(text.split())
    if len(line) > longest:
        line = line[:longest] + "…"
    return f"«\u00a0{line}\u00a0»"
