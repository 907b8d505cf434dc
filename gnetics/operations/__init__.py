"""What keeps the product running: backup, checks, alerts, the worker and its tasks of the night."""
