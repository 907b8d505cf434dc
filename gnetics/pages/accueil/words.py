"""The sentences of Accueil, made of figures computed elsewhere."""

from __future__ import annotations

from datetime import datetime

from gnetics.domain.typography import counted, number, spaced

EVENING, MORNING = 18, 5  # hours


def greeting(now: datetime, user: str) -> str:
    """« Bonjour Ana », « Bonsoir Ana »; the first name only."""
    hello = "Bonjour" if MORNING <= now.hour < EVENING else "Bonsoir"
    name = user.split("@")[0].split()[0] if user.strip() else ""
    return f"{hello} {name[:1].upper()}{name[1:]}".strip()


def day_sentence(follow_up: int, never: int, blocked: int, late: int, coming: str = "") -> str:
    """What waits today, in one sentence; `late` are those of `follow_up` by more than a week, `coming` the next event."""
    delay = f" (dont {number(late)} en retard de plus d’une semaine)" if late else ""
    parts = [
        f"{counted(follow_up, 'contact')} à relancer{delay}" if follow_up else "",
        f"{number(never)} encore jamais {'contacté' if never < 2 else 'contactés'}" if never else "",
        counted(blocked, "bloqué") if blocked else "",
    ]
    waiting = listed([part for part in parts if part]) or "aucun contact n’attend de relance, de premier contact ou de correction"
    return spaced(f"Aujourd’hui, {waiting}{' ; ' + coming if coming else ''}.")


def listed(parts: list[str]) -> str:
    """« a, b et c »."""
    return f"{', '.join(parts[:-1])} et {parts[-1]}" if len(parts) > 1 else "".join(parts)


def next_event(title: str, when: str, under_way: bool) -> str:
    return f"{'événement en cours' if under_way else 'prochain événement'} {when} : « {title} »"
