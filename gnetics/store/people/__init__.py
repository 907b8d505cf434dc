"""Accounts, their rights as a transaction reads them, own leads, sign-ins."""
