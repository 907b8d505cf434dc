"""Text that would be a script, a tag or an expression, in every column of the store: each page shows it as text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Text, true, update

from gnetics.pages.frame import KEYS
from gnetics.settings import Settings
from gnetics.store import schema
from gnetics.store.crm import open_crm
from tests.browser.conftest import MOVE, on, open_page
from tests.served import Served, serve

EVIL = (
    """<img src=x onerror="window.pwned='tag'"><script>window.pwned='script'</script>"""
    """{{constructor.constructor("window.pwned='expression'")()}}"""
)
# keys, and columns whose text is a structure or a fixed word of the program
STRUCTURE = {
    "uid", "message_id", "in_reply_to", "thread", "direction", "idempotency_key", "unread", "attachments",
    "email_check", "action", "entity", "field", "origin", "video_url",
}  # fmt: skip
TEXTS = ("", "name", "company", "job_title", "email", "phone", "status", "source", "owner", "lost_reason", "tags", "notes", "title")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory, copy_of_demo: Callable[[], str]) -> Iterator[Served]:
    url = copy_of_demo()
    crm = open_crm(replace(Settings(), database_url=url))
    with crm.engine.begin() as connection:
        for table in (schema.leads, schema.events, schema.messages, schema.runs, schema.history):
            texts = {
                column.name: EVIL
                for column in table.columns
                if isinstance(column.type, Text) and column.name not in STRUCTURE | {"lead_id"}
            }
            of_text = schema.history.c.field.in_(TEXTS) if table is schema.history else true()  # the others hold dates and amounts
            connection.execute(update(table).where(table.c.key % 2 == 1, of_text).values(texts))
        connection.execute(update(schema.leads).where(schema.leads.c.key == 1).values(lead_id=EVIL))
    crm.close()
    with serve(tmp_path_factory.mktemp("hostile") / "log", database_url=url, user=EVIL, pools="") as server:
        yield server


PLACES = (
    *((key, f'[data-page="{key}"]') for key in KEYS if key != "faq"),
    ("contacts?lead=~3", ".g-sheet"),
    ("contacts?vue=table", ".g-lt"),
    ("contacts?vue=pipeline", ".g-pl"),
    ("calendrier?event=1", ".g-event-side"),
    ("automations?run=1", ".g-entry"),
    ("inbox?message=1", ".g-mail"),
    ("dash_data?bloc=F", ".g-page"),
)


def test_hostile_text_is_only_text_on_every_page_and_in_every_panel(page: Page, hostile: Served) -> None:
    open_page(page, on(hostile, "accueil"))
    for where, part in PLACES:
        page.evaluate(MOVE, on(hostile, where))
        expect(page.locator(f"{part} >> visible=true").first, where).to_contain_text("<img src=x")
        assert page.evaluate("window.pwned") is None, f"text was run on {where}"
        assert page.locator("img[src=x]").count() == 0, f"text became a tag on {where}"
    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Aller à une page ou un contact")
    palette.get_by_role("textbox").fill("img src")
    expect(palette).to_contain_text("<img src=x")
    assert page.evaluate("window.pwned") is None
