"""Which rules are on: an administrator says so, and again for a rule that was changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from gnetics.actions.sequences import end
from gnetics.automations import deciding
from gnetics.automations.book import Book, Entry, book, named
from gnetics.automations.deeds.mails import MODELS
from gnetics.automations.rule import sentence
from gnetics.automations.rules_file import FILE
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.domain.runs import Status
from gnetics.domain.sequences import State
from gnetics.errors import GneticsError
from gnetics.mail.templates import OWN, Templates
from gnetics.store.crm import Crm
from gnetics.store.duplicates import chunks
from gnetics.store.schema import automations, runs, sequences
from gnetics.store.unit_of_work import UnitOfWork

SWITCHED_OFF = "La règle a été désactivée."
Row = dict[str, Any]


def enable(crm: Crm, user: str, name: str, existing: bool = False) -> Entry:
    """From now on; with `existing`, for what matches already too. Another definition than before is another version."""
    entry = named(crm, name)
    if entry.rule.lacks:
        raise GneticsError(f"La règle «\u00a0{name}\u00a0» ne peut pas être activée\u00a0: donnez {entry.rule.lacks} dans {FILE}.")
    templates = Templates(crm.settings.data_dir / OWN, MODELS)
    if absent := next((each for each in entry.rule.models if not templates.has(each)), None):
        raise GneticsError(f"La règle «\u00a0{name}\u00a0» ne peut pas être activée\u00a0: il n’y a pas de modèle «\u00a0{absent}\u00a0».")
    with crm.write(user, Verb.TASKS) as uow:
        known = uow.connection.execute(select(automations.c.digest, automations.c.version).where(automations.c.name == name)).first()
        version = known.version if known and known.digest == entry.rule.digest else (known.version if known else 0) + 1
        enabled = replace(entry, version=version, enabled=True, changed=False, since=None if existing else uow.now, since_rev=uow.rev)
        _keep(uow, enabled, digest=entry.rule.digest)
        uow.note_setting(f"automatisation {name}", _word(entry), f"activée, version {version}")
        uow.commit_all()
    if existing:
        deciding.note_existing(crm, enabled)
    return named(crm, name)


def disable(crm: Crm, user: str, name: str) -> int:
    """What it had still to do is cancelled, and its sequences end; how much. One that is no longer in the file can be disabled too."""
    mine = automations.c.name == name
    with crm.read() as connection:
        known = connection.execute(select(automations.c.enabled).where(mine)).scalar()
    if known is None:  # no worker has read it
        known = named(crm, name).enabled
        publish(crm, book(crm))
    with crm.write(user, Verb.TASKS) as uow:
        off = {"enabled": False, "changed": False, "switched_at": uow.now, "switched_by": user}
        uow.connection.execute(update(automations).where(mine).values(off))
        going = select(sequences.c.lead_key).where(sequences.c.automation == name, sequences.c.state == State.RUNNING)
        for lead_key in uow.connection.execute(going).scalars().all():
            end(uow, lead_key, "la règle a été désactivée")
        waiting = uow.connection.execute(select(runs.c.key).where(runs.c.automation == name, runs.c.status == Status.TO_DO)).scalars().all()
        for some in chunks(waiting):
            cancelled = {"status": Status.CANCELLED, "reason": SWITCHED_OFF, "ended_at": uow.now}
            uow.update_many("runs", [(run, cancelled) for run in uow.rows("runs", some).values()], Action.CHANGED)
        uow.note_setting(f"automatisation {name}", "activée" if known else None, "désactivée")
        uow.commit_all()
    return len(waiting)


def publish(crm: Crm, every: Book) -> None:
    """Note the rules as they are read now, for those who look at them; nothing is written when all is as it was."""
    with crm.read() as connection:  # first, since writers wait for one another
        if _published(connection) == {name: _told(entry, n) for n, (name, entry) in enumerate(every.items())}:
            return
    with crm.write("", Verb.TASKS) as uow:
        uow.connection.execute(update(automations).values(position=None))
        known = set(uow.connection.execute(select(automations.c.name)).scalars())
        for position, (name, entry) in enumerate(every.items()):
            told = _told(entry, position)
            if name in known:
                uow.connection.execute(update(automations).where(automations.c.name == name).values(told))
            else:
                begun = {"version": entry.version, "enabled": entry.enabled, "digest": entry.rule.digest if entry.enabled else ""}
                uow.connection.execute(insert(automations), {"name": name, **NEVER, **begun, **told})
        uow.commit_private()


def _published(connection: Connection) -> dict[str, Row]:
    columns = [automations.c[name] for name in TOLD]
    query = select(automations.c.name, *columns).where(automations.c.position.is_not(None))
    return {row.name: dict(zip(TOLD, row[1:], strict=True)) for row in connection.execute(query)}


def _told(entry: Entry, position: int) -> Row:
    rule = entry.rule
    said = {"title": rule.title, "sentence": sentence(rule), "nightly": rule.at if rule.nightly else None}
    return {"position": position, **said, "changed": entry.changed, "dry": entry.dry}


def _keep(uow: UnitOfWork, entry: Entry, **more: Any) -> None:
    mine = automations.c.name == entry.rule.name
    before = uow.connection.execute(select(automations).where(mine)).mappings().first()
    switched = {
        "version": entry.version,
        "enabled": entry.enabled,
        "since": entry.since,
        "since_rev": entry.since_rev,
        "switched_at": uow.now,
        "switched_by": uow.user,
    }
    told = _told(entry, before["position"] if before else 0)
    row = {"name": entry.rule.name, **(before or NEVER), **told, **switched, **more}
    uow.connection.execute(delete(automations).where(mine))
    uow.connection.execute(insert(automations), row)


def _word(entry: Entry) -> str | None:
    return "activée" if entry.enabled else "désactivée" if entry.version else None


TOLD = ("position", "title", "sentence", "nightly", "changed", "dry")
NEVER: Row = {"version": 0, "digest": "", "enabled": False, "since": None, "since_rev": 0, "switched_at": None, "switched_by": ""}
