"""« Ses leads seulement »: what is of one Responsable's leads, in the frames a session sees and in the rows a transaction writes.

A Responsable is known by the folded name: case, accents and typographic variants do not matter. What no lead holds is nobody's
to see, save an event: without contact, it is shared unless another Responsable has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import ColumnElement, Connection, select

from gnetics.domain.folding import fold
from gnetics.errors import Forbidden
from gnetics.store.duplicates import chunks
from gnetics.store.schema import leads

REFUSED = (
    "Vous ne changez que les contacts dont vous êtes responsable, et un autre responsable est concerné ici\u00a0: "
    "demandez à votre administrateur."
)
Frames = dict[str, pd.DataFrame]


def only(frames: Frames, owner: str) -> Frames:
    """The rows that this Responsable sees; a contact that lives only in the session is theirs."""
    mine = _having(frames["leads"]["owner"], {owner}) | (frames["leads"].index < 0)
    kept = {"leads": frames["leads"][mine]}
    for name in ("events", "messages", "runs"):
        frame = frames[name]
        seen = about(frame["lead_key"], kept["leads"])
        if name == "events":
            seen |= frame["lead_key"].isna().to_numpy() & _having(frame["owner"], {owner, None})
        kept[name] = frame[seen]
    return kept


def about(keys: pd.Series, seen: pd.DataFrame) -> Any:
    """Which of these keys are of leads seen."""
    return keys.isin(seen.index).to_numpy(dtype=bool)


def foreign(connection: Connection, owner: str, table_name: str, rows: Sequence[Mapping[str, Any]]) -> list[bool]:
    """Of each row of a table, or line of the history of leads, whether it is of another Responsable, or of nobody."""
    if table_name == "leads":
        return [fold(row.get("owner")) != owner for row in rows]
    keys = {row["lead_key"] for row in rows if row.get("lead_key") is not None}
    owners = {
        key: fold(name)
        for chunk in chunks(keys)
        for key, name in connection.execute(select(leads.c.key, leads.c.owner).where(leads.c.key.in_(chunk)))
    }

    def is_foreign(row: Mapping[str, Any]) -> bool:
        if row.get("lead_key") is None:
            return table_name != "events" or fold(row.get("owner")) not in (owner, None)
        return owners.get(row["lead_key"]) != owner

    return [is_foreign(row) for row in rows]


def require(connection: Connection, owner: str, table_name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Raises Forbidden when one of these rows is foreign."""
    if any(foreign(connection, owner, table_name, rows)):
        raise Forbidden(REFUSED)


def held_by(connection: Connection, owner: str, *where: ColumnElement[bool]) -> ColumnElement[bool]:
    """The same of the leads of a query: SQL cannot fold, so it is given the spellings found among those of `where`."""
    spellings = connection.execute(select(leads.c.owner).where(*where).distinct()).scalars()
    return leads.c.owner.in_([name for name in spellings if fold(name) == owner])


def _having(owners: pd.Series, wanted: set[str | None]) -> Any:
    codes, names = pd.factorize(owners)  # few names, many rows; -1 for none
    return np.array([*(fold(name) in wanted for name in names), None in wanted])[codes]
