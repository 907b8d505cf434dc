"""What `gnetics check` says, and the worker looks at every night."""

from __future__ import annotations

from gnetics.mail.alerts import mail_finding
from gnetics.settings import Settings
from gnetics.store.checkup import Finding, checkup


def findings(settings: Settings) -> list[Finding]:
    """One per subject; nothing is changed."""
    return [*checkup(settings), mail_finding(settings)]
