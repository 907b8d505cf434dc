"""What is older than the logs keep is gone from the file, the counters are those of what is left, and no figure changes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

import pandas as pd
import pytest
from sqlalchemy import delete, func, insert, select, text

from gnetics import settings as settings_module
from gnetics.actions import accounts, retention
from gnetics.actions.imports import import_rows
from gnetics.actions.merging import merge_leads, undo_merge
from gnetics.actions.retention import erase_old, months_before
from gnetics.clock import fixed
from gnetics.domain.history import Action
from gnetics.domain.outbox import State
from gnetics.domain.rights import Verb
from gnetics.domain.searching import wanted
from gnetics.operations.rule_work import run_rules
from gnetics.pages.boards.report import report_of
from gnetics.store import correspondence, log_counts, scores
from gnetics.store.crm import Crm, open_crm
from gnetics.store.nights import KEPT_DAYS
from gnetics.store.reading import lead_mail, logs
from gnetics.store.reading.erased import Gone, gone_from
from gnetics.store.reading.logs import MAIL, RUNS, Asked
from gnetics.store.schema import attachments, drafts, erased_logs, leads, messages, metadata, nights, outbox, runs
from gnetics.store.schema import log_counts as kept_counts
from tests.conftest import live
from tests.served import ZONE

pytestmark = pytest.mark.costly

OLD, RECENT = datetime(2024, 11, 23, 22, 59, 59, tzinfo=UTC), datetime(2024, 11, 23, 23, tzinfo=UTC)  # about midnight in Paris
FIRST_KEPT = date(2024, 11, 24)
ZOE, LEO = 1, 2
SECRET = "Zébulon"


@pytest.fixture
def crm(crm: Crm) -> Crm:
    """Two leads, Ana's and Bruno's."""
    with crm.write("Ana", Verb.IMPORT) as uow:
        people = [{"name": "Zoé Élan", "owner": "Ana"}, {"name": "Léo", "owner": "Bruno"}]
        uow.insert_many("leads", people, Action.IMPORTED)
        uow.commit()
    return replace(crm, trusted=True)


def fill(crm: Crm, table: str, *rows: dict[str, Any]) -> list[int]:
    defaults = {"messages": {"direction": "reçu", "at": OLD}, "runs": {"rule": "Relance", "status": "réussi", "queued_at": OLD}}[table]
    identity = {"messages": "message_id", "runs": "idempotency_key"}[table]
    with crm.write("Ana", Verb.IMPORT) as uow:
        full = [{identity: f"<{table}-{uow.rev}-{place}>"} | defaults | row for place, row in enumerate(rows)]
        keys = uow.insert_many(table, full, Action.IMPORTED)
        uow.commit()
    return keys


def erased(crm: Crm, log: str = "messages", months: int = 24, **more: Any) -> int:
    """How many went, once all that is there has been there for long."""
    with crm.engine.begin() as connection:
        connection.execute(delete(nights))
    live(crm, KEPT_DAYS)
    return erase_old(crm, log, months, **more)


def shown(crm: Crm, log: logs.Log = MAIL, words: str = "") -> list[int]:
    asked = Asked(words=[(word, []) for word in wanted(words)])
    return sorted(row["key"] for row in logs.read(crm, "", log, asked).rows)


def row_of(crm: Crm, table: Any, key: int) -> dict[str, Any]:
    with crm.read() as connection:
        return dict(connection.execute(select(table).where(table.c.key == key)).mappings().one())


def said(row: dict[str, Any]) -> set[str]:
    """The columns that say something."""
    return {name for name, value in row.items() if value not in (None, "")}


def every_text(crm: Crm) -> str:
    """Of the whole store."""
    with crm.read() as connection:
        rows = [row for table in metadata.tables.values() for row in connection.execute(select(table))]
    return "\n".join(str(cell) for row in rows for cell in row if isinstance(cell, (str, bytes)))


MAIL_OF_ZOE = {
    **{name: f"{SECRET} {name}" for name in ("sender", "recipients", "cc", "reply_to", "subject", "text", "quoted", "attachments")},
    **{name: f"{SECRET} {name}" for name in ("matched_by", "matched_on", "drop_reason", "colleague", "concerns", "box", "thread")},
    **{name: f"{SECRET} {name}" for name in ("reply_text", "reply_origin", "reply_state", "reply_by", "reply_final", "reply_message_id")},
    "in_reply_to": f"<{SECRET}>",
    "reply_at": OLD,
    "lead_key": ZOE,
    "digest": "d",
    "message_id": "<1>",
}


def test_what_a_mail_said_is_in_no_column_any_more(crm: Crm) -> None:
    (key,) = fill(crm, "messages", MAIL_OF_ZOE)
    assert SECRET in every_text(crm) and "zebulon" in every_text(crm)
    assert erased(crm) == 1
    kept = {"key", "message_id", "digest", "direction", "kind", "at", "lead_key", "automatic", "updated_at", "deleted", "erased", "rev"}
    assert said(row_of(crm, messages, key)) == kept
    assert SECRET not in every_text(crm) and "zebulon" not in every_text(crm)


def test_nor_is_what_a_run_said(crm: Crm) -> None:
    words = {name: f"{SECRET} {name}" for name in ("rule", "trigger", "triggered_by", "lead_label", "subject", "reason", "error", "detail")}
    times = dict.fromkeys(("queued_at", "started_at", "ended_at", "next_attempt_at"), OLD)
    more = {"before": f'{{"name": "{SECRET}"}}', "after": SECRET, "lead_key": ZOE, "attempt": 1, "max_attempts": 3, "rule_version": 2}
    (key,) = fill(crm, "runs", {**words, **times, **more, "message_id": "<1>", "retry_of": 1, "idempotency_key": "k"})
    assert erased(crm, "runs") == 1
    assert said(row_of(crm, runs, key)) == {"key", "idempotency_key", "message_id", "updated_at", "deleted", "erased", "rev"}
    assert SECRET not in every_text(crm) and shown(crm, RUNS) == []


def test_the_files_of_the_store_have_its_words_no_more(crm: Crm) -> None:
    """Those of the index: SQLite marks words as gone, and keeps them until it writes them anew."""
    if crm.engine.dialect.name != "sqlite":
        return  # VACUUM's work

    def found(word: str) -> int:
        with crm.read() as connection:
            blocks = text("SELECT count(*) FROM messages_words_data WHERE instr(block, CAST(:word AS BLOB))")
            return int(connection.execute(blocks, {"word": word}).scalar_one())

    fill(crm, "messages", {"text": "zébulon"}, {"text": "ornithorynque", "at": RECENT})
    assert found("zebulon") and found("ornithorynque")
    assert erased(crm) == 1
    assert (found("zebulon"), found("ornithorynque") > 0, shown(crm, words="ornitho")) == (0, True, [2])


def test_rows_of_before_that_day_go_and_those_without_a_date_stay(crm: Crm) -> None:
    fill(crm, "messages", {"text": "devis"}, {"at": RECENT, "text": "devis"}, {"at": None, "text": "devis"}, {"at": crm.clock.now()})
    fill(crm, "runs", {}, {"queued_at": RECENT}, {"queued_at": None})
    assert (erased(crm), erased(crm, "runs")) == (1, 1)
    assert (shown(crm), shown(crm, RUNS)) == ([2, 3, 4], [2, 3])
    assert shown(crm, words="devis") == [2, 3]
    assert (erased(crm), erased(crm, "runs")) == (0, 0)


def test_no_page_thread_or_sheet_has_it(crm: Crm) -> None:
    fill(crm, "messages", {"thread": "t", "lead_key": ZOE}, {"thread": "t", "lead_key": ZOE, "at": RECENT})
    erased(crm)
    assert logs.entry(crm, "Ana", MAIL, 1) is None
    assert [row["key"] for row in logs.thread(crm, "Ana", 2)] == [2]
    assert [[row["key"] for row in found] for found, _ in (lead_mail.mails(crm, "Ana", ZOE, 9), logs.about(crm, "Ana", MAIL, ZOE, 9))] == [
        [2],
        [2],
    ]


def test_the_counters_are_those_of_the_rows_that_are_left_and_the_log_says_what_went(crm: Crm) -> None:
    days = [OLD - timedelta(days=place) for place in range(5)]
    fill(crm, "messages", *({"at": at} for at in days), {"at": RECENT, "drop_reason": "liste"}, {"at": days[0], "direction": "envoyé"})
    fill(crm, "runs", *({"queued_at": at} for at in days))
    assert gone_from(crm, "Ana", "messages") is None
    assert (erased(crm), erased(crm, "runs")) == (6, 5)
    assert logs.counts(crm, "Ana", MAIL).total() == 1 and logs.counts(crm, "Ana", RUNS).total() == 0
    before = _counts(crm)
    with crm.engine.begin() as connection:
        for log in log_counts.LOGS:
            log_counts.settle_all(connection, log)
    assert _counts(crm) == before
    assert gone_from(crm, "Ana", "messages") == Gone(6, FIRST_KEPT, 24)
    fill(crm, "messages", {})
    assert erased(crm, months=23) == 2
    assert gone_from(crm, "Ana", "messages") == Gone(8, date(2024, 12, 24), 23)
    assert gone_from(crm, "Ana", "runs") == Gone(5, FIRST_KEPT, 24)


def _counts(crm: Crm) -> list[tuple[Any, ...]]:
    with crm.read() as connection:
        return sorted(map(tuple, connection.execute(select(kept_counts)).all()))


def test_whoever_sees_only_their_own_leads_is_told_no_number(crm: Crm) -> None:
    fill(crm, "messages", {"lead_key": ZOE})
    erased(crm)
    accounts.add(crm, "Chef", "Chef", "administration", None)
    accounts.add(crm, "Chef", "Ana", "édition", None)
    accounts.set_own_leads(crm, "Chef", "Ana", True)
    assert gone_from(crm, "Ana", "messages") == Gone(None, FIRST_KEPT, 24)
    assert gone_from(crm, "Chef", "messages") == Gone(1, FIRST_KEPT, 24)


# what stays


@pytest.mark.parametrize(("state", "gone"), [("proposée", 0), ("modifiée", 0), ("rejetée", 1), ("envoyée", 1), (None, 1)])
def test_a_mail_that_somebody_has_to_decide_of_stays(crm: Crm, state: str | None, gone: int) -> None:
    fill(crm, "messages", {"reply_state": state})
    assert erased(crm) == gone


def post(crm: Crm, state: str, **values: Any) -> None:
    """A row of the outbox."""
    settled = None if state in ("à faire", "en cours", "inconnu") else OLD
    row: dict[str, Any] = {
        "click": f"{state} {values}",
        "state": state,
        "message_id": f"<{state} {values}>",
        "settled_at": settled,
        "tries": 1,
    }
    row |= {"content": SECRET.encode(), "sender": "ana@x.fr", "recipients": '["zoe@x.fr"]', "said": SECRET}
    row |= {"asked_by": "Ana", "asked_at": OLD, "due_at": OLD}
    with crm.engine.begin() as connection:
        connection.execute(insert(outbox).values(row | values))


@pytest.mark.parametrize("state", State)
def test_a_mail_that_the_outbox_waits_for_stays(crm: Crm, state: State) -> None:
    waits = state in (State.TO_DO, State.RUNNING, State.UNKNOWN)
    answered, sent, other = fill(crm, "messages", {}, {"message_id": "<out>", "direction": "envoyé"}, {})
    post(crm, state, answers=answered)
    post(crm, state, message_id="<out>")
    assert erased(crm) == (1 if waits else 3)
    assert shown(crm) == ([answered] if waits else []) and row_of(crm, messages, sent)["erased"] is not waits
    assert row_of(crm, messages, other)["erased"]


@pytest.mark.parametrize("status", ["à faire", "en cours"])
def test_a_run_that_is_to_come_stays(crm: Crm, status: str) -> None:
    fill(crm, "runs", {"status": status}, {})
    assert erased(crm, "runs") == 1 and shown(crm, RUNS) == [1]


def test_nothing_goes_that_came_or_changed_within_thirty_nights(crm: Crm) -> None:
    live(crm, KEPT_DAYS - 1)
    fill(crm, "messages", {}, {})
    assert erase_old(crm, "messages", 24) == 0, "the store is new"
    month = _later(crm, KEPT_DAYS + 1)
    live(month, KEPT_DAYS - 1)
    assert erase_old(month, "messages", 24) == 0
    with crm.write("Ana", Verb.IMPORT) as uow:
        uow.update("messages", 2, {"lead_key": ZOE})
        uow.commit()
    live(_later(month, 1), 1)
    assert erase_old(month, "messages", 24) == 1 and shown(crm) == [2]


def _later(crm: Crm, days: int) -> Crm:
    return replace(crm, clock=fixed(crm.clock.now() + timedelta(days=days), crm.region.zone))


# figures


def test_figures_still_count_what_the_log_has_no_more(crm: Crm) -> None:
    """Of open pages that catch up, of new ones, and of whoever sees only their own leads."""
    accounts.add(crm, "Chef", "Chef", "administration", None)
    accounts.add(crm, "Chef", "Ana", "édition", None)
    accounts.set_own_leads(crm, "Chef", "Ana", True)
    fill(
        crm,
        "messages",
        {"lead_key": ZOE, "drop_reason": "liste"},
        {"lead_key": ZOE},
        {"lead_key": LEO, "direction": "envoyé", "message_id": "<auto>"},
        {"direction": "envoyé", "lead_key": ZOE, "message_id": "<main>", "colleague": "Ana"},
        {"kind": "rejet"},
    )
    fill(crm, "runs", {"message_id": "<auto>"}, {"message_id": "<main>"})
    gone, mine = fill(crm, "messages", {"lead_key": ZOE}, {"lead_key": ZOE, "at": RECENT})
    with crm.write("Ana", Verb.IMPORT) as uow:
        uow.delete("messages", gone)
        uow.commit()
    open_pages = {user: crm.snapshot(user) for user in ("Chef", "Ana")}
    before = {user: snapshot.messages for user, snapshot in open_pages.items()}
    assert before["Chef"]["automatic"].sum() == 1 and mine in before["Ana"].index and gone not in before["Chef"].index
    points = _points(crm)
    assert (erased(crm), erased(crm, "runs")) == (5, 2)
    assert said(row_of(crm, messages, gone)) == said(row_of(crm, messages, 1)), "what was deleted before is blanked"
    assert not row_of(crm, messages, gone)["erased"], "and counts as before"
    with crm.engine.begin() as connection:  # as an upgrade does
        correspondence.settle_all(connection)
        scores.settle_all(connection)
    assert _points(crm) == points
    for user, snapshot in open_pages.items():
        snapshot.refresh()
        pd.testing.assert_frame_equal(snapshot.messages, before[user])
        pd.testing.assert_frame_equal(crm.snapshot(user).messages, before[user])


def _points(crm: Crm) -> list[tuple[Any, ...]]:
    with crm.read() as connection:
        names = ("score_fit", "score_activity", "score_source", "last_contact")
        return [tuple(row) for row in connection.execute(select(*(leads.c[name] for name in names)).order_by(leads.c.key))]


def test_a_mail_stays_automatic_when_only_its_run_went(crm: Crm) -> None:
    fill(crm, "messages", {"direction": "envoyé", "message_id": "<auto>"})
    fill(crm, "runs", {"message_id": "<auto>"})
    assert erased(crm, "runs") == 1
    with crm.engine.begin() as connection:
        correspondence.settle_all(connection)
    assert row_of(crm, messages, 1)["automatic"]


@pytest.fixture
def demo(copy_of_demo: Callable[[], str]) -> Iterator[Crm]:
    settings = replace(settings_module.load({}), region_zone=ZONE, database_url=copy_of_demo())
    with closing(open_crm(settings, trusted=True)) as crm:
        yield replace(crm, clock=fixed(crm.clock.now(), crm.region.zone))


def test_the_report_of_the_demo_is_the_same_before_and_after(demo: Crm) -> None:
    earlier = (demo.clock.today() - timedelta(days=40)).isoformat()
    queries: list[dict[str, str]] = [{}, {"periode": "tout"}, {"periode": "30j", "au": earlier}]
    before = [report_of(demo, query, "html") for query in queries]
    assert erased(demo, months=1) > 10 and erased(demo, "runs", months=1) > 10
    assert [report_of(demo, query, "html") for query in queries] == before


# beside the log


def test_what_other_tables_have_of_a_mail_goes_with_it(crm: Crm) -> None:
    old, recent = fill(crm, "messages", {"message_id": "<old>"}, {"message_id": "<recent>", "at": RECENT})
    for state, name in (("envoyé", "<old>"), ("envoyé", "<recent>"), ("refusé", "<no>"), ("simulé", "<dry>"), ("annulé", "<back>")):
        post(crm, state, message_id=name)
    post(crm, "refusé", message_id="<late>", settled_at=RECENT)
    with crm.engine.begin() as connection:
        for key in (old, recent):
            file = {"name": "a.pdf", "media_type": "x", "digest": "", "content": b"x"}
            connection.execute(insert(attachments).values(message_key=key, position=0, **file))
            connection.execute(insert(drafts).values(user="Ana", lead_key=ZOE, answers=key, content="{}", at=OLD))
    assert erased(crm) == 1
    with crm.read() as connection:
        assert connection.execute(select(attachments.c.message_key)).scalars().all() == [recent]
        assert connection.execute(select(drafts.c.answers)).scalars().all() == [recent]
        rows = {row.message_id: row for row in connection.execute(select(outbox))}
    assert set(rows) == {"<old>", "<recent>", "<late>"}, "what never left is in no log"
    assert (rows["<old>"].content, rows["<old>"].recipients, rows["<old>"].sender, rows["<old>"].said) == (b"", "[]", "", "")
    assert rows["<recent>"].content == SECRET.encode()


def test_an_import_does_not_bring_it_back(crm: Crm) -> None:
    fill(crm, "messages", {"message_id": "<1>"})
    erased(crm)
    with crm.write("Ana", Verb.IMPORT) as uow:
        done = import_rows(uow, "messages", [{"message_id": "<1>", "direction": "reçu", "text": SECRET}])
        uow.commit_all()
    assert (done.inserted, done.updated, shown(crm)) == (0, 0, []) and SECRET not in every_text(crm)


def test_it_follows_its_lead_into_a_merge_and_out_of_it(crm: Crm) -> None:
    fill(crm, "messages", {"lead_key": LEO})
    erased(crm)
    merged = merge_leads(crm, "Ana", [ZOE, LEO], {}, {}, crm.snapshot())
    assert crm.snapshot().messages["lead_key"].tolist() == [ZOE]
    undo_merge(crm, "Ana", ZOE, merged.rev, crm.snapshot())
    assert crm.snapshot().messages["lead_key"].tolist() == [LEO]
    assert shown(crm) == []


# the night


def test_a_few_rows_a_transaction_and_what_was_left_goes_the_next_time(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "TOGETHER", 2)
    fill(crm, "messages", *({"at": OLD - timedelta(days=place)} for place in range(7)))
    before, asked = crm.latest_rev(), count()
    assert erased(crm, stopping=lambda: next(asked) >= 2) == 4
    assert (shown(crm), crm.latest_rev() - before) == ([1, 2, 3], 2), "the oldest go first"
    assert gone_from(crm, "Ana", "messages") == Gone(4, FIRST_KEPT, 24)
    assert erased(crm) == 3
    assert gone_from(crm, "Ana", "messages") == Gone(7, FIRST_KEPT, 24)
    with crm.read() as connection:
        assert connection.execute(select(func.count()).select_from(erased_logs)).scalar_one() == 1


def test_a_transaction_that_does_not_end_leaves_all_as_it_was(crm: Crm) -> None:
    fill(crm, "messages", {"text": SECRET})
    live(crm, KEPT_DAYS)
    with crm.write("", Verb.TASKS) as uow:
        assert uow.erase_log("messages", crm.clock.now(), crm.latest_rev(), 9).count == 1
    assert SECRET in every_text(crm) and shown(crm) == [1]


def test_the_night_erases_as_the_settings_say_and_tells_it_in_the_log(crm: Crm) -> None:
    fill(crm, "messages", {}, {})
    fill(crm, "runs", {})
    live(crm, KEPT_DAYS)
    run_rules(crm)
    assert shown(crm) == [1, 2] and 1 in shown(crm, RUNS), "for ever, unless asked"
    run_rules(_later(replace(crm, settings=replace(crm.settings, mail_kept_months=24, runs_kept_months=12)), 1))
    assert shown(crm) == [] and 1 not in shown(crm, RUNS)
    (night,) = (row for row in logs.read(crm, "", RUNS, Asked()).rows if row["rule"] == "Conservation des journaux")
    mails, actions = "2 messages effacés (conservation : 24 mois)", "1 exécution effacée (conservation : 12 mois)"
    assert (night["status"], night["subject"].replace("\u00a0", " ")) == ("réussi", f"{mails}, {actions}")


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 11, 24), 24, date(2024, 11, 24)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 3, 31), 1, date(2024, 2, 29)),
        (date(2026, 1, 31), 2, date(2025, 11, 30)),
        (date(2026, 1, 1), 1, date(2025, 12, 1)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 12, 15), 1200, date(1926, 12, 15)),
    ],
)
def test_months_are_counted_on_the_calendar(day: date, months: int, expected: date) -> None:
    assert months_before(day, months) == expected
