"""What other programs write in columns of consent, and what each word says of it; compared folded."""

from __future__ import annotations

from gnetics.domain.consent import Consent
from gnetics.domain.folding import fold
from gnetics.domain.sheets import OPT_IN, OPT_OUT, SUBSCRIBED
from gnetics.imports.column_readings import NO, YES

_YES, _NO = "|".join([*YES, "on"]), "|".join([*NO, "off"])
_IN = "abonné|abonnée|inscrit|inscrite|subscribed|opt-in|opted in|opted-in|optin|accepté|accordé|granted|allow|allowed|autorisé"
_OUT = (
    "désabonné|désabonnée|désinscrit|désinscrite|unsubscribed|opt-out|opted out|opted-out|optout|retirée|withdrawn|revoked|révoqué"
    "|blacklisted|liste noire"
)
_DENIED = "refusée|refus|refused|denied|declined|opposé|opposée|do not allow|not allowed|interdit"


def _consents(given: str, refused: str, withdrawn: str, nothing: str = "") -> dict[str, str]:
    each = {Consent.GIVEN: given, Consent.REFUSED: refused, Consent.WITHDRAWN: withdrawn, "": nothing}
    return {fold(word) or "": str(said) for said, words in each.items() for word in words.split("|") if word}


WORDS: dict[str, dict[str, str]] = {  # by column; "" for a word that says nothing
    OPT_OUT.key: _consents("", "", f"{_YES}|{_OUT}|{_DENIED}|retiré|refusé", f"{_NO}|{_IN}|donné"),
    OPT_IN.key: _consents(f"{_YES}|{_IN}|donné", f"{_NO}|{_DENIED}|refusé", f"{_OUT}|retiré"),
    SUBSCRIBED.key: _consents(f"{_YES}|{_IN}|donné", f"{_DENIED}|refusé", f"{_OUT}|retiré", _NO),
    "consent": _consents(f"{_YES}|{_IN}|donnée|given|obtained|obtenu", f"{_NO}|{_DENIED}", _OUT),
    "legal_basis": {
        fold(word) or "": basis
        for basis, words in {
            "consentement": "consent|freely given consent from contact|consentement libre du contact",
            "contrat": "contract|performance of a contract|exécution d’un contrat|exécution du contrat",
            "obligation légale": "legal obligation",
            "intérêts vitaux": "vital interests|sauvegarde des intérêts vitaux",
            "mission d’intérêt public": "public task|public interest|intérêt public",
            "intérêt légitime": "legitimate interest|legitimate interests|intérêts légitimes"
            "|legitimate interest - prospect/lead|legitimate interest - existing customer|legitimate interest - other",
        }.items()
        for word in words.split("|")
    },
}
