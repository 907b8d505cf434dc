"""Somebody who answers by a machine that they are away is not written to until they are back."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, select

from gnetics.domain import dates
from gnetics.domain.folding import fold
from gnetics.domain.messages import Direction, Kind
from gnetics.domain.regions import Region
from gnetics.errors import Unreadable
from gnetics.store.schema import messages

UNSAID = timedelta(days=7)  # of an absence that does not say its end
LONGEST = timedelta(days=60)
TEXT = 2_000  # characters of a message that are looked at
_MONTHS = "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre"
_WEEKDAY = "(?:(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) )?"
_DAY = rf"{_WEEKDAY}(\d{{1,2}}(?:er)?(?:[/.-]\d{{1,2}}(?:[/.-]\d{{2,4}})?| (?:{_MONTHS})(?: \d{{4}})?))"
_BACK = re.compile(rf"(?:de retour|retour|serai de retour|reprendrai|disponible)(?: a partir)?(?: du| le| des le)? {_DAY}")
_UNTIL = re.compile(rf"(?:jusqu.?(?:au|a)|au) {_DAY}(?: inclus)?")


def back_on(connection: Connection, lead_key: int, now: datetime, region: Region) -> date | None:
    """The day on which the lead may be written to again; None when nothing says that they are away."""
    said = (messages.c.lead_key == lead_key, messages.c.direction == Direction.RECEIVED, messages.c.kind == Kind.AUTO_REPLY)
    columns = (messages.c.at, messages.c.text, messages.c.subject)
    query = select(*columns).where(*said, ~messages.c.deleted, messages.c.at > now - LONGEST).order_by(messages.c.at.desc()).limit(1)
    found = connection.execute(query).first()
    if found is None:
        return None
    received = found.at.astimezone(region.zone).date()
    back = said_back(f"{found.subject or ''}\n{found.text or ''}", received, region) or received + UNSAID
    return back if back > now.astimezone(region.zone).date() else None


def said_back(text: str, received: date, region: Region) -> date | None:
    """The day of return that an automatic answer says: « de retour le 12/12 », « jusqu’au 3 janvier inclus »."""
    folded = " ".join((fold(text[:TEXT]) or "").split())
    for pattern, later in ((_BACK, 0), (_UNTIL, 1)):
        for found in pattern.finditer(folded):
            if day := _day(found[1], received, region):
                return day + timedelta(days=later)
    return None


def _day(text: str, received: date, region: Region) -> date | None:
    """Without a year, the first one after the message; None for one that is too far to be true."""
    text = text.replace("1er", "1")
    for written in (text, *(f"{text}{'/' if '/' in text else ' '}{year}" for year in (received.year, received.year + 1))):
        try:
            day = dates.parse(written, region)
        except Unreadable:
            continue
        if received <= day <= received + LONGEST:
            return day
    return None
