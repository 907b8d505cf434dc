"""The form of a mail being written: its texts, the mail that they mean, and when it is to leave."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from gnetics.domain import dates
from gnetics.domain.calm_hours import next_allowed
from gnetics.domain.regions import Region
from gnetics.errors import Refused, Unreadable
from gnetics.mail.composing import Draft

Form = Mapping[str, str]


def written(draft: Draft) -> dict[str, str]:
    """A draft as the texts of its form."""
    return {"to": ", ".join(draft.to), "cc": ", ".join(draft.cc), "subject": draft.subject, "text": draft.text}


def draft(form: Form) -> Draft:
    to, cc = (tuple(each.strip() for each in re.split(r"[,;\n]", form[name]) if each.strip()) for name in ("to", "cc"))
    return Draft(to, cc, form["subject"], form["text"])


def next_morning(today: date, region: Region) -> dict[str, str]:
    """Of a working day, which « Plus tard… » begins with."""
    morning = next_allowed(datetime.combine(today + timedelta(days=1), time(), region.zone), region)
    return {"day": dates.show(morning.date(), region), "hour": f"{morning:%H:%M}"}


def due(form: Form, now: datetime, region: Region) -> datetime:
    """When a mail is to leave, of an hour that there is twice the first one; raises Refused, by field."""
    wrong: dict[str, str] = {}
    day, hour = date.min, time()
    try:
        day = dates.parse(form["day"], region)
    except Unreadable as error:
        wrong["day"] = str(error)
    try:
        hour = dates.parse_time(form["hour"])
    except Unreadable as error:
        wrong["hour"] = str(error)
    if wrong:
        raise Refused(wrong)
    try:
        moment = dates.moment(day, hour, region)
    except Unreadable as error:
        raise Refused({"hour": str(error)}) from error
    if moment <= now:  # in UTC: two of one zone would compare what their clocks show
        raise Refused({"hour": "Ce moment est passé\u00a0: choisissez-en un à venir."})
    return moment.astimezone(region.zone)
