"""A rule as a line above the Automations Log."""

from __future__ import annotations

from datetime import date, datetime

from gnetics.domain.regions import Region
from gnetics.domain.runs import FAILURES, Status
from gnetics.domain.typography import counted
from gnetics.pages.logs.log_rows import SILENT_AFTER, short
from gnetics.pages.logs.widgets.rules import RuleLine
from gnetics.store.reading.automations import RuleState
from gnetics.widgets.given import Look

DONE = (Status.SUCCEEDED, Status.RUNNING)
ON: Look = {"text": "Active", "pill": "done", "icon": "mdi-check"}
DRY: Look = {"text": "À blanc", "pill": "info", "icon": "mdi-flask-outline"}
CHANGED: Look = {"text": "Modifiée", "pill": "soon", "icon": "mdi-alert-outline"}
OFF: Look = {"text": "Inactive", "pill": "plain", "icon": "mdi-minus"}
AGAIN = "Elle a été modifiée\u00a0: un administrateur doit l’activer de nouveau."


def line(rule: RuleState, now: datetime, region: Region) -> RuleLine:
    look = CHANGED if rule.changed else OFF if not rule.enabled else DRY if rule.dry else ON
    return {"title": rule.title, "sentence": rule.sentence, "state": look, "facts": _facts(rule, now, region)}


def _facts(rule: RuleState, now: datetime, region: Region) -> list[str]:
    today = _day(now, region)
    failed = sum(rule.counts[status] for status in FAILURES)
    facts = [
        AGAIN if rule.changed else "",
        f"dernière fois {short(rule.last_at, today, region)}" if rule.last_at else "",
        _next(rule, now, region),
        f"{rule.waits[:1].lower()}{rule.waits[1:].rstrip('.')}" if rule.enabled else "",
    ]
    done = sum(rule.counts[status] for status in DONE)
    counts = [
        counted(done, "faite", "faites") if done else "",
        counted(rule.counts[Status.SIMULATED], "simulée", "simulées") if rule.counts[Status.SIMULATED] else "",
        counted(rule.counts[Status.IGNORED], "ignorée", "ignorées") if rule.counts[Status.IGNORED] else "",
        counted(rule.counts[Status.TO_DO], "à faire", "à faire") if rule.counts[Status.TO_DO] else "",
        counted(failed, "échec") if failed else "",
    ]
    return [fact for fact in (*facts, *counts) if fact]


def _next(rule: RuleState, now: datetime, region: Region) -> str:
    if rule.next_at is None or not rule.enabled:
        return ""
    late = rule.next_at < now - SILENT_AFTER
    return f"prochaine {short(rule.next_at, _day(now, region), region)}{' (en retard)' if late else ''}"


def _day(now: datetime, region: Region) -> date:
    return now.astimezone(region.zone).date()


def summary(rules: list[RuleState], seen: datetime | None, now: datetime, region: Region) -> str:
    """« 3 actives sur 10, vérifiées aujourd’hui 14:32 »: all that whoever sees only their own leads is told of when they ran."""
    on = sum(rule.enabled for rule in rules)
    what = f"{counted(on, 'active', 'actives')} sur {len(rules)}" if on else f"aucune active sur {len(rules)}"
    return f"{what}, vérifiées {short(seen, _day(now, region), region)}" if seen else what


def silent(seen: datetime | None, now: datetime, region: Region) -> str:
    """That no worker is there, and since when; "" while one is."""
    if seen and now - seen < SILENT_AFTER:
        return ""
    since = f"n’a rien fait depuis {short(seen, _day(now, region), region)}" if seen else "n’a jamais tourné"
    return f"Le planificateur {since}\u00a0: prévenez votre administrateur (gnetics worker)."
