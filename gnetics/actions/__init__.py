"""Verbs that write, inside one unit of work each; pages, the command line and imports use the same ones."""
