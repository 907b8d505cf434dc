"""What keeps the product running: backup, checks, alerts, the worker and what it does at night."""
