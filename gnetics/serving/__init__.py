"""Starting Voilà: configuration, identity, template; and what a kernel asks it (request.py, imported alone)."""
