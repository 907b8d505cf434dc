"""Which names let an import believe that a row speaks of somebody known."""

from __future__ import annotations

import pytest

from gnetics.domain.emails import is_shared
from gnetics.domain.folding import fold
from gnetics.domain.names import one_person, same_full_name


def believed(one: str, other: str) -> tuple[bool, bool]:
    """(with somebody's own email, with a telephone or mailbox that several share), the same whichever is known."""
    found, turned = ((one_person(fold(a), fold(b)), same_full_name(fold(a), fold(b))) for a, b in ((one, other), (other, one)))
    assert found == turned
    return found


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Durand Alice", "Alice DURAND"),
        ("Hélène Béranger", "helene beranger"),
        ("O’Connor, Siobhán", "Siobhan O'Connor"),
        ("Mme Alice Durand", "DURAND Alice"),
        ("Alice Durand", "Alice Durand-Leroy"),
        ("Alice Durand", "Alice Leroy (née Durand)"),
        ("Jean-Marc Petit", "Jean Marc PETIT"),
        ("Jean Dupont", "Jean Dupond"),
        ("王小明", "王小明"),
    ],
)
def test_one_name_in_two_writings_is_one_person(one: str, other: str) -> None:
    assert believed(one, other) == (True, True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A. Durand", "Alice Durand"),
        ("Durand", "Alice Durand"),
        ("Mme Durand", "Alice Durand"),
        ("Alice Petit", "Alice Leroy"),
        ("", "Alice Durand"),
    ],
)
def test_an_initial_a_surname_alone_or_another_one_is_enough_with_ones_own_email_only(one: str, other: str) -> None:
    assert believed(one, other) == (True, False)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Paul Martin", "Julie Martin"),
        ("Martin Paul", "Martin Julie"),
        ("Nora Martin", "Yildiz Martin"),
        ("Florine Tessier", "Gaspard Noël"),
        ("Jean-Marc Petit", "Jean-Pierre Petit"),
        ("B. Durand", "Alice Durand"),
        ("王小明", "李小明"),
    ],
)
def test_two_names_are_two_people(one: str, other: str) -> None:
    assert believed(one, other) == (False, False)


def test_a_father_and_his_son_are_two_people_at_one_telephone() -> None:
    assert not same_full_name("jean martin", "jean-pierre martin")


@pytest.mark.parametrize(
    "address",
    ["contact@alba.fr", "info.lyon@alba.fr", "contact-2@alba.fr", "service.clients@alba.fr", "compta@alba.fr",
     "fonderie-alba@fonderie-alba.fr", "aucun@alba.fr", "no-reply@alba.fr", "secretariat+crm@alba.fr"],
)  # fmt: skip
def test_a_mailbox_of_a_role_is_nobodys_own(address: str) -> None:
    assert is_shared(address)


@pytest.mark.parametrize(
    "address", ["anne@alba.fr", "anne.contact@alba.fr", "infante@alba.fr", "f.tessier@alba.fr", "contacte.moi@gmail.com"]
)
def test_a_persons_mailbox_is_not_shared(address: str) -> None:
    assert not is_shared(address)
