"""The SQL store (the truth) and the pandas snapshot of it that a session works on."""
