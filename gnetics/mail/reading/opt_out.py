"""Whether somebody asks to receive nothing more: a short mail that says so, in French or English."""

from __future__ import annotations

import re

from gnetics.domain.folding import fold

LONGEST, SHORT = 400, 80  # characters: a longer mail speaks of something else; a word alone is a wish in a short one
_POLITE = re.compile(r"\b(?:bonjour|bonsoir|madame|monsieur|merci(?: d'avance)?|cordialement|svp|s'il vous plait|hello|please|thanks?)\b")
_LEAVE = "desinscription|desinscrire|desinscrivez|desabonnement|desabonner|desabonnez|unsubscribe|opt[ -]?out"
_ALONE = re.compile(rf"(?:re )?(?:stop(?: pub| publicites?| e?-?mails?| sms| spam)?|(?:demande de )?(?:{_LEAVE})(?: me| moi)?)")
_WHAT = (  # is not to come any more; one may also wish no more invoices
    r"(?:(?:de|d'|des|vos|ces|aucune?|any|more|your|these|such)[ ]?)+"
    r"(?:e-?mails?|mails?|courriels?|messages?|newsletters?|lettres|publicites?|pubs?|sollicitations?|offres|communications?|envois|relances)"
)
_ASKED = re.compile(
    "|".join(
        (
            r"\bdesinscri(?:re|vez|s)[ -]moi\b|\bdesabonne[rz]?[ -]moi\b|\b(?:me|nous) (?:desinscrire|desabonner)\b",
            r"\b(?:souhaite|demande|veux|voudrais|desire|procede[rz] a) (?:une |la |ma |mon |notre )?(?:desinscription|desabonnement)\b",
            rf"\bne (?:souhait|veu|voul|desir)\w* plus (?:recevoir (?:{_WHAT}|rien)|etre (?:contact|sollicit|demarch|relanc)\w+)",
            rf"\bne plus (?:recevoir {_WHAT}|(?:me |m'|nous )(?:contacter|solliciter|ecrire|relancer|demarcher|envoyer {_WHAT}))",
            r"\bne (?:me |m'|nous )(?:contactez|sollicitez|ecrivez|relancez|envoyez) plus\b(?! (?:au|sur) )",
            rf"\bcesse[rz] de (?:me |m'|nous )(?:contacter|solliciter|ecrire|relancer|envoyer {_WHAT})",
            r"\b(?:retire|supprime|enleve|raye)[rz]?[ -](?:moi|mon (?:adresse|nom|e-?mail)|mes coordonnees)(?: e-?mail)?"
            r" de (?:vos|votre|la|cette)\b",
            r"\bunsubscribe (?:me|us|from)\b|\b(?:remove|take) (?:me|us|my (?:name|e-?mail|address)) (?:from|off)\b",
            r"\bstop (?:sending|e-?mailing|contacting|writing)\b",
            r"\b(?:do not|don't) (?:e-?mail|contact|write to|send) (?:me|us)\b(?! (?:by|at|on) )",
        )
    )
)
_BUT = re.compile(
    rf"\bpar erreur\b|\bby mistake\b|\bre-?inscri|\breabonn|\b(?:pas|jamais|comment|how|if|not) (?:\w+ ){{0,3}}(?:me )?(?:{_LEAVE})"
)


def asked(subject: str, written: str) -> bool:
    """`written`: without what is quoted, since our own mails say how to ask."""
    if len(written) > LONGEST:
        return False
    text = written.strip() or subject
    if len(text) <= SHORT and _ALONE.fullmatch(next(filter(None, map(_words, text.split("\n"))), "")):
        return True
    folded = fold(text) or ""
    return bool(_ASKED.search(folded)) and not _BUT.search(folded)


def _words(line: str) -> str:
    """Without politeness and signs."""
    return " ".join(re.sub("[^a-z0-9 -]", " ", _POLITE.sub(" ", fold(line) or "")).split())
