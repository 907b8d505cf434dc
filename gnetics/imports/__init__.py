"""A file becomes rows: read, recognise, match, plan, write; a module a stage."""
