"""`gnetics check` says of each mailbox whether mail comes in, and of what was sent whether it is known to have left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert

from gnetics.clock import fixed
from gnetics.errors import MailError
from gnetics.mail.fetching import fetch
from gnetics.operations.finding import Finding
from gnetics.operations.mailboxes import mailbox_findings
from gnetics.settings.mailbox import Format, MailBox
from gnetics.store.crm import Crm
from gnetics.store.schema import outbox

BOX = MailBox("equipe", path="/nulle/part", format=Format.EML)


def said(found: Sequence[Finding]) -> list[tuple[str, bool]]:
    return [(each.subject, each.fine) for each in found]


def with_box(crm: Crm, box: MailBox) -> Crm:
    return replace(crm, settings=replace(crm.settings, mail_boxes=(box,)), trusted=True)


def test_a_mailbox_that_was_never_read_fails_or_is_silent_is_to_correct(crm: Crm, tmp_path: object) -> None:
    crm = with_box(crm, replace(BOX, path=str(tmp_path)))
    assert said(list(mailbox_findings(crm))) == [("Boîte equipe", False)]
    fetch(crm, crm.settings.mail_boxes[0])
    assert said(list(mailbox_findings(crm))) == [("Boîte equipe", True)]
    later = replace(crm, clock=fixed(crm.clock.instant() + timedelta(hours=3), crm.region.zone))
    assert said(list(mailbox_findings(later))) == [("Boîte equipe", False)]


def test_why_a_mailbox_cannot_be_read_is_said(crm: Crm) -> None:
    crm = with_box(crm, BOX)
    with pytest.raises(MailError) as error:
        fetch(crm, BOX)
    (finding,) = mailbox_findings(crm)
    assert (finding.fine, str(error.value) in finding.sentence) == (False, True)


def test_a_mail_of_which_nobody_knows_whether_it_left_is_to_settle(crm: Crm) -> None:
    crm = replace(crm, settings=replace(crm.settings, mail_sending="réel"), trusted=True)
    assert said(list(mailbox_findings(crm))) == [("Envois", True), ("Désinscription", True)]
    row = {"click": "a", "state": "inconnu", "message_id": "<a@b>", "content": b"", "sender": "a@b", "recipients": "[]", "asked_by": "Ana"}
    with crm.engine.begin() as connection:
        connection.execute(insert(outbox), row | {"asked_at": crm.clock.now(), "due_at": crm.clock.now(), "tries": 1, "said": ""})
    assert said(list(mailbox_findings(crm)))[0] == ("Envois", False)
