"""Passwords too easy to guess: short, common, or made of a name that whoever guesses knows."""

from __future__ import annotations

import gzip
import re
from functools import cache
from pathlib import Path

from gnetics.domain.folding import fold

SHORTEST, LONGEST = 10, 200  # characters
PRODUCT = "CRM GNETICS"
COMMON = Path(__file__).with_name("common_passwords.txt.gz")  # whence it comes and its licence: in its first lines
LETTERS = re.compile(r"[^\W\d_]+")
WHOLE_WORD = 3  # letters: so short a part of a name is one only as a word of its own (« ana », not in « banane »); shorter ones are none


def weakness(password: str, name: str) -> str:
    """Why the person of that name may not have this password; empty when they may."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"Un mot de passe a au moins {SHORTEST} caractères, et {LONGEST} au plus."
    if len(set(password)) < SHORTEST // 2:
        return "Ce mot de passe est trop simple\u00a0: variez ses caractères."
    folded = fold(password) or ""
    if _is_common(folded):
        return "Ce mot de passe est parmi les plus courants\u00a0: choisissez-en un autre."
    if _names(folded, name):
        return "Un mot de passe ne contient ni votre nom ni celui du CRM\u00a0: choisissez-en un autre."
    return ""


def _is_common(folded: str) -> bool:
    """Also when only digits and signs were added around it, as most people do."""
    return bool({folded, re.sub(r"^[\W\d_]+|[\W\d_]+$", "", folded)} & _common())


def _names(folded: str, name: str) -> bool:
    words = LETTERS.findall(folded)
    for part in set(LETTERS.findall(f"{fold(name) or ''} {fold(PRODUCT)}")):
        if len(part) > WHOLE_WORD and part in "".join(words):
            return True
        if len(part) == WHOLE_WORD and any(re.fullmatch(f"({part})+", word) for word in words):
            return True
    return False


@cache
def _common() -> frozenset[str]:
    """The 10,000 commonest."""
    lines = gzip.decompress(COMMON.read_bytes()).decode().splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))
