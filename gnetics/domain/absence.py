"""What people and programs write where they know nothing: « n/a », « - », « aucun », « NULL »; it is no value, and identifies nobody."""

from __future__ import annotations

import re
from functools import lru_cache

from gnetics.domain.folding import fold

LONGEST = 24  # characters
_SIGNS = re.compile(r"[\s!-/:-@\[-`{-~¡§«°·»¿–—―‘’“”•…]+")
# Compared folded, without signs. Those of programs stand for no value anywhere; the others may be a source, a reason, a tag.
_PROGRAMS = frozenset(["null", "none", "nan", "nil", "undefined", "false"])
_CODES = frozenset(["na", "nc", "nd", "nr", "ns"])  # n/a, n.c., #n/d …: with a sign they are no word, without one they may be a name
_WORDS = frozenset({
    "aucun", "aucune", "neant", "vide", "faux", "inconnu", "inconnue", "absent", "manquant", "indisponible",
    "aucunemail", "aucunmail", "sansemail", "sansmail", "pasdemail", "pasdemailconnu", "pasdadresse", "pasdadressemail", "sansnom",
    "aucuntelephone", "sanstelephone", "pasdetelephone", "pasdenumero", "aucuneentreprise", "sansentreprise", "sanssociete",
    "nonrenseigne", "nonrenseignee", "nonconnu", "nonconnue", "noncommunique", "noncommuniquee", "nondisponible", "nonapplicable",
    "nondefini", "nondefinie", "nonprecise", "nonprecisee", "nonfourni", "sansobjet", "arenseigner", "acompleter", "adefinir",
    "adeterminer", "ademander", "xx", "xxx", "xxxx",
    "empty", "blank", "missing", "unknown", "unspecified", "notavailable", "notapplicable", "notprovided", "notset", "notknown",
    "nodata", "novalue", "noname", "noemail", "nomail", "nophone", "nocompany", "tbd", "tbc", "tba",
})  # fmt: skip
_CIVILITIES = frozenset({
    "m", "mr", "mm", "mme", "mmes", "mlle", "mlles", "madame", "monsieur", "mademoiselle", "messieurs", "mesdames", "mrs", "ms",
    "miss", "mx", "sir", "dr", "docteur", "me", "maitre",
})  # fmt: skip
_MARKED = _PROGRAMS | _CODES
_NOBODY = _MARKED | _WORDS | {""}
_VALUE = re.compile("[0-9@]")  # no word of absence has any, most telephones, emails and numbers do


def is_sign(text: str) -> bool:
    """Nothing but punctuation, or an abbreviation written with some (« n/a », « #N/D »): no value of any field, a surname included."""
    bare = _bare(text)
    return bare == "" or (bare in _MARKED and bare != fold(text))


def is_blank(text: str) -> bool:
    """The same, and what programs write for no value (« NULL », « None »), which beside a first name may be a surname."""
    return _bare(text) in _PROGRAMS or is_sign(text)


def identifies_nobody(text: str) -> bool:
    """The same, and the words people write (« aucun », « inconnu », « no email ») where something should say who a contact is."""
    return len(text) <= LONGEST and not _VALUE.search(text) and _without_signs(text) in _NOBODY  # as _bare does: asked of every row


def is_civility(text: str) -> bool:
    """« Mme », « M. »: how somebody is addressed, which is nobody's function."""
    return _bare(text) in _CIVILITIES


def _bare(text: str) -> str | None:
    """The folded text without signs; None for one that surely says something."""
    return None if len(text) > LONGEST or _VALUE.search(text) else _without_signs(text)


@lru_cache(maxsize=16_384)  # an import asks it of a name twice, of the same companies over and over
def _without_signs(text: str) -> str:
    return _SIGNS.sub("", fold(text) or "")
