"""What stands in a mailbox is accounted for once: kept with its lead and the reason, or said to be known, internal or unreadable."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import delete, func, select

from gnetics.actions.merging import merge_leads
from gnetics.actions.retention import erase_old
from gnetics.clock import fixed
from gnetics.domain.messages import Outcome
from gnetics.domain.rights import Verb
from gnetics.errors import MailError
from gnetics.mail import suppressions
from gnetics.mail.answering import attach
from gnetics.mail.fetching import Fetch, LastRead, fetch
from gnetics.operations.mail_work import Mailboxes
from gnetics.settings.mailbox import Format, Kind, MailBox
from gnetics.store.crm import Crm
from gnetics.store.nights import KEPT_DAYS
from gnetics.store.reading.mailboxes import states
from gnetics.store.schema import leads, mail_places, mailboxes
from tests.conftest import live
from tests.store.mail.conftest import ANA, BRUNO, CLIENT, TEAM, Post, mails

Fetched = Callable[[], Fetch]
ZOE, LEO = 1, 2


def later(crm: Crm, minutes: int) -> Crm:
    return replace(crm, clock=fixed(crm.clock.instant() + timedelta(minutes=minutes), crm.region.zone))


def places(crm: Crm) -> Counter[str]:
    with crm.read() as connection:
        return Counter(connection.execute(select(mail_places.c.outcome)).scalars())


def whose(crm: Crm) -> list[tuple[int | None, str | None]]:
    return [(mail["lead_key"], mail["matched_by"]) for mail in mails(crm)]


def test_a_mail_of_a_lead_is_theirs_and_is_fetched_once(team: Crm, post: Post, fetched: Fetched) -> None:
    post("Combien coûte la licence ?")
    assert fetched().outcomes == {Outcome.STORED: 1}
    assert fetched().outcomes == {}
    (mail,) = mails(team)
    assert (mail["direction"], mail["lead_key"], mail["matched_by"], mail["matched_on"]) == ("reçu", ZOE, "expéditeur", CLIENT)
    assert (mail["filed"], mail["box"], mail["text"]) == ("rattachés", "equipe", "Combien coûte la licence ?")


def test_a_mail_is_a_contact_noise_is_none_and_an_old_mail_moves_nothing_back(team: Crm, post: Post, fetched: Fetched) -> None:
    def last() -> str | None:
        with team.read() as connection:
            day = connection.execute(select(leads.c.last_contact).where(leads.c.key == ZOE)).scalar()
            return None if day is None else day.isoformat()

    post(Date="Fri, 20 Nov 2026 10:00:00 +0100", Auto_Submitted="auto-replied")
    fetched()
    assert last() is None
    for day in ("18", "19", "17"):
        post(Date=f"Wed, {day} Nov 2026 10:00:00 +0100")
    fetched()
    assert last() == "2026-11-19"
    post(Date="Mon, 2 Nov 2026 10:00:00 +0100", sender=ANA, to=CLIENT)
    fetched()
    assert last() == "2026-11-19"


def test_the_reference_in_a_subject_wins_over_the_sender(team: Crm, post: Post, fetched: Fetched) -> None:
    post(sender="leo@autre.example", Subject="Re: Devis (L-000001)")
    fetched()
    assert whose(team) == [(ZOE, "référence")]


def test_an_answer_is_of_the_lead_of_the_mail_that_it_answers_whoever_writes_it_and_of_its_thread(
    team: Crm, post: Post, fetched: Fetched
) -> None:
    first = post()
    fetched()
    second = post(sender="secretariat@client.example", In_Reply_To=first)
    post(sender="quelquun@client.example", In_Reply_To=second, References=f"{first} {second}")
    fetched()
    assert whose(team) == [(ZOE, "expéditeur"), (ZOE, "réponse"), (ZOE, "réponse")]
    assert {mail["thread"] for mail in mails(team)} == {first}


def test_what_our_contact_form_writes_is_of_the_visitor_it_says_to_answer(team: Crm, post: Post, fetched: Fetched) -> None:
    post(sender="formulaire@gnetics.example", Reply_To=f"Zoé <{CLIENT}>")
    fetched()
    assert whose(team) == [(ZOE, "adresse de réponse")]


@pytest.mark.parametrize("sender", [TEAM, ANA])
def test_what_a_form_that_is_one_of_us_writes_is_of_the_visitor_whose_opt_out_bars_the_visitor(
    team: Crm, post: Post, fetched: Fetched, sender: str
) -> None:
    post("STOP, merci de me désinscrire de vos envois.", sender=f"Site <{sender}>", Reply_To=f"{TEAM}, Zoé <{CLIENT}>")
    fetched()
    (mail,) = mails(team)
    assert (mail["direction"], mail["lead_key"], mail["matched_by"]) == ("reçu", ZOE, "adresse de réponse")
    assert (mail["sender"], mail["colleague"], mail["concerns"]) == (f"Zoé <{CLIENT}>", None, CLIENT)
    with team.read() as connection:
        assert suppressions.among(connection, [CLIENT, TEAM, ANA]) == {CLIENT: "désinscription"}


def test_by_such_a_form_the_visitor_becomes_a_lead_and_not_one_of_us(team: Crm, post: Post, box: MailBox) -> None:
    post(sender=f"Site <{TEAM}>", Reply_To="Nina Neuve <nina@neuve.example>")
    fetch(team, replace(box, new_leads=True))
    with team.read() as connection:
        made = connection.execute(select(leads.c.name, leads.c.email).where(leads.c.key > LEO)).all()
    assert [tuple(row) for row in made] == [("Nina Neuve", "nina@neuve.example")]


@pytest.mark.parametrize("sender", [ANA, "A@gnetics.example", f"Ana <{ANA}>"])
def test_what_a_colleague_sends_from_another_program_is_sent_by_them(team: Crm, post: Post, fetched: Fetched, sender: str) -> None:
    post(sender=sender, to=f"Zoé <{CLIENT}>", Cc="leo@autre.example")
    fetched()
    (mail,) = mails(team)
    assert (mail["direction"], mail["colleague"], mail["lead_key"], mail["filed"]) == ("envoyé", "Ana", ZOE, "envoyés")


def test_a_mail_between_colleagues_is_not_kept(team: Crm, post: Post, fetched: Fetched) -> None:
    post("Tu déjeunes ?", sender=ANA, to=f"{BRUNO}, {TEAM}")
    assert fetched().outcomes == {Outcome.INTERNAL: 1}
    assert mails(team) == []


def test_a_colleague_who_forwards_brings_the_words_of_whom_they_forward(team: Crm, post: Post, fetched: Fetched) -> None:
    head = f"De : Zoé Client <{CLIENT}>\nDate : lun. 23 nov. 2026\nObjet : Devis\nÀ : {ANA}"
    forwarded = f"Pour info\n\n---------- Message transféré ----------\n{head}\n\nJe voudrais un devis."
    post(forwarded, sender=ANA, Subject="TR: Devis")
    fetched()
    (mail,) = mails(team)
    assert (mail["direction"], mail["lead_key"], mail["matched_by"], mail["colleague"]) == ("reçu", ZOE, "transfert", "Ana")
    assert CLIENT in mail["sender"]


def test_an_address_that_two_leads_have_proves_nothing_and_says_so(team: Crm, post: Post, fetched: Fetched) -> None:
    with team.write("Chef", Verb.IMPORT) as uow:
        uow.insert("leads", {"name": "Une autre Zoé", "email": CLIENT})
        uow.commit()
    post()
    fetched()
    (mail,) = mails(team)
    assert (mail["lead_key"], mail["filed"]) == (None, "non rattachés")
    assert mail["matched_on"] == f"2\u00a0contacts ont l’adresse {CLIENT}"


def test_mail_of_an_address_whose_mail_somebody_attached_follows(team: Crm, post: Post, fetched: Fetched) -> None:
    post(sender="zoe.perso@mail.example")
    fetched()
    attach(team, "Ana", mails(team)[0]["key"], ZOE)
    post(sender="Zoe.Perso@mail.example")
    fetched()
    assert whose(team) == [(ZOE, "manuel"), (ZOE, "expéditeur")]


def test_mail_of_a_lead_that_was_merged_is_of_the_one_that_took_it_over(team: Crm, post: Post, fetched: Fetched) -> None:
    first = post(sender="leo@autre.example")
    fetched()
    merge_leads(team, "Chef", [ZOE, LEO], {}, {}, team.snapshot())
    post(sender="leo@autre.example")
    post(sender="x@autre.example", In_Reply_To=first)
    fetched()
    assert {mail["lead_key"] for mail in mails(team)} == {ZOE}


def test_the_same_mail_in_two_boxes_is_one_and_another_with_its_message_id_is_two(
    team: Crm, post: Post, fetched: Fetched, folder: Path, tmp_path: Path
) -> None:
    name = post("Une première")
    other = MailBox("autre", path=str(tmp_path / "autre"), format=Format.EML)
    Path(other.path).mkdir()
    for file in folder.iterdir():
        copy = b"Received: from a by b; Mon, 23 Nov 2026 10:00:00 +0100\nDelivered-To: ana@gnetics.example\n" + file.read_bytes()
        (Path(other.path) / file.name).write_bytes(copy)
    fetched()
    assert fetch(team, other).outcomes == {Outcome.KNOWN: 1}
    post("Une seconde", Message_ID=name)
    assert fetched().outcomes == {Outcome.STORED: 1}
    assert [mail["text"] for mail in mails(team)] == ["Une première", "Une seconde"]
    assert len({mail["message_id"] for mail in mails(team)}) == 2


def test_a_mail_without_message_id_is_kept_once(team: Crm, post: Post, fetched: Fetched, folder: Path) -> None:
    post(Message_ID="")
    post("Une autre", Message_ID="")
    assert fetched().outcomes == {Outcome.STORED: 2}
    (folder / "copie.eml").write_bytes((folder / "0001.eml").read_bytes())
    assert fetched().outcomes == {Outcome.KNOWN: 1}


def test_a_mail_deleted_here_does_not_come_back(team: Crm, post: Post, fetched: Fetched, folder: Path) -> None:
    post()
    fetched()
    with team.write("Chef", Verb.TASKS) as uow:
        uow.delete("messages", mails(team)[0]["key"])
        uow.commit()
    (folder / "copie.eml").write_bytes((folder / "0001.eml").read_bytes())
    assert fetched().outcomes == {Outcome.KNOWN: 1}


def test_nor_does_one_that_was_erased_for_its_age(team: Crm, post: Post, fetched: Fetched, folder: Path) -> None:
    post(Date="Wed, 20 Nov 2024 10:00:00 +0100")
    fetched()
    live(team, KEPT_DAYS)
    assert erase_old(team, "messages", 12) == 1
    (folder / "copie.eml").write_bytes((folder / "0001.eml").read_bytes())
    assert fetched().outcomes == {Outcome.KNOWN: 1}


def test_what_was_removed_from_the_mailbox_is_counted_and_stays_here(team: Crm, post: Post, fetched: Fetched, folder: Path) -> None:
    post()
    fetched()
    (folder / "0001.eml").unlink()
    assert fetched().gone == 1
    assert fetched().gone == 0
    assert len(mails(team)) == 1


def test_of_a_personal_mailbox_only_mail_of_leads_is_kept(team: Crm, post: Post, box: MailBox) -> None:
    personal = replace(box, kind=Kind.PERSONAL, user="Ana")
    post("Rendez-vous chez le médecin", sender="medecin@sante.example", to=ANA)
    post(to=ANA)
    post(sender=ANA, to="medecin@sante.example")
    assert fetch(team, personal).outcomes == {Outcome.STORED: 1, Outcome.STRANGER: 2}
    assert [mail["lead_key"] for mail in mails(team)] == [ZOE]
    with team.read() as connection:
        strangers = select(mail_places.c.digest).where(mail_places.c.outcome == Outcome.STRANGER)
        assert set(connection.execute(strangers).scalars()) == {None}


def test_whoever_writes_becomes_one_lead_if_asked_but_neither_bounces_nor_lists(team: Crm, post: Post, box: MailBox) -> None:
    for _ in range(3):
        post(sender="Nina Neuve <nina@neuve.example>")
    post(sender="liste@neuve.example", List_Id="<liste.neuve.example>", Precedence="list")
    post("550 5.1.1 user unknown", sender="MAILER-DAEMON@neuve.example", Subject="Undelivered Mail Returned to Sender")
    fetch(team, replace(box, new_leads=True))
    with team.read() as connection:
        rows = connection.execute(select(leads.c.name, leads.c.email, leads.c.source, leads.c.lead_id).where(leads.c.key > LEO)).all()
    assert [tuple(row) for row in rows] == [("Nina Neuve", "nina@neuve.example", "Email", "L-000003")]
    assert [mail["lead_key"] for mail in mails(team)][:3] == [3, 3, 3]


def test_noise_is_ignored_with_its_reason_and_proves_no_interest(team: Crm, post: Post, fetched: Fetched) -> None:
    post("Je suis absente jusqu’au 3.", Auto_Submitted="auto-replied", Subject="Réponse automatique : Devis")
    fetched()
    (mail,) = mails(team)
    assert (mail["kind"], mail["filed"], mail["lead_key"]) == ("réponse automatique", "ignorés", ZOE)
    assert mail["drop_reason"]


def test_who_asks_to_be_left_alone_is_written_to_no_more(team: Crm, post: Post, fetched: Fetched) -> None:
    post("STOP, merci de me désinscrire de vos envois.")
    fetched()
    with team.read() as connection:
        assert suppressions.among(connection, ["ZOE@client.example"]) == {CLIENT: "désinscription"}


def test_what_a_colleague_writes_about_unsubscribing_bars_nobody(team: Crm, post: Post, fetched: Fetched) -> None:
    post("STOP, merci de me désinscrire de vos envois.", sender=ANA, to=CLIENT)
    fetched()
    assert [(mail["kind"], mail["direction"]) for mail in mails(team)] == [("message", "envoyé")]
    with team.read() as connection:
        assert suppressions.among(connection, [ANA, CLIENT]) == {}


@pytest.mark.parametrize("whose", [ANA, BRUNO, CLIENT])
def test_a_bounce_for_good_bars_whom_it_is_about_unless_it_is_one_of_us(team: Crm, post: Post, fetched: Fetched, whose: str) -> None:
    said = f"<{whose}>: host mx said: 550 5.1.1 user unknown"
    post(said, sender="MAILER-DAEMON@mx.example", Subject="Undelivered Mail Returned to Sender")
    fetched()
    assert [mail["concerns"] for mail in mails(team)] == [whose]
    with team.read() as connection:
        assert suppressions.among(connection, [whose]) == ({CLIENT: "rejet"} if whose == CLIENT else {})


def test_one_bad_mail_stops_no_other(team: Crm, post: Post, fetched: Fetched, folder: Path) -> None:
    post()
    (folder / "rien.eml").write_bytes(b"\xff\xfe\x00 rien d'un email\n\n\x80")
    post("Une autre", Date="hier", From="<>")
    post("La dernière")
    assert fetched().outcomes.total() == 4
    assert {"Bonjour", "La dernière"} <= {mail["text"] for mail in mails(team)}


def test_a_fetch_that_is_stopped_goes_on_from_there(team: Crm, post: Post, box: MailBox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gnetics.mail.fetching.TOGETHER", 2)
    for number in range(7):
        post(f"Numéro {number}")
    asked = count()
    first = fetch(team, box, lambda: next(asked) >= 2)
    assert first.outcomes == {Outcome.STORED: 4}
    second = fetch(team, box)
    assert second.outcomes == {Outcome.STORED: 3}
    assert sorted(mail["text"] for mail in mails(team)) == [f"Numéro {number}" for number in range(7)]


def test_a_mailbox_that_cannot_be_read_says_why_and_since_when(team: Crm, post: Post, box: MailBox, folder: Path) -> None:
    post()
    fetch(team, box)
    folder.rename(folder.with_name("ailleurs"))
    with pytest.raises(MailError):
        fetch(team, box)
    with team.read() as connection:
        (row,) = connection.execute(select(mailboxes)).all()
    assert row.answered_at is not None
    assert row.said


def test_a_mailbox_that_is_in_the_settings_no_more_is_forgotten_by_the_worker_and_its_mail_is_not(
    team: Crm, post: Post, box: MailBox
) -> None:
    post()
    with closing(Mailboxes()) as asked:
        asked.fetch(team, True, lambda: False)
        assert list(states(team)) == [box.name]
        asked.fetch(replace(team, settings=replace(team.settings, mail_boxes=())), True, lambda: False)
    assert (states(team), len(mails(team))) == ({}, 1)


def test_a_folder_that_is_as_it_was_read_last_is_not_read_again(team: Crm, tmp_path: Path) -> None:
    path, last = tmp_path / "boite", LastRead()
    box = MailBox("boite", path=str(path), format=Format.MBOX)

    def write(name: str, moment: int) -> None:
        """In the same file, as long, at that moment."""
        path.write_text(f"From a@b.example Mon Nov 23 10:00:00 2026\nFrom: {CLIENT}\nMessage-ID: <{name}@b.example>\n\n{name}\n\n")
        os.utime(path, ns=(moment, moment))

    def read(minutes: int) -> Counter[Outcome]:
        return fetch(later(team, minutes), box, last=last).outcomes

    write("un", 1)
    assert read(0) == {Outcome.STORED: 1}
    write("uN", 1)
    assert read(1) == {}, "nothing says that it is another one"
    os.utime(path, ns=(2, 2))
    assert (read(2), read(3)) == ({Outcome.STORED: 1}, {})


def test_a_mailbox_that_another_process_has_read_or_of_another_store_is_read_again(team: Crm, tmp_path: Path) -> None:
    path, last = tmp_path / "boite", LastRead()
    path.write_text(f"From a@b.example Mon Nov 23 10:00:00 2026\nFrom: {CLIENT}\nMessage-ID: <un@b.example>\n\nBonjour\n\n")
    box = MailBox("boite", path=str(path), format=Format.MBOX)

    def forgotten(minutes: int) -> Counter[Outcome]:
        """What comes of a fetch in a store that knows nothing of what stands in the mailbox."""
        with team.engine.begin() as connection:
            connection.execute(delete(mail_places))
        return fetch(later(team, minutes), box, last=last).outcomes

    assert (forgotten(0), forgotten(1)) == ({Outcome.STORED: 1}, {})
    fetch(later(team, 2), box)
    assert (forgotten(3), forgotten(4)) == ({Outcome.KNOWN: 1}, {})
    with team.engine.begin() as connection:
        connection.execute(delete(mailboxes))
    assert forgotten(5) == {Outcome.KNOWN: 1}


def test_every_mail_of_a_mailbox_is_accounted_for(team: Crm, post: Post, fetched: Fetched) -> None:
    post()
    post("Tu déjeunes ?", sender=ANA, to=BRUNO)
    post(sender="inconnu@ailleurs.example")
    fetched()
    assert places(team) == {"rangé": 2, "entre collègues": 1}
    with team.read() as connection:
        assert connection.execute(select(func.count()).select_from(mail_places)).scalar_one() == 3
