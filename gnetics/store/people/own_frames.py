"""« Ses leads seulement »: what of the frames one Responsable sees, by the rules of own.py."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from gnetics.domain.folding import fold

Frames = dict[str, pd.DataFrame]


def only(frames: Frames, owner: str) -> Frames:
    """The rows that this Responsable sees; a contact that lives only in the session is theirs."""
    mine = _having(frames["leads"]["owner"], {owner}) | (frames["leads"].index < 0)
    kept = {"leads": frames["leads"][mine]}
    for name in ("events", "messages"):
        frame = frames[name]
        seen = about(frame["lead_key"], kept["leads"])
        if name == "events":
            seen |= frame["lead_key"].isna().to_numpy() & _having(frame["owner"], {owner, None})
        kept[name] = frame[seen]
    return kept


def about(keys: pd.Series, seen: pd.DataFrame) -> Any:
    """Which of these keys are of leads seen."""
    return keys.isin(seen.index).to_numpy(dtype=bool)


def _having(owners: pd.Series, wanted: set[str | None]) -> Any:
    codes, names = pd.factorize(owners)  # few names, many rows; -1 for none
    return np.array([*(fold(name) in wanted for name in names), None in wanted])[codes]
