"""What `gnetics check` says, and the worker looks at every night."""

from __future__ import annotations

from gnetics.operations.alerts import mail_finding
from gnetics.operations.checkup import checkup
from gnetics.operations.finding import Finding
from gnetics.settings import Settings


def findings(settings: Settings) -> list[Finding]:
    """One per subject; nothing is changed."""
    return [*checkup(settings), mail_finding(settings)]
