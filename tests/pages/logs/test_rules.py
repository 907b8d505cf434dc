"""Above the Automations Log: what each rule does, whether it is on, when it ran; on a lead's sheet, its follow-ups and « Arrêter »."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from gnetics.actions import accounts
from gnetics.automations.switching import disable, enable
from gnetics.automations.working import work
from gnetics.domain.rights import Verb
from gnetics.mail.delivery import Delivery, Fate
from gnetics.mail.outbox import send_due
from gnetics.operations.rule_work import run_rules
from gnetics.pages.app import App
from gnetics.pages.contacts.page import ContactsPage
from gnetics.pages.logs.automations import AutomationsPage
from gnetics.settings import REAL_SENDING
from gnetics.store.crm import Crm
from gnetics.store.heartbeat import beat
from gnetics.store.people.writers import Writer
from tests.pages.conftest import Heard, page_of

Send = Callable[..., None]


@pytest.fixture
def crm(crm: Crm) -> Crm:
    """Ana looks after Alice, who is to be followed up today."""
    accounts.add(crm, "Chef", "Chef", "administration", None)
    accounts.add(crm, "Chef", "Ana", "édition", None, Writer("ana@gnetics.example"))
    accounts.add(crm, "Chef", "Lise", "lecture", None)
    with crm.write("Ana", Verb.SAVE_LEAD) as uow:
        uow.update("leads", 1, {"next_follow_up": crm.clock.today()})
        uow.commit()
    return replace(crm, settings=replace(crm.settings, mail_sending=REAL_SENDING))


@pytest.fixture
def worker(crm: Crm) -> Crm:
    return replace(crm, trusted=True)


def sent(worker: Crm) -> None:
    while work(worker):
        pass
    send_due(worker, lambda *_: Delivery(Fate.SENT))


@pytest.fixture
def log(app: App, heard: Heard) -> Callable[[], AutomationsPage]:
    def show() -> AutomationsPage:
        app.snapshot.refresh()
        app.moved("automations", {})
        page = page_of(app, "automations", AutomationsPage)
        page.refresh()
        return page

    return show


def test_while_no_worker_has_read_the_rules_there_is_nothing_to_say_of_them(log: Callable[[], AutomationsPage]) -> None:
    assert log().rules.rules == []


def test_each_rule_says_what_it_does_whether_it_is_on_and_what_it_did(worker: Crm, log: Callable[[], AutomationsPage]) -> None:
    enable(worker, "Chef", "relance", existing=True)
    enable(worker, "Chef", "doublons")
    beat(worker)
    sent(worker)
    found = log().rules
    assert found.summary.startswith("7\u00a0actives sur 15, vérifiées aujourd’hui 12:")
    assert found.silent == ""
    relance, *others = found.rules
    assert (relance["title"], relance["state"]["text"]) == ("Relance", "Active")
    assert relance["sentence"].startswith("Quand arrive «\u00a0Prochaine relance\u00a0»")
    assert relance["facts"][0].startswith("dernière fois aujourd’hui")
    assert relance["facts"][1:] == ["1\u00a0faite"]
    assert {line["title"]: line["state"]["text"] for line in others}["Doublons"] == "Active"
    assert {line["state"]["text"] for line in others} == {"Active", "Inactive"}


def test_the_rules_of_the_night_stand_below_the_others_and_are_on_from_the_start(worker: Crm, log: Callable[[], AutomationsPage]) -> None:
    run_rules(worker)
    found = log().rules.rules[-5:]
    titles = ("Vidage de la corbeille", "Conservation des journaux", "Contacts sans nouvelles", "Calcul du score", "Contrôle de la nuit")
    assert [(line["title"], line["state"]["text"]) for line in found] == [(title, "Active") for title in titles]
    assert found[0]["sentence"].startswith("Chaque nuit à 03:30 (après une panne, la dernière suffit), efface")
    assert found[3]["facts"][0].startswith("dernière fois aujourd’hui")
    assert found[3]["facts"][1].startswith("prochaine ")


def test_the_rules_are_read_at_each_visit_since_no_revision_tells_of_them(app: App, worker: Crm, heard: Heard) -> None:
    app.moved("automations", {})
    page = page_of(app, "automations", AutomationsPage)
    assert page.rules.rules == []
    work(worker)
    app.moved("contacts", {})
    app.moved("automations", {})
    assert len(page.rules.rules) == 15


def test_a_rule_that_was_changed_and_one_that_is_dry_say_so(worker: Crm, log: Callable[[], AutomationsPage]) -> None:
    dry = replace(worker, settings=replace(worker.settings, mail_sending="à blanc"))
    for name in ("relance", "doublons"):
        enable(dry, "Chef", name)
    (worker.settings.data_dir / "automations.toml").write_text("[rules.doublons]\nper_day = 5\n", "utf-8")
    work(dry)
    states = {line["title"]: line for line in log().rules.rules}
    assert states["Relance"]["state"]["text"] == "À blanc"
    assert states["Doublons"]["state"]["text"] == "Modifiée"
    assert states["Doublons"]["facts"][0] == "Elle a été modifiée\u00a0: un administrateur doit l’activer de nouveau."


def test_a_worker_that_is_not_there_is_told(worker: Crm, app: App, log: Callable[[], AutomationsPage]) -> None:
    work(worker)
    assert "n’a jamais tourné" in log().rules.silent
    beat(replace(worker, clock=replace(worker.clock, source=lambda: worker.clock.source() - timedelta(minutes=20))))
    assert "n’a rien fait depuis aujourd’hui 11:40" in log().rules.silent
    beat(worker)
    assert log().rules.silent == ""


def test_whoever_sees_only_their_own_leads_is_told_when_a_worker_looked_and_neither_counts_nor_when_others_leads_had_their_turn(
    crm: Crm, worker: Crm, log: Callable[[], AutomationsPage]
) -> None:
    accounts.set_own_leads(crm, "Chef", "Ana", True)
    enable(worker, "Chef", "relance", existing=True)
    sent(worker)
    run_rules(worker)
    beat(worker)
    found = log().rules
    facts = {line["title"]: line["facts"] for line in found.rules}
    assert facts["Relance"] == []
    assert [fact.split()[0] for fact in facts["Calcul du score"]] == ["dernière", "prochaine"], "it is about no lead"
    assert " sur 15, vérifiées aujourd’hui 12:" in found.summary


def test_what_is_to_be_done_says_for_when_and_that_it_is_late(worker: Crm, log: Callable[[], AutomationsPage]) -> None:
    (worker.settings.data_dir / "automations.toml").write_text("[rules.relance]\nper_day = 1\n", "utf-8")
    with worker.write("Ana", Verb.SAVE_LEAD) as uow:
        uow.insert(
            "leads", {"name": "Zoé", "email": "z@z.fr", "status": "En suivi", "owner": "Ana", "next_follow_up": worker.clock.today()}
        )
        uow.commit()
    enable(worker, "Chef", "relance", existing=True)
    sent(worker)
    waiting = next(row for row in log().table.rows if row["cells"][1]["text"] == "À faire")
    assert waiting["cells"][4]["text"] == "En retard, prévue aujourd’hui 08:30"
    assert waiting["cells"][1]["pill"] == "late"
    assert waiting["cells"][4]["sub"] == "Attend\u00a0: la règle a atteint sa limite du jour (1)."
    later = replace(worker, clock=replace(worker.clock, source=lambda: worker.clock.source() + timedelta(days=2)))
    app = App(replace(later, trusted=False), "Ana")
    app.moved("automations", {})
    row = next(row for row in page_of(app, "automations", AutomationsPage).table.rows if row["cells"][1]["text"] == "À faire")
    assert row["cells"][4]["text"] == "En retard de 2\u00a0jours, prévue 24/11/2026 08:30"


@pytest.fixture
def sheet(app: App, heard: Heard) -> Callable[[], ContactsPage]:
    def show() -> ContactsPage:
        app.snapshot.refresh()
        app.moved("contacts", {"lead": "L-000001"})
        return page_of(app, "contacts", ContactsPage)

    return show


def test_the_sheet_says_which_follow_up_comes_next_and_stops_them(
    worker: Crm, sheet: Callable[[], ContactsPage], send: Send, heard: Heard
) -> None:
    enable(worker, "Chef", "relance", existing=True)
    assert sheet()._sheet.widget.head["follow_ups"] == {"text": "", "running": False}
    sent(worker)
    page = sheet()
    assert page._sheet.widget.head["follow_ups"] == {"text": "Relance 2 sur 3, lundi 30 novembre", "running": True}
    send(page._sheet.widget, "stop_follow_ups")
    assert page._sheet.widget.head["follow_ups"] == {"text": "Relances arrêtées\u00a0: arrêtée par Ana", "running": False}
    disable(worker, "Chef", "relance")


def test_whoever_only_reads_stops_nothing(crm: Crm, worker: Crm, heard: Heard, send: Send) -> None:
    enable(worker, "Chef", "relance", existing=True)
    sent(worker)
    app = App(crm, "Lise")
    app.moved("contacts", {"lead": "L-000001"})
    page = page_of(app, "contacts", ContactsPage)
    send(page._sheet.widget, "stop_follow_ups")
    assert page._sheet.widget.head["follow_ups"]["running"]
