"""Contacts without news are to be confirmed, then forgotten; not whoever gives news or is a customer, nor by a clock that jumped."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from gnetics.actions import quiet_contacts
from gnetics.actions.imports import import_rows
from gnetics.actions.leads import save_lead
from gnetics.actions.quiet_contacts import TAG, erase_quiet, tag_quiet
from gnetics.actions.retention import forget_history
from gnetics.automations.book import book
from gnetics.automations.trying import preview
from gnetics.clock import fixed
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.operations.nightly import DEEDS
from gnetics.store.crm import Crm
from gnetics.store.nights import KEPT_DAYS
from gnetics.store.schema import history, leads
from tests.conftest import live

pytestmark = pytest.mark.costly

OLD, NEW = date(2023, 10, 1), date(2024, 9, 1)


@pytest.fixture
def crm(crm: Crm) -> Crm:
    people: list[dict[str, Any]] = [
        {"name": "Zoé Ancienne", "email": "zoe@x.fr", "last_contact": OLD, "tags": "VIP"},
        {"name": "Léa Récente", "email": "lea@x.fr", "last_contact": NEW, "created_at": OLD},
        {"name": "Ugo Client", "last_contact": OLD, "status": "Clos"},
        {"name": "Max Écrit", "last_contact": OLD},
        {"name": "Eva Créée", "created_at": OLD},
        {"name": "Sans Date"},
    ]
    with crm.write("Ana", Verb.IMPORT) as uow:
        uow.insert_many("leads", [{"status": "Perdu", **each} for each in people], Action.IMPORTED)
        mail = {"message_id": "<1>", "direction": "reçu", "kind": "message", "at": datetime(2026, 1, 5, tzinfo=UTC), "lead_key": 4}
        import_rows(uow, "messages", [mail])
        uow.commit()
    return replace(crm, trusted=True)


def later(crm: Crm, days: int, nights: int | None = None) -> Crm:
    """So many days and nights after the crm's, or fewer nights."""
    after = replace(crm, clock=fixed(crm.clock.now() + timedelta(days=days), crm.region.zone))
    live(after, days if nights is None else nights)
    return after


def tags(crm: Crm) -> list[str | None]:
    with crm.read() as connection:
        return list(connection.execute(select(leads.c.tags).order_by(leads.c.key)).scalars())


def erased(crm: Crm) -> list[int]:
    with crm.read() as connection:
        return list(connection.execute(select(leads.c.key).where(leads.c.erased_at.is_not(None)).order_by(leads.c.key)).scalars())


def test_they_are_tagged_then_erased_after_the_delay_in_days_and_nights(crm: Crm) -> None:
    assert tag_quiet(crm, 36) == 0, "a store that is new knows no day for sure"
    crm = later(crm, KEPT_DAYS)
    assert tag_quiet(crm, 36, trying=True) == 2 and tags(crm)[0] == "VIP"
    assert tag_quiet(crm, 36) == 2 and tag_quiet(crm, 36) == 0
    assert tags(crm) == [f"VIP, {TAG}", None, None, None, TAG, None]
    assert erase_quiet(crm, 36, 90) == 0
    assert erase_quiet(replace(crm, clock=fixed(crm.clock.now() + timedelta(days=400), crm.region.zone)), 36, 90) == 0, "a clock that jumps"
    after = later(crm, 91)
    assert erase_quiet(after, 36, 90, trying=True) == 2 and erased(after) == []
    assert erase_quiet(after, 36, 90) == 2 and erased(after) == [1, 5]
    assert erase_quiet(after, 36, 90) == 0


def test_whoever_is_confirmed_or_gives_news_stays(crm: Crm) -> None:
    crm = later(crm, KEPT_DAYS)
    tag_quiet(crm, 36)
    save_lead(crm, "Ana", 1, {"tags": None}, None, crm.snapshot())
    with crm.write("Ana", Verb.IMPORT) as uow:
        uow.update("leads", 5, {"last_contact": crm.clock.today()})
        uow.commit()
    after = later(crm, 91)
    assert erase_quiet(after, 36, 90) == 0
    assert tag_quiet(after, 36) == 1, "asked again, and for as long"
    assert erase_quiet(after, 36, 90) == 0


def test_all_deals_of_a_person_go_even_in_several_transactions(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quiet_contacts, "TOGETHER", 1)
    with crm.write("Ana", Verb.IMPORT) as uow:
        deal = {"name": "Zoé Ancienne", "email": "zoe@x.fr", "deal_of": "L-000001", "status": "Perdu", "last_contact": OLD}
        uow.update("leads", 1, {"lead_id": "L-000001"})
        uow.insert("leads", deal)
        uow.commit()
    crm = later(crm, KEPT_DAYS)
    assert tag_quiet(crm, 36) == 3
    assert erase_quiet(later(crm, 91), 36, 90) == 3 and erased(crm) == [1, 5, 7]


def test_the_night_previews_it_and_does_nothing_unless_the_setting_says_so(crm: Crm, tmp_path: object) -> None:
    crm = later(crm, KEPT_DAYS)
    assert book(crm)["nuit-contacts"].enabled
    assert preview(crm, "nuit-contacts", DEEDS).first[0]["subject"] == "rien à changer maintenant"
    kept = replace(crm, settings=replace(crm.settings, contacts_kept_months=36))
    assert preview(kept, "nuit-contacts", DEEDS).first[0]["subject"] == "2\u00a0contacts à reconfirmer (sans nouvelles depuis 36\u00a0mois)"
    assert tags(crm)[0] == "VIP"


def test_what_the_history_says_of_people_goes_with_its_age_and_figures_keep_their_lines(crm: Crm) -> None:
    save_lead(crm, "Ana", 1, {"name": "Zoé Nouvelle", "status": "Contacté"}, None, crm.snapshot())
    after = later(crm, 400)
    assert forget_history(after, 14) == 0
    assert forget_history(after, 12, trying=True) == forget_history(after, 12) == 1
    with crm.read() as connection:
        told = connection.execute(select(history.c.field).where(history.c.entity_key == 1, history.c.entity == "lead")).scalars().all()
    assert "name" not in told and {"", "status"} <= set(told)
