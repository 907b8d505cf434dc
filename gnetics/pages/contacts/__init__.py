"""Contacts: the list in its views, the sheet of a lead, and what is done to many at once."""
