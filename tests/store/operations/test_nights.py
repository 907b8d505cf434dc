"""The rules of the night: once for the store, tried again after a failure or a death, in the log when they have something to say."""

from __future__ import annotations

import email
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date, datetime, timedelta
from email import policy
from runpy import run_path
from typing import Any

import pytest
from sqlalchemy import select, text

from gnetics.actions.bin import delete_lead
from gnetics.actions.leads import save_lead
from gnetics.automations.book import Entry, book
from gnetics.automations.claiming import CLAIMED_FOR, DIED, Stopping, claim, do_nights
from gnetics.automations.rule import Deed
from gnetics.automations.switching import disable, enable, publish
from gnetics.automations.trying import preview, replay
from gnetics.automations.working import work
from gnetics.clock import fixed
from gnetics.domain.night import night
from gnetics.domain.regions import REGIONS
from gnetics.domain.rights import Verb
from gnetics.errors import GneticsError
from gnetics.operations.checkup import checkup
from gnetics.operations.finding import Finding
from gnetics.operations.nightly import DEEDS
from gnetics.operations.rule_work import run_rules
from gnetics.settings import Settings
from gnetics.store import migrate
from gnetics.store.crm import Crm, open_crm
from gnetics.store.nights import KEPT_DAYS
from gnetics.store.reading.automations import states
from gnetics.store.reading.logs import RUNS, Asked, read
from gnetics.store.schema import instant, runs
from tests.conftest import live
from tests.served import free_port
from tests.server.mail_server import Box

pytestmark = pytest.mark.costly

BIN, LOGS, QUIET, SCORE, CHECK = "nuit-corbeille", "nuit-journaux", "nuit-contacts", "nuit-scores", "nuit-controle"
DAY = date(2026, 11, 24)
Run = Mapping[str, Any]


@pytest.fixture
def crm(crm: Crm, tmp_path: Any) -> Crm:
    """Its worker has read the rules."""
    (tmp_path / "data").mkdir()
    opened = replace(crm, trusted=True, settings=replace(crm.settings, data_dir=tmp_path / "data"))
    publish(opened, book(opened))
    return opened


@pytest.fixture
def today(crm: Crm) -> Crm:
    """The same on the true day, which the check compares with."""
    return replace(crm, clock=crm.settings.clock)


def _later(crm: Crm, **time: float) -> Crm:
    return replace(crm, clock=fixed(crm.clock.instant() + timedelta(**time), crm.region.zone))


def _at(crm: Crm, moment: str) -> Crm:
    return replace(crm, clock=fixed(datetime.fromisoformat(moment), crm.region.zone))


def _entry(crm: Crm, name: str = SCORE) -> Entry:
    return book(crm)[name]


def _claimed(crm: Crm) -> int | None:
    """The try that is now its worker's to do."""
    run = claim(crm, _entry(crm))
    return run["attempt"] if run else None


def _do(crm: Crm, said: str | Exception = "", alarms: list[str] | None = None) -> int:
    """What a worker does of the scores: says that, or fails so."""

    def deed(*_: object) -> str:
        if isinstance(said, Exception):
            raise said
        return said

    told: list[str] = [] if alarms is None else alarms
    return do_nights(crm, book(crm), {Deed.SCORE: deed}, lambda: False, lambda what, *_: told.append(what))


def _runs(crm: Crm, name: str = SCORE) -> list[Run]:
    """All of them, those that are in no log too."""
    with crm.read() as connection:
        found = connection.execute(select(runs).where(runs.c.automation == name).order_by(runs.c.key)).mappings()
        return [dict(row) for row in found]


def _said(crm: Crm, name: str = SCORE) -> list[tuple[str, int]]:
    return [(run["status"], run["attempt"]) for run in _runs(crm, name)]


def _logged(crm: Crm) -> list[str]:
    """What the Automations Log shows, oldest first."""
    return [row["rule"] for row in reversed(read(crm, "", RUNS, Asked()).rows)]


def _night(settings: Settings) -> Finding:
    return next(found for found in checkup(settings) if found.subject == "Nuit")


# --- once ---


def test_a_night_is_claimed_once(crm: Crm) -> None:
    assert [_claimed(crm) for _ in range(2)] == [1, None]
    (run,) = _runs(crm)
    assert (run["idempotency_key"], run["status"], run["next_attempt_at"]) == (
        "nuit-scores v1 fait N2026-11-24",
        "en cours",
        crm.clock.instant() + CLAIMED_FOR,
    )
    assert "processus" in run["detail"], "its owner"


def test_what_was_done_is_done_again_the_next_night(crm: Crm) -> None:
    assert [_do(crm), _do(_later(crm, hours=12)), _do(_later(crm, days=1)), _do(_later(crm, days=1))] == [1, 0, 1, 0]


def test_of_several_nights_on_which_nothing_ran_the_last_alone_is_done(crm: Crm) -> None:
    _do(crm)
    _do(_later(crm, days=9), "7 scores")
    assert [run["idempotency_key"][-10:] for run in _runs(crm)] == ["2026-11-24", "2026-12-03"]


def test_of_workers_that_come_together_one_claims(crm: Crm, store_url: str) -> None:
    def one(_: int) -> int | None:
        with closing(open_crm(replace(crm.settings, database_url=store_url), trusted=True)) as own:
            return _claimed(replace(own, clock=crm.clock))

    with ThreadPoolExecutor(8) as workers:
        assert sorted(workers.map(one, range(8)), key=bool) == [None] * 7 + [1]


def test_workers_whose_clocks_differ_a_little_do_a_night_once(crm: Crm) -> None:
    half_past = _at(crm, "2026-11-24T03:30:05+01:00")
    assert _do(half_past) == 1
    assert _do(_later(half_past, seconds=-8)) == 0
    assert _do(_later(half_past, minutes=1)) == 0


@pytest.mark.parametrize("days", [400, 1 / 12, -400])
def test_a_clock_that_was_wrong_for_a_while_stops_no_night_whatever_it_left(crm: Crm, days: float) -> None:
    """It left something done, or under way, or to be tried again."""
    wrong = _later(crm, days=days)
    _do(wrong)
    assert _do(_later(crm, days=1)) == 1
    _do(_later(wrong, days=2), RuntimeError("panne"))
    assert _do(_later(crm, days=2.2)) == 1
    _claimed(_later(wrong, days=4))
    after = _later(crm, days=4.2)
    _do(after)
    assert _do(_later(after, days=1)) == 1


def test_a_look_at_what_is_due_waits_for_no_writer(crm: Crm) -> None:
    _do(crm)
    with crm.write("Ana", Verb.SAVE_LEAD):
        assert _do(crm) == 0


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


@pytest.mark.parametrize("first", ["2027-03-27T22:00+00:00", "2026-10-24T22:00+00:00"])
def test_at_an_hour_that_the_clocks_jump_over_or_repeat_a_night_is_done_once(crm: Crm, first: str) -> None:
    (crm.settings.data_dir / "automations.toml").write_text('[rules.nuit-scores]\nat = "02:30"\n', "utf-8")
    publish(crm, book(crm))
    assert sum(_do(_later(_at(crm, first), minutes=20 * n)) for n in range(24)) == 2, "the night before, then this one"


# --- failures, deaths ---


def test_what_fails_is_tried_again_with_growing_pauses_and_told_at_the_third_time(crm: Crm) -> None:
    alarms: list[str] = []
    for minutes in (0, 0.5, 1, 5, 11, 60, 131, 300):
        _do(_later(crm, minutes=minutes), RuntimeError("panne"), alarms)
    tries = _runs(crm)
    assert _said(crm) == [("échec", n) for n in (1, 2, 3, 4)]
    assert [run["retry_of"] for run in tries] == [None, *(run["key"] for run in tries[:-1])]
    assert tries[0]["error"] == "Erreur inattendue (RuntimeError)\u00a0: le journal du planificateur la détaille."
    assert alarms == ["la règle «\u00a0Calcul du score\u00a0» échoue"]
    assert _logged(crm) == ["Calcul du score"] * 4
    assert _do(_later(crm, days=1)) == 1, "the next night"
    again = replay(crm, "Chef", tries[-1]["key"])
    assert _do(_later(crm, days=1)) == 1
    assert _runs(crm)[-1]["key"] == again
    assert _said(crm)[-1] == ("réussi", 5)


def test_one_whose_worker_died_is_told_as_interrupted_and_done_again(crm: Crm) -> None:
    assert _claimed(crm) == 1  # and its worker is killed
    assert _do(_later(crm, minutes=14)) == 0, "it may still be at it"
    assert _do(_later(crm, minutes=16)) == 1
    died, done = _runs(crm)
    assert (died["status"], died["error"], died["attempt"]) == ("interrompu", DIED, 1)
    assert (done["status"], done["attempt"], done["retry_of"]) == ("réussi", 2, died["key"])
    assert _logged(crm) == ["Calcul du score"] * 2


def test_one_that_ends_after_its_claim_does_not_say_that_it_is_done(crm: Crm) -> None:
    """Another worker is at it by then."""

    def slow(crm: Crm, *_: object) -> str:
        assert _claimed(_later(crm, minutes=16)) == 2
        return "1 score"

    do_nights(crm, book(crm), {Deed.SCORE: slow}, lambda: False, lambda *_: None)
    assert _said(crm) == [("interrompu", 1), ("en cours", 2)]


def test_a_worker_that_dies_again_and_again_is_told_by_mail_and_not_for_ever(crm: Crm) -> None:
    alarms: list[str] = []
    for n in range(6):
        claim(_later(crm, minutes=16 * n), _entry(crm), lambda what, *_: alarms.append(what))
    assert _said(crm) == [("interrompu", n) for n in (1, 2, 3, 4)]
    assert alarms == ["la règle «\u00a0Calcul du score\u00a0» échoue"]


def test_the_last_try_is_no_failure_while_it_is_under_way(today: Crm) -> None:
    for minutes in (-48, -32, -16, 0):
        assert _claimed(_later(today, minutes=minutes))
    finding = _night(today.settings)
    assert finding.fine and "tâches commencées le" in finding.sentence


def test_one_that_fails_holds_up_no_other_and_the_check_tells_of_it(crm: Crm) -> None:
    """The mail server of the alerts does not exist: the check has to tell, and cannot."""
    smtp = f"smtp://127.0.0.1:{free_port()}"
    broken = replace(crm, settings=replace(crm.settings, smtp_url=smtp, mail_from="crm@exemple.fr", alerts_to="ana@exemple.fr"))
    for minutes in (0, 2, 20, 200):
        run_rules(_later(broken, minutes=minutes))
    assert [len(_runs(crm, name)) for name in (BIN, LOGS, SCORE, CHECK)] == [1, 1, 1, 4]
    assert "refuse la connexion" in _runs(crm, CHECK)[-1]["error"]
    finding = _night(crm.settings)
    assert not finding.fine and "1\u00a0tâche en échec\u00a0: Contrôle de la nuit" in finding.sentence


def test_a_defect_is_told_in_words_and_by_mail_and_its_details_are_logged(
    crm: Crm, smtp: Box, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(DEEDS, Deed.SCORE, lambda crm, *_: crm.nothing)
    settings = replace(crm.settings, smtp_url=f"smtp://127.0.0.1:{smtp.port}", mail_from="crm@exemple.fr", alerts_to="ana@exemple.fr")
    for minutes in (0, 2, 20):
        run_rules(_later(replace(crm, settings=settings), minutes=minutes))
    assert "has no attribute 'nothing'" in caplog.text
    messages = [email.message_from_bytes(content, policy=policy.default) for _, _, content in smtp.taken]
    (message,) = (each for each in messages if "règle" in each["Subject"])
    assert message["Subject"] == "CRM GNETICS\u00a0: la règle «\u00a0Calcul du score\u00a0» échoue"
    assert "Erreur inattendue (AttributeError)" in message.get_content()
    assert "3\u00a0essais" in message.get_content()


# --- on, off, tried ---


def test_they_are_on_from_the_start_until_somebody_switches_them_off(crm: Crm) -> None:
    assert [name for name, entry in book(crm).items() if entry.enabled] == [BIN, LOGS, QUIET, SCORE, CHECK]
    disable(crm, "Chef", SCORE)
    publish(crm, book(crm))
    run_rules(crm)
    assert [len(_runs(crm, name)) for name in (BIN, SCORE)] == [1, 0]
    enable(crm, "Chef", SCORE)
    assert _do(crm) == 0, "what was due before is left alone"
    assert _do(_later(crm, days=1)) == 1


def test_one_that_no_worker_has_read_yet_is_switched_off_too(crm: Crm) -> None:
    with crm.engine.begin() as connection:
        connection.execute(text("DELETE FROM automations"))
    disable(crm, "Chef", SCORE)
    assert not _entry(crm).enabled and _entry(crm, BIN).enabled


def test_one_that_is_switched_off_while_it_is_at_work_is_told_to_stop(crm: Crm) -> None:
    told: list[bool] = []

    def deed(crm: Crm, stopping: Stopping, _: bool) -> str:
        told.append(stopping())
        disable(crm, "Chef", SCORE)
        told.append(stopping())
        return "la moitié"

    do_nights(crm, book(crm), {Deed.SCORE: deed}, lambda: False, lambda *_: None)
    assert (told, _runs(crm)[0]["subject"]) == ([False, True], "la moitié")


def test_at_another_hour_it_stays_on_and_the_night_that_was_done_is_not_done_again(crm: Crm) -> None:
    _do(crm)
    (crm.settings.data_dir / "automations.toml").write_text('[rules.nuit-scores]\nat = "11:00"\n', "utf-8")
    publish(crm, book(crm))
    assert _entry(crm).enabled and not _entry(crm).changed
    assert _do(_later(crm, hours=2)) == 0
    assert _do(_later(crm, hours=24)) == 0
    assert _do(_later(crm, hours=25.1)) == 1


def test_a_file_of_rules_that_is_wrong_stops_no_night_whose_check_tells_it(today: Crm) -> None:
    (today.settings.data_dir / "automations.toml").write_text("[rules.relance]\nfois = 3\n", "utf-8")
    with pytest.raises(GneticsError, match="ligne 2"):
        work(today, deeds=DEEDS)
    assert "à corriger" in _runs(today, CHECK)[0]["subject"]


def test_a_preview_says_what_would_be_done_and_nothing_is(crm: Crm) -> None:
    gone = save_lead(crm, "Ana", None, {"name": "Zoé"}, None, crm.snapshot()).key
    delete_lead(crm, "Ana", gone, crm.snapshot())
    after = _later(replace(crm, settings=replace(crm.settings, runs_kept_months=12)), days=KEPT_DAYS + 400)
    with crm.write("", Verb.IMPORT) as uow:
        uow.insert("runs", {"idempotency_key": "a", "rule": "r", "status": "réussi", "queued_at": crm.clock.now()})
        uow.commit()
    live(after, KEPT_DAYS)
    before = crm.latest_rev()
    found = {name: preview(after, name, DEEDS).first for name in (BIN, LOGS, SCORE, CHECK)}
    assert [run["status"] for (run,) in found.values()] == ["simulé"] * 4
    assert found[BIN][0]["subject"] == "1\u00a0contact effacé de la corbeille"
    assert found[LOGS][0]["subject"] == "1\u00a0exécution effacée (conservation\u00a0: 12\u00a0mois)"
    assert found[SCORE][0]["subject"] == "rien à changer maintenant"
    assert (crm.latest_rev(), _runs(crm, BIN)) == (before, [])
    run_rules(after)
    assert [_runs(crm, name)[0]["subject"] for name in (BIN, LOGS)] == [found[name][0]["subject"] for name in (BIN, LOGS)]


# --- what is said ---


def test_what_the_night_changed_stands_in_the_automations_log_and_nothing_else(crm: Crm) -> None:
    key = save_lead(crm, "Ana", None, {"name": "Zoé"}, None, crm.snapshot()).key
    delete_lead(crm, "Ana", key, crm.snapshot())
    run_rules(crm)
    before = crm.latest_rev()
    assert "Vidage de la corbeille" not in _logged(crm)
    after = _later(crm, days=KEPT_DAYS + 1)
    live(after, KEPT_DAYS)
    run_rules(after)
    run_rules(after)
    assert "Calcul du score" not in _logged(crm)
    quiet, run = _runs(crm, BIN)
    assert (quiet["deleted"], quiet["subject"]) == (True, "Il n’y avait rien à changer.")
    told = {name: run[name] for name in ("status", "subject", "trigger", "triggered_by", "attempt", "error", "detail", "deleted")}
    assert told == {
        "status": "réussi",
        "subject": "1\u00a0contact effacé de la corbeille",
        "trigger": "planification",
        "triggered_by": "Planificateur",
        "attempt": 1,
        "error": None,
        "detail": None,
        "deleted": False,
    }
    assert "corbeille" in run["search"]
    assert crm.latest_rev() > before, "pages learn of it"


def test_a_night_without_change_is_no_news_for_any_screen(today: Crm) -> None:
    save_lead(today, "Ana", None, {"name": "Zoé"}, None, today.snapshot())
    before = today.latest_rev()
    snapshot = today.snapshot()
    run_rules(today)
    assert [run["status"] for name in (BIN, LOGS, SCORE, CHECK) for run in _runs(today, name)] == ["réussi"] * 4
    assert (today.latest_rev(), _logged(today)) == (before, [])
    save_lead(today, "Ana", None, {"name": "Léo"}, None, today.snapshot())
    assert snapshot.catch_up().get("runs", 0) == 0


@pytest.fixture
def demo(crm: Crm) -> Crm:
    with crm.engine.begin() as connection:
        connection.execute(text("UPDATE meta SET value = 'demo' WHERE name = 'kind'"))
    return crm


def test_whatever_becomes_of_a_night_of_the_demo_nobody_has_changed_it(demo: Crm) -> None:
    before = demo.latest_rev()
    _do(demo, "7 scores")
    _do(_later(demo, days=1), RuntimeError("panne"))
    _do(_later(demo, days=2))
    _claimed(_later(demo, days=3))
    assert _do(_later(demo, days=3, minutes=16)) == 1, "tried again all the same"
    assert [status for status, _ in _said(demo)][-1] == "réussi"
    assert (demo.latest_rev(), _logged(demo)) == (before, [])


def test_a_night_of_the_demo_that_fails_each_time_is_told_once(demo: Crm) -> None:
    alarms: list[str] = []
    for minutes in (0, 2, 20, 200, 400):
        _do(_later(demo, minutes=minutes), RuntimeError("panne"), alarms)
    assert _said(demo) == [("échec", 4)]
    assert alarms == ["la règle «\u00a0Calcul du score\u00a0» échoue"]


def test_one_that_fails_again_on_a_later_day_once_somebody_had_it_done_anew_is_told_again(crm: Crm) -> None:
    alarms: list[str] = []
    for minutes in (0, 2, 20, 200):
        _do(_later(crm, minutes=minutes), RuntimeError("panne"), alarms)
    replay(crm, "Chef", _runs(crm)[-1]["key"])
    _do(_later(crm, days=1), RuntimeError("panne"), alarms)
    assert _said(crm)[-1] == ("échec", 5)
    assert len(alarms) == 2


def test_the_panel_says_when_each_was_done_last_and_comes_next(crm: Crm) -> None:
    _do(crm)
    state = next(state for state in states(crm, "Ana") if state.title == "Calcul du score")
    assert state.sentence.startswith("Chaque nuit à 03:30 (après une panne, la dernière suffit), recalcule les scores")
    assert state.enabled
    assert (state.last_at, state.next_at) == (crm.clock.instant(), datetime.fromisoformat("2026-11-25T03:30+01:00"))


def test_the_check_tells_when_nobody_does_the_nights(today: Crm) -> None:
    def finding(worker: bool = True) -> Finding:
        return _night(replace(today.settings, worker=worker))

    assert finding() == Finding("Nuit", True, "tâches pas encore faites")
    assert not finding(worker=False).fine, "the one that should be there apart is not"
    run_rules(_later(today, days=-3))
    assert not finding().fine and "pas faites depuis le" in finding().sentence
    run_rules(today)
    assert finding(worker=False).fine and "tâches faites le" in finding().sentence
    for name in (BIN, LOGS, QUIET, SCORE, CHECK):
        disable(today, "Chef", name)
    assert finding() == Finding("Nuit", True, "toutes les tâches sont désactivées")


def test_a_night_that_was_done_before_the_upgrade_is_not_done_again(crm: Crm) -> None:
    tried = instant(crm.clock.instant() - timedelta(hours=1))
    (path,) = (migrate.MIGRATIONS / "versions").glob("*_nights.py")
    with crm.engine.begin() as connection:
        connection.execute(text("CREATE TABLE tasks (name TEXT, day VARCHAR(10), tried_at VARCHAR(32), done BOOLEAN)"))
        for name, done in (("Calcul du score", True), ("Vidage de la corbeille", False)):
            values = {"name": name, "day": DAY.isoformat(), "at": tried, "done": done}
            connection.execute(text("INSERT INTO tasks VALUES (:name, :day, :at, :done)"), values)
        run_path(str(path))["carry"](connection)
    assert _do(crm) == 0
    assert claim(crm, _entry(crm, BIN)) is not None
    assert _do(_later(crm, days=1)) == 1
