"""Messages out; a mailbox's messages will come in here too."""
