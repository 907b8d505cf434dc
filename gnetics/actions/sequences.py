"""Ending a sequence of follow-ups: by somebody's hand, or by what happened."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select, update

from gnetics.domain.rights import Verb
from gnetics.domain.runs import Status, rule_key
from gnetics.domain.sequences import State
from gnetics.domain.typography import capital
from gnetics.errors import NotFound, Refused
from gnetics.store.crm import Crm
from gnetics.store.schema import runs, sequences
from gnetics.store.unit_of_work import UnitOfWork
from gnetics.texts import TEAM_ONLY

Row = Mapping[str, Any]
BY_HAND = "arrêtée par {user}"


def stop(crm: Crm, user: str, lead_key: int) -> None:
    """« Arrêter »; raises NotFound when none is running any more."""
    if not crm.sync_active():
        raise Refused({"": TEAM_ONLY})
    with crm.write(user, Verb.SEND) as uow:
        uow.row("leads", lead_key)  # of this person's own
        if not end(uow, lead_key, BY_HAND.format(user=user)):
            raise NotFound("Cette relance est déjà terminée.")
        uow.commit()


def end(uow: UnitOfWork, lead_key: int, reason: str) -> bool:
    """Whether it was running: the log says which step is not to come, and why. The caller commits."""
    mine = (sequences.c.lead_key == lead_key, sequences.c.state == State.RUNNING)
    found = uow.connection.execute(select(sequences).where(*mine)).mappings().first()
    if found is None:
        return False
    over = {"state": State.STOPPED, "reason": reason, "ended_at": uow.now, "next_on": None}
    uow.connection.execute(update(sequences).where(*mine).values(over))
    _note_end(uow, dict(found), reason)
    return True


def step_name(lead_key: int, base: date, step: int) -> str:
    """Of the run of a step after the first one, within the keys of its rule."""
    return f"L{lead_key} {base.isoformat()} étape {step}"


def _note_end(uow: UnitOfWork, row: Row, reason: str) -> None:
    """As the run of the step that does not come: the one that waits, else a new one, unless it has been told already."""
    key = rule_key(row["automation"], row["version"], step_name(row["lead_key"], row["base"], row["step"] + 1))
    cancelled = {"status": Status.CANCELLED, "reason": f"{capital(reason)}.", "ended_at": uow.now}
    waiting = uow.connection.execute(select(runs.c.key, runs.c.status).where(runs.c.idempotency_key == key)).first()
    if waiting:
        if waiting.status == Status.TO_DO:
            uow.update("runs", waiting.key, cancelled)
        return
    mine = (runs.c.automation == row["automation"], runs.c.lead_key == row["lead_key"])
    last = uow.connection.execute(select(runs).where(*mine).order_by(runs.c.key.desc()).limit(1)).mappings().first()
    if last is None:  # the log has forgotten it
        return
    kept = {name: last[name] for name in ("automation", "rule", "rule_version", "trigger", "lead_key", "lead_label")}
    told = {"idempotency_key": key, "triggered_by": uow.user, "subject": f"Relance {row['step'] + 1} sur {row['steps']}"}
    uow.insert("runs", {**kept, **told, **cancelled, "queued_at": uow.now})
