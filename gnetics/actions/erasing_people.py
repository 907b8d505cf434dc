"""A person is forgotten at once, wherever they stand; what names them in the words of others is listed for a human to decide."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy import or_, select

from gnetics.domain.accesses import COMMAND, Access
from gnetics.domain.leads import title
from gnetics.domain.outbox import UNSETTLED, State
from gnetics.domain.rights import Verb
from gnetics.errors import NotFound, Refused
from gnetics.store import access_log
from gnetics.store.crm import Crm
from gnetics.store.people import own_addresses
from gnetics.store.person import beside, digests, scrubbing
from gnetics.store.person.digests import Erased
from gnetics.store.person.finding import Mention, Person, person_known_by, person_of, person_of_leads, places, refuse_colleague, with_deals
from gnetics.store.person.forgetting import forget
from gnetics.store.schema import outbox
from gnetics.store.unit_of_work import UnitOfWork
from gnetics.texts import ERASING_NEEDS_SYNC

_LEAVING = "Un message est en train de leur être envoyé\u00a0: réessayez dans quelques minutes."
_FOR_SEVERAL = "Un message à plusieurs destinataires, dont cette personne, attend de partir\u00a0: annulez-le d’abord."
_ANOTHER = "Le nom tapé n’est pas celui de la fiche\u00a0: rien n’a été effacé."


@dataclass(frozen=True)
class Erasure:
    """`rows` were theirs, `others` had their address or telephone removed; `places` still name them.

    `shared` stays, since somebody else has it: what, and whose. `unwritten` are folders whose list of digests could not be written;
    `scrubbed`: no byte is left in the file; `copies` of the store beside it still have what they had.
    """

    rows: int
    others: int
    places: list[Mention]
    shared: Mapping[str, str]
    unwritten: Sequence[str] = ()
    scrubbed: bool = False
    copies: Sequence[str] = ()


def erase_person(crm: Crm, user: str, asked: str, place: str) -> Erasure:
    """By an ID Lead, an email or a telephone. Raises Refused, NotFound, Forbidden or StoreError, having written nothing."""
    ours = own_addresses.of_all(crm)
    _require_sync(crm)
    with crm.write(user, Verb.ERASE_PERSON) as uow:
        found = person_of(uow.connection, asked, uow.region)
        done = _erase(uow, found, ours, place)
    return _finish(crm, done)


def erase_lead(crm: Crm, user: str, key: int, name: str, place: str) -> Erasure:
    """The person of that lead, whose `name` was typed as the lead is called now."""
    ours = own_addresses.of_all(crm)
    _require_sync(crm)
    with crm.write(user, Verb.ERASE_PERSON) as uow:
        row = uow.row("leads", key)
        if name.strip() != title(row).strip():
            raise Refused({"": _ANOTHER})
        done = _erase(uow, person_of_leads(uow.connection, with_deals(uow.connection, [key])), ours, place)
    return _finish(crm, done)


def erase_again(crm: Crm, key: str, erased: Collection[Erased]) -> int:
    """Of a store that was put back: those who had been erased before, by the digests that it does not know; how many leads.

    `key` is that of the digests; a store from before there were any takes it over.
    """
    with crm.write("", Verb.ERASE_PERSON) as uow:
        digests.take_key(uow.connection, key)
        known = {each.digest for each in digests.every(uow.connection)}
        new = [each for each in erased if each.digest not in known]  # who came back since then is not erased again
        digests.add(uow.connection, new)
        found = person_known_by(uow.connection, key, {each.digest for each in new})
        if found.rows or found.traces.addresses or found.traces.phones:
            forgotten = forget(uow, found)
            rows, what = forgotten.rows, "de nouveau, après une restauration"
            access_log.add(uow.connection, uow.now, Access.ERASED, "", place=COMMAND, rows=rows, detail=what)
            scrubbing.ask(uow.connection)
        uow.commit_all()
    beside.note_everywhere(crm)
    scrubbing.scrub(crm)
    return len(found.rows)


def _require_sync(crm: Crm) -> None:
    if not crm.sync_active():
        raise Refused({"": ERASING_NEEDS_SYNC})


def _erase(uow: UnitOfWork, found: Person, ours: Collection[str], place: str) -> Erasure:
    if found.rows and all(row["erased_at"] for row in found.rows):
        raise NotFound("Cette personne est déjà effacée.")
    refuse_colleague(uow.connection, found, ours)
    refuse_leaving(uow, found)
    forgotten = forget(uow, found)
    named = list(places(uow.connection, found))
    scrubbing.ask(uow.connection)
    access_log.add(
        uow.connection, uow.now, Access.ERASED, uow.user, place=place, rows=forgotten.rows, detail=f"personne {found.ids}".strip()
    )
    uow.commit_all()
    return Erasure(forgotten.rows, forgotten.others, named, found.shared)


def refuse_leaving(uow: UnitOfWork, found: Person) -> None:
    """What is at a mail server now cannot be held back, and one to several is not theirs alone."""
    to_them = [outbox.c.recipients.ilike(each, escape="/") for each in found.traces.patterns]
    about = or_(outbox.c.lead_key.in_(found.keys), *to_them)
    for row in uow.connection.execute(select(outbox).where(about, outbox.c.state.in_(UNSETTLED))):
        if row.state == State.RUNNING:
            raise Refused({"": _LEAVING})
        if row.lead_key not in found.keys:
            raise Refused({"": _FOR_SEVERAL})


def _finish(crm: Crm, done: Erasure) -> Erasure:
    """What no transaction holds: the lists beside the backups, the bytes of the file."""
    unwritten, scrubbed = beside.note_everywhere(crm), scrubbing.scrub(crm)
    return replace(done, unwritten=unwritten, scrubbed=scrubbed, copies=_copies(crm))


def _copies(crm: Crm) -> list[str]:
    """Made by an upgrade or by `gnetics restore`."""
    if crm.engine.dialect.name != "sqlite":
        return []
    store = Path(str(crm.engine.url.database))
    return sorted(each.name for each in store.parent.glob(f"{store.stem}-avant-*{store.suffix}"))
