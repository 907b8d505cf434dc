"""The status words of other programs, and which status of ours stands for each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from gnetics.domain.folding import fold

_USUAL = {
    "Nouveau": "new|open|lead|subscriber|other",
    "À contacter": "open not contacted|not contacted|attempted to contact|contact in future|bad timing|prospecting",
    "Contacté": "contacted|connected|in progress|working|working contacted|marketing qualified lead",
    "Qualifié": "qualified|pre qualified|sales qualified lead|qualification|needs analysis",
    "En suivi": "opportunity|open deal|nurturing|value proposition|id decision makers|perception analysis|proposal price quote"
    "|negotiation review",
    "Clos": "won|customer|evangelist|converted|closed won|closed converted",
    "Perdu": "lost|lost lead|junk lead|unqualified|not qualified|closed lost|closed not converted",
}
_BY_WORD = {word: status for status, words in _USUAL.items() for word in words.split("|")}


@dataclass(frozen=True)
class StatusWords:
    """`chosen` {word: status of ours, "" to keep the word}; `usual`: the other words of known programs are understood too."""

    chosen: Mapping[str, str] = field(default_factory=dict)
    usual: bool = False

    def ours(self, word: str) -> str:
        """The status of ours, "" when the word is kept as it is."""
        return self.chosen.get(word, _BY_WORD.get(_plain(word), "") if self.usual else "")


def _plain(word: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", fold(word) or ""))
