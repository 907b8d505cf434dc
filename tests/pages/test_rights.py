"""A role changed, or an account disabled, while its pages are open."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from gnetics import texts
from gnetics.actions import accounts
from gnetics.pages.app import App
from gnetics.pages.contacts.page import ContactsPage
from gnetics.state.request import Request
from gnetics.store.crm import Crm
from tests.pages.conftest import Heard, page_of


@pytest.fixture
def app(crm: Crm) -> App:
    accounts.add(crm, "Chef", "Chef", "administration", None)
    accounts.add(crm, "Chef", "Ana", "édition", None)
    return App(crm, "Ana")


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda crm: accounts.set_role(crm, "Chef", "Ana", "lecture"), texts.READ_ONLY),
        (lambda crm: accounts.set_disabled(crm, "Chef", "Ana", True), "désactivé"),
    ],
    ids=["lecture", "disabled"],
)
def test_what_is_typed_by_someone_who_may_write_no_more_is_refused_and_kept(
    crm: Crm, app: App, heard: Heard, send: Callable[..., None], change: Callable[[Crm], None], why: str
) -> None:
    app.moved("contacts", {"lead": "L-000001"})
    page = page_of(app, "contacts", ContactsPage)
    sheet = page._sheet.widget
    send(sheet, "edit")
    typed = sheet.form | {"notes": "Rappeler lundi"}
    send(sheet, "typed", form=typed)
    change(crm)
    send(sheet, "save", form=typed)
    assert sheet.mode == "edit" and app.frame.notice["kind"] == "error"
    assert page._sheet._draft.changes() == {"notes": "Rappeler lundi"}
    assert why in app.frame.locked, "at once"
    assert sheet.mode == "edit", "what was typed can be copied"
    assert "Rappeler lundi" not in crm.snapshot().leads["notes"].tolist()

    accounts.set_role(crm, "Chef", "Ana", "édition")
    accounts.set_disabled(crm, "Chef", "Ana", False)
    send(app.frame, "tick")
    send(sheet, "save", form=typed)
    assert (app.frame.locked, sheet.mode) == ("", "read")
    assert "Rappeler lundi" in crm.snapshot().leads["notes"].tolist()


def test_in_a_notebook_somebody_without_account_is_told_how_to_say_who_they_are(crm: Crm, app: App) -> None:
    app.show("contacts", Request(None, {}, "root"))
    assert app.frame.locked == texts.NAME_IN_LAB
    app.show("contacts", Request("contacts", {}, "root"))
    assert "Votre compte n’existe pas" in app.frame.locked
