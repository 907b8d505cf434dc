"""The templates of Calendrier, each with the traits and events of its widget."""
