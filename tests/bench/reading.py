"""Ordinary mails read and stored, against bare `email` that finds their text: half have HTML too, a tenth a file; then HTML alone.

All by the processor's clock, so that a busy machine changes no ratio.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime
from itertools import cycle
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import process_time

from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.mail.fetching import TOGETHER
from gnetics.mail.filing import Found, Place, Rules, file_all
from gnetics.mail.reading.letter import read
from gnetics.settings import load
from gnetics.store.crm import create_crm
from tests.bench.report import Report, best

MAILS, STORED = 1_000, 10_000
NOW = datetime(2026, 11, 30, tzinfo=UTC)
SAID = (
    "bonjour merci tarif devis rendez-vous projet demande offre contrat budget équipe logiciel réunion semaine prochaine cordialement "
    "facture licence formation intégration"
)
WORDS = SAID.split()
ABOVE = "Le jeu. 5 mars 2026 à 10:02, Paul Garnier <paul@gnetics.example> a écrit :"


def run(report: Report) -> None:
    rng = Random(1)
    mails = [_mail(rng, number) for number in range(report.size(MAILS))]
    plain = [_bytes(mail, text, html=number % 2 == 1) for number, (mail, text) in enumerate(mails)]
    pages = [_bytes(mail, text, plain=False) for mail, text in mails]
    bare = best(lambda: [_bare(content) for content in plain], clock=process_time)
    seconds = best(lambda: [read(content, NOW) for content in plain], clock=process_time)
    report("mail", seconds / len(plain) * 1000, "ms")
    report("mail_to_bare", seconds / bare, "ratio", 2)
    report("stored_to_bare", _stored(plain, report.size(STORED)) / bare * len(plain), "ratio", 3)
    report("html_to_bare", best(lambda: [read(content, NOW) for content in pages], clock=process_time) / bare, "ratio")


def _stored(plain: list[bytes], count: int) -> float:
    """Seconds a mail, read, matched with one of as many leads, and stored, in transactions as a fetch makes them."""
    mails = [content.replace(b"Message-ID: <m", b"Message-ID: <x%d-" % number) for number, content in zip(range(count), cycle(plain))]
    with TemporaryDirectory() as folder, closing(create_crm(replace(load({}), data_dir=Path(folder)), "real", trusted=True)) as crm:
        with crm.write("bench", Verb.IMPORT) as uow:
            uow.insert_many("leads", [{"email": f"elodie{number}@client.example"} for number in range(len(plain))], Action.IMPORTED)
            uow.commit()
        start = process_time()
        for first in range(0, count, TOGETHER):
            some = enumerate(mails[first : first + TOGETHER], first)
            file_all(crm, [Found(Place("b", "INBOX", 1, uid), read(content, NOW)) for uid, content in some], Rules({}))
        return (process_time() - start) / count


def _bare(content: bytes) -> str:
    body = message_from_bytes(content, policy=policy.default).get_body(("plain", "html"))
    assert isinstance(body, EmailMessage)
    return str(body.get_content())


def _mail(rng: Random, number: int) -> tuple[dict[str, str], str]:
    """Its headers and its text: an answer of a dozen lines above a quote of twenty."""
    headers = {
        "From": f"Élodie Prévost <elodie{number}@client.example>",
        "To": "Paul Garnier <paul@gnetics.example>, Équipe <equipe@gnetics.example>",
        "Subject": f"Re: Devis n° {number} – été",
        "Date": format_datetime(NOW),
        "Message-ID": f"<m{number}@client.example>",
        "In-Reply-To": f"<s{number}@gnetics.example>",
        "References": f"<a{number}@gnetics.example> <s{number}@gnetics.example>",
        "Received": f"from mx1.client.example by mx2.gnetics.example with ESMTPS id {number}; Mon, 30 Nov 2026 10:00:00 +0100",
        "DKIM-Signature": "v=1; a=rsa-sha256; d=client.example; b=" + "x" * 340,
    }
    written = [" ".join(rng.choices(WORDS, k=12)) for _ in range(12)]
    quoted = ["> " + " ".join(rng.choices(WORDS, k=11)) for _ in range(20)]
    return headers, "\n".join([*written, "", ABOVE, "", *quoted, ""])


def _bytes(headers: dict[str, str], text: str, plain: bool = True, html: bool = True) -> bytes:
    message = EmailMessage()
    for name, value in headers.items():
        message[name] = value
    page = "".join(f"<p>{line.replace('<', '&lt;').replace('>', '&gt;')}</p>" for line in text.split("\n"))
    if plain:
        message.set_content(text)
        if html:
            message.add_alternative(page, subtype="html")
    else:
        message.set_content(page, subtype="html")
    if headers["Message-ID"].endswith("0@client.example>"):
        message.add_attachment(b"%PDF" * 5_000, maintype="application", subtype="pdf", filename="devis d’été.pdf")
    return message.as_bytes()
