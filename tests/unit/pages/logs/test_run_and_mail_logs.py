"""What the two logs make of the store's rows: classes, reasons, states, chains and threads."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from gnetics.pages.logs import mail_log, run_log

TEXT = "str"


def frame(columns: dict[str, str], *lines: dict[str, Any]) -> pd.DataFrame:
    index = pd.RangeIndex(1, len(lines) + 1, name="key")
    return pd.DataFrame({name: pd.Series([line.get(name) for line in lines], index, kind) for name, kind in columns.items()}, index)


INSTANT = "datetime64[us, UTC]"
LEAD = dict.fromkeys(("lead_id", "name_fold", "email_fold", "search"), TEXT) | {"real": "bool"}
RUN = dict.fromkeys(("status", "rule", "lead_label", "search"), TEXT) | dict.fromkeys(("lead_key", "attempt", "retry_of"), "Int64")
RUN |= dict.fromkeys(("queued_at", "started_at", "ended_at"), INSTANT)
MAIL = dict.fromkeys(
    ("message_id", "in_reply_to", "thread", "direction", "kind", "sender", "subject", "matched_by", "drop_reason", "reply_state", "search"),
    TEXT,
)
MAIL |= {"lead_key": "Int64", "at": INSTANT}


@pytest.fixture
def leads() -> pd.DataFrame:
    return frame(
        LEAD,
        {"lead_id": "L-000001", "name_fold": "zoe elan", "email_fold": "zoe@lumen.fr", "search": "zoe elan", "real": True},
        {"lead_id": None, "name_fold": "leo", "email_fold": "double@x.fr", "search": "leo", "real": True},
        {"lead_id": "L-000003", "name_fold": "lea", "email_fold": "double@x.fr", "search": "lea", "real": True},
    )


def mails(*lines: dict[str, Any]) -> pd.DataFrame:
    defaults = {"direction": "reçu", "kind": "message", "search": ""}
    return frame(MAIL, *({"message_id": f"<{place}>"} | defaults | line for place, line in enumerate(lines, 1)))


def test_a_lead_is_named_by_its_number_else_its_key_and_a_gone_one_by_nothing(leads: pd.DataFrame) -> None:
    runs = frame(RUN, *({"status": "réussi", "rule": "R", "search": "", "lead_key": key} for key in (1, 2, None, 99)))
    assert list(run_log.index(runs, leads).rows["lead"]) == ["L-000001", "~2", "", ""]


def test_a_run_is_dated_by_what_is_known_of_it() -> None:
    at = pd.Timestamp("2026-11-24T08:00Z")
    runs = frame(RUN, {"queued_at": at}, {"started_at": at, "ended_at": at + pd.Timedelta(1.5, "s")}, {})
    assert list(run_log.moments(runs).isna()) == [False, False, True]
    assert run_log.seconds(runs)[2] == 1.5


def test_attempts_follow_the_chain_from_any_of_them_and_survive_a_loop() -> None:
    runs = frame(RUN, {}, {"retry_of": 1}, {"retry_of": 2}, {})
    assert [run_log.attempts(runs, key) for key in (1, 2, 3)] == [[1, 2, 3]] * 3
    assert run_log.attempts(runs, 4) == [4]
    loop = frame(RUN, {"retry_of": 2}, {"retry_of": 1})
    assert sorted(run_log.attempts(loop, 1)) == [1, 2]
    assert run_log.attempts(frame(RUN, {"retry_of": 77}), 1) == [1]


def test_received_is_attached_plus_loose_plus_ignored_each_with_its_reason(leads: pd.DataFrame) -> None:
    messages = mails(
        {"lead_key": 1, "matched_by": "réponse"},
        {"sender": "Inconnue <qui@ailleurs.fr>"},
        {"sender": "Deux <DOUBLE@x.fr>"},
        {"sender": None},
        {"sender": "Zoé <zoe@lumen.fr>"},
        {"lead_key": 1, "drop_reason": "liste de diffusion"},
        {"direction": "envoyé", "lead_key": 1},
    )
    index = mail_log.index(messages, leads)
    counts = index.rows["classement"].value_counts()
    assert index.total == sum(counts[each] for each in mail_log.RECEIVED) == 6
    assert list(index.rows["motif"]) == [
        "réponse",
        "aucun contact n’a cette adresse",
        "plusieurs contacts ont cette adresse",
        "expéditeur absent ou illisible",
        "un contact a cette adresse, mais le message ne lui est pas rattaché",
        "liste de diffusion",
        "",
    ]


def test_the_state_of_an_answer_is_the_stored_one_else_what_was_sent_else_none(leads: pd.DataFrame) -> None:
    messages = mails(
        {"reply_state": "proposée"},
        {"message_id": "<q>"},
        {"direction": "envoyé", "in_reply_to": "<q>"},
        {},
        {"drop_reason": "publicité"},
        {"kind": "réponse automatique"},
    )
    found = mail_log.reply_states(messages, mail_log.classes(messages))
    assert list(found) == ["proposée", "envoyée", "", mail_log.UNANSWERED, mail_log.NOT_EXPECTED, mail_log.NOT_EXPECTED]


def test_a_thread_is_gathered_from_any_message_oldest_first() -> None:
    at = pd.Timestamp("2026-11-24T08:00Z")
    messages = mails(
        {"message_id": "<a>", "at": at, "thread": "t"},
        {"message_id": "<b>", "in_reply_to": "<a>", "at": at - pd.Timedelta(1, "D")},
        {"message_id": "<c>", "thread": "t"},
        {"message_id": "<d>"},
    )
    assert mail_log.thread(messages, 2) == mail_log.thread(messages, 3) == [3, 2, 1]
    assert mail_log.thread(messages, 4) == [4]
