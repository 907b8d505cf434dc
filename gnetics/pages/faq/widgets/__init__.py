"""The templates of FAQ, each with the traits and events of its widget."""
