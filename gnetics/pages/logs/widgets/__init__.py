"""The templates of both logs, each with the traits and events of its widget."""
