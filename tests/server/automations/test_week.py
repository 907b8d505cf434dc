"""A week of an imported store, day by day, with a real mailbox and a real mail server: every mail, stop and reason is as expected."""

from __future__ import annotations

import email
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from functools import partial
from itertools import count
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import select

from gnetics import settings as settings_module
from gnetics.actions import accounts
from gnetics.automations import working
from gnetics.automations.switching import enable
from gnetics.cli import main
from gnetics.clock import Clock
from gnetics.domain.messages import Direction
from gnetics.domain.rights import Verb
from gnetics.mail import outbox
from gnetics.mail.delivery import deliver
from gnetics.mail.fetching import fetch
from gnetics.store.crm import Crm, open_crm
from gnetics.store.people.writers import Writer
from gnetics.store.reading import logs
from gnetics.store.schema import leads, messages, runs, sequences
from tests.conftest import copied
from tests.dovecot import HOST, PASSWORD, Dovecot
from tests.server.mail_server import Box

MONDAY = date(2026, 11, 23)
numbers = count(1)
FILE = """Nom;Entreprise;Email;Statut;Responsable;Prochaine relance;Date de dernier contact
Zoé Silence;Lumen;zoe@lumen.example;Contacté;Ana;23/11/2026;02/11/2026
Léo Répond;Atelier;leo@atelier.example;Qualifié;Ana;23/11/2026;02/11/2026
Max Rejeté;Nord;max@nord.example;Contacté;Ana;24/11/2026;02/11/2026
Eva Absente;Sud;eva@sud.example;Contacté;Ana;25/11/2026;02/11/2026
Tom Samedi;Est;tom@est.example;Contacté;Ana;28/11/2026;02/11/2026
Ida Gagnée;Ouest;ida@ouest.example;En suivi;Ana;23/11/2026;02/11/2026
Noé Stop;Centre;noe@centre.example;Contacté;Ana;24/11/2026;02/11/2026
Guy Muet;Vide;;Nouveau;Ana;;
Perdu Déjà;Fin;fin@fin.example;Perdu;Ana;23/11/2026;02/11/2026
"""


class Week:
    """`now` is what the store's clock says; each step is what the worker does in that hour."""

    def __init__(self, crm: Crm, server: Dovecot, ana: str, now: list[datetime]) -> None:
        self.crm, self._server, self._ana, self._now = crm, server, ana, now

    def go_to(self, day: int, hour: int, minute: int = 0) -> None:
        self._now[0] = datetime(2026, 11, 23, hour, minute, tzinfo=self.crm.region.zone) + timedelta(days=day)

    def step(self) -> None:
        for box in self.crm.settings.mail_boxes:
            fetch(self.crm, box)
        while working.work(self.crm):
            pass
        outbox.send_due(self.crm, partial(deliver, self.crm.settings), leaving=working.leaving)

    def until(self, day: int) -> None:
        """The hours of work up to that day's evening, from the day after the last one."""
        first = (self._now[0].astimezone(self.crm.region.zone).date() - MONDAY).days
        for each in range(first, day + 1):
            for hour in (3, 9, 15, 22):
                self.go_to(each, hour)
                self.step()

    def arrives(self, sender: str, text: str, subject: str = "Re: projet", **headers: str) -> None:
        message = EmailMessage()
        given = {"From": sender, "To": self._ana, "Subject": subject, "Date": format_datetime(self._now[0])}
        given["Message-ID"] = f"<{next(numbers)}.semaine@client.example>"
        for name, value in {**given, **{name.replace("_", "-"): value for name, value in headers.items()}}.items():
            message[name] = value
        message.set_content(text)
        self._server.deliver(self._ana, message.as_bytes())

    def key(self, name: str) -> int:
        with self.crm.read() as connection:
            return int(connection.execute(select(leads.c.key).where(leads.c.name == name)).scalar_one())

    def change(self, name: str, **values: object) -> None:
        with self.crm.write("Bruno", Verb.SAVE_LEAD) as uow:
            uow.update("leads", self.key(name), values)
            uow.commit()


@pytest.fixture
def week(empty_store: Path, imap_server: Dovecot, smtp: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Week]:
    """The file is imported as an administrator does; Ana's mailbox is on the server."""
    ana = f"ana{next(numbers)}@semaine.example"
    copied(empty_store, tmp_path / "gnetics.db")
    (tmp_path / "leads.csv").write_text(FILE, "utf-8")
    secret, config = tmp_path / "secret", tmp_path / "gnetics.toml"
    for file in (secret, config):
        file.touch(0o600)
    secret.write_text(PASSWORD, "utf-8")
    address = f"imaps://{quote(ana, safe='')}@{HOST}:{imap_server.tls_port}"
    config.write_text(f'[mail.boxes.ana]\nurl = "{address}"\npassword_file = "{secret}"\n', "utf-8")
    for name, value in {
        "GNETICS_CONFIG": str(config),
        "GNETICS_DATA_DIR": str(tmp_path),
        "GNETICS_SMTP_URL": f"smtp://127.0.0.1:{smtp.port}",
        "GNETICS_MAIL_FROM": "crm@semaine.example",
        "GNETICS_MAIL_SENDING": "réel",
        "SSL_CERT_FILE": str(imap_server.authority),
    }.items():
        monkeypatch.setenv(name, value)
    assert main(["import", str(tmp_path / "leads.csv")]) == 0
    now = [datetime(2026, 11, 22, 18, tzinfo=UTC)]
    with closing(open_crm(settings_module.load(), trusted=True)) as opened:
        crm = replace(opened, clock=Clock(opened.region.zone, lambda: now[0]))
        accounts.add(crm, "Chef", "Chef", "administration", None)
        accounts.add(crm, "Chef", "Ana", "édition", None, Writer(ana, (), "Ana Lopès", "Ana Lopès"))
        imap_server.deliver(ana, b"From: moi@semaine.example\r\nTo: a@b.example\r\nMessage-ID: <0@semaine>\r\n\r\nPremier\r\n")
        yield Week(crm, imap_server, ana, now)


def test_every_mail_stop_and_reason_of_a_week_is_as_expected(week: Week, smtp: Box) -> None:
    week.go_to(-1, 19)
    for name in ("relance", "premier-contact", "rappel-rendez-vous", "mail-du-matin", "doublons"):
        enable(week.crm, "Chef", name)
    enable(week.crm, "Chef", "email-a-corriger", existing=True)

    week.until(0)
    week.go_to(1, 10)
    week.arrives("Léo Répond <leo@atelier.example>", "Oui, appelez-moi demain.")
    week.until(1)
    week.go_to(1, 23)
    week.arrives(
        "MAILER-DAEMON@mx.example", "<max@nord.example>: host mx said: 550 5.1.1 user unknown", "Undelivered Mail Returned to Sender"
    )
    with week.crm.write("Bruno", Verb.SAVE_LEAD) as uow:
        new = {"name": "Uma Nouvelle", "email": "uma@neuf.example", "status": "Nouveau", "owner": "Ana", "lead_id": uow.next_lead_id()}
        uma = uow.insert("leads", new)
        starts = datetime(2026, 11, 26, 10, tzinfo=week.crm.region.zone)
        event = {"uid": "semaine", "title": "Démonstration", "kind": "Visio", "owner": "Ana", "lead_key": uma, "starts_at": starts}
        uow.insert("events", {**event, "ends_at": starts + timedelta(hours=1)})
        uow.commit()
    week.go_to(2, 1)
    week.until(2)
    week.arrives("Eva Absente <eva@sud.example>", "De retour le 7 décembre.", "Absence", Auto_Submitted="auto-replied")
    week.arrives("Noé Stop <noe@centre.example>", "Désinscrivez-moi, merci.")
    week.change("Ida Gagnée", status="Clos")
    week.go_to(3, 1)
    week.until(7)

    mails = [(people[0], email.message_from_bytes(content, policy=policy.default)) for _, people, content in smtp.taken]
    to_leads = [(who, str(mail["Subject"])) for who, mail in mails if not who.endswith("semaine.example")]
    first = "Où en êtes-vous chez {} ?".format
    assert to_leads == [
        ("zoe@lumen.example", first("Lumen")),  # Monday
        ("leo@atelier.example", first("Atelier")),
        ("ida@ouest.example", first("Ouest")),
        ("max@nord.example", first("Nord")),  # Tuesday
        ("noe@centre.example", first("Centre")),
        ("uma@neuf.example", "Votre demande"),  # Wednesday
        ("eva@sud.example", first("Sud")),
        ("uma@neuf.example", "Rappel : Démonstration, jeudi 26 novembre à 10\u00a0h"),
        ("zoe@lumen.example", f"Re: {first('Lumen')}"),  # Friday, four days later
        ("tom@est.example", first("Est")),  # of Saturday, on Monday
    ]
    mornings = [mail for who, mail in mails if who.endswith("semaine.example")]
    assert len(mornings) == 6  # each working day, and the next Monday

    with week.crm.read() as connection:
        standing = select(leads.c.name, sequences.c.state, sequences.c.step, sequences.c.reason)
        ended = connection.execute(standing.join(leads, leads.c.key == sequences.c.lead_key).order_by(leads.c.name)).all()
        became = dict(connection.execute(select(leads.c.name, leads.c.status)).all())
        every = connection.execute(select(runs.c.rule, runs.c.status, runs.c.lead_label, runs.c.reason)).all()
        outbound = connection.execute(select(messages.c.automatic).where(messages.c.direction == Direction.SENT)).scalars().all()
    assert [tuple(row) for row in ended] == [
        ("Eva Absente", "en cours", 1, ""),
        ("Ida Gagnée", "arrêtée", 1, "le statut est passé à «\u00a0Clos\u00a0»"),
        ("Léo Répond", "arrêtée", 1, "le contact a répondu"),
        ("Max Rejeté", "arrêtée", 1, "rien ne lui est envoyé\u00a0: rejet"),
        ("Noé Stop", "arrêtée", 1, "rien ne lui est envoyé\u00a0: désinscription"),
        ("Tom Samedi", "en cours", 1, ""),
        ("Zoé Silence", "en cours", 2, ""),
    ]
    assert became["Guy Muet"] == "À corriger"
    assert became["Perdu Déjà"] == "Perdu"
    assert outbound == [True] * len(to_leads)
    stops = sorted(row.lead_label for row in every if row.status == "annulé")
    assert stops == ["Ida Gagnée", "Léo Répond", "Max Rejeté", "Noé Stop"]
    assert {row.status for row in every} == {"réussi", "annulé", "à faire"}
    assert [(row.lead_label, row.reason) for row in every if row.status == "à faire"] == [
        ("Eva Absente", "Attend\u00a0: le contact est absent.")
    ]
    counted = logs.counts(week.crm, "Chef", logs.RUNS)
    assert sum(counted.values()) == len(every)
