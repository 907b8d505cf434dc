"""When two companies are one: a legal form, capitals and punctuation do not part them."""

from __future__ import annotations

import re
from functools import lru_cache

_FORMS = frozenset({
    "sarl", "eurl", "sas", "sasu", "sa", "sci", "scp", "scm", "snc", "scop", "scic", "scea", "ei", "eirl", "earl", "gaec", "gie", "selarl",
    "selas", "selarlu", "selasu", "ltd", "limited", "llc", "inc", "corp", "plc", "gmbh", "ag", "ug", "bv", "nv", "srl", "spa", "sprl",
})  # fmt: skip
_JOINED = frozenset({"et", "and"})  # « Dupont et Fils », « Dupont & Fils »
# finds the folded names that `plain` may change: figures ask it of these only
CHANGING = rf"[^a-z0-9 ]|  |^ | $|\b(?:{'|'.join(sorted(_FORMS | _JOINED))})\b"
_DOTTED = re.compile(r"(?<![^\W_])(?:[a-z]\.){1,5}[a-z]\b")  # « s.a.r.l. »
_WORDS = re.compile(r"[^\W_]+")


@lru_cache(maxsize=65_536)  # the companies of a base are compared again and again
def plain(company: str) -> str:
    """A folded name without what does not tell one company from another; the name itself when nothing else is left."""
    words = _WORDS.findall(_DOTTED.sub(_form, company) if "." in company else company)
    first, last = 0, len(words)
    while first < last and words[last - 1] in _FORMS:
        last -= 1
    while first < last and words[first] in _FORMS:
        first += 1
    return " ".join(word for word in words[first:last] if word not in _JOINED) or company


def _form(match: re.Match[str]) -> str:
    letters = match[0].replace(".", "")
    return letters if letters in _FORMS else match[0]


def same(one: str | None, other: str | None) -> bool:
    return bool(one and other) and (one == other or plain(one or "") == plain(other or ""))
