"""Answers proposed to mails that came; a person decides."""
