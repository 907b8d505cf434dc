"""A lead gets other values: those of the rule, « À corriger » and back, a Responsable."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gnetics.automations import wanting
from gnetics.automations.deeds.job import Job, Outcome, ignored
from gnetics.domain import leads as lead_rules
from gnetics.domain import statuses, values
from gnetics.domain.fields import BY_KEY
from gnetics.domain.history import Action
from gnetics.domain.leads import still_unread
from gnetics.domain.runs import Status
from gnetics.store.people.writers import account_of

REASONS = {"manquant": "L’email manque.", "invalide": "L’email n’est pas valide."}


def change(job: Job) -> Outcome:
    lead, today = job.its_lead, job.batch.today
    asked = {key: wanting.value_of(key, text, today) for key, text in job.rule.changes.items()}
    if "owner" in asked and (account := account_of(job.uow.connection, asked["owner"])) is None:
        return ignored(f"Il n’y a pas de compte actif «\u00a0{asked['owner']}\u00a0».")
    if "owner" in asked:
        asked["owner"] = account
    if "tags" in asked:
        asked["tags"] = values.tags(f"{lead['tags'] or ''}, {asked['tags']}") or None
    return write(job, asked)


def correct(job: Job) -> Outcome:
    """« À corriger » while the email is wrong; then what it was before."""
    lead = job.its_lead
    if lead["email_check"] in wanting.WRONG:
        return write(job, {"status": statuses.BLOCKED}, REASONS[lead["email_check"]])
    return write(job, {"status": lead["previous_status"]}, "L’email est de nouveau valide.")


def write(job: Job, asked: Mapping[str, Any], reason: str = "") -> Outcome:
    """With what the values imply; one that a person could not save is refused."""
    lead, today = job.its_lead, job.batch.today
    wanted = {name: value for name, value in asked.items() if value != lead[name]}
    if not wanted:
        return ignored("Il n’y a rien à changer.")
    if wrong := lead_rules.check({**lead, **wanted}, job.uow.region, changed=wanted, today=today):
        return ignored(" ".join(wrong.values()))
    full = {**lead_rules.follow_status(lead, wanted, today), **wanted}
    job.uow.update("leads", lead["key"], full | still_unread(lead, full), Action.CHANGED)
    job.batch.changed.add(lead["key"])
    before, after = ({name: values.encode(BY_KEY[name].kind, row[name]) for name in wanted} for row in (lead, wanted))
    subject = ", ".join(
        f"{BY_KEY[name].label}\u00a0: {values.show(BY_KEY[name].kind, value, job.uow.region) or 'vide'}" for name, value in wanted.items()
    )
    return Outcome(Status.SUCCEEDED, subject, reason, before, after)
