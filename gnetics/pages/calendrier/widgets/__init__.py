"""The templates of calendrier, each with the traits and events of its widget."""
