"""The tasks of the night: once for the store, tried again after a failure, told in the Automations Log."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import RowMapping, select

from gnetics.actions.bin import delete_lead
from gnetics.actions.leads import save_lead
from gnetics.clock import fixed
from gnetics.domain.regions import REGIONS
from gnetics.domain.rights import Verb
from gnetics.operations import nightly
from gnetics.operations.checkup import checkup
from gnetics.operations.finding import Finding
from gnetics.operations.nightly import do_tasks, night
from gnetics.settings import Settings
from gnetics.store import tasks
from gnetics.store.crm import Crm, open_crm
from gnetics.store.nights import KEPT_DAYS
from gnetics.store.schema import runs
from tests.conftest import live
from tests.served import free_port

TASK, DAY = "Calcul du score", date(2026, 11, 24)
BIN, SCORE, CHECK = (task.name for task in nightly.TASKS)


@pytest.fixture
def crm(crm: Crm) -> Crm:
    return replace(crm, trusted=True)


@pytest.fixture
def today(crm: Crm) -> Crm:
    """The same on the true day, which the check compares with."""
    return replace(crm, clock=crm.settings.clock)


def _later(crm: Crm, **time: float) -> Crm:
    return replace(crm, clock=fixed(crm.clock.instant() + timedelta(**time), crm.region.zone))


def _settle(crm: Crm, error: str = "") -> None:
    with crm.write("", Verb.TASKS) as uow:
        tasks.settle(uow.connection, TASK, not error, error)
        uow.commit_private()


def _night(settings: Settings) -> Finding:
    return next(found for found in checkup(settings) if found.subject == "Nuit")


def _runs(crm: Crm, rule: str) -> Sequence[RowMapping]:
    with crm.read() as connection:
        return connection.execute(select(runs).where(runs.c.rule == rule).order_by(runs.c.key)).mappings().all()


def _tries(crm: Crm) -> dict[str, int]:
    with crm.read() as connection:
        return {each["name"]: each["tries"] for each in tasks.state(connection)}


def test_a_task_is_claimed_once_a_night(crm: Crm) -> None:
    assert [tasks.claim(crm, TASK, DAY) for _ in range(2)] == [1, 0]
    _settle(crm)
    assert tasks.claim(_later(crm, hours=12), TASK, DAY) == 0
    assert tasks.claim(_later(crm, days=1), TASK, DAY + timedelta(1)) == 1


def test_of_workers_that_come_together_one_claims(crm: Crm, store_url: str) -> None:
    def claim(_: int) -> int:
        with closing(open_crm(replace(crm.settings, database_url=store_url), trusted=True)) as own:
            return tasks.claim(replace(own, clock=crm.clock), TASK, DAY)

    with ThreadPoolExecutor(8) as workers:
        assert sorted(workers.map(claim, range(8))) == [0] * 7 + [1]


def test_what_failed_or_was_begun_by_a_worker_that_died_is_tried_again_but_not_for_ever(crm: Crm) -> None:
    assert tasks.claim(crm, TASK, DAY) == 1
    assert tasks.claim(_later(crm, minutes=14), TASK, DAY) == 0, "its worker may still be at it"
    assert tasks.claim(_later(crm, minutes=16), TASK, DAY) == 2
    _settle(crm, "raté")
    assert tasks.claim(_later(crm, minutes=20), TASK, DAY) == 0
    assert tasks.claim(_later(crm, minutes=32), TASK, DAY) == 3
    _settle(crm, "raté")
    assert tasks.claim(_later(crm, minutes=60), TASK, DAY) == 0
    assert tasks.claim(_later(crm, days=1), TASK, DAY + timedelta(1)) == 1


def test_workers_whose_clocks_differ_a_little_do_a_night_once(crm: Crm) -> None:
    half_past = replace(crm, clock=fixed(datetime.fromisoformat("2026-11-24T03:30:05+01:00"), crm.region.zone))
    assert tasks.claim(half_past, TASK, DAY) == 1
    _settle(crm)
    assert tasks.claim(_later(half_past, seconds=-8), TASK, DAY - timedelta(1)) == 0
    assert tasks.claim(_later(half_past, minutes=1), TASK, DAY) == 0


def test_a_look_at_what_is_due_waits_for_no_writer(crm: Crm) -> None:
    assert tasks.claim(crm, TASK, DAY) == 1
    with crm.write("Ana", Verb.SAVE_LEAD):
        assert tasks.claim(crm, TASK, DAY) == 0


def test_the_third_try_is_no_failure_while_it_is_under_way(today: Crm) -> None:
    for minutes in (-32, -16, 0):
        assert tasks.claim(_later(today, minutes=minutes), TASK, DAY)
    finding = _night(today.settings)
    assert finding.fine and "tâches commencées le" in finding.sentence


def test_a_clock_that_was_wrong_for_a_while_stops_no_task(crm: Crm) -> None:
    future = _later(crm, days=400)
    assert tasks.claim(future, TASK, DAY + timedelta(400)) == 1
    _settle(crm)
    assert tasks.claim(crm, TASK, DAY) == 1


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-11-24T03:29", DAY - timedelta(1)),
        ("2026-11-24T03:30", DAY),
        ("2026-11-24T23:59", DAY),
        ("2026-03-29T03:30", date(2026, 3, 29)),  # the night that has no 2:30
        ("2026-10-25T03:29", date(2026, 10, 24)),  # the night that has two
    ],
)
def test_a_night_begins_at_half_past_three(now: str, expected: date) -> None:
    assert night(datetime.fromisoformat(now).replace(tzinfo=REGIONS["FR"].zone)) == expected


def test_what_the_night_changed_stands_in_the_automations_log_and_nothing_else(crm: Crm) -> None:
    key = save_lead(crm, "Ana", None, {"name": "Zoé"}, None, crm.snapshot()).key
    delete_lead(crm, "Ana", key, crm.snapshot())
    do_tasks(crm)
    assert _tries(crm) == {BIN: 1, SCORE: 1, CHECK: 1}
    before = crm.latest_rev()
    assert _runs(crm, BIN) == _runs(crm, SCORE) == []
    after = _later(crm, days=KEPT_DAYS + 1)
    live(after, KEPT_DAYS)
    do_tasks(after)
    do_tasks(after)
    assert _runs(crm, SCORE) == []
    (run,) = _runs(crm, BIN)
    told = {name: run[name] for name in ("status", "subject", "trigger", "triggered_by", "attempt", "max_attempts", "error")}
    assert told == {
        "status": "réussi",
        "subject": "1\u00a0contact effacé de la corbeille",
        "trigger": "planification",
        "triggered_by": "Planificateur",
        "attempt": 1,
        "max_attempts": 3,
        "error": "",
    }
    assert "corbeille" in run["search"]
    assert crm.latest_rev() > before, "pages learn of it"


def test_a_night_without_change_is_no_news_for_any_screen(today: Crm) -> None:
    save_lead(today, "Ana", None, {"name": "Zoé"}, None, today.snapshot())
    before = today.latest_rev()
    do_tasks(today)
    assert (today.latest_rev(), _tries(today)) == (before, {BIN: 1, SCORE: 1, CHECK: 1})


def test_a_task_that_fails_is_tried_three_times_then_told_and_holds_up_no_other(crm: Crm) -> None:
    """The mail server of the alerts does not exist: the check has to tell, and cannot."""
    smtp = f"smtp://127.0.0.1:{free_port()}"
    mailing = replace(crm.settings, smtp_url=smtp, mail_from="crm@exemple.fr", alerts_to="ana@exemple.fr")
    broken = replace(crm, settings=mailing)
    for minutes in (0, 16, 32, 48):
        do_tasks(_later(broken, minutes=minutes))
    assert _tries(crm) == {BIN: 1, SCORE: 1, CHECK: 3}
    (run,) = _runs(crm, CHECK)
    assert (run["status"], run["attempt"]) == ("échec", 3)
    assert "refuse la connexion" in run["error"]
    finding = _night(crm.settings)
    assert not finding.fine and f"1\u00a0tâche en échec\u00a0: {CHECK}" in finding.sentence


def test_a_defect_of_a_task_is_told_in_words_and_its_details_are_logged(
    crm: Crm, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(nightly, "TASKS", [nightly.Task(TASK, lambda crm: crm.nothing)])  # type: ignore[attr-defined]
    for minutes in (0, 16, 32):
        do_tasks(_later(crm, minutes=minutes))
    (run,) = _runs(crm, TASK)
    assert run["error"].startswith("Erreur inattendue (AttributeError)")
    assert "has no attribute 'nothing'" in caplog.text


def test_the_check_tells_when_nobody_does_the_tasks(today: Crm) -> None:
    def finding(worker: bool = True) -> Finding:
        return _night(replace(today.settings, worker=worker))

    assert finding() == Finding("Nuit", True, "tâches pas encore faites")
    assert not finding(worker=False).fine, "the one that should be there apart is not"
    do_tasks(_later(today, days=-3))
    assert not finding().fine and "pas faites depuis le" in finding().sentence
    do_tasks(today)
    assert finding(worker=False).fine and "tâches faites le" in finding().sentence
