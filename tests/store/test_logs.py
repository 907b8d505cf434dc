"""The logs read by page: on both databases the same rows, counts that add up, and nothing of anybody else's leads."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from runpy import run_path
from typing import Any

import pytest
from sqlalchemy import delete, event, select

from gnetics.actions import accounts
from gnetics.domain.history import Action
from gnetics.domain.messages import RECEIVED, Answer, Filed
from gnetics.domain.rights import Verb
from gnetics.domain.searching import wanted
from gnetics.store import correspondence, full_text, log_counts, migrate
from gnetics.store.crm import Crm
from gnetics.store.reading import logs
from gnetics.store.reading.logs import MAIL, RUNS, Asked, Log, Shown
from gnetics.store.schema import log_counts as kept_counts
from gnetics.store.schema import messages

AT = datetime(2026, 11, 24, 8, tzinfo=UTC)


def fill(crm: Crm, table: str, *rows: dict[str, Any]) -> list[int]:
    identity = {"messages": "message_id", "runs": "idempotency_key"}[table]
    defaults = {"messages": {"direction": "reçu"}, "runs": {"rule": "Relance", "status": "réussi"}}[table]
    with crm.write("Ana", Verb.IMPORT) as uow:
        keys = uow.insert_many(
            table, [{identity: f"{table}-{uow.rev}-{place}"} | defaults | row for place, row in enumerate(rows)], Action.IMPORTED
        )
        uow.commit()
    return keys


@pytest.fixture
def leads(crm: Crm) -> list[int]:
    people = [{"name": "Zoé Élan", "email": "zoe@lumen.fr", "owner": "Ana"}, {"name": "Léo", "owner": "Bruno"}]
    with crm.write("Ana", Verb.IMPORT) as uow:
        keys = uow.insert_many("leads", people, Action.IMPORTED)
        uow.commit()
    return keys


def read(crm: Crm, log: Log = MAIL, user: str = "", text: str = "", having: dict[str, list[int]] | None = None, **asked: Any) -> Shown:
    words = [(word, (having or {}).get(word[0], [])) for word in wanted(text)]
    return logs.read(crm, user, log, Asked(words=words, **asked))


def keys(shown: Shown) -> list[int]:
    return [row["key"] for row in shown.rows]


def test_received_is_attached_plus_loose_plus_ignored_and_what_was_sent_is_apart(crm: Crm, leads: list[int]) -> None:
    attached = {"lead_key": leads[0], "matched_by": "réponse"}
    fill(crm, "messages", attached, attached, {}, attached | {"drop_reason": "liste"}, {"direction": "envoyé", "lead_key": leads[0]})
    shown = read(crm)
    assert shown.by_counted == {Filed.ATTACHED: 2, Filed.LOOSE: 1, Filed.IGNORED: 1, Filed.SENT: 1}
    assert shown.total == shown.count == sum(shown.by_counted[each] for each in RECEIVED) == 4
    assert shown.groups[Filed.ATTACHED, Answer.NONE, "réponse"] == 2 and shown.groups[Filed.IGNORED, Answer.NOT_EXPECTED, "liste"] == 1
    assert [row["filed"] for row in read(crm, counted=Filed.SENT).rows] == [Filed.SENT]


def test_the_state_of_an_answer_is_the_proposals_else_what_was_sent_else_none_whichever_comes_first(crm: Crm) -> None:
    answer = {"direction": "envoyé", "in_reply_to": "<q>"}
    fill(crm, "messages", answer)
    fill(crm, "messages", {"reply_state": "proposée"}, {"message_id": "<q>"}, {}, {"drop_reason": "x"}, {"kind": "réponse automatique"})
    states = ["", "proposée", Answer.SENT, Answer.NONE, Answer.NOT_EXPECTED, Answer.NOT_EXPECTED]
    with crm.read() as connection:
        assert list(connection.execute(select(messages.c.answer).order_by(messages.c.key)).scalars()) == states
    with crm.write("Ana", Verb.IMPORT) as uow:
        uow.delete("messages", 1)
        uow.commit()
    assert read(crm).by_facet == {"proposée": 1, Answer.NONE: 2, Answer.NOT_EXPECTED: 2}, "an answer taken back is none"


def test_a_run_is_dated_by_what_is_known_of_it_and_the_undated_come_last(crm: Crm) -> None:
    fill(
        crm,
        "runs",
        {},
        {"started_at": AT, "ended_at": AT + timedelta(seconds=1.5)},
        {"queued_at": AT - timedelta(days=1), "started_at": AT},
    )
    shown = read(crm, RUNS)
    assert keys(shown) == [2, 3, 1] and [row["lasted"] for row in shown.rows] == [1500, None, None]
    assert keys(read(crm, RUNS, ascending=True)) == [1, 3, 2]


def test_attempts_follow_the_chain_from_any_of_them_and_survive_a_loop(crm: Crm) -> None:
    fill(crm, "runs", {}, {"retry_of": 1}, {"retry_of": 2}, {}, {"retry_of": 6}, {"retry_of": 5}, {"retry_of": 77})
    chains = {key: [row["key"] for row in logs.attempts(crm, "", key)] for key in range(1, 8)}
    assert [chains[key] for key in (1, 2, 3)] == [[1, 2, 3]] * 3
    assert chains[4] == [4] and sorted(chains[5]) == [5, 6] and chains[7] == [7]


def test_a_thread_is_gathered_from_any_message_oldest_first(crm: Crm) -> None:
    before = AT - timedelta(days=1)
    first, second = {"message_id": "<a>", "at": AT, "thread": "t"}, {"message_id": "<b>", "in_reply_to": "<a>", "at": before}
    fill(crm, "messages", first, second, {"message_id": "<c>", "thread": "t"}, {"message_id": "<d>"})
    assert [[row["key"] for row in logs.thread(crm, "", key)] for key in (2, 3, 4)] == [[3, 2, 1], [3, 2, 1], [4]]


def test_pages_follow_one_another_from_either_end_and_none_is_lost(crm: Crm) -> None:
    moments = [AT + timedelta(minutes=place // 2) if place % 7 else None for place in range(230)]  # equal ones, and unknown ones
    fill(crm, "messages", *({"at": at} for at in moments))
    for ascending in (False, True):
        seen = [key for page in range(1, 6) for key in keys(read(crm, page=page, ascending=ascending))]
        assert len(seen) == len(set(seen)) == 230
        assert seen == sorted(seen, key=lambda key: (moments[key - 1] or datetime.min.replace(tzinfo=UTC), key), reverse=not ascending)
    assert read(crm, page=99).page == 5


def test_each_column_sorts_both_ways_with_the_unknown_last(crm: Crm, leads: list[int]) -> None:
    fill(crm, "messages", {"subject": "Été", "lead_key": leads[0]}, {"subject": "ecole", "lead_key": leads[1]}, {})
    assert keys(read(crm, sort="objet", ascending=True)) == [2, 1, 3] and keys(read(crm, sort="objet")) == [1, 2, 3]
    assert keys(read(crm, sort="contact", ascending=True)) == [2, 1, 3] and keys(read(crm, sort="contact")) == [1, 2, 3]
    for log in (MAIL, RUNS):
        for sort in log.sorts:
            assert len(keys(read(crm, log, sort=sort, ascending=True))) == (3 if log is MAIL else 0)


def test_words_are_found_by_their_beginning_without_accents_and_all_of_them(crm: Crm, leads: list[int]) -> None:
    texts = ("Votre DEVIS d’été", "devises", "Rappelez le 06 12 34 56 78", "écrire à p.12@exemple.fr", "Ünï-codé ça «и» 日本語")
    fill(crm, "messages", *({"text": text} for text in texts), {"lead_key": leads[0]})
    found = {
        text: sorted(keys(read(crm, text=text))) for text in ("devis", "devis ete", "ÉTÉ devis", "0612345678", "rappelez 06 12 34 56 78")
    }
    assert found == {"devis": [1, 2], "devis ete": [1], "ÉTÉ devis": [1], "0612345678": [], "rappelez 06 12 34 56 78": [3]}
    assert keys(read(crm, text="p.12@exemple.fr")) == keys(read(crm, text="exemple")) == [4]
    assert keys(read(crm, text="uni")) == keys(read(crm, text="и")) == keys(read(crm, text="日本語")) == [5]
    assert keys(read(crm, text="evis")) == keys(read(crm, text="« ! »")) == keys(read(crm, text='"" OR * NOT')) == []
    assert keys(read(crm, text="zoe", having={"zoe": [leads[0]]})) == [6], "also by its contact"
    fill(crm, "messages", {"lead_key": leads[0], "text": "un devis"}, {"lead_key": leads[1], "text": "un devis"})
    assert keys(read(crm, text="zoe devis", having={"zoe": [leads[0]]})) == [7]


def test_what_is_changed_is_found_by_its_new_words_only(crm: Crm, leads: list[int]) -> None:
    (key,) = fill(crm, "messages", {"text": "ancien", "lead_key": leads[0]})
    with crm.write("Ana", Verb.IMPORT) as uow:
        uow.update("messages", key, {"text": "nouveau", "lead_key": leads[1]})
        uow.commit()
    assert keys(read(crm, text="ancien")) == [] and keys(read(crm, text="nouveau")) == [key]
    assert [keys(read(crm, text="zoe", having={"zoe": [lead]})) for lead in leads] == [[], [key]]


def plans(crm: Crm, **asked: Any) -> str:
    """How SQLite looks for the rows of the mails so asked for."""
    seen: list[tuple[str, Any]] = []
    event.listen(crm.engine, "before_cursor_execute", heard := lambda *given: seen.append((given[2], given[3])))
    read(crm, **asked)
    event.remove(crm.engine, "before_cursor_execute", heard)
    with crm.read() as connection:
        explained = [
            connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).all()
            for sql, values in seen
            if "ORDER BY messages.logged_at" in sql
        ]
    return "\n".join(str(step[-1]) for steps in explained for step in steps)


def test_of_many_mails_that_a_counter_keeps_the_newest_are_found_without_sorting_them_all(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    if crm.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL counts what it has, and chooses by itself")
    fill(crm, "messages", *[{"subject": f"n° {n}"} for n in range(3)])
    assert "TEMP B-TREE" in plans(crm, counted=Filed.LOOSE), "so few are sorted at once"
    monkeypatch.setattr(logs, "FEW", 2)
    assert "ix_messages_log" in (found := plans(crm, counted=Filed.LOOSE)) and "TEMP B-TREE" not in found


def test_a_word_that_most_rows_have_is_looked_for_among_the_newest(crm: Crm, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full_text, "MOST", 5)
    fill(crm, "messages", *({"text": "bonjour", "at": AT + timedelta(minutes=place)} for place in range(8)))
    shown = read(crm, text="bonjour")
    assert shown.vague and keys(shown) == [8, 7, 6, 5, 4] and shown.count == shown.by_counted[Filed.LOOSE] == 5
    assert not read(crm, text="rien").vague


def test_a_contact_of_the_session_brings_no_row_of_the_stored_one_with_its_number(crm: Crm, leads: list[int]) -> None:
    fill(crm, "messages", {"lead_key": leads[0]})
    assert keys(read(crm, text="ines", having={"ines": [-leads[0]]})) == []


def test_the_timeline_begins_with_the_run_that_ended_last(crm: Crm, leads: list[int]) -> None:
    long_ago = {"queued_at": AT - timedelta(days=9), "ended_at": AT}
    fill(crm, "runs", *({"lead_key": leads[0]} | moments for moments in (long_ago, {"queued_at": AT - timedelta(days=1)}, {})))
    rows, count = logs.about(crm, "", RUNS, leads[0], 2)
    assert ([row["key"] for row in rows], count) == ([1, 2], 3)


@pytest.mark.parametrize("hour", [0, 5, 23])
def test_a_period_counts_from_its_very_instant(crm: Crm, hour: int) -> None:
    since = datetime(2026, 11, 23, hour, tzinfo=UTC)
    offsets = (-25, -1, 0, 1, 23, 24, 48)
    fill(crm, "messages", *({"at": since + timedelta(hours=offset)} for offset in offsets), {})
    shown = read(crm, since=since)
    assert sorted(keys(shown)) == [3, 4, 5, 6, 7] and shown.count == 5 and shown.total == 8


def test_kept_counts_are_those_of_the_rows_whatever_was_written(crm: Crm, leads: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_counts, "MANY", 4)
    rng = random.Random(crm.engine.dialect.name)
    ids: list[str] = []
    for _ in range(12):
        rows = []
        for _ in range(rng.randrange(1, 9)):
            ids.append(f"<{len(ids)}>")
            rows.append(
                {
                    "message_id": ids[-1],
                    "direction": rng.choice(["reçu", "envoyé"]),
                    "in_reply_to": rng.choice([None, *ids]),
                    "at": rng.choice([None, AT + timedelta(hours=rng.randrange(200))]),
                    "lead_key": rng.choice([None, *leads]),
                    "matched_by": rng.choice([None, "réponse"]),
                    "drop_reason": rng.choice([None, None, "liste"]),
                }
            )
        there = fill(crm, "messages", *rows)
        fill(crm, "runs", {"status": rng.choice(["réussi", "échec"]), "queued_at": rng.choice([None, AT]), "message_id": rng.choice(ids)})
        with crm.write("Ana", Verb.IMPORT) as uow:
            uow.update("messages", rng.choice(there), {"at": AT, "drop_reason": rng.choice([None, "liste"]), "reply_state": "proposée"})
            uow.delete("messages", rng.choice(there))
            uow.commit()
        with crm.read() as connection:
            for log in (MAIL, RUNS):
                reader = logs._Reader(connection, log, None)
                assert reader.groups(Asked()) == reader._counted([]) != Counter()


def test_an_older_store_is_counted_and_searched_once_upgraded(crm: Crm, leads: list[int]) -> None:
    """What the migration fills is what a write would have left."""
    fill(crm, "messages", {"text": "devis", "at": AT, "sender": "Zoé <ZOE@lumen.fr>", "subject": "Été"}, {"direction": "envoyé"})
    fill(crm, "runs", {"queued_at": AT, "lead_label": "Zoé"})
    names = ("search", "sender_fold", "sender_address", "subject_fold", "logged_at", "filed", "answer")

    def state() -> list[Any]:
        with crm.read() as connection:
            rows = connection.execute(select(*(messages.c[name] for name in names)).order_by(messages.c.key)).all()
            return [*map(tuple, rows), *sorted(map(tuple, connection.execute(select(kept_counts)).all()))]

    before = state()
    (path,) = (migrate.MIGRATIONS / "versions").glob("*_logs_by_page.py")
    with crm.engine.begin() as connection:
        connection.execute(delete(kept_counts))
        connection.execute(messages.update().values(search="", sender_fold=None, sender_address="", subject_fold=None, filed="", answer=""))
        full_text.drop(connection, "messages")
        full_text.drop(connection, "runs")
        run_path(str(path))["fill"](connection)
        correspondence.settle_all(connection)
        for log in log_counts.LOGS:
            log_counts.settle_all(connection, log)
    assert state() == before
    assert keys(read(crm, text="devis")) == [1] and keys(read(crm, RUNS, text="relance")) == [1]


def test_others_rows_take_no_place_among_the_newest_that_a_word_finds(crm: Crm, leads: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full_text, "MOST", 2)
    mine, theirs = leads
    fill(crm, "messages", *({"lead_key": lead, "text": "bonjour"} for lead in (mine, theirs, theirs, theirs)))
    for name, role in (("Chef", "administration"), ("Ana", "édition")):
        accounts.add(crm, "Chef" if name == "Ana" else "Ana", name, role, None)
    accounts.set_own_leads(crm, "Chef", "Ana", True)
    shown = read(crm, user="Ana", text="bonjour")
    assert (keys(shown), shown.vague) == ([1], False), "nor does the page say that there are more"


def test_of_others_leads_no_question_tells_anything(crm: Crm, leads: list[int]) -> None:
    mine, theirs = leads
    for lead in leads:
        fill(crm, "messages", {"lead_key": lead, "text": "secret", "thread": "t", "at": AT, "message_id": f"<{lead}>"})
        fill(crm, "runs", {"lead_key": lead, "retry_of": 1 if lead == theirs else None, "queued_at": AT, "message_id": f"<{lead}>"})
    fill(crm, "messages", {"text": "secret", "at": AT})
    for name, role in (("Chef", "administration"), ("Ana", "édition")):
        accounts.add(crm, "Chef" if name == "Ana" else "Ana", name, role, None)
    accounts.set_own_leads(crm, "Chef", "Ana", True)
    for log in (MAIL, RUNS):
        for asked in ({}, {"text": "secret" if log is MAIL else "relance"}, {"since": AT - timedelta(days=1)}, {"lead": None}):
            shown = read(crm, log, "Ana", **asked)
            assert keys(shown) == [1] and shown.count == shown.total == shown.groups.total() == shown.every.total() == 1, asked
        assert keys(read(crm, log, "Ana", lead=theirs)) == [] and read(crm, log, "Ana", lead=theirs).groups == Counter()
        assert keys(read(crm, log, "Ana", text="leo", having={"leo": [theirs]})) == []
        assert logs.entry(crm, "Ana", log, 2) is None and logs.entries(crm, "Ana", log, [2, 1]) == [logs.entry(crm, "Ana", log, 1)]
        assert logs.about(crm, "Ana", log, theirs, 9) == ([], 0)
        assert logs.counts(crm, "Ana", log).total() == 1 < logs.counts(crm, "Chef", log).total()
    assert [row["key"] for row in logs.thread(crm, "Ana", 1)] == [row["key"] for row in logs.attempts(crm, "Ana", 1)] == [1]
    assert logs.thread(crm, "Ana", 2) == logs.attempts(crm, "Ana", 2) == []
    assert logs.message_sent(crm, "Ana", f"<{theirs}>") is None and logs.message_sent(crm, "Ana", f"<{mine}>") == 1
    assert logs.frame_of_messages(crm, "Ana", [1, 2]).index.tolist() == [1]
