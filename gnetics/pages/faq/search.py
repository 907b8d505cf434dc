"""Which questions of the help hold the words typed."""

from __future__ import annotations

from collections.abc import Mapping

from gnetics.domain.folding import fold


class HelpIndex:
    """`texts` gives, per question key, all the words it may be found by."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._folded = {key: fold(text) or "" for key, text in texts.items()}

    def find(self, text: str) -> list[str]:
        """Keys of the questions holding every word, accents and case apart; all of them when nothing is typed."""
        words = (fold(text) or "").split()
        return [key for key, folded in self._folded.items() if all(word in folded for word in words)]
