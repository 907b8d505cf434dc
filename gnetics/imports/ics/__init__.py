"""iCalendar files: a child process reads them (`reader`), the rest writes what it found."""
