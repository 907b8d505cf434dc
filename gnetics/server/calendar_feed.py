"""A person's calendar for the other calendars they use: read only, without a session, at an address that is its own key."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from sqlalchemy import func, select
from tornado import web

from gnetics.domain import dates
from gnetics.errors import StoreError
from gnetics.server import counters, identity
from gnetics.server.handlers import Plain
from gnetics.store.crm import Crm
from gnetics.store.people import feeds
from gnetics.store.people.accounts import owner_of
from gnetics.store.reading.calendar import calendar_rows
from gnetics.store.schema import events, history

PATH = r"calendrier/([^/]{1,100})\.ics"
NAME, MEDIA_TYPE = "CRM GNETICS", "text/calendar;charset=utf-8"
PAST, COMING = timedelta(days=62), timedelta(days=366)


class Read(NamedTuple):
    """`at` is when any of it may last have changed."""

    content: bytes
    at: datetime


class Feed(Plain):
    """What nobody changed since it was last read is said in one line (304)."""

    SUPPORTED_METHODS = ("GET", "HEAD")

    async def get(self, secret: str) -> None:
        try:
            found = await asyncio.to_thread(read, self.settings["gnetics_crm"], secret)
        except StoreError as error:
            raise web.HTTPError(504) from error
        if found is None:
            counters.count_refusal("calendar", "secret", identity.address(self))
            raise web.HTTPError(404)
        self.set_header("Content-Type", MEDIA_TYPE)
        self.set_header("Cache-Control", "private, no-cache")
        self.set_header("Last-Modified", found.at)
        if self._has_it(found.at):
            self.set_status(304)
        else:
            self.write(found.content)  # tornado compares its digest with If-None-Match

    head = get

    def _has_it(self, at: datetime) -> bool:
        """By the hour alone, of whoever does not say the digest."""
        said = self.request.headers.get("If-Modified-Since", "")
        if not said or "If-None-Match" in self.request.headers:
            return False
        try:
            return at.replace(microsecond=0) <= parsedate_to_datetime(said)
        except (TypeError, ValueError):
            return False


def read(crm: Crm, secret: str) -> Read | None:
    """None for an address that is nobody's."""
    from gnetics.exports.icalendar import icalendar  # 70 ms of the first who asks, not of the server's start

    now = crm.clock.now()
    with crm.read() as connection:
        person = feeds.person_of(connection, secret)
        if person is None:
            return None
        rows = calendar_rows(connection, owner_of(connection, person), now - PAST, now + COMING)
        last = connection.execute(select(history.c.at).order_by(history.c.key.desc()).limit(1)).scalar()
        written = connection.execute(select(func.max(events.c.updated_at))).scalar()  # also of those removed
    morning = dates.moment(crm.clock.today(), time(), crm.region).astimezone(UTC)  # another day shows other events
    return Read(icalendar(rows, crm.region, NAME), max(at for at in (morning, last, written) if at is not None and at <= now))
