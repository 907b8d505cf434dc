"""The templates of logs, each with the traits and events of its widget."""
