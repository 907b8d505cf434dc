"""The store is taken back to an earlier moment under a page in which somebody types."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, expect

from gnetics.actions.leads import save_lead
from gnetics.operations.backup import back_up
from gnetics.settings import Settings
from gnetics.store.crm import open_crm
from gnetics.store.sqlite_file import put
from tests.browser.conftest import AWAY, Watch, open_page
from tests.served import serve


@pytest.mark.soak
def test_a_note_is_kept_while_its_store_is_restored_and_added_after_rafraichir(
    context: BrowserContext, watch: Watch, empty_store: Path, tmp_path: Path
) -> None:
    watch.expected += AWAY
    store = Settings(database_url=f"sqlite:///{shutil.copy(empty_store, tmp_path / 'gnetics.db')}")

    def write(key: int | None, **values: str) -> None:
        with closing(open_crm(store)) as crm:
            save_lead(crm, "Sam", key, values, None, crm.snapshot())

    write(None, name="Zoé", status="Nouveau")
    back_up(store, tmp_path / "kept")
    write(1, company="Lumen")
    with serve(tmp_path / "log", database_url=store.url, user="Ana", pools="") as server:
        page = open_page(context.new_page(), server.url + "voila/render/contacts.ipynb?lead=L-000001")
        note, add = page.get_by_role("textbox", name="Ajouter une note"), page.get_by_role("button", name="Ajouter la note")
        note.fill("Écrite pendant la restauration")
        put(tmp_path / "kept", tmp_path / "gnetics.db")
        add.click()
        expect(page.get_by_text("restaurée ou remplacée").first).to_be_visible()
        expect(note).to_have_value("Écrite pendant la restauration")
        page.get_by_role("button", name="Rafraîchir").click()
        expect(page.get_by_text("tout est relu").first).to_be_visible()
        expect(note).to_have_value("Écrite pendant la restauration")
        add.click()
        expect(page.locator(".g-notes")).to_contain_text("Écrite pendant la restauration")
    with closing(open_crm(store)) as crm:
        lead = crm.snapshot().lead(1)
    assert (lead["company"], lead["notes"].endswith("Écrite pendant la restauration")) == (None, True)
