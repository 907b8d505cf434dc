"""Which questions of the help hold the words typed, and where."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import TypedDict

from gnetics.domain.folding import fold


class Part(TypedDict):
    """A stretch of a text, `hit` when it is what somebody looks for."""

    text: str
    hit: bool


def parts(text: str, search: str) -> list[Part]:
    """The text in order, whole, with the words of the search apart, accents and case apart."""
    words = sorted((fold(search) or "").split(), key=len, reverse=True)
    marked = [re.escape(word) for word in words if len(word) > 2 or len(words) == 1]  # « de » would mark half of the page
    letters = [fold(letter) or " " for letter in text]
    places = [place for place, folded in enumerate(letters) for _ in folded]  # of each folded sign, the letter it comes from
    found = [(places[hit.start()], places[hit.end() - 1] + 1) for hit in re.finditer("|".join(marked), "".join(letters)) if hit[0]]
    cuts = [0, *(place for span in found for place in span), len(text)]
    pieces = [text[start:end] for start, end in pairwise(cuts)]
    return [{"text": piece, "hit": bool(place % 2)} for place, piece in enumerate(pieces) if piece]


class HelpIndex:
    """`texts` gives, per question key, all the words it may be found by."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._folded = {key: fold(text) or "" for key, text in texts.items()}

    def find(self, text: str) -> list[str]:
        """Keys of the questions holding every word, accents and case apart; all of them when nothing is typed."""
        words = (fold(text) or "").split()
        return [key for key, folded in self._folded.items() if all(word in folded for word in words)]
