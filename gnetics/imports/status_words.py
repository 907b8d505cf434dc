"""The status words of other programs, and which status of ours stands for each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from gnetics.domain.folding import fold

_USUAL = {
    "Nouveau": "new|open|lead|subscriber|other|prospect|nouveau lead|nouveau prospect|nouvelle piste|piste|suspect|ouvert"
    "|jamais contacte|st never",
    "À contacter": "open not contacted|not contacted|attempted to contact|contact in future|bad timing|prospecting|a relancer|a appeler"
    "|a rappeler|non contacte|a traiter|prospection|st todo",
    "Contacté": "contacted|connected|in progress|in process|working|working contacted|marketing qualified lead|en cours"
    "|en contact|contact pris|en cours de traitement|assigned|contact en cours|contact realise|st pend|st done",
    "Qualifié": "qualified|pre qualified|sales qualified lead|qualification|needs analysis|qualifie|prequalifie|proposal|proposition",
    "En suivi": "opportunity|open deal|nurturing|value proposition|id decision makers|perception analysis|proposal price quote"
    "|negotiation review|negotiation|negociation|en negociation|opportunite|devis envoye|proposition envoyee|offre envoyee",
    "Clos": "won|customer|evangelist|converted|closed won|closed converted|gagne|client|converti|conclu|signe|vendu"
    "|ferme gagne|cloture gagne|affaire gagnee|gagnee|accepte",
    "Perdu": "lost|lost lead|junk lead|unqualified|not qualified|closed lost|closed not converted|dead|recycled|junk|perdue|non qualifie"
    "|ferme perdu|cloture perdu|affaire perdue|abandonne|sans suite|refuse|pas interesse|not interested",
}
_BY_WORD = {word: status for status, words in _USUAL.items() for word in words.split("|")}


@dataclass(frozen=True)
class StatusWords:
    """`chosen` {word: status of ours, "" to keep the word}; the other words are what they usually stand for, in French or English."""

    chosen: Mapping[str, str] = field(default_factory=dict)

    def ours(self, word: str) -> str:
        """The status of ours, "" when the word is kept as it is."""
        return self.chosen.get(word, _BY_WORD.get(_plain(word), ""))


def _plain(word: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", fold(word) or ""))
