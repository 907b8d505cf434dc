"""The templates of boards, each with the traits and events of its widget."""
