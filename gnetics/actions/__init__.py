"""Verbs that write, with their checks and their history: the same ones for pages, the command line and imports."""
