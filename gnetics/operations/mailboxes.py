"""Whether mail comes in, and how it may leave, for `gnetics check` and the night's alert."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from gnetics.domain.typography import counted
from gnetics.mail import outbox
from gnetics.operations.finding import Finding
from gnetics.settings import REAL_SENDING
from gnetics.store.crm import Crm
from gnetics.store.reading.mailboxes import State, states

SILENT = timedelta(hours=2)  # the worker asks each of them every minute


def mailbox_findings(crm: Crm) -> Iterator[Finding]:
    """None for the demo, which has no mailbox and sends nothing."""
    if crm.kind == "demo":
        return
    known = states(crm)
    for box in crm.settings.mail_boxes:
        yield Finding(f"Boîte {box.name}", *_answered(known.get(box.name), crm.clock.now()))
    if crm.settings.mail_sending == REAL_SENDING:
        yield _unknown(crm)
        if not crm.settings.public_url:
            yield Finding("Désinscription", True, "par email seulement\u00a0: GNETICS_PUBLIC_URL est vide")


def _answered(state: State | None, now: datetime) -> tuple[bool, str]:
    if state is None:
        return False, "jamais lue\u00a0: «\u00a0gnetics worker\u00a0» la lit chaque minute, «\u00a0gnetics inbox fetch\u00a0» tout de suite"
    local = state.answered_at.astimezone(now.tzinfo) if state.answered_at else None
    last = f"lue le {local:%d/%m/%Y à %H:%M}" if local else "jamais lue"
    if state.said:
        return False, f"{last}\u00a0; {state.said}"
    return state.answered_at is not None and now - state.answered_at < SILENT, last


def _unknown(crm: Crm) -> Finding:
    lost = [each for each in outbox.waiting(crm) if each.state is outbox.State.UNKNOWN]
    if not lost:
        return Finding("Envois", True, "aucun n’est inconnu")
    what = f"{counted(len(lost), 'envoi dont on ne sait', 'envois dont on ne sait')} s’il est parti"
    return Finding("Envois", False, f"{what}\u00a0: dites-le sur la fiche du contact, ou voyez «\u00a0gnetics outbox list\u00a0»")
