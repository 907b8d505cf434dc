"""What a session looks at: traits only, no widget, testable without a browser."""
