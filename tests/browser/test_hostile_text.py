"""Text that would be a script, a tag or an expression, in every column of the store: each page shows it as text."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import insert, true, update

from gnetics.actions.leads import save_lead
from gnetics.settings import Settings
from gnetics.state.sidebar import MODULES
from gnetics.store import schema
from gnetics.store.crm import open_crm
from tests.browser.conftest import MOVE, on, open_page
from tests.served import Served, serve

EVIL = (
    """<img src=x onerror="window.pwned='tag'"><script>window.pwned='script'</script>"""
    """{{constructor.constructor("window.pwned='expression'")()}}"""
)
# keys, which no page shows, and fixed words of the program
FIXED = {
    "uid", "message_id", "in_reply_to", "thread", "direction", "kind", "filed", "idempotency_key", "email_check", "action", "entity",
    "field", "origin", "digest",
}  # fmt: skip
STRUCTURES = {
    "unread": json.dumps({"amount": EVIL, "tags": EVIL}),
    "attachments": json.dumps([[EVIL, 3]]),
    "participants": json.dumps([[EVIL, EVIL, EVIL]]),
    "video_url": "javascript:window.pwned='link'",
}
BINNED = 5
TEXTS = ("", "name", "company", "job_title", "email", "phone", "status", "source", "owner", "lost_reason", "tags", "notes", "title")


@pytest.fixture(scope="module")
def hostile_url(copy_of_demo: Callable[[], str]) -> str:
    url = copy_of_demo()
    crm = open_crm(Settings(database_url=url))
    with crm.engine.begin() as connection:
        for table in (schema.leads, schema.events, schema.messages, schema.runs, schema.history):
            texts = {
                column.name: STRUCTURES.get(column.name, EVIL)
                for column in table.columns
                if isinstance(column.type, schema.Text) and column.name not in FIXED | {"lead_id"}
            }
            of_text = schema.history.c.field.in_(TEXTS) if table is schema.history else true()  # the others hold dates and amounts
            connection.execute(update(table).where(table.c.key % 2 == 1, of_text).values(texts))
        connection.execute(update(schema.leads).where(schema.leads.c.key == 1).values(lead_id=EVIL))
        connection.execute(update(schema.leads).where(schema.leads.c.key == BINNED).values(deleted=True, updated_at=crm.clock.now()))
        connection.execute(update(schema.messages).where(schema.messages.c.key == 1).values(lead_key=3))
        connection.execute(update(schema.messages).where(schema.messages.c.key == 3).values(lead_key=None))
        connection.execute(insert(schema.mailboxes).values(name=EVIL, asked_at=crm.clock.now(), said=EVIL))
        connection.execute(insert(schema.views).values(user=EVIL, name=EVIL, name_fold="x", query="{}"))
        done = {"at": crm.clock.now(), "who": EVIL, "filename": EVIL, "rev": 1, "added": 1, "updated": 0, "refused": 0}
        connection.execute(insert(schema.imports).values(done))
        connection.execute(update(schema.meta).where(schema.meta.c.name == "kind").values(value="real"))  # the demo takes no import
    crm.close()
    return url


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, hostile_url: str) -> Iterator[Served]:
    with serve(tmp_path_factory.mktemp("hostile") / "log", database_url=hostile_url, user=EVIL, pools="") as server:
        yield server


PLACES = (
    *((key, f'[data-page="{key}"]') for key in MODULES if key != "faq"),
    ("contacts?lead=~3", ".g-sheet"),
    ("contacts?lead=~3&message=1", ".g-letter-text"),
    ("contacts?message=3", ".g-loose-body"),
    ("contacts?vue=table", ".g-lt"),
    ("contacts?vue=pipeline&q=img", ".g-pl"),
    ("calendrier?event=1", ".g-event-side"),
    ("automations?run=1", ".g-entry"),
    ("inbox?message=1", ".g-mail"),
    ("inbox", ".g-boxes"),
    ("dash_data?bloc=F", ".g-page"),
)


def _only_text(page: Page, part: Locator, where: str) -> None:
    expect(part, where).to_contain_text("<img src=x")
    assert page.evaluate("window.pwned") is None, f"text was run on {where}"
    assert page.locator("img[src=x]").count() == 0, f"text became a tag on {where}"
    assert page.locator("[href^='javascript:' i]").count() == 0, f"text became a link on {where}"


def test_hostile_text_is_only_text_on_every_page_and_in_every_panel(page: Page, hostile: Served) -> None:
    open_page(page, on(hostile, "accueil"))
    for where, part in PLACES:
        page.evaluate(MOVE, on(hostile, where))
        _only_text(page, page.locator(f"{part} >> visible=true").first, where)
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Aller à une page, un contact, une action")
    palette.get_by_role("combobox").fill("img src")
    _only_text(page, palette, "the palette")


@pytest.mark.soak
def test_hostile_text_is_only_text_in_every_dialog(page: Page, hostile: Served, hostile_url: str) -> None:
    open_page(page, on(hostile, "contacts?q=img"))
    for button, dialog in (("Mes vues", "Mes vues"), ("Corbeille", "Corbeille"), ("Importer", "Importer")):
        if button == "Corbeille":
            page.get_by_role("button", name="Autres actions").click()
        page.get_by_role("button", name=button, exact=True).first.click()
        _only_text(page, page.get_by_role("dialog", name=dialog), button)
        if button != "Importer":
            page.keyboard.press("Escape")
    evil = '"' + EVIL.replace('"', '""') + '"'
    rows = f"Nom;Statut;{evil}\nZoé;{evil};{evil}\n".encode()
    page.locator("input[type=file]").set_input_files({"name": f"{EVIL.replace('/', '')}.csv", "mimeType": "text/csv", "buffer": rows})
    preview = page.get_by_role("dialog")
    expect(preview.get_by_role("button", name="Choisir un autre fichier")).to_be_visible()
    _only_text(page, preview, "what a file would change")
    page.keyboard.press("Escape")

    picks = page.locator(".g-lead-box .g-pick")
    picks.nth(0).click()
    picks.nth(1).click(modifiers=["Shift"])
    page.get_by_role("toolbar", name="Contacts sélectionnés").get_by_role("button", name="Fusionner").click()
    _only_text(page, page.locator(".g-merge"), "a merge")
    page.keyboard.press("Escape")

    page.evaluate(MOVE, on(hostile, "contacts?lead=~3"))
    page.locator(".g-sheet").get_by_role("button", name="Modifier").click()
    page.locator("[data-field=job_title] input").fill("Directrice")
    crm = open_crm(Settings(database_url=hostile_url))
    save_lead(crm, "Ana", 3, {"job_title": EVIL[:-1]}, None, crm.snapshot())
    crm.close()
    page.get_by_role("button", name="Sauvegarder").click()
    _only_text(page, page.locator(".g-conflict"), "a conflict")
