"""What the worker does with mail: fetches it, proposes answers, sends what people decided to send."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from gnetics.errors import MailError
from gnetics.mail.delivery import deliver
from gnetics.mail.fetching import Fetch, fetch
from gnetics.mail.outbox import Sender, send_due
from gnetics.mail.proposals.by_template import ByTemplate
from gnetics.mail.proposals.proposing import propose_all
from gnetics.settings import REAL_SENDING
from gnetics.store.crm import Crm

log = logging.getLogger("gnetics.worker")


def fetch_all(crm: Crm, stopping: Callable[[], bool]) -> dict[str, Fetch]:
    """By mailbox; one that cannot be read holds up no other, and is told by « gnetics check » and the page."""
    found: dict[str, Fetch] = {}
    for box in crm.settings.mail_boxes if crm.kind == "real" else ():
        if stopping():
            break
        try:
            found[box.name] = fetch(crm, box, stopping)
        except MailError as error:
            log.warning("%s: %s", box.name, error)
    return found


def propose(crm: Crm) -> int:
    return propose_all(crm, ByTemplate(crm.settings.data_dir / "modeles"))


def send(crm: Crm, stopping: Callable[[], bool]) -> int:
    return send_due(crm, sender(crm), stopping)


def sender(crm: Crm) -> Sender | None:
    """None: nothing leaves, in the demo and until the settings say otherwise."""
    real = crm.kind == "real" and crm.settings.mail_sending == REAL_SENDING
    return partial(deliver, crm.settings) if real else None
