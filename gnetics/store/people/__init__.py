"""Accounts, what each may do as a transaction reads it, own leads, sign-ins and what slows guessing."""
