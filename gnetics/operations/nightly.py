"""What the rules of the night do, each in its own transactions."""

from __future__ import annotations

import logging

from gnetics.actions.bin import empty_bin
from gnetics.actions.quiet_contacts import erase_quiet, tag_quiet
from gnetics.actions.retention import erase_old, forget_accesses, forget_history, would_erase
from gnetics.actions.scores import score_all
from gnetics.automations.claiming import Deeds, Stopping
from gnetics.automations.rule import Deed
from gnetics.domain.night import night
from gnetics.domain.runs import PLANNER
from gnetics.domain.typography import counted, number
from gnetics.operations.alerts import alert
from gnetics.operations.findings import findings
from gnetics.store.crm import Crm

log = logging.getLogger("gnetics.worker")


def _bin(crm: Crm, _: Stopping, trying: bool) -> str:
    erased = empty_bin(crm, trying)
    return f"{counted(erased, 'contact effacé', 'contacts effacés')} de la corbeille" if erased else ""


def _logs(crm: Crm, stopping: Stopping, trying: bool) -> str:
    kept = crm.settings
    said = []
    for name, months, one, many in (
        ("messages", kept.mail_kept_months, "message effacé", "messages effacés"),
        ("runs", kept.runs_kept_months, "exécution effacée", "exécutions effacées"),
    ):
        if months and (count := would_erase(crm, name, months) if trying else erase_old(crm, name, months, stopping)):
            said.append(f"{counted(count, one, many)} (conservation\u00a0: {months}\u00a0mois)")
    months = kept.access_kept_months
    if months and (count := forget_accesses(crm, months, trying)):
        said.append(f"{counted(count, 'accès oublié', 'accès oubliés')} (conservation\u00a0: {months}\u00a0mois)")
    months = kept.history_kept_months
    if months and (count := forget_history(crm, months, stopping, trying)):
        said.append(f"{counted(count, 'ligne')} d’historique (conservation\u00a0: {months}\u00a0mois)")
    return ", ".join(said)


def _quiet(crm: Crm, stopping: Stopping, trying: bool) -> str:
    months, days = crm.settings.contacts_kept_months, crm.settings.contacts_confirm_days
    if not months or crm.kind == "demo" or not crm.sync_active():
        return ""
    erased, tagged = erase_quiet(crm, months, days, stopping, trying), tag_quiet(crm, months, trying)
    said = [counted(erased, "personne effacée", "personnes effacées")] if erased else []
    said += [f"{counted(tagged, 'contact')} à reconfirmer"] if tagged else []
    return f"{', '.join(said)} (sans nouvelles depuis {months}\u00a0mois)" if said else ""


def _scores(crm: Crm, _: Stopping, trying: bool) -> str:
    changed, total = score_all(crm, PLANNER, trying=trying)
    return f"{counted(changed, 'score recalculé', 'scores recalculés')} sur {number(total)}" if changed else ""


def _check(crm: Crm, _: Stopping, trying: bool) -> str:
    wrong = [f"{finding.subject}\u00a0: {finding.sentence}" for finding in findings(crm.settings) if not finding.fine]
    what = f"{counted(len(wrong), 'point')} à corriger"
    if trying or not wrong:
        return what if wrong else ""
    for line in wrong:
        log.warning(line)
    now = crm.clock.now()
    sent = alert(crm.settings, what, [*wrong, "", "«\u00a0gnetics check\u00a0» les montre de nouveau."], now, f"controle-{night(now)}")
    return f"{what}, alerte envoyée" if sent else f"{what}, voir «\u00a0gnetics check\u00a0»"


DEEDS: Deeds = {Deed.EMPTY_BIN: _bin, Deed.SHORTEN_LOGS: _logs, Deed.FORGET_QUIET: _quiet, Deed.SCORE: _scores, Deed.CHECK: _check}
