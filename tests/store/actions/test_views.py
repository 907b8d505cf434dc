"""Saved views: personal, named once, no news for anyone else; and what their migration does to an older store."""

from __future__ import annotations

from runpy import run_path

import pytest
from sqlalchemy import text

from gnetics.actions.views import LONGEST, MOST, delete_view, rename_view, save_view
from gnetics.domain.history import Action
from gnetics.domain.leads import derive
from gnetics.domain.rights import Verb
from gnetics.errors import NotFound, Refused
from gnetics.store import migrate
from gnetics.store.crm import Crm
from gnetics.store.reading.views import views_of

QUERY = {"statut": "Clos|En suivi", "tri": "-company", "q": "l’été"}


def names(crm: Crm, user: str) -> list[str]:
    return [view.name for view in views_of(crm, user)]


def test_a_view_is_kept_for_its_person_only(crm: Crm) -> None:
    saved = save_view(crm, "Ana", "  Été à Lyon ", QUERY)
    save_view(crm, "Ana", "Autres", {})
    assert views_of(crm, "Ana") == [views_of(crm, "Ana")[0], saved]
    assert (saved.name, saved.query) == ("Été à Lyon", QUERY)
    assert names(crm, "Sam") == []
    with pytest.raises(NotFound):
        delete_view(crm, "Sam", saved.key)
    with pytest.raises(NotFound):
        rename_view(crm, "Sam", saved.key, "À moi")
    assert names(crm, "Ana") == ["Autres", "Été à Lyon"]


def test_saving_under_a_name_one_has_replaces_that_view(crm: Crm) -> None:
    first = save_view(crm, "Ana", "Été", QUERY)
    second = save_view(crm, "Ana", "ete", {"q": "x"})
    assert second.key == first.key and views_of(crm, "Ana") == [second]
    assert save_view(crm, "Sam", "Été", {}).key != first.key


def test_a_view_is_renamed_and_deleted(crm: Crm) -> None:
    view, other = save_view(crm, "Ana", "Un", QUERY), save_view(crm, "Ana", "Deux", {})
    with pytest.raises(Refused, match="déjà"):
        rename_view(crm, "Ana", view.key, "DEUX")
    rename_view(crm, "Ana", view.key, "UN")
    delete_view(crm, "Ana", other.key)
    assert names(crm, "Ana") == ["UN"]
    assert views_of(crm, "Ana")[0].query == QUERY


@pytest.mark.parametrize("name", ["", "  ", "\x00", "x" * (LONGEST + 1)])
def test_a_view_needs_a_name_that_can_be_shown(crm: Crm, name: str) -> None:
    with pytest.raises(Refused):
        save_view(crm, "Ana", name, {})
    assert names(crm, "Ana") == []


def test_there_is_a_most_for_one_person(crm: Crm) -> None:
    for number in range(MOST):
        save_view(crm, "Ana", f"Vue {number}", {})
    with pytest.raises(Refused, match="maximum"):
        save_view(crm, "Ana", "Une de trop", {})
    save_view(crm, "Ana", "Vue 3", QUERY)
    save_view(crm, "Sam", "Une de trop", {})


def test_views_are_no_news_for_others_and_do_not_wait_for_synchronisation(crm: Crm) -> None:
    before = crm.latest_rev()
    crm.set_sync(False, "admin")
    switched = crm.latest_rev()
    save_view(crm, "Ana", "Été", QUERY)
    assert names(crm, "Ana") == ["Été"]
    assert crm.latest_rev() == switched >= before


def test_an_older_store_finds_notes_and_odd_phones_once_upgraded(crm: Crm) -> None:
    leads = [
        {"name": "Zoé", "notes": "Vue à l’Été", "phone": "06 12 34 56 78"},
        {"name": "Ana", "phone": "poste 06.99"},
        {"name": "Léo", "phone": "06 12 34 56 79"},
    ]
    with crm.write("Ana", Verb.SAVE_LEAD) as uow:
        uow.insert_many("leads", leads, Action.IMPORTED)
        uow.commit()
    (path,) = (migrate.MIGRATIONS / "versions").glob("*_views.py")
    with crm.engine.begin() as connection:
        connection.execute(text("UPDATE leads SET search = 'zoe 06 12 34 56 78 0612345678 +33612345678' WHERE name = 'Zoé'"))
        connection.execute(text("UPDATE leads SET search = 'ana poste 06.99' WHERE name = 'Ana'"))
        run_path(str(path))["find_notes_and_odd_phones"](connection)
    for lead in crm.snapshot().leads.to_dict("records"):
        expected = derive({str(name): None if value != value else value for name, value in lead.items()}, crm.region)["search"]
        assert sorted(lead["search"].split()) == sorted(expected.split())
