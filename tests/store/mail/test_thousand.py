"""A whole mailbox, of every kind of mail, fetched twice over: none unaccounted for, none twice, none stops the others."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import func, select

from gnetics.domain.messages import Outcome
from gnetics.mail.fetching import fetch
from gnetics.settings.mailbox import MailBox
from gnetics.store.crm import Crm
from gnetics.store.reading import logs
from gnetics.store.reading.logs import MAIL
from gnetics.store.schema import mail_places, messages
from tests import real_files
from tests.store.mail.conftest import ANA, BRUNO, CLIENT, Post, mails

pytestmark = pytest.mark.costly

COUNT = 1_000


def fill(post: Post, count: int) -> Counter[str]:
    """Mails of every kind, drawn; how many of each."""
    rng, known, kinds = random.Random(15), [], Counter[str]()
    for number in range(count):
        kind = rng.choice(("lead", "stranger", "sent", "internal", "answer", "automatic", "list", "no id", "bounce"))
        kinds[kind] += 1
        match kind:
            case "lead":
                known.append(post(f"Message {number}"))
            case "stranger":
                post(f"Message {number}", sender=f"p{number}@ailleurs.example")
            case "sent":
                known.append(post(f"Message {number}", sender=ANA, to=CLIENT))
            case "internal":
                post(f"Message {number}", sender=ANA, to=BRUNO)
            case "answer":
                parent = rng.choice(known) if known else "<inconnu@x>"
                known.append(post(f"Message {number}", sender="autre@client.example", In_Reply_To=parent))
            case "automatic":
                post("Absente.", Auto_Submitted="auto-replied")
            case "list":
                post(f"Lettre {number}", sender="lettre@liste.example", List_Id="<lettre>", Precedence="bulk")
            case "no id":
                post(f"Message {number}", Message_ID="")
            case _:
                said = f"<{CLIENT}>: host mx said: 550 5.1.1 user unknown ({number})"
                post(said, sender="MAILER-DAEMON@mx.example", Subject="Undelivered Mail Returned to Sender")
    return kinds


def counted(crm: Crm) -> tuple[int, int]:
    with crm.read() as connection:
        return tuple(connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (mail_places, messages))  # type: ignore[return-value]


def test_a_thousand_mails_fetched_twice_are_all_accounted_for_and_none_is_there_twice(
    team: Crm, post: Post, box: MailBox, folder: Path
) -> None:
    kinds = fill(post, COUNT)
    first = fetch(team, box)
    assert first.outcomes == {Outcome.STORED: COUNT - kinds["internal"], Outcome.INTERNAL: kinds["internal"]}
    assert fetch(team, box).outcomes == {}
    assert counted(team) == (COUNT, COUNT - kinds["internal"])
    for file in list(folder.iterdir()):
        shutil.copy(file, folder / f"encore-{file.name}")
    assert fetch(team, box).outcomes == {Outcome.KNOWN: COUNT - kinds["internal"], Outcome.INTERNAL: kinds["internal"]}
    groups = logs.counts(team, "Chef", MAIL)
    by_filed = Counter[str]()
    for (filed, _, _), number in groups.items():
        by_filed[filed] += number
    assert by_filed["envoyés"] == kinds["sent"]
    assert by_filed["non rattachés"] == kinds["stranger"]
    assert by_filed["ignorés"] == kinds["automatic"] + kinds["list"] + kinds["bounce"]
    assert by_filed.total() == COUNT - kinds["internal"]
    assert all(mail["drop_reason"] for mail in mails(team) if mail["filed"] == "ignorés")


def test_every_real_mail_is_filed(team: Crm, box: MailBox, folder: Path) -> None:
    files = [file for name in ("email", "replies", "bounces") for file in real_files.of(name)]
    if not files:
        pytest.skip("the real mails are not beside the project")
    for number, file in enumerate(files):
        shutil.copy(file, folder / f"{number:05}.eml")
    outcomes = fetch(team, box).outcomes
    assert outcomes.total() == len(files)
    assert outcomes[Outcome.FAILED] == 0
