"""The templates of accueil, each with the traits and events of its widget."""
