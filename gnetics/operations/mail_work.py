"""What the worker does with mail: fetches it, proposes answers, sends what people decided to send."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from contextlib import closing
from functools import partial
from time import monotonic

from gnetics.automations import working
from gnetics.domain.folding import fold
from gnetics.errors import MailError
from gnetics.mail.boxes.imap import ImapSource
from gnetics.mail.boxes.source import INBOX
from gnetics.mail.delivery import Delivery, Fate, deliver, leaves
from gnetics.mail.fetching import LastRead, fetch, forget_others
from gnetics.mail.outbox import Sender, send_due
from gnetics.mail.proposals.by_service import ByService
from gnetics.mail.proposals.by_template import ByTemplate
from gnetics.mail.proposals.proposing import propose_all
from gnetics.mail.templates import OWN
from gnetics.operations.mail_idle import Watch
from gnetics.settings import Settings
from gnetics.settings.mailbox import MailBox
from gnetics.store.crm import Crm

log = logging.getLogger("gnetics.worker")
ENDS_WITHIN = 3.0  # seconds that its threads are waited for: a server gives its worker five


class Mailboxes:
    """Those of the settings, as one worker reads them: all each round, and one as soon as its server tells of new mail."""

    def __init__(self) -> None:
        self._last: defaultdict[str, LastRead] = defaultdict(LastRead)
        self._watches: dict[str, Watch] = {}

    def fetch(self, crm: Crm, every: bool, stopping: Callable[[], bool]) -> None:
        """`every` one, or those alone of which something was told; never the demo's."""
        if every:
            forget_others(crm)
        for box in crm.settings.mail_boxes if crm.kind == "real" else ():
            if stopping():
                return
            watch = self._watches.get(box.name)
            if (watch and watch.came()) or every:
                self._fetch(crm, box, watch, stopping)

    def close(self) -> None:
        for watch in self._watches.values():
            watch.end()
        end = monotonic() + ENDS_WITHIN
        for watch in self._watches.values():
            watch.join(max(0.0, end - monotonic()))

    def _fetch(self, crm: Crm, box: MailBox, watch: Watch | None, stopping: Callable[[], bool]) -> None:
        """One that cannot be read holds up no other, and is told by « gnetics check » and the page."""
        try:
            fetch(crm, box, stopping, last=self._last[box.name])
        except MailError as error:
            log.warning("%s: %s", box.name, error)
            if watch:
                watch.give_way()
        else:
            if _is_told(box) and not watch:
                self._watches[box.name] = Watch(box)
                self._watches[box.name].start()


def _is_told(box: MailBox) -> bool:
    """Whether its server may tell of new mail that is to be read: it does of the inbox."""
    return bool(box.url) and (not box.folders or INBOX in box.folders)


def propose(crm: Crm) -> int:
    by_template = ByTemplate(crm.settings.data_dir / OWN)
    by_service = crm.kind == "real" and crm.settings.proposer_url
    return propose_all(crm, ByService(crm, by_template) if by_service else by_template)


def send(crm: Crm, stopping: Callable[[], bool]) -> int:
    return send_due(crm, sender(crm), stopping, working.leaving)


def sender(crm: Crm) -> Sender | None:
    """None: nothing leaves, in the demo and until the settings say otherwise."""
    return partial(_deliver, crm.settings) if leaves(crm) else None


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
