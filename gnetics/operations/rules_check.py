"""Whether the rules can run, for `gnetics check` and the night's alert."""

from __future__ import annotations

from gnetics.automations.book import book
from gnetics.domain.typography import counted
from gnetics.errors import GneticsError
from gnetics.operations.finding import Finding
from gnetics.store.crm import Crm

SUBJECT = "Automatisations"


def rules_finding(crm: Crm) -> Finding:
    try:
        entries = book(crm).values()
    except GneticsError as error:
        return Finding(SUBJECT, False, f"aucune ne tourne\u00a0: {error}")
    if changed := [entry.rule.name for entry in entries if entry.changed]:
        what = counted(len(changed), "règle modifiée, donc inactive", "règles modifiées, donc inactives")
        return Finding(SUBJECT, False, f"{what} ({', '.join(changed)})\u00a0: «\u00a0gnetics automations enable\u00a0»")
    on = sum(entry.enabled for entry in entries)
    return Finding(SUBJECT, True, f"{counted(on, 'active', 'actives')} sur {len(entries)}")
