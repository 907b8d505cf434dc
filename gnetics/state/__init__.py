"""What several pages look at: the address, the search, the session; no widget, testable without a browser."""
