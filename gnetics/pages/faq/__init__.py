"""FAQ: the help, searchable."""
