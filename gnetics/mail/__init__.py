"""Messages out, and mailboxes in."""
