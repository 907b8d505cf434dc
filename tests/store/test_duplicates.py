"""« En double » and near spellings are kept true at each write, for everyone concerned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gnetics.actions.leads import save_lead
from gnetics.domain.duplicates import near_pairs
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.store import duplicates
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot
from gnetics.store.reading.history import history_of


@pytest.fixture
def snapshot(crm: Crm) -> Snapshot:
    return crm.snapshot()


def _add(crm: Crm, snapshot: Snapshot, name: str, email: str) -> int:
    return save_lead(crm, "alice", None, {"name": name, "email": email}, None, snapshot).key


def _checks(snapshot: Snapshot) -> list[Any]:
    return snapshot.leads["email_check"].tolist()


def _pairs(snapshot: Snapshot) -> set[tuple[int, int]]:
    return set(snapshot.pairs.itertuples(index=False, name=None))


def test_the_same_email_in_another_case_is_double_for_both(crm: Crm, snapshot: Snapshot) -> None:
    _add(crm, snapshot, "Zoé", "zoe@ebene.fr")
    _add(crm, snapshot, "Autre", "ZOE@Ebene.fr")
    assert _checks(snapshot) == ["en double", "en double"]


def test_a_mended_or_deleted_double_frees_the_other_one(crm: Crm, snapshot: Snapshot) -> None:
    for _ in range(3):
        _add(crm, snapshot, "Zoé", "zoe@ebene.fr")
    save_lead(crm, "alice", 2, {"email": "zoe2@ebene.fr"}, None, snapshot)
    assert _checks(snapshot) == ["en double", "valide", "en double"]
    with crm.write("alice", Verb.SAVE_LEAD) as uow:
        uow.delete("leads", 3)
        uow.commit()
    snapshot.refresh()
    assert _checks(snapshot) == ["valide", "valide"]


def test_thousands_of_emails_are_told_double_as_a_few_are(crm: Crm, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duplicates, "MANY", 2)
    _add(crm, snapshot, "Zoé", "zoe@ebene.fr")
    emails = ["ZOE@ebene.fr", "anne@ebene.fr", "bob@ebene.fr", "Bob@ebene.fr", "non", None]
    with crm.write("alice", Verb.IMPORT) as uow:
        uow.insert_many("leads", [{"name": "Autre", "email": email} for email in emails], Action.IMPORTED)
        uow.commit()
    snapshot.refresh()
    assert _checks(snapshot) == ["en double", "en double", "valide", "en double", "en double", "invalide", "manquant"]


def test_another_change_leaves_a_double_double(crm: Crm, snapshot: Snapshot) -> None:
    _add(crm, snapshot, "Zoé", "zoe@ebene.fr")
    _add(crm, snapshot, "Zoé", "zoe@ebene.fr")
    save_lead(crm, "alice", 1, {"amount": 5}, None, snapshot)
    assert _checks(snapshot) == ["en double", "en double"]


def test_the_same_unreadable_email_twice_is_invalid_not_double(crm: Crm, snapshot: Snapshot) -> None:
    with crm.write("import", Verb.SAVE_LEAD) as uow:
        uow.insert_many("leads", [{"name": "A", "email": "n/a"}, {"name": "B", "email": "n/a"}], Action.IMPORTED)
        uow.commit()
    snapshot.refresh()
    assert _checks(snapshot) == ["invalide", "invalide"]


def test_becoming_double_is_not_a_line_of_the_others_history(crm: Crm, snapshot: Snapshot) -> None:
    _add(crm, snapshot, "Zoé", "zoe@ebene.fr")
    _add(crm, snapshot, "Zoé", "zoe@ebene.fr")
    assert len(history_of(crm, 1)) == 1


def test_near_spellings_at_one_company_are_pairs(crm: Crm, snapshot: Snapshot) -> None:
    _add(crm, snapshot, "Jean-Marc Lefèvre", "jm@ebene.fr")
    _add(crm, snapshot, "Jean Marc Lefevbre", "lefevre@ebene.fr")
    _add(crm, snapshot, "Lefèvre Jean-Marc", "contact@ebene.fr")
    _add(crm, snapshot, "Sofia Nguyen", "sofia@ebene.fr")
    _add(crm, snapshot, "Jean-Marc Lefevre.", "jm@chene.fr")
    assert {(1, 2), (1, 3)} <= _pairs(snapshot)
    assert all(4 not in pair and 5 not in pair for pair in _pairs(snapshot))


def test_near_spellings_at_a_free_provider_are_not_pairs(crm: Crm, snapshot: Snapshot) -> None:
    _add(crm, snapshot, "Jean Dupont", "jean@gmail.com")
    _add(crm, snapshot, "Jean Dupond", "dupond@gmail.com")
    assert _pairs(snapshot) == set()


def test_a_pair_goes_when_the_name_changes(crm: Crm, snapshot: Snapshot) -> None:
    _add(crm, snapshot, "Jean Dupont", "jean@ebene.fr")
    _add(crm, snapshot, "Jean Dupond", "dupond@ebene.fr")
    assert _pairs(snapshot) == {(1, 2)}
    save_lead(crm, "alice", 2, {"name": "Karim Dupond"}, None, snapshot)
    assert _pairs(snapshot) == set() == {tuple(pair) for pair in crm.snapshot().pairs.itertuples(index=False)}


def test_a_bulk_import_finds_the_same_pairs_as_single_saves(crm: Crm, snapshot: Snapshot) -> None:
    names = [
        "Jean Dupont",
        "Jean Dupond",
        "Jean Duponnt",
        "Marie Martin",
        "Marie Martins",
        *(f"Personne {n:03d} {n * 7919}" for n in range(30)),
    ]
    rows = [{"name": name, "email": f"p{number}@ebene.fr"} for number, name in enumerate(names)]
    with crm.write("import", Verb.SAVE_LEAD) as uow:
        uow.insert_many("leads", rows, Action.IMPORTED)
        uow.commit()
    snapshot.refresh()
    assert {(1, 2), (1, 3), (4, 5)} <= _pairs(snapshot)
    folded = dict(zip(snapshot.leads.index.tolist(), snapshot.leads["name_fold"], strict=True))
    assert _pairs(snapshot) == {pair for key in folded for pair in near_pairs(folded, {key})}


def test_an_older_store_is_searched_for_near_spellings_when_it_is_upgraded(
    crm: Crm, snapshot: Snapshot, upgraded_from: Callable[[str], Crm]
) -> None:
    _add(crm, snapshot, "Jean Dupont", "jean@ebene.fr")
    _add(crm, snapshot, "Jean Dupond", "dupond@ebene.fr")
    assert _pairs(upgraded_from("0003").snapshot()) == {(1, 2)}
