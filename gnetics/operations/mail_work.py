"""What the worker does with mail: fetches it, proposes answers, sends what people decided to send."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import closing
from functools import partial

from gnetics.domain.folding import fold
from gnetics.errors import MailError
from gnetics.mail.boxes.imap import ImapSource
from gnetics.mail.delivery import Delivery, Fate, deliver
from gnetics.mail.fetching import Fetch, fetch
from gnetics.mail.outbox import Sender, send_due
from gnetics.mail.proposals.by_service import ByService
from gnetics.mail.proposals.by_template import ByTemplate
from gnetics.mail.proposals.proposing import propose_all
from gnetics.settings import REAL_SENDING, Settings
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
    by_template = ByTemplate(crm.settings.data_dir / "modeles")
    by_service = crm.kind == "real" and crm.settings.proposer_url
    return propose_all(crm, ByService(crm, by_template) if by_service else by_template)


def send(crm: Crm, stopping: Callable[[], bool]) -> int:
    return send_due(crm, sender(crm), stopping)


def sender(crm: Crm) -> Sender | None:
    """None: nothing leaves, in the demo and until the settings say otherwise."""
    real = crm.kind == "real" and crm.settings.mail_sending == REAL_SENDING
    return partial(_deliver, crm.settings) if real else None


def _deliver(settings: Settings, writer: str, recipients: list[str], content: bytes) -> Delivery:
    """The copy comes before what happened is recorded: it tells that the mail left, should this process die in between."""
    delivery = deliver(settings, writer, recipients, content)
    if delivery.fate is Fate.SENT:
        _copy(settings, writer, content)
    return delivery


def _copy(settings: Settings, writer: str, content: bytes) -> None:
    """Into the folder of sent mail of the writer's own mailbox, where it is on a server."""
    box = next((each for each in settings.mail_boxes if each.url and fold(each.own_address) == writer), None)
    if box is None:
        return
    try:
        with closing(ImapSource(box)) as opened:
            folder = next((each for each in opened.folders() if each.sent), None)
            if folder:
                opened.append(folder, content)
    except MailError as error:  # it left all the same
        log.warning("%s, copy of a sent mail: %s", box.name, error)
