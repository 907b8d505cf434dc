"""« Consigner »: a call, a meeting, a visit or a mail written elsewhere, with what follows from it, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import uuid4

from gnetics.actions.editing import cleaned, refuse
from gnetics.actions.events import save_event
from gnetics.actions.leads import Saved, change_lead
from gnetics.domain import consigning, events, values
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.domain.statuses import LOST
from gnetics.errors import Refused
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot
from gnetics.store.unit_of_work import UnitOfWork

LASTS = timedelta(minutes=15)  # what its event takes in the calendar
_CHANGED = frozenset({"next_follow_up", "status", "lost_reason"})


class Noted(NamedTuple):
    """In the words of domain/consigning.py; `result` is "" where the kind has none, `line` what the person writes of it."""

    kind: str
    result: str
    line: str


def consign(
    crm: Crm, user: str, key: int, noted: Noted, changes: Mapping[str, Any], seen: Mapping[str, Any] | None, snapshot: Snapshot
) -> Saved:
    """Note that the contact was just called, met or written to: an event done, « Dernier contact », and the `changes` that go with it.

    `changes` and `seen` are as in `save_lead`, of `next_follow_up`, `status` and `lost_reason`. Raises what `save_lead` and
    `save_event` do.
    """
    kind = consigning.BY_LABEL.get(noted.kind)
    if kind is None or noted.result not in (kind.results or ("",)):
        raise Refused({"": "Choisissez le type de l’échange et son résultat."})
    asked, known = cleaned(changes, _CHANGED), cleaned(seen, _CHANGED)
    if asked.get("status") == LOST and not asked.get("lost_reason"):
        refuse({"lost_reason": "Indiquez pourquoi ce contact est perdu."})
    crm.require(user, Verb.SAVE_EVENT)
    now = crm.clock.now().replace(second=0, microsecond=0)
    event = {
        "title": consigning.title(kind, noted.result),
        "kind": kind.event,
        "starts_at": now,
        "ends_at": now + LASTS,
        "description": values.clean(noted.line, lines=True) or None,
        "owner": user,
        "lead_key": key,
        "all_day": False,
        "done": True,
    }
    refuse(events.check(event))

    def enter(uow: UnitOfWork, lead_key: int) -> None:
        uow.insert("events", event | {"lead_key": lead_key, "uid": f"{uuid4()}@gnetics"})

    saved = change_lead(crm, user, key, asked | {"last_contact": crm.clock.today()}, known, snapshot, Action.CHANGED, also=enter)
    if saved.session_only:
        save_event(crm, user, None, event, None, snapshot)
    return saved
