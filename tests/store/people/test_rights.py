"""Who may do what is read from the store in the transaction that writes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import insert, update

from gnetics.actions.bin import delete_lead
from gnetics.actions.leads import save_lead
from gnetics.actions.scores import score_all
from gnetics.actions.views import save_view
from gnetics.domain.folding import fold
from gnetics.errors import Forbidden
from gnetics.store.crm import Crm
from gnetics.store.schema import users

NEW = {"name": "Zoé Lefèvre"}


def add(crm: Crm, **roles: str) -> None:
    rows = [{"name": name, "name_fold": fold(name), "role": role, "disabled": False} for name, role in roles.items()]
    with crm.engine.begin() as connection:
        connection.execute(insert(users), rows)


def change(crm: Crm, name: str, **values: Any) -> None:
    with crm.engine.begin() as connection:
        connection.execute(update(users).where(users.c.name == name).values(values))


def test_without_accounts_everyone_does_everything(crm: Crm) -> None:
    save_lead(crm, "n’importe qui", None, NEW, None, crm.snapshot())
    score_all(crm, "n’importe qui")
    crm.set_sync(False, "n’importe qui")


@pytest.mark.parametrize(("role", "may"), [("lecture", 1), ("édition", 3), ("administration", 4)])
def test_a_role_does_what_the_table_says(crm: Crm, role: str, may: int) -> None:
    add(crm, Ana=role)
    snapshot = crm.snapshot()
    verbs: list[Callable[[], object]] = [
        lambda: save_view(crm, "Ana", "mes relances", {}),
        lambda: save_lead(crm, "Ana", None, NEW, None, snapshot),
        lambda: delete_lead(crm, "Ana", 1, snapshot),
        lambda: crm.set_sync(False, "Ana"),
    ]
    for verb in verbs[:may]:
        verb()
    for verb in verbs[may:]:
        with pytest.raises(Forbidden, match="rôle"):
            verb()


def test_a_role_changed_or_an_account_disabled_counts_at_the_next_write(crm: Crm) -> None:
    add(crm, Ana="édition")
    snapshot = crm.snapshot()
    save_lead(crm, "Ana", None, NEW, None, snapshot)
    change(crm, "Ana", role="lecture")
    with pytest.raises(Forbidden, match="lecture"):
        save_lead(crm, "Ana", 1, {"name": "Zoé"}, NEW, snapshot)
    change(crm, "Ana", role="édition", disabled=True)
    with pytest.raises(Forbidden, match="désactivé"):
        save_lead(crm, "Ana", 1, {"name": "Zoé"}, NEW, snapshot)
    assert crm.snapshot().lead(1)["name"] == NEW["name"]


def test_a_name_without_account_is_refused_once_there_are_accounts(crm: Crm) -> None:
    add(crm, Ana="administration")
    with pytest.raises(Forbidden, match="n’existe pas"):
        save_lead(crm, "ana", None, NEW, None, crm.snapshot())


def test_what_stays_in_the_session_needs_the_same_role(crm: Crm) -> None:
    crm.set_sync(False, "admin")
    add(crm, Ana="lecture")
    with pytest.raises(Forbidden):
        save_lead(crm, "Ana", None, NEW, None, crm.snapshot())


def test_the_command_line_is_trusted(crm: Crm) -> None:
    add(crm, Ana="lecture")
    score_all(replace(crm, trusted=True), "compte du système")
