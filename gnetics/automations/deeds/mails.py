"""A mail to a lead, on behalf of its Responsable: once, at working hours, to nobody who does not want it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from gnetics.actions.sequences import end
from gnetics.automations import absences, sequences
from gnetics.automations.deeds.job import Held, Job, Outcome, ignored
from gnetics.domain import dates, emails
from gnetics.domain.calm_hours import MORNING, next_allowed
from gnetics.domain.history import Action
from gnetics.domain.leads import still_unread
from gnetics.domain.runs import Status
from gnetics.domain.sequences import State
from gnetics.domain.typography import capital
from gnetics.errors import Unreadable
from gnetics.mail import barred, outbox, unsubscribing
from gnetics.mail.composing import Draft, answer_subject, composed, new_id
from gnetics.mail.outbox import Posted
from gnetics.mail.templates import OWN, Blocked, Templates, fields_of
from gnetics.store.people.writers import Writer, account_of, writer_of
from gnetics.store.schema import instant
from gnetics.store.unit_of_work import UnitOfWork

MODELS = Path(__file__).parents[1] / "modeles"
SUBJECT = "objet"  # begins the first line of a template that has a subject
LEAVE = "Pour ne plus recevoir ces messages\u00a0: {how}"
BY_ANSWER = "répondez «\u00a0stop\u00a0»"
BREAKS = re.compile("[\x00-\x1f\x85\u2028\u2029]+")  # a subject is one line, whatever a template has
NO_HOUR_LEFT = "Il n’y a plus d’heure ouvrée avant le rendez-vous."
SHOWN = 500  # characters of a simulated mail


@dataclass(frozen=True)
class Letter:
    """`unsubscribe`: the address of the web by which its reader has no more, "" when we have none."""

    writer: Writer
    draft: Draft
    unsubscribe: str
    thread: Sequence[str] = ()


def send(job: Job) -> Outcome:
    return _checked(job) or _post(job, _letter(job, job.rule.models[0]))


def remind(job: Job) -> Outcome:
    """Of the event as it is now: one that was moved has another reminder."""
    event = job.uow.rows("events", [job.given["event"]]).get(job.given["event"])
    if event is None or event["deleted"] or event["done"] or event["cancelled"]:
        return ignored("L’événement a été supprimé ou annulé, ou a eu lieu.")
    if instant(event["starts_at"]) != job.given["starts_at"]:
        return ignored("L’événement a été déplacé.")
    if event["starts_at"] <= job.uow.now:
        return Outcome(Status.MISSED, reason="Le rendez-vous avait déjà commencé.")
    moment = dates.spoken(event["starts_at"], job.uow.region)
    fields = {"evenement": event["title"], "moment": moment, "lien": event["video_url"] or ""}
    if wrong := _checked(job, by=event["starts_at"]):
        return wrong
    return _post(job, _letter(job, (job.rule.models or ("rappel",))[0], fields))


def follow_up(job: Job) -> Outcome:
    """A step of a sequence; the first one begins it."""
    uow, lead = job.uow, job.its_lead
    step, base = int(job.given.get("step", 1)), date.fromisoformat(job.given["base"])
    before = sequences.row_of(uow.connection, lead["key"]) if step > 1 else None
    if step > 1:
        if before is None or (before["state"], before["step"], before["base"]) != (State.RUNNING, step - 1, base):
            return ignored("Cette suite de relances s’est arrêtée.")
        if reason := sequences.why_over(uow.connection, before, lead):
            end(uow, lead["key"], reason)
            return ignored(f"{capital(reason)}.")
        if sequences.is_unknown(uow.connection, before):
            raise Held(_tomorrow(job), "rien ne dit si le message précédent est parti")
    if wrong := _checked(job):
        return wrong
    letter = _letter(job, job.rule.models[step - 1], before=before)
    outcome = _post(job, letter)
    if outcome.message_id:
        day = sequences.sent(uow, job.batch.entry, lead, base, step, outcome.message_id, letter.draft.subject, before)
        uow.update("leads", lead["key"], {"next_follow_up": day} | still_unread(lead, {"next_follow_up": day}), Action.CHANGED)
        job.batch.changed.add(lead["key"])
    return outcome


def _checked(job: Job, by: datetime | None = None) -> Outcome | None:
    """Why nothing is sent; None when it may be. Raises Held outside working hours and during an absence; after `by` it is too late."""
    uow, lead = job.uow, job.its_lead
    try:
        emails.parse(lead["email"] or "")
    except Unreadable:
        return ignored("Le contact n’a pas d’adresse email valide.")
    if said := barred.why(uow.connection, [lead["email"]], lead["key"]):
        return ignored(said)
    if not lead["owner"]:
        return ignored("Le contact n’a pas de responsable, au nom de qui écrire.")
    if _writer(job) is None:
        return ignored(f"Le responsable, {lead['owner']}, n’a pas de compte avec une adresse email.")
    then, why = when(uow, lead["key"])
    if then > uow.now and not job.batch.trying:
        if by is not None and then >= by:
            return ignored(NO_HOUR_LEFT)
        raise Held(then, why)
    return None


def _writer(job: Job) -> Writer | None:
    """The lead's Responsable; None for one who writes to nobody from here."""
    account = account_of(job.uow.connection, job.its_lead["owner"])
    return writer_of(job.uow.connection, account) if account else None


def when(uow: UnitOfWork, lead_key: int) -> tuple[datetime, str]:
    """The moment itself when a rule may write to that lead now, else the first one, and why."""
    back = absences.back_on(uow.connection, lead_key, uow.now, uow.region)
    morning = datetime.combine(back, MORNING, uow.region.zone) if back else uow.now
    return next_allowed(max(uow.now, morning), uow.region), "le contact est absent" if back else "les heures ouvrées"


def _letter(job: Job, model: str, more: Mapping[str, Any] | None = None, before: Mapping[str, Any] | None = None) -> Letter:
    """Raises Blocked."""
    uow, lead = job.uow, job.its_lead
    writer = _writer(job)
    assert writer  # checked
    text = Templates(job.batch.crm.settings.data_dir / OWN, MODELS).render(model, {**fields_of(lead, writer), **(more or {})})
    subject, body = _split(text)
    if before:
        subject = answer_subject(before["subject"])
    if not subject:
        raise Blocked(f"le modèle «\u00a0{model}\u00a0» commence par «\u00a0Objet\u00a0:\u00a0…\u00a0»")
    url = unsubscribing.link(uow.connection, job.batch.crm.settings.public_url, lead["email"])
    whole = f"{body}\n\n{LEAVE.format(how=url or BY_ANSWER)}"
    draft = Draft((emails.parse(lead["email"]),), (), subject, whole)
    return Letter(writer, draft, url, tuple(json.loads(before["message_ids"])) if before else ())


def _split(text: str) -> tuple[str, str]:
    """The subject, "" when it has none, and the rest."""
    first, _, rest = text.replace("\r\n", "\n").partition("\n")
    name, colon, subject = first.partition(":")
    if colon and name.strip().casefold() == SUBJECT:
        return BREAKS.sub(" ", subject).strip(), rest.strip()
    return "", text


def _post(job: Job, letter: Letter) -> Outcome:
    """Into the outbox, with the run that says how it ends; or what would be sent."""
    uow, lead = job.uow, job.its_lead
    if job.batch.entry.dry:
        shown = " ".join(letter.draft.text.split())[:SHOWN]
        return Outcome(Status.SIMULATED, letter.draft.subject, f"À {lead['email']}, de {letter.writer.address}\u00a0: {shown}")
    message_id = new_id(letter.writer)
    content = composed(letter.writer, letter.draft, message_id, uow.now, letter.thread, unsubscribe=letter.unsubscribe)
    key, sender = job.run["idempotency_key"], letter.writer.address
    outbox.post(uow, Posted(key, message_id, content, sender, letter.draft, lead["key"], None, uow.now, job.run["key"]))
    return Outcome(Status.RUNNING, letter.draft.subject, message_id=message_id)


def _tomorrow(job: Job) -> datetime:
    day = job.batch.today + timedelta(days=1)
    return next_allowed(datetime.combine(day, MORNING, job.uow.region.zone), job.uow.region)
