"""A period in few letters: « 30d », « 12m », « 2026 », « 2026Q4 », « 2026-11 », or two days."""

from __future__ import annotations

import re
from datetime import date, timedelta

from gnetics.metrics.window import Window, month_start

_FORM = re.compile(r"(?P<days>\d{1,4})d|(?P<months>\d{1,3})m|(?P<year>\d{4})(?:Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?")


def window(period: str | tuple[date, date], today: date) -> Window:
    """« 30d » ends today, « 12m » begins with the month eleven months ago; both ends are included. Raises ValueError for another form."""
    if not isinstance(period, str):
        return Window(*period)
    found = _FORM.fullmatch(period)
    if not found or found["days"] == "0" or found["months"] == "0" or found["year"] == "0000":
        raise ValueError(f"« {period} » n’est pas une période : 30d, 12m, 2026, 2026Q4, 2026-11, ou deux jours.")
    if found["days"]:
        return Window.last(int(found["days"]), today)
    if found["months"]:
        return Window(month_start(today, 1 - int(found["months"])), today)
    first, months = date(int(found["year"]), 1, 1), 12
    if found["quarter"]:
        first, months = month_start(first, 3 * (int(found["quarter"]) - 1)), 3
    elif found["month"]:
        first, months = month_start(first, int(found["month"]) - 1), 1
    return Window(first, month_start(first, months) - timedelta(days=1))
