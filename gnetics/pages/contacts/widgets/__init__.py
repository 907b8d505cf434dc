"""The templates of contacts, each with the traits and events of its widget."""
