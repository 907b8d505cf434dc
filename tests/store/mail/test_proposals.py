"""An answer is proposed to each mail that calls for one, from what is known; what is missing blocks, and a person decides."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from gnetics.actions import accounts
from gnetics.domain.rights import Verb
from gnetics.mail.answering import attach
from gnetics.mail.fetching import Fetch
from gnetics.mail.proposals.by_template import ByTemplate
from gnetics.mail.proposals.proposer import Asked, Proposal
from gnetics.mail.proposals.proposing import propose_all
from gnetics.mail.proposals.slots import free_slots
from gnetics.store.crm import Crm
from tests.store.mail.conftest import Post, mails

Fetched = Callable[[], Fetch]
ZOE, LEO = 1, 2
RATIO = "{{ 1/0 }}"


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "modeles"


def proposed(crm: Crm, models: Path) -> list[tuple[str | None, str | None]]:
    propose_all(crm, ByTemplate(models))
    return [(mail["reply_state"], mail["reply_origin"]) for mail in mails(crm)]


@pytest.mark.parametrize(
    ("text", "template"),
    [
        ("Pouvez-vous m’envoyer un devis ?", "tarif"),
        ("Quel est le PRIX pour 10 postes ?", "tarif"),
        ("Seriez-vous disponible mardi pour un rendez-vous ?", "rendez-vous"),
        ("Je vous relance, je suis sans réponse.", "relance"),
        ("Nous ne donnerons pas suite, nous avons choisi un autre prestataire.", "refus"),
        ("Voici les documents demandés.", "reponse"),
    ],
)
def test_the_words_of_a_mail_choose_its_template(team: Crm, post: Post, fetched: Fetched, models: Path, text: str, template: str) -> None:
    post(text, Subject="Bonjour")
    fetched()
    assert proposed(team, models) == [("proposée", f"modèle «\u00a0{template}\u00a0»")]


def test_a_proposal_is_whole_signed_and_addressed(team: Crm, post: Post, fetched: Fetched, models: Path) -> None:
    post("Quel est le prix ?")
    fetched()
    proposed(team, models)
    text = mails(team)[0]["reply_text"]
    assert text.startswith("Bonjour Zoé Client,")
    assert "pour Client SA" in text
    assert text.endswith("Ana Lopès\nCRM GNETICS")


def test_a_missing_field_blocks_and_is_never_none(team: Crm, post: Post, fetched: Fetched, models: Path) -> None:
    with team.write("Chef", Verb.IMPORT) as uow:
        uow.update("leads", ZOE, {"name": None})
        uow.commit()
    post("Quel est le prix ?")
    fetched()
    assert proposed(team, models) == [(None, "Rien n’est proposé\u00a0: il manque le nom du contact.")]


def test_a_template_of_the_data_folder_takes_the_place_of_ours(team: Crm, post: Post, fetched: Fetched, models: Path) -> None:
    models.mkdir()
    (models / "tarif.txt").write_text("Cher {{ nom }} de {{ entreprise }}", "utf-8")
    post("Quel est le prix ?")
    fetched()
    assert proposed(team, models) == [("proposée", "modèle «\u00a0tarif\u00a0» (le vôtre)")]
    assert mails(team)[0]["reply_text"] == "Cher Zoé Client de Client SA"


@pytest.mark.parametrize(
    "template",
    ["{{ nom.__class__.__mro__ }}", "{{ ''.__class__ }}", "{% for x in range(10**9) %}x{% endfor %}", "{{ inconnu }}", "{% if %}", RATIO],
)
def test_a_template_that_is_wrong_or_reaches_out_blocks_and_says_so(
    team: Crm, post: Post, fetched: Fetched, models: Path, template: str
) -> None:
    models.mkdir()
    (models / "tarif.txt").write_text(template, "utf-8")
    post("Quel est le prix ?")
    fetched()
    ((state, origin),) = proposed(team, models)
    assert state is None
    assert origin is not None and origin.startswith("Rien n’est proposé")


def test_nothing_is_proposed_to_noise_nor_to_nobodys_mail_until_it_is_attached(
    team: Crm, post: Post, fetched: Fetched, models: Path
) -> None:
    post("Je suis absente.", Auto_Submitted="auto-replied")
    post("Un devis ?", sender="inconnu@ailleurs.example")
    fetched()
    assert proposed(team, models) == [(None, None), (None, None)]
    attach(team, "Ana", mails(team)[1]["key"], ZOE)
    assert proposed(team, models)[1][0] == "proposée"


def test_only_the_last_mail_of_a_thread_is_proposed_an_answer(team: Crm, post: Post, fetched: Fetched, models: Path) -> None:
    first = post("Un devis ?", Date="Mon, 23 Nov 2026 10:00:00 +0100")
    post("Pour deux postes.", In_Reply_To=first, Date="Mon, 23 Nov 2026 11:00:00 +0100")
    fetched()
    assert [state for state, _ in proposed(team, models)] == [None, "proposée"]


def test_the_owner_answers_and_one_without_an_address_is_proposed_nothing(team: Crm, post: Post, fetched: Fetched, models: Path) -> None:
    accounts.add(team, "Chef", "Nina", "édition", None)
    with team.write("Chef", Verb.IMPORT) as uow:
        uow.update("leads", ZOE, {"owner": "Nina"})
        uow.commit()
    post("Un devis ?")
    post("Un devis ?", sender="leo@autre.example")
    fetched()
    assert [state for state, _ in proposed(team, models)] == [None, "proposée"]
    assert mails(team)[1]["reply_text"].endswith("Bruno")


def test_a_mail_is_proposed_an_answer_once_and_what_was_decided_meanwhile_stays(
    team: Crm, post: Post, fetched: Fetched, models: Path
) -> None:
    post("Un devis ?")
    fetched()

    def decides_meanwhile(asked: Asked) -> Proposal:
        with team.write("Ana", Verb.SEND) as uow:
            uow.update("messages", asked.mail["key"], {"reply_state": "rejetée"})
            uow.commit()
        return Proposal("trop tard", "un modèle")

    propose_all(team, decides_meanwhile)
    assert [(mail["reply_state"], mail["reply_text"]) for mail in mails(team)] == [("rejetée", None)]
    assert propose_all(team, decides_meanwhile) == 0


def test_a_mail_of_the_past_that_an_import_brings_is_proposed_nothing(team: Crm, models: Path) -> None:
    with team.write("Chef", Verb.IMPORT) as uow:
        uow.insert(
            "messages", {"message_id": "<ancien@x>", "direction": "reçu", "text": "Un devis ?", "lead_key": ZOE, "at": team.clock.now()}
        )
        uow.commit()
    assert proposed(team, models) == [(None, None)]


def test_slots_are_working_hours_at_which_the_owner_is_free(team: Crm) -> None:
    friday = team.clock.now() + timedelta(days=3)  # 27 November 2026, 10:00
    busy = {"owner": "Ana", "starts_at": friday.replace(hour=7), "ends_at": friday.replace(hour=17)}
    with team.write("Chef", Verb.IMPORT) as uow:
        uow.insert("events", {"uid": "a", "title": "Salon", **busy})
        uow.insert("events", {"uid": "c", "title": "Annulé", **busy, "cancelled": True, "starts_at": team.clock.now()})
        uow.insert("events", {"uid": "b", "title": "À un autre", **busy, "owner": "Bruno", "starts_at": team.clock.now()})
        uow.commit()
    with team.read() as connection:
        found = free_slots(connection, "Ana", team.clock.now(), team.region)
    assert [each.split(" à ")[0] for each in found] == ["mercredi 25 novembre", "jeudi 26 novembre", "lundi 30 novembre"]
    assert found[0].endswith("9\u00a0h\u00a030")
