"""« Inviter » on the panel of an event: it says whom it writes to, writes to them, and shows what they answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from gnetics.actions.events import save_event
from gnetics.actions.leads import save_lead
from gnetics.pages.app import App
from gnetics.pages.calendrier.page import CalendarPage
from gnetics.store.crm import Crm
from gnetics.store.people.writers import Writer, keep
from gnetics.store.schema import outbox, users
from tests.pages.conftest import NOON

Send = Callable[..., None]
CLIENT = "zoe@client.example"


@pytest.fixture
def crm(crm: Crm) -> Crm:
    return replace(crm, settings=replace(crm.settings, mail_invitations=True))


def test_the_button_names_whom_it_writes_to_and_is_gone_once_they_know(app: App, page: CalendarPage, send: Send) -> None:
    lead = save_lead(app.crm, app.user, None, {"name": "Zoé Client", "email": CLIENT}, None, app.snapshot).key
    event = {"title": "Démo", "starts_at": NOON, "ends_at": NOON + timedelta(hours=1), "lead_key": lead}
    key = save_event(app.crm, app.user, None, event, None, app.snapshot).key
    with app.crm.engine.begin() as connection:
        connection.execute(insert(users), {"name": app.user, "name_fold": app.user.casefold(), "role": "édition", "disabled": False})
        keep(connection, app.user, Writer("ana@gnetics.example"))
    app.refresh()
    panel = page._sheet.widget
    page._sheet.show(str(key))
    assert panel.head["invite"] == f"Inviter\u00a0: {CLIENT}" and panel.head["people"] == [] and panel.head["invited"] == ""
    send(panel, "invite")
    assert panel.head["invite"] == "" and panel.head["people"] == [f"{CLIENT} (sans réponse)"]
    assert panel.head["invited"] == CLIENT  # who deletes it now is told that they are not
    assert app.frame.notice["text"] == "Invitation\u00a0: 1\u00a0message à envoyer."
    with app.crm.read() as connection:
        assert connection.execute(select(outbox.c.recipients).order_by(outbox.c.key.desc())).scalar() == f'["{CLIENT}"]'


def test_participants_are_typed_in_the_form_and_keep_what_they_answered(app: App, page: CalendarPage, send: Send) -> None:
    page._sheet.start_new(NOON.date())
    panel = page._sheet.widget
    typed = dict(panel.form) | {"title": "Démo", "participants": f"Zoé Client <{CLIENT}>, paul@autre"}
    send(panel, "save", form=typed)
    assert "paul@autre" in panel.errors["participants"] and panel.mode == "new"
    send(panel, "save", form=typed | {"participants": f"Zoé Client <{CLIENT}>"})
    assert panel.mode == "read" and panel.head["invite"] == f"Inviter\u00a0: {CLIENT}"
    key = int(app.snapshot.events.index[app.snapshot.events["title"] == "Démo"][-1])
    answered = f'[["{CLIENT}", "Zoé Client", "ACCEPTED"]]'
    save_event(app.crm, app.user, key, {"participants": answered}, None, app.snapshot)
    page._sheet.show(str(key))
    page._sheet.edit()
    assert panel.form["participants"] == f"Zoé Client <{CLIENT}>"
    send(panel, "save", form=dict(panel.form) | {"participants": f"Zoé Client <{CLIENT}>\nadele@client.example"})
    assert panel.head["people"] == ["Zoé Client (accepté)", "adele@client.example (sans réponse)"]
