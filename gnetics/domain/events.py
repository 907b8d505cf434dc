"""What is true of one calendar event."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from gnetics.domain.values import is_missing

KINDS: tuple[str, ...] = ("Rendez-vous", "Appel", "Visio", "Autre")
OTHER = "Autre"
# the words of other programs, folded; a kind that is none of these is « Autre »
KIND_WORDS: dict[str, str] = {
    "call": "Appel", "appel": "Appel", "phone call": "Appel", "appel telephonique": "Appel",
    "meeting": "Rendez-vous", "reunion": "Rendez-vous", "rendez-vous": "Rendez-vous", "lunch": "Rendez-vous", "dejeuner": "Rendez-vous",
    "visio": "Visio", "visioconference": "Visio", "video call": "Visio", "video meeting": "Visio",
}  # fmt: skip
DONE_WORDS: dict[str, bool] = {
    "done": True, "completed": True, "termine": True, "terminee": True, "fait": True, "faite": True, "yes": True, "oui": True,
    "to do": False, "todo": False, "undone": False, "not done": False, "open": False, "a faire": False, "no": False, "non": False,
}  # fmt: skip
MET: tuple[str, ...] = ("Rendez-vous", "Appel", "Visio")  # done, the prospect was really spoken to
LIMITS: dict[str, int] = {"title": 200, "description": 5000, "video_url": 500, "owner": 200, "place": 500, "category": 60}
LONGEST = timedelta(days=366)
NO_ANSWER = "NEEDS-ACTION"  # of a participant, as calendars write it
USUAL = timedelta(hours=1)  # of one of which nobody said how long it lasts
_LABELS = {
    "title": "Titre", "description": "Description", "video_url": "Lien visio", "owner": "Responsable", "place": "Lieu",
    "category": "Catégorie",
}  # fmt: skip
_HOST = re.compile(r"[^\s/@:<>\"']+\.[^\s/@:<>\"']+|localhost")


def safe_link(text: str | None) -> str | None:
    """The link when it is a plain http(s) address, so that nothing else is ever made clickable."""
    if is_missing(text) or text is None or any(character.isspace() or ord(character) < 32 for character in text.strip()):
        return None
    try:
        parts = urlsplit(text.strip())
        good = parts.scheme.lower() in ("http", "https") and bool(_HOST.fullmatch(parts.hostname or "")) and not parts.username
    except ValueError:
        return None
    return text.strip() if good else None


def outcome(event: Mapping[str, Any]) -> str:
    """« annulé », « fait », or nothing yet."""
    return "annulé" if event["cancelled"] else "fait" if event["done"] else ""


def check(values: Mapping[str, Any]) -> dict[str, str]:
    """Sentences of a save, by field; empty when nothing stands in the way."""
    sentences: dict[str, str] = {}
    for key, limit in LIMITS.items():
        text = values.get(key)
        if isinstance(text, str) and len(text) > limit:
            sentences[key] = f"{_LABELS[key]}\u00a0: {len(text)} caractères, le maximum est {limit}\u00a0; raccourcissez le texte."
    title, link = values.get("title"), values.get("video_url")
    if is_missing(title) or not str(title).strip():
        sentences["title"] = "Donnez un titre à l’événement."
    if not is_missing(link) and link and "video_url" not in sentences and not safe_link(link):
        sentences["video_url"] = "Le lien visio doit commencer par https:// ou http:// et mener à un site, sans espace."
    kind = values.get("kind")
    if not is_missing(kind) and kind and kind not in KINDS:
        sentences["kind"] = f"Choisissez un type parmi\u00a0: {', '.join(KINDS)}."
    return sentences | _times(values)


def _times(values: Mapping[str, Any]) -> dict[str, str]:
    start, end = values.get("starts_at"), values.get("ends_at")
    if is_missing(start) or start is None:
        return {"starts_at": "Indiquez la date et l’heure de début."}
    if is_missing(end) or end is None:
        return {"ends_at": "Indiquez l’heure de fin."}
    if end <= start:
        return {"ends_at": "La fin doit venir après le début\u00a0: corrigez l’heure de fin."}
    if end - start > LONGEST:
        return {"ends_at": "L’événement dure plus d’un an\u00a0: vérifiez la date de fin."}
    return {}
