"""Automations Log and Inbox Log without a browser: counters, filters, address, detail."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from gnetics.actions.retention import erase_old
from gnetics.domain.history import Action
from gnetics.domain.messages import Filed
from gnetics.domain.rights import Verb
from gnetics.pages.app import App
from gnetics.pages.logs.automations import AutomationsPage
from gnetics.pages.logs.inbox import InboxPage
from gnetics.pages.logs.widgets.log_table import LogRow
from gnetics.store.crm import Crm
from gnetics.store.nights import KEPT_DAYS
from tests.conftest import live
from tests.pages.conftest import Heard

Send = Callable[..., None]
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def crm(crm: Crm) -> Crm:
    """Three runs and four mails about the three contacts."""
    now = crm.clock.now()
    run = {
        "rule": "Relance",
        "rule_version": 2,
        "lead_key": 1,
        "lead_label": "Alice D. (alors)",
        "max_attempts": 3,
        "trigger": "planification",
    }
    with crm.write("Ana", Verb.SAVE_LEAD) as uow:
        first = uow.insert(
            "runs",
            run
            | {"idempotency_key": "k1", "status": "échec", "attempt": 1, "queued_at": now - timedelta(days=9)}
            | {"error": "Boîte pleine", "detail": "SMTP 452"},
        )
        times = {"queued_at": now, "started_at": now, "ended_at": now + timedelta(seconds=1.3)}
        uow.insert(
            "runs", run | times | {"idempotency_key": "k2", "status": "réussi", "attempt": 2, "retry_of": first, "message_id": "<sortie>"}
        )
        uow.insert(
            "runs",
            {
                "idempotency_key": "k3",
                "rule": "Score",
                "status": "ignoré",
                "reason": "Saisi à la main",
                "queued_at": now - timedelta(days=2),
            },
        )
        mail = {"direction": "reçu", "at": now, "thread": "t"}
        uow.insert(
            "messages",
            mail
            | {"message_id": "<1>", "sender": "Alice <alice@lumen.fr>", "subject": "Été : votre devis", "text": HOSTILE}
            | {"lead_key": 1, "matched_by": "expéditeur", "reply_text": "Proposition", "reply_state": "proposée"}
            | {"attachments": json.dumps([["plan.pdf", 2_400_000]])},
        )
        uow.insert(
            "messages", mail | {"message_id": "<2>", "sender": "inconnu@ailleurs.fr", "thread": None, "at": now - timedelta(days=40)}
        )
        uow.insert("messages", mail | {"message_id": "<3>", "kind": "liste", "drop_reason": "Liste de diffusion", "thread": None})
        uow.insert("messages", mail | {"message_id": "<sortie>", "direction": "envoyé", "recipients": "alice@lumen.fr", "lead_key": 1})
        uow.commit()
    return crm


@pytest.fixture
def automations(app: App, heard: Heard, send: Send) -> AutomationsPage:
    send(app.frame, "moved", page="automations", query={})
    page = app.page("automations")
    assert isinstance(page, AutomationsPage)
    return page


@pytest.fixture
def inbox(app: App, heard: Heard, send: Send) -> InboxPage:
    send(app.frame, "moved", page="inbox", query={})
    page = app.page("inbox")
    assert isinstance(page, InboxPage)
    return page


def keys(page: AutomationsPage | InboxPage) -> list[int]:
    return [row["key"] for row in page.table.rows]


def counters(page: AutomationsPage | InboxPage) -> dict[str, int]:
    return {each["label"]: each["count"] for each in page.table.counters}


def texts(row: LogRow) -> str:
    return " | ".join(f"{cell['text']} {cell['sub']}".strip() for cell in row["cells"])


def test_a_sender_is_called_by_the_name_of_the_contact_whose_address_it_is_else_by_what_stands_before_the_domain(inbox: InboxPage) -> None:
    who = {row["key"]: (row["cells"][1]["text"], row["cells"][1]["sub"]) for row in inbox.table.rows}
    assert who[1] == ("Alice", "")  # as she writes it
    assert who[2] == ("inconnu", "@ailleurs.fr")
    assert who[3][0] == "(expéditeur absent)"
    inbox.filter({"choose": [inbox.log.counted, Filed.SENT]})
    assert inbox.table.rows[0]["cells"][1]["text"] == "À Alice Durand"


def test_what_an_import_brought_as_to_be_done_is_late_once_its_hour_is_over(crm: Crm, automations: AutomationsPage, send: Send) -> None:
    now = crm.clock.now()
    with crm.write("Ana", Verb.SAVE_LEAD) as uow:
        for name, hours in (("hier", -24), ("demain", 24)):
            uow.insert("runs", {"idempotency_key": name, "rule": name, "status": "à faire", "queued_at": now + timedelta(hours=hours)})
        uow.commit()
    send(automations.app.frame, "refresh")
    rows = {row["cells"][2]["text"]: row["cells"] for row in automations.table.rows}
    assert (rows["hier"][1]["pill"], rows["demain"][1]["pill"]) == ("late", "soon")
    assert rows["hier"][4]["text"].startswith("En retard de 1\u00a0jour, prévue hier")
    assert rows["demain"][4]["text"].startswith("Prévue demain")


def test_runs_come_newest_first_with_the_label_of_the_time_and_a_link_to_the_sheet(automations: AutomationsPage) -> None:
    assert keys(automations) == [2, 3, 1]
    contact = automations.table.rows[0]["cells"][3]
    assert contact["text"] == "Alice D. (alors)"
    assert contact["link"] == {"page": "contacts", "query": {"lead": "L-000001"}}
    assert "Boîte pleine" in texts(automations.table.rows[2])
    assert "1,3\u00a0s" in texts(automations.table.rows[0])
    assert "2 sur 3" in texts(automations.table.rows[0])


def test_the_counters_of_the_runs_add_up_and_filter(automations: AutomationsPage, heard: Heard, send: Send) -> None:
    found = counters(automations)
    assert found.pop("Exécutions") == sum(found.values()) == 3
    send(automations.table, "filter", choose=["statut", "échec"])
    assert keys(automations) == [1]
    assert counters(automations)["Exécutions"] == 3
    assert heard.addresses()[-1] == ("automations", {"statut": "échec"}, "replace")


def test_a_search_or_a_period_moves_the_counters_too(automations: AutomationsPage, send: Send) -> None:
    send(automations.table, "filter", text="boite PLEINE")
    assert keys(automations) == [1]
    assert counters(automations)["Exécutions"] == 1
    send(automations.table, "filter", clear=True)
    send(automations.table, "filter", days="7")
    assert keys(automations) == [2, 3]
    assert [chip["label"] for chip in automations.table.chips] == ["7 derniers jours"]


def test_the_address_filters_by_lead_with_a_chip_that_names_it(app: App, automations: AutomationsPage, send: Send) -> None:
    send(app.frame, "moved", page="automations", query={"lead": "L-000001"})
    assert keys(automations) == [2, 1]
    assert automations.table.chips == [{"facet": "lead", "label": "Contact\u00a0: Alice Durand"}]
    send(automations.table, "filter", choose=["lead", ""])
    assert keys(automations) == [2, 3, 1]


def test_an_unknown_lead_in_the_address_shows_nothing_and_says_which(app: App, automations: AutomationsPage, send: Send) -> None:
    send(app.frame, "moved", page="automations", query={"lead": "L-999999"})
    assert automations.table.rows == []
    assert automations.table.filtered
    assert automations.table.total == 3
    assert "L-999999" in automations.table.chips[0]["label"]


def test_a_run_opens_with_its_attempts_and_back_closes_it(app: App, automations: AutomationsPage, heard: Heard, send: Send) -> None:
    send(automations.table, "open", key=1)
    entry = automations.detail.entry
    assert automations.detail.shown
    assert (entry["error"], entry["technical"]) == ("Boîte pleine", "SMTP 452")
    assert entry["lead"]["now"] == "Alice Durand"
    assert [(each["key"], each["on"]) for each in automations.detail.around] == [(1, True), (2, False)]
    assert heard.addresses()[-1] == ("automations", {"run": "1"}, "push")
    send(app.frame, "moved", page="automations", query={})
    assert not automations.detail.shown


def test_a_run_leads_to_the_mail_it_sent(automations: AutomationsPage, send: Send) -> None:
    send(automations.table, "open", key=2)
    sent = next(pair for pair in automations.detail.entry["origin"] if pair["label"] == "Message envoyé")
    assert sent["link"] == {"page": "inbox", "query": {"message": "4"}}


@pytest.mark.parametrize("ref", ["999", "0", "abc", "-1", "<script>", "9" * 40])
def test_an_unknown_entry_in_the_address_is_said_and_the_page_works(app: App, automations: AutomationsPage, send: Send, ref: str) -> None:
    send(app.frame, "moved", page="automations", query={"run": ref})
    assert "n’existe pas" in app.frame.notice["text"]
    assert not automations.detail.shown
    assert len(automations.table.rows) == 3


def test_received_mails_reconcile_each_class_with_its_reasons(inbox: InboxPage) -> None:
    found = counters(inbox)
    assert found == {"Reçus": 3, "Rattachés": 1, "Non rattachés": 1, "Ignorés": 1, "Envoyés": 1}
    notes = {each["label"]: each["note"] for each in inbox.table.counters}
    assert notes["Rattachés"] == "expéditeur\u00a01"
    assert notes["Non rattachés"] == "aucun contact n’a cette adresse\u00a01"
    assert notes["Ignorés"] == "Liste de diffusion\u00a01"


def test_a_log_says_what_went_from_it_for_its_age(app: App, inbox: InboxPage, automations: AutomationsPage, send: Send) -> None:
    assert inbox.table.erased == automations.table.erased == ""
    old = replace(app.crm, trusted=True)
    live(old, KEPT_DAYS)
    assert (erase_old(old, "messages", 1), erase_old(old, "runs", 1)) == (1, 0)
    for page in ("automations", "inbox"):
        send(app.frame, "moved", page=page, query={})
        send(app.frame, "refresh")
    assert inbox.table.erased == "1\u00a0message antérieur au 24 octobre 2026 a été effacé (conservation\u00a0: 1\u00a0mois)."
    assert counters(inbox) == {"Reçus": 2, "Rattachés": 1, "Non rattachés": 0, "Ignorés": 1, "Envoyés": 1}
    assert automations.table.erased == ""
    send(app.frame, "moved", page="inbox", query={"message": "2"})
    assert "n’existe pas" in app.frame.notice["text"]


def test_beside_a_mail_its_answer_and_state(inbox: InboxPage, send: Send) -> None:
    send(inbox.table, "filter", choose=["reponse", "proposée"])
    assert keys(inbox) == [1]
    answer = inbox.table.rows[0]["cells"][4]
    assert (answer["text"], answer["sub"], answer["pill"]) == ("Proposée", "Proposition", "soon")


def test_mails_are_found_by_subject_without_accents_and_by_their_contact(inbox: InboxPage, send: Send) -> None:
    send(inbox.table, "filter", text="ete DEVIS")
    assert keys(inbox) == [1]
    send(inbox.table, "filter", text="durand")
    assert keys(inbox) == [1]


def test_a_mail_opens_as_plain_text_with_files_reason_thread_and_answer(inbox: InboxPage, heard: Heard, send: Send) -> None:
    send(inbox.table, "open", key=1)
    entry = inbox.detail.entry
    assert entry["text"] == HOSTILE
    assert entry["attachments"] == [{"name": "plan.pdf", "size": "2,4\u00a0Mo"}]
    assert entry["why"].startswith("Rattaché")
    assert entry["reply"]["proposed"] == "Proposition"
    assert "Rien n’est encore parti" in entry["reply"]["note"]
    assert {each["key"] for each in inbox.detail.around} == {1, 4}
    assert heard.addresses()[-1] == ("inbox", {"message": "1"}, "push")


def test_a_sent_mail_opens_by_its_address_although_the_list_shows_the_received(app: App, inbox: InboxPage, send: Send) -> None:
    send(app.frame, "moved", page="inbox", query={"message": "4"})
    assert inbox.detail.shown
    assert inbox.detail.entry["reply"] is None
    assert 4 not in keys(inbox)


@pytest.mark.parametrize("raw", ["pas du JSON", "[]", '["nu"]', "[[]]", '{"a": 1}', '[[null, "x"]]', "12"])
def test_attachments_written_otherwise_do_not_break_the_page(app: App, inbox: InboxPage, send: Send, raw: str) -> None:
    with app.crm.write("Ana", Verb.SAVE_LEAD) as uow:
        uow.update("messages", 1, {"attachments": raw})
        uow.commit()
    send(app.frame, "refresh")
    send(inbox.table, "open", key=1)
    assert inbox.detail.shown


def test_rafraichir_brings_new_rows_and_keeps_filters_and_detail(app: App, inbox: InboxPage, send: Send) -> None:
    send(inbox.table, "filter", text="devis")
    send(inbox.table, "open", key=1)
    with app.crm.write("Sam", Verb.SAVE_LEAD) as uow:
        uow.insert("messages", {"message_id": "<5>", "direction": "reçu", "subject": "Devis bis", "at": app.crm.clock.now()})
        uow.update("messages", 1, {"reply_state": "rejetée"})
        uow.commit()
    send(app.frame, "refresh")
    assert keys(inbox) == [5, 1]
    assert inbox.detail.entry["reply"]["status"]["text"] == "Rejetée"


def test_pages_of_fifty_rows(app: App, inbox: InboxPage, send: Send) -> None:
    with app.crm.write("Sam", Verb.SAVE_LEAD) as uow:
        uow.insert_many(
            "messages", [{"message_id": f"<x{n}>", "direction": "reçu", "at": app.crm.clock.now()} for n in range(60)], Action.IMPORTED
        )
        uow.commit()
    send(app.frame, "refresh")
    assert (len(inbox.table.rows), inbox.table.pages) == (50, 2)
    send(inbox.table, "filter", page=2)
    assert (len(inbox.table.rows), inbox.table.first) == (13, 51)


@pytest.mark.parametrize("data", [{"sort": "drop table"}, {"choose": ["secret", "x"]}, {"days": "-5"}, {"page": -3}])
def test_a_filter_the_page_does_not_offer_changes_nothing(inbox: InboxPage, send: Send, data: dict[str, Any]) -> None:
    send(inbox.table, "filter", **data)
    assert keys(inbox) == [3, 1, 2]
    assert not inbox.table.filtered
