"""Calendrier: the events by month, week and day, and the panel of one."""
