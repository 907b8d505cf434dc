"""Somebody is erased while others merge them, write about them and bring them again by a file: nothing of them comes back."""

from __future__ import annotations

from sqlalchemy import select

from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.store.crm import Crm
from gnetics.store.schema import leads
from tests.store import workers as jobs
from tests.store.person.test_erasing_people import cells
from tests.store.workers import Workers


def test_no_merge_note_or_import_beside_it_keeps_or_brings_back_anything(crm: Crm, store_url: str, workers: Workers) -> None:
    with crm.write("moi", Verb.IMPORT) as uow:
        pairs = [(who, key) for who in ("zoe", "autre") for key in range(1, jobs.PAIRS + 1)]
        people = [{"name": f"Secret {key}", "email": f"{who}{key}@secret.example"} for who, key in pairs]
        uow.insert_many("leads", people, Action.IMPORTED)
        uow.commit()
    assert len(workers.run(jobs.erased_meanwhile, store_url)) == jobs.PAIRS
    assert [place for place, text in cells(crm).items() if "secret" in text.casefold()] == []
    with crm.read() as connection:
        rows = connection.execute(select(leads.c.deleted, leads.c.erased_at, leads.c.name)).all()
    living = [row for row in rows if not row.deleted]
    assert len(rows) == 2 * jobs.PAIRS and len(living) >= jobs.PAIRS
    assert {row.name for row in living} == {"Personne effacée"} and all(row.erased_at for row in living)
