"""What a person notes of an exchange that the product did not carry: its kind, how it went, when to go on."""

from __future__ import annotations

from dataclasses import dataclass

from gnetics.domain.events import OTHER

FOLLOW_UPS = (1, 3, 7)  # working days
REACHED, NO_ANSWER, VOICE_MAIL, CALL_BACK = "Joint", "Pas de réponse", "Messagerie", "À rappeler"
USUAL: dict[str, int] = {REACHED: 7, NO_ANSWER: 1, VOICE_MAIL: 3, CALL_BACK: 1, "": 3}  # the days until one goes on, by result


@dataclass(frozen=True)
class Kind:
    """`event` is the kind of the event that it leaves in the calendar; `results` is empty where only one can be."""

    label: str
    event: str
    results: tuple[str, ...]


KINDS: tuple[Kind, ...] = (
    Kind("Appel", "Appel", (REACHED, NO_ANSWER, VOICE_MAIL, CALL_BACK)),
    Kind("Rendez-vous", "Rendez-vous", (REACHED, NO_ANSWER, CALL_BACK)),
    Kind("Visite", "Rendez-vous", (REACHED, NO_ANSWER, CALL_BACK)),
    Kind("Email", OTHER, ()),
)
BY_LABEL: dict[str, Kind] = {kind.label: kind for kind in KINDS}


def title(kind: Kind, result: str) -> str:
    """« Appel : messagerie », the title of its event."""
    return f"{kind.label}\u00a0: {result.lower()}" if kind.results else f"{kind.label} envoyé"
