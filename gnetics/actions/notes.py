"""Adding a dated, signed note to a contact, without opening its form."""

from __future__ import annotations

from gnetics.actions.leads import Saved, change_lead
from gnetics.domain import dates, values
from gnetics.domain.history import Action
from gnetics.errors import Conflict, Refused
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot


def add_note(crm: Crm, user: str, key: int, text: str, snapshot: Snapshot) -> Saved:
    """Append « 24/11/2026, Ana : text » to the contact's notes."""
    text = values.clean(text, lines=True)
    if not text:
        raise Refused({"notes": "Écrivez d’abord la note."})
    try:
        return _append(crm, user, key, text, snapshot)
    except Conflict:  # somebody else wrote a note meanwhile: ours comes after it
        snapshot.catch_up()
        return _append(crm, user, key, text, snapshot)


def _append(crm: Crm, user: str, key: int, text: str, snapshot: Snapshot) -> Saved:
    old = snapshot.lead(key)["notes"]
    signed = f"{dates.show(crm.clock.today(), crm.region)}, {user}\u00a0: {text}"
    notes = f"{old}\n{signed}" if old else signed
    return change_lead(crm, user, key, {"notes": notes}, {"notes": old}, snapshot, Action.CHANGED)
