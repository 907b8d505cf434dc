"""The templates of Accueil, each with the traits and events of its widget."""
