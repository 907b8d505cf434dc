"""How long before an event its person is reminded of it."""

from __future__ import annotations

from gnetics.domain.typography import counted

CHOICES = (0, 10, 30, 60, 1440)  # minutes, as the form offers them; other calendars have others
HOUR, DAY = 60, 1440


def words(minutes: int) -> str:
    """« à l’heure », « 10 minutes avant », « 1 heure avant », « 1 jour avant »."""
    if not minutes:
        return "à l’heure"
    unit, size = ("jour", DAY) if minutes % DAY == 0 else ("heure", HOUR) if minutes % HOUR == 0 else ("minute", 1)
    return f"{counted(minutes // size, unit)} avant"
