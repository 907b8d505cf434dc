"""The help finds a question by the words people use."""

from __future__ import annotations

from gnetics.pages.faq.search import HelpIndex


def test_every_word_counts_and_accents_do_not() -> None:
    index = HelpIndex({"a": "Comment « Rafraîchir » les données ?", "b": "L’été, rafraîchir la salle"})
    assert index.find("RAFRAICHIR données") == ["a"]
    assert index.find("l'ete") == ["b"]
    assert index.find("  ") == ["a", "b"]
    assert index.find("rien") == []
