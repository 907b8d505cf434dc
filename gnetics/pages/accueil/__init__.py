"""Accueil: the day in one sentence, a card per page, the next events."""
