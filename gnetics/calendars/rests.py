"""Where a calendar and the store were last the same: as long as neither moved since, a round reads no event."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, func, select

from gnetics.calendars.dav import Changes
from gnetics.calendars.states import Place
from gnetics.domain.regions import Region
from gnetics.settings.calendar import CalendarAccount
from gnetics.store import about
from gnetics.store.schema import REVISION, events, leads


def is_at_rest(connection: Connection, account: CalendarAccount, region: Region, place: Place, changes: Changes) -> bool:
    """Whether what the server told is known, and all that is here was sent."""
    rev, *read_by = json.loads(about.read(connection, _name(account)) or "[null]")
    return rev is not None and read_by == _read_by(account, region) and _is_known(place, changes) and not _moved(connection, rev)


def note(connection: Connection, account: CalendarAccount, region: Region, rests: bool) -> None:
    """Both are the same in this transaction, or they are not."""
    last = max(connection.execute(select(func.max(table.c.rev))).scalar() or 0 for table in (events, leads))
    about.write(connection, _name(account), json.dumps([last, *_read_by(account, region)]) if rests else None)


def _name(account: CalendarAccount) -> str:
    return f"calendar_rest:{account.name}"


def _read_by(account: CalendarAccount, region: Region) -> list[Any]:
    """What, beside its events, decides of what a calendar carries and how that is written."""
    return [account.url, account.owner, region.zone_name, REVISION]


def _is_known(place: Place, changes: Changes) -> bool:
    gone = place.etags.keys() - changes.etags.keys() if changes.whole else ()
    return not gone and all(place.etags.get(href) == etag for href, etag in changes.etags.items())


def _moved(connection: Connection, rev: int) -> bool:
    """An event, or a contact who has one: events carry their names."""
    changed = select(events.c.key).where(events.c.rev > rev)
    renamed = select(leads.c.key).join(events, events.c.lead_key == leads.c.key).where(leads.c.rev > rev, ~events.c.deleted)
    return any(connection.execute(each.limit(1)).first() for each in (changed, renamed))
