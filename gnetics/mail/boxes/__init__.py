"""Mailboxes in: where mail is fetched from."""
