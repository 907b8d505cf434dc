"""A mailbox in files, and the mails that somebody puts there."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from itertools import count
from pathlib import Path

from gnetics.mail.fetching import Fetch, fetch
from gnetics.mail.proposals.by_template import ByTemplate
from gnetics.mail.proposals.proposing import propose_all
from gnetics.settings.mailbox import Format, MailBox
from gnetics.store.crm import Crm

TEAM = "contact@gnetics.example"


@dataclass
class Mailbox:
    """Of .eml files in `folder`."""

    folder: Path
    numbers: count[int] = field(default_factory=count)

    @property
    def setting(self) -> MailBox:
        return MailBox("equipe", path=str(self.folder), format=Format.EML, address=TEAM)

    def put(
        self, at: datetime, sender: str, text: str, subject: str = "Devis", files: tuple[str, ...] = (), size: int = 2_400, **headers: str
    ) -> str:
        """The Message-ID of the mail, which came at that moment, with `files` of so many bytes each; headers are named with _ for -."""
        number = next(self.numbers)
        message = EmailMessage()
        given = {"From": sender, "To": TEAM, "Subject": subject, "Date": format_datetime(at)}
        given["Message-ID"] = make_msgid(str(number), "client.example")
        for name, value in {**given, **{name.replace("_", "-"): value for name, value in headers.items()}}.items():
            message[name] = value
        message.set_content(text)
        for name in files:
            message.add_attachment(b"x" * size, maintype="application", subtype="pdf", filename=name)
        (self.folder / f"{number:04}.eml").write_bytes(message.as_bytes())
        return given["Message-ID"]

    def fetched(self, crm: Crm) -> Fetch:
        """What the worker does: file what is new, and propose answers."""
        trusted = replace(crm, settings=replace(crm.settings, mail_boxes=(self.setting,)), trusted=True)
        done = fetch(trusted, self.setting)
        propose_all(trusted, ByTemplate(crm.settings.data_dir / "modeles"))
        return done
