"""Each thing that is due is done once, or the log says why not: after an outage, a failure, a change of the rule, two rules that meet."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from gnetics.actions.lots import undo_lot
from gnetics.actions.merging import merge_leads
from gnetics.automations import doing
from gnetics.automations.book import book
from gnetics.automations.deeds.job import Job, Outcome
from gnetics.automations.rule import Deed
from gnetics.automations.switching import disable
from gnetics.automations.trying import preview, replay
from gnetics.automations.working import work
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.errors import GneticsError, NotFound, Refused
from gnetics.store import schema
from gnetics.store.heartbeat import beat, last
from gnetics.store.reading.automations import states
from gnetics.store.reading.lots import recent_lots
from tests.store.automations.conftest import Team

DAY = date(2026, 11, 24)
TAGGING = '[rules.etiquette]\ntitle = "Étiquette"\ndeed = "modifier"\non = ["contact modifié"]\n[rules.etiquette.changes]\ntags = "vu"\n'
PING = """
[rules.ping]
title = "Ping"
deed = "modifier"
on = ["contact modifié"]
[rules.ping.where]
next_action = ["Pong"]
[rules.ping.changes]
next_action = "Ping"
[rules.pong]
title = "Pong"
deed = "modifier"
on = ["contact modifié"]
[rules.pong.where]
next_action = ["Ping"]
[rules.pong.changes]
next_action = "Pong"
"""


def counts(team: Team) -> Counter[str]:
    return Counter(run["status"] for run in team.runs())


# --- once ---


def test_nothing_is_sent_by_a_rule_that_nobody_switched_on(team: Team) -> None:
    for _ in range(3):
        team.add(status="Nouveau", next_follow_up=DAY, email=None)
        team.add(next_follow_up=DAY)
    team.work()
    assert (team.runs(), team.left, recent_lots(team.crm, "Chef")) == ([], [], [])


def test_what_was_done_is_not_done_again_however_often_the_worker_looks(team: Team) -> None:
    key = team.add(next_follow_up=DAY)
    team.enable("relance", "premier-contact", "doublons", existing=True)
    for _ in range(3):
        team.work()
        team.after(minutes=1)
    assert [run["status"] for run in team.runs(lead_key=key)] == ["réussi"]
    assert len(team.left) == 1


def test_enabling_a_rule_leaves_what_was_due_before_alone_unless_it_is_asked_for(team: Team) -> None:
    late, today = team.add(next_follow_up=DAY - timedelta(days=3)), team.add(next_follow_up=DAY)
    team.enable("relance")
    team.work()
    assert (team.said(late), len(team.said(today))) == ([], 1)
    disable(team.crm, "Chef", "relance")
    team.enable("relance", existing=True)
    team.work()
    assert len(team.said(late)) == 1
    assert len(team.left) == 2


def test_leads_that_are_there_are_included_in_a_rule_of_what_happens_when_it_is_asked_for(team: Team) -> None:
    key = team.add(email=None)
    team.enable("email-a-corriger", existing=True)
    team.work()
    team.work()
    assert [status for status, _ in team.said(key)] == ["réussi"]


@pytest.mark.parametrize("days", [1, 3, 29, 200])
def test_after_any_outage_each_due_date_is_done_once_or_missed(team: Team, days: int) -> None:
    keys = [team.add(next_follow_up=DAY + timedelta(days=n)) for n in range(1, 60, 7)]
    team.enable("relance")
    team.work()
    team.after(days=days)
    team.work()
    for key, n in zip(keys, range(1, 60, 7), strict=True):
        statuses = [run["status"] for run in team.runs(lead_key=key)]
        late = days - n
        wanted = [] if late < 0 else ["manqué"] if late > 30 else statuses[:1]
        assert statuses == wanted
        assert set(statuses) <= {"manqué", "à faire", "réussi"}
    team.work()
    assert max(Counter(run["lead_key"] for run in team.runs()).values(), default=0) <= 1


def test_a_clock_that_jumps_a_year_ahead_and_back_leaves_later_days_to_be_done(team: Team) -> None:
    team.enable("relance", "mail-du-matin")
    now = team.now[0]
    team.go_to(now + timedelta(days=365))
    team.work()
    team.go_to(now + timedelta(days=1))
    key = team.add(next_follow_up=DAY + timedelta(days=1))
    team.work()
    assert [status for status, _ in team.said(key)] == ["réussi"]


@pytest.mark.parametrize("moment", [datetime(2027, 3, 28, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)])
def test_a_night_when_clocks_change_is_one_day(team: Team, moment: datetime) -> None:
    team.write('[rules.sans-nouvelles]\nat = "02:30"\n')
    team.go_to(moment - timedelta(days=2))
    key = team.add(last_contact=moment.date() - timedelta(days=14))
    team.enable("sans-nouvelles")
    for _ in range(8):
        team.work()
        team.go_to(max(team.now[0], moment) + timedelta(minutes=30))
    assert [status for status, _ in team.said(key)] == ["réussi"]


def test_nothing_that_happened_waits_for_a_rule_for_ever(team: Team) -> None:
    team.add()
    team.work()
    with team.crm.read() as connection:
        waiting = select(func.count()).select_from(schema.happenings)
        cursor = select(schema.consumers.c.rev).where(schema.consumers.c.name == "automatisations")
        assert connection.execute(waiting.where(schema.happenings.c.rev > cursor.scalar_subquery())).scalar_one() == 0


# --- the rule changes, the lead goes ---


def test_a_rule_that_was_changed_is_off_until_it_is_enabled_again_and_is_another_version(team: Team) -> None:
    team.enable("relance")
    team.write('[rules.relance.where]\nstatus = ["Qualifié"]\n')
    key = team.add(next_follow_up=DAY, status="Qualifié")
    team.work()
    assert team.said(key) == []
    assert (book(team.crm)["relance"].changed, book(team.crm)["relance"].enabled) == (True, False)
    team.enable("relance", existing=True)
    team.work()
    assert [run["rule_version"] for run in team.runs(lead_key=key)] == [2]


def test_a_rule_that_is_switched_off_in_the_middle_does_nothing_more_and_says_it(team: Team) -> None:
    team.write("[rules.relance]\nper_day = 2\n")
    for _ in range(5):
        team.add(next_follow_up=DAY)
    team.enable("relance", existing=True)
    team.work()
    assert counts(team) == {"réussi": 2, "à faire": 3}
    assert disable(team.crm, "Chef", "relance") == 3
    team.after(days=1)
    team.work()
    assert counts(team) == {"réussi": 2, "annulé": 5}  # the second step of the two that were sent, too
    assert {run["reason"] for run in team.runs(status="annulé")} == {"La règle a été désactivée."}


def test_a_lead_that_is_deleted_or_merged_or_changed_before_its_turn_is_passed_over_with_the_reason(team: Team) -> None:
    team.write("[rules.sans-nouvelles]\nper_day = 1\n")
    keys = [team.add(name=f"Zoé {n}", last_contact=DAY - timedelta(days=20)) for n in range(4)]
    team.enable("sans-nouvelles", existing=True)
    team.work()
    with team.crm.write("Bruno", Verb.DELETE_LEAD) as uow:
        uow.delete("leads", keys[1])
        uow.commit()
    merge_leads(team.crm, "Bruno", [keys[0], keys[2]], {}, {}, team.crm.snapshot())
    team.change(keys[3], status="Perdu")
    for _ in range(3):
        team.after(days=1)
        team.work()
    assert [team.said(key) for key in keys] == [
        [("réussi", "Prochaine relance\u00a0: 24/11/2026"), ("ignoré", "Le contact ne remplit plus les conditions.")],
        [("ignoré", "Le contact a été supprimé.")],
        [],  # its run is of whoever took it over
        [("ignoré", "Le contact ne remplit plus les conditions.")],
    ]


def test_a_mail_that_waits_to_leave_does_not_when_its_rule_is_switched_off(team: Team) -> None:
    team.add(next_follow_up=DAY)
    team.enable("relance")
    work(team.crm)
    disable(team.crm, "Chef", "relance")
    team.work()
    assert (team.left, [post.state for post in team.posts()]) == ([], ["annulé"])
    said = [(run["status"], run["reason"]) for run in team.runs()]
    assert said == [("annulé", "La règle a été désactivée ou changée depuis."), ("annulé", "La règle a été désactivée.")]


# --- limits, failures ---


def test_a_rule_does_so_many_a_day_at_most_and_the_rest_in_order(team: Team) -> None:
    team.write("[rules.relance]\nper_day = 3\n")
    keys = [team.add(next_follow_up=DAY - timedelta(days=10 - n)) for n in range(7)]
    team.enable("relance", existing=True)
    done: list[int] = []
    for _ in range(3):
        team.work()
        done.append(len(team.left))
        team.after(days=1)
    assert done == [3, 6, 7]
    assert [run["lead_key"] for run in team.runs() if run["status"] != "annulé"] == keys


def test_what_waits_because_its_rule_did_enough_today_says_so_in_the_log_and_above_it(team: Team) -> None:
    team.write("[rules.relance]\nper_day = 2\n")
    for _ in range(4):
        team.add(next_follow_up=DAY)
    team.enable("relance", existing=True)
    team.work()
    rev = team.crm.latest_rev()
    team.work()
    assert team.crm.latest_rev() == rev, "it is said once"
    said = "Attend\u00a0: la règle a atteint sa limite du jour (2)."
    assert [run["reason"] for run in team.runs(status="à faire")] == [said, None]
    assert next(rule.waits for rule in states(team.crm, "Chef") if rule.title == "Relance") == said
    team.after(days=1)
    team.work()
    assert counts(team) == {"réussi": 4}
    assert {run["reason"] for run in team.runs()} == {None}


def failing(monkeypatch: pytest.MonkeyPatch, *keys: int) -> None:
    """A deed that does not work for these leads."""
    change = doing.DEEDS[Deed.CHANGE]

    def fail(job: Job) -> Outcome:
        if job.its_lead["key"] in keys:
            raise RuntimeError("panne")
        return change(job)

    monkeypatch.setattr(doing, "DEEDS", {**doing.DEEDS, Deed.CHANGE: fail})


def test_one_that_fails_holds_up_no_other_is_tried_again_and_told_in_the_end(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [team.add(last_contact=DAY - timedelta(days=20)) for _ in range(4)]
    failing(monkeypatch, keys[1])
    team.enable("sans-nouvelles", existing=True)
    team.work()
    assert [team.runs(lead_key=key)[0]["status"] for key in keys] == ["réussi", "échec", "réussi", "réussi"]
    for _ in range(6):
        team.after(hours=3)
        team.work()
    tries = team.runs(lead_key=keys[1])
    assert [(run["attempt"], run["status"]) for run in tries] == [(n, "échec") for n in (1, 2, 3, 4)]
    assert [run["retry_of"] for run in tries] == [None, *(run["key"] for run in tries[:-1])]
    assert {run["error"] for run in tries} == {"Erreur inattendue (RuntimeError)\u00a0: le journal du planificateur la détaille."}
    assert team.alarms == ["la règle «\u00a0Sans nouvelles\u00a0» échoue"]  # at the third: once a day
    monkeypatch.undo()
    again = replay(team.crm, "Chef", tries[-1]["key"])
    team.work()
    assert [run["status"] for run in team.runs(key=again)] == ["réussi"]
    with pytest.raises(Refused):
        replay(team.crm, "Chef", again)
    with pytest.raises(Refused, match="déjà été reprise"):
        replay(team.crm, "Chef", tries[0]["key"])


def test_a_mail_that_the_server_refuses_is_a_failure_and_one_that_may_have_left_is_not_sent_again(team: Team) -> None:
    from gnetics.mail.delivery import Fate

    team.enable("premier-contact")
    team.fate = Fate.REFUSED
    refused = team.add(status="Nouveau")
    team.work()
    team.fate = Fate.UNKNOWN
    lost = team.add(status="Nouveau")
    team.work()
    team.fate = Fate.SENT
    for _ in range(3):
        team.after(hours=9)
        team.work()
    assert [[run["status"] for run in team.runs(lead_key=key)] for key in (refused, lost)] == [["échec"], ["interrompu"]]
    assert team.left == []


def test_a_file_of_rules_that_is_wrong_stops_them_all_with_its_line(team: Team) -> None:
    team.add(next_follow_up=DAY)
    team.enable("relance")
    team.write("[rules.relance]\nfois = 3\n")
    with pytest.raises(GneticsError, match="ligne 2"):
        team.work()
    assert team.left == []


# --- loops ---


def test_a_rule_that_changes_what_it_watches_runs_once(team: Team) -> None:
    team.write(TAGGING)
    team.enable("etiquette")
    key = team.add()
    team.change(key, notes="rappeler")
    team.work()
    assert [status for status, _ in team.said(key)] == ["réussi"]


def test_two_rules_that_set_each_other_off_end_as_a_loop(team: Team) -> None:
    team.write(PING)
    team.enable("ping", "pong")
    key = team.add()
    team.change(key, next_action="Ping")
    team.work()
    assert [status for status, _ in team.said(key)] == ["réussi", "réussi", "boucle"]
    assert team.runs(status="boucle")[0]["reason"] == "Les règles se déclenchent l’une l’autre\u00a0: Pong → Ping → de nouveau celle-ci."
    team.change(key, notes="vu", next_action="Ping")
    team.work()
    assert counts(team)["boucle"] == 2  # a person's change begins anew


# --- taking back, trying ---


def test_what_a_rule_did_is_taken_back_as_one_and_the_rule_does_not_do_it_again(team: Team) -> None:
    keys = [team.add(last_contact=DAY - timedelta(days=20)) for _ in range(5)]
    team.enable("sans-nouvelles", existing=True)
    team.work()
    (lot,) = recent_lots(team.crm, "Chef")
    assert (lot.count, lot.what) == (5, "Sans nouvelles")
    undo_lot(team.crm, "Chef", lot.rev, team.crm.snapshot())
    team.work()
    assert [team.lead(key)["next_follow_up"] for key in keys] == [None] * 5
    assert counts(team) == {"réussi": 5}


def test_a_preview_is_what_would_be_done_and_nothing_is(team: Team) -> None:
    for _ in range(30):
        team.add(next_follow_up=DAY)
    team.add(next_follow_up=DAY, email=None)
    rev = team.crm.latest_rev()
    found = preview(team.crm, "relance")
    assert (found.count, len(found.first)) == (31, 20)
    assert {run["status"] for run in found.first} == {"simulé"}
    assert "De" not in str(found.first[0]["subject"])
    assert re.match(r"À c\d+@client\d+\.example, de ana@gnetics\.example", found.first[0]["reason"])
    assert (team.runs(), team.posts(), team.crm.latest_rev()) == ([], [], rev)
    with pytest.raises(NotFound):
        preview(team.crm, "inconnue")


def test_while_nothing_leaves_mails_are_simulated_and_still_to_be_sent_once_they_do(team: Team) -> None:
    from dataclasses import replace

    key = team.add(next_follow_up=DAY)
    before = team.lead(key)
    real, team.crm = team.crm, replace(team.crm, settings=replace(team.crm.settings, mail_sending="à blanc"))
    team.enable("relance")
    team.work()
    assert [run["status"] for run in team.runs()] == ["simulé"]
    assert (team.lead(key), team.posts()) == (before, [])
    team.crm = real
    team.work()
    assert counts(team) == {"simulé": 1, "réussi": 1}


def test_the_log_knows_when_a_worker_was_last_there(team: Team) -> None:
    assert last(team.crm) is None
    beat(team.crm)
    team.after(minutes=5)
    beat(team.crm)
    assert last(team.crm) == team.now[0]


def test_all_leads_of_an_import_are_decided_and_done(team: Team) -> None:
    team.enable("email-a-corriger")
    with team.crm.write("Bruno", Verb.IMPORT) as uow:
        uow.insert_many("leads", [{"name": f"Zoé {n}", "status": "Nouveau", "owner": "Ana"} for n in range(700)], Action.IMPORTED)
        uow.commit()
    team.work()
    assert counts(team) == {"réussi": 700}
