"""What somebody typed to search, as words to find: each in one of its writings, all of them somewhere."""

from __future__ import annotations

import re

from gnetics.domain.folding import fold

_PHONE = re.compile(r"(?<!\S)(?:\+|\(|00)?[0-9][0-9\s.()/_-]{0,30}[0-9)](?!\S)")  # digits in several pieces, or with a prefix
_SIGNS = re.compile(r'"|[,;](?=\s|$)')  # of a quoted phrase, of « Nom, Prénom »
_TOKEN = re.compile(r"[^\W_]+")
LONGEST_TOKEN = 60  # characters: what follows tells no two words apart, and PostgreSQL has a limit
Word = tuple[str, ...]  # folded, in each of its writings


def wanted(text: str) -> list[Word]:
    """The words of `text`; a phone is one word, in each way of writing it."""
    folded = _SIGNS.sub(" ", fold(text) or "")
    phones = [match[0] for match in _PHONE.finditer(folded)]
    words = dict.fromkeys(_PHONE.sub(" ", folded).split())
    return [_either(word, word.replace("-", " ")) for word in words] + [_either(phone, *_phone_forms(phone)) for phone in phones]


def _phone_forms(typed: str) -> list[str]:
    """As kept in one piece: « 0612 » nationally, « +33612 » internationally; what is typed may be only a part.

    A number overseas may be typed with the prefix of France: it is found as it is dialled there.
    """
    digits = re.sub(r"[^0-9+]", "", typed.replace("(0)", ""))
    abroad = "+" + digits[2:] if digits.startswith("00") and len(digits) > 2 else digits
    home = "0" + abroad[3:] if abroad.startswith("+33") and len(abroad) > 3 else abroad
    return [digits, abroad, home]


def _either(*texts: str) -> Word:
    return tuple(dict.fromkeys(texts))


def tokens(text: str) -> list[str]:
    """Letters and digits of a folded text in one piece each, as a full-text index holds them: each once."""
    return list(dict.fromkeys(token[:LONGEST_TOKEN] for token in _TOKEN.findall(text)))
