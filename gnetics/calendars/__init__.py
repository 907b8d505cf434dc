"""Calendars on other servers (CalDAV), which hold the same events as the store."""
