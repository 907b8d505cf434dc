"""Automations Log and Inbox Log: what they show alike, and each its rows."""
