"""Mail of somebody who was erased is not kept when a mailbox gives it again; one to several is kept without them."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from gnetics.actions.erasing_people import erase_person
from gnetics.domain.accesses import COMMAND
from gnetics.domain.messages import Outcome
from gnetics.domain.rights import Verb
from gnetics.mail.fetching import Fetch
from gnetics.store.crm import Crm
from gnetics.store.schema import mail_places
from tests.store.mail.conftest import ANA, CLIENT, TEAM, Post, mails


def test_a_mail_of_theirs_is_not_kept_again_nor_is_a_new_one(team: Crm, post: Post, fetched: Callable[[], Fetch]) -> None:
    post("Mon numéro", sender=f"Zoé <{CLIENT}>")
    fetched()
    erase_person(team, "Chef", CLIENT, COMMAND)
    with team.engine.begin() as connection:
        connection.execute(mail_places.delete())  # another folder, another mailbox
    post("Encore moi", sender=f"Zoé <{CLIENT}>")
    post("Réponse", sender=ANA, to=CLIENT)
    assert fetched().outcomes == {Outcome.KNOWN: 1, Outcome.ERASED: 2}
    assert [mail["text"] for mail in mails(team)] == [None]
    with team.read() as connection:
        kept = connection.execute(select(mail_places.c.digest).where(mail_places.c.outcome == Outcome.ERASED)).scalars().all()
    assert kept == [None, None]


def test_a_mail_to_several_is_kept_without_them(team: Crm, post: Post, fetched: Callable[[], Fetch]) -> None:
    erase_person(team, "Chef", CLIENT, COMMAND)
    post(f"Zoé est en copie ({CLIENT}).", sender="leo@autre.example", to=f"{TEAM}, Zoé <{CLIENT}>", Cc=f"zoe <{CLIENT}>")
    assert fetched().outcomes == {Outcome.STORED: 1}
    (mail,) = mails(team)
    assert CLIENT not in str(mail) and mail["recipients"] == TEAM and mail["lead_key"] == 2


def test_who_is_a_contact_again_is_written_to_as_anybody(team: Crm, post: Post, fetched: Callable[[], Fetch]) -> None:
    erase_person(team, "Chef", CLIENT, COMMAND)
    with team.write("Chef", Verb.IMPORT) as uow:
        key = uow.insert("leads", {"lead_id": uow.next_lead_id(), "name": "Zoé Client", "email": CLIENT})
        uow.commit()
    post("Me revoilà", sender=CLIENT)
    assert fetched().outcomes == {Outcome.STORED: 1} and mails(team)[-1]["lead_key"] == key
