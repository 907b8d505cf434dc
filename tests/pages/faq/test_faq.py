"""The help: complete, French, its links lead somewhere, its search finds."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from gnetics.imports.upload import LARGEST
from gnetics.pages.app import App
from gnetics.pages.faq.answers import COUNT, GROUPS
from gnetics.pages.faq.page import ANSWERS, FaqPage
from gnetics.pages.faq.search import parts
from gnetics.pages.faq.widgets.faq import Faq
from gnetics.state.sidebar import MODULES
from gnetics.widgets import compiled
from tests.pages.conftest import Heard

Send = Callable[..., None]


@pytest.fixture
def faq(app: App, heard: Heard, send: Send) -> Faq:
    send(app.frame, "moved", page="faq", query={})
    page = app.page("faq")
    assert isinstance(page, FaqPage)
    return page._faq


def shown(faq: Faq) -> list[str]:
    return [answer["key"] for group in faq.groups for answer in group["answers"]]


def test_the_answers_of_the_customer_are_there_and_more() -> None:
    asked = {"produit", "rafraichir", "modifier", "enregistres", "cartes", "par-statut", "dashboard-dash-data", "priorite", "statuts"}
    asked |= {"automations", "inbox", "rendez-vous", "accueil", "invisible", "combien"}
    assert asked <= ANSWERS.keys()
    assert len(ANSWERS) == COUNT > 16


def test_every_link_leads_to_a_page_and_says_so() -> None:
    for answer in ANSWERS.values():
        assert answer.page in ("", *MODULES)
        assert bool(answer.page) == bool(answer.go)


def test_the_texts_keep_french_typography(faq: Faq) -> None:
    for group in faq.groups:
        for answer in group["answers"]:
            words = " ".join("".join(part["text"] for part in text) for text in (answer["question"], *answer["paragraphs"]))
            assert not re.search(r" [:;?!»%]|« |'|\.\.\.", words), words


def test_groups_come_as_written(faq: Faq) -> None:
    assert [group["title"] for group in faq.groups] == [group.title for group in GROUPS]
    assert faq.count == COUNT


def test_a_search_without_accents_finds_opens_and_follows_in_the_address(faq: Faq, heard: Heard, send: Send) -> None:
    send(faq, "search", text="session EXPIREE")
    assert shown(faq) == ["session"]
    assert faq.opened == ["session"]
    assert heard.addresses()[-1] == ("faq", {"q": "session EXPIREE"}, "replace")
    send(faq, "search", text="introuvable zzz")
    assert faq.groups == []


def test_what_matches_is_open_with_the_words_marked(faq: Faq, send: Send) -> None:
    send(faq, "search", text="doublon")
    assert len(faq.opened) == faq.count > 3
    for group in faq.groups:
        for answer in group["answers"]:
            marked = [part["text"] for text in (answer["question"], *answer["paragraphs"]) for part in text if part["hit"]]
            assert {text.lower() for text in marked} <= {"doublon"}


@pytest.mark.parametrize(
    ("text", "search", "marked"),
    [
        ("Étape d’un œuf l’été", "ETE oeuf", ["œuf", "été"]),
        ("Un mot de passe, demandé", "mot de passe", ["mot", "passe"]),
        ("L’import", "l'import", ["L’import"]),
        ("Rien de tel", "autre", []),
        ("Rien", "", []),
    ],
)
def test_words_are_marked_whatever_their_accents_and_the_text_stays_whole(text: str, search: str, marked: list[str]) -> None:
    found = parts(text, search)
    assert "".join(part["text"] for part in found) == text
    assert [part["text"] for part in found if part["hit"]] == marked


def test_an_address_carries_a_search_or_a_question(app: App, faq: Faq, send: Send) -> None:
    send(app.frame, "moved", page="faq", query={"q": "visio"})
    assert "rendez-vous" in shown(faq)
    send(app.frame, "moved", page="faq", query={"question": "inbox"})
    assert faq.opened == ["inbox"]
    assert faq.revealed == "inbox"
    assert len(shown(faq)) == COUNT


def test_a_question_opens_and_closes(faq: Faq, heard: Heard, send: Send) -> None:
    send(faq, "toggle", key="statuts")
    assert faq.opened == ["statuts"]
    assert heard.addresses()[-1] == ("faq", {"question": "statuts"}, "replace")
    send(faq, "toggle", key="statuts")
    assert faq.opened == []
    send(faq, "toggle", key="n’importe quoi")
    assert faq.opened == []


def test_what_is_said_of_imports_is_what_is_accepted() -> None:
    said = " ".join(ANSWERS["importer"].paragraphs)
    assert f"{LARGEST // 2**20}\u00a0Mo" in said
    accept = re.search(r'accept="([^"]+)"', compiled.sources()["import_dialog.vue"].with_name("import_choose.vue").read_text("utf-8"))
    assert accept
    accepted = set(re.findall(r"\.(\w+)", accept[1]))
    assert {each.upper() for each in accepted} - {"TXT", "TSV"} == set(re.findall(r"\b(?:CSV|XLS[XMB]?|ODS|VCF|ICS)\b", said))
