"""Searching folded text: every word must be found, in any order; a phone is found in each way of writing it."""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pandas as pd

from gnetics.domain.folding import fold

_PHONE = re.compile(r"(?<!\S)(?:\+|\(|00)?[0-9][0-9\s.()/-]{0,30}[0-9)](?!\S)")  # digits in several pieces, or with a prefix


def patterns(text: str) -> list[str]:
    """One regular expression per word of `text`, for folded text: each must be found somewhere."""
    folded = fold(text) or ""
    phones = [match[0] for match in _PHONE.finditer(folded)]
    words = dict.fromkeys(_PHONE.sub(" ", folded).split())
    return [_either(word, word.replace("-", " ")) for word in words] + [_either(phone, *_phone_forms(phone)) for phone in phones]


def _phone_forms(typed: str) -> list[str]:
    """As kept in one piece: « 0612 » nationally, « +33612 » internationally; what is typed may be only a part."""
    digits = re.sub(r"[^0-9+]", "", typed.replace("(0)", ""))
    return [digits, "+" + digits[2:]] if digits.startswith("00") and len(digits) > 2 else [digits]


def _either(*texts: str) -> str:
    return "|".join(re.escape(text) for text in dict.fromkeys(texts))


def holding(text: str, *columns: pd.Series) -> npt.NDArray[np.bool_]:
    """Rows where each word of `text` is in one of the folded `columns`; every row when there is no word."""
    kept = np.ones(len(columns[0]), dtype=bool)
    for pattern in patterns(text):
        rows = np.flatnonzero(kept)
        if not len(rows):
            break
        left = columns if len(rows) == len(kept) else [column.iloc[rows] for column in columns]
        # a regular expression, since Arrow looks for it several times faster than for a plain text
        kept[rows] = np.logical_or.reduce([column.str.contains(pattern, regex=True).to_numpy(dtype=bool) for column in left])
    return kept
