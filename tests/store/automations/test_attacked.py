"""What a review of the rules broke: each of these stopped all rules, sent a mail twice or never, or left a sequence stranded."""

from __future__ import annotations

import email
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from email import policy
from pathlib import Path

import pytest

from gnetics.actions.merging import merge_leads
from gnetics.automations import doing
from gnetics.automations.book import book
from gnetics.automations.switching import disable
from gnetics.automations.trying import replay
from gnetics.automations.working import work
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.domain.sequences import State
from gnetics.errors import GneticsError
from gnetics.mail import outbox
from gnetics.mail.delivery import Fate
from gnetics.operations.rule_work import run_rules
from gnetics.settings import REAL_SENDING
from gnetics.store.reading.sequences import Standing, standing
from tests.store.automations.conftest import ZOE, Team
from tests.store.automations.test_built_in import event
from tests.store.automations.test_sequences import answers, each_day

pytestmark = pytest.mark.costly
DAY = date(2026, 11, 24)
BLANK = "à blanc"


def at(day: int, hour: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def sends(team: Team, word: str) -> None:
    team.crm = replace(team.crm, settings=replace(team.crm.settings, mail_sending=word))


def of(team: Team, key: int) -> Standing:
    found = standing(team.crm, key)
    assert found
    return found


@pytest.fixture
def zoe(team: Team) -> int:
    """Was written to once, on the 24th."""
    key = team.add(name="Zoé Client", email=ZOE, next_follow_up=DAY)
    team.enable("relance")
    team.work()
    return key


def people(team: Team) -> list[str]:
    return [str(email.message_from_bytes(content, policy=policy.default)["To"]) for content in team.left]


# --- sequences that end ---


def test_a_step_that_cannot_be_written_ends_the_sequence_and_a_later_answer_stops_no_rule(team: Team, zoe: int) -> None:
    team.change(zoe, name=None, company="Lumen")
    each_day(team, 7)
    assert (of(team, zoe).state, of(team, zoe).reason) == (State.STOPPED, "il manque le nom du contact")
    answers(team, zoe)
    each_day(team, 2)
    assert len(team.left) == 1


def test_a_step_that_is_missed_ends_the_sequence(team: Team, zoe: int) -> None:
    team.after(days=60)
    team.work()
    assert (of(team, zoe).state, of(team, zoe).reason) == (State.STOPPED, "la relance suivante est trop en retard")
    team.change(zoe, status="Clos")
    each_day(team, 2)
    assert [status for status, _ in team.said(zoe)] == ["réussi", "manqué"]


@pytest.mark.parametrize("existing", [True, False])
def test_a_rule_that_is_switched_off_or_changed_ends_its_sequences_and_bars_no_later_one(team: Team, zoe: int, existing: bool) -> None:
    if existing:
        disable(team.crm, "Chef", "relance")
    else:
        team.write("[rules.relance]\npauses = [5, 7]\n")
    team.enable("relance")
    team.work()
    assert of(team, zoe).state == State.STOPPED
    answers(team, zoe)
    team.change(zoe, next_follow_up=DAY + timedelta(days=9))
    each_day(team, 10)
    assert len(team.left) == 2


def test_a_second_sequence_whose_day_is_that_of_the_first_is_another(team: Team, zoe: int) -> None:
    team.after(days=1)
    answers(team, zoe)
    team.work()
    team.after(days=1)
    team.change(zoe, next_follow_up=DAY + timedelta(days=2))
    each_day(team, 5)
    assert len(team.left) == 3
    assert of(team, zoe).step == 2


def test_what_is_wrong_with_the_rules_holds_up_nothing_else(team: Team, zoe: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> int:
        raise RuntimeError("panne")

    monkeypatch.setattr("gnetics.automations.working.decide", broken)
    assert run_rules(team.crm, lambda: False) == 0


def test_a_date_that_a_person_chose_is_kept_and_ends_the_sequence(team: Team, zoe: int) -> None:
    team.after(days=1)
    team.change(zoe, next_follow_up=date(2027, 3, 1))
    each_day(team, 10)
    assert team.lead(zoe)["next_follow_up"] == date(2027, 3, 1)
    assert of(team, zoe).reason == "quelqu’un a choisi une autre date de relance"


def test_a_mail_that_somebody_calls_back_ends_the_sequence_and_its_run(team: Team) -> None:
    key = team.add(email=ZOE, next_follow_up=DAY)
    team.enable("relance")
    work(team.crm)
    outbox.cancel(team.crm, "Ana", team.posts()[0].key)
    each_day(team, 8)
    assert team.left == []
    assert team.runs()[0]["status"] == "annulé"
    assert of(team, key).state == State.STOPPED


def test_an_answer_that_was_written_before_and_is_read_after_counts(team: Team, zoe: int) -> None:
    team.mailbox.put(team.now[0] - timedelta(hours=3), f"Zoé <{ZOE}>", "Oui, volontiers.")
    team.mailbox.fetched(team.crm)
    team.work()
    assert of(team, zoe).reason == "le contact a répondu"


def test_a_mail_of_a_rule_that_is_seen_in_the_folder_of_sent_mail_was_pressed_by_nobody(team: Team, zoe: int) -> None:
    team.fate = Fate.UNKNOWN
    team.go_to(at(30, 9))
    team.work()
    content = team.posts()[-1].content
    (team.mailbox.folder / "sent.eml").write_bytes(content)
    team.mailbox.fetched(team.crm)
    team.fate = Fate.SENT
    team.work()
    assert of(team, zoe).state == State.RUNNING
    assert [run["status"] for run in team.runs(lead_key=zoe)] == ["réussi", "réussi"]


# --- leads that are one person ---


def test_a_merge_begins_no_sequence_again(team: Team, zoe: int) -> None:
    other = team.add(name="Zoé Client", email="zoe2@client.example", next_follow_up=None)
    merge_leads(team.crm, "Bruno", [other, zoe], {"next_follow_up": zoe, "email": zoe}, {}, team.crm.snapshot())
    each_day(team, 10)
    assert len(team.left) == 1
    assert of(team, zoe).reason == "le contact a été fusionné avec un autre"


def test_of_two_leads_with_one_address_one_is_followed_up_and_a_loose_answer_stops_it(team: Team) -> None:
    keys = [team.add(name="Zoé", email=ZOE, next_follow_up=DAY) for _ in range(2)]
    team.enable("relance")
    team.work()
    assert people(team) == [ZOE]
    answers(team, keys[0])  # whose it is nobody knows
    each_day(team, 10)
    assert people(team) == [ZOE]


# --- mails that leave once, and when they may ---


def test_a_mail_that_waited_while_nothing_left_is_sent_once_when_mail_leaves_again(team: Team) -> None:
    sends(team, BLANK)
    team.go_to(at(28, 9))  # a Saturday
    lead = team.add(email=ZOE)
    event(team, lead, at(30, 13))
    team.enable("rappel-rendez-vous")
    team.go_to(at(29, 14))
    team.work()
    sends(team, REAL_SENDING)
    team.go_to(at(30, 8))
    team.work()
    team.work()
    assert people(team) == [ZOE]


def test_a_moment_without_mail_loses_nothing_of_what_waits(team: Team) -> None:
    team.go_to(at(28, 9))
    key = team.add(email=ZOE, next_follow_up=date(2026, 11, 28))
    team.enable("relance")
    team.work()
    sends(team, BLANK)
    team.go_to(at(30, 8))
    team.work()
    sends(team, REAL_SENDING)
    team.go_to(at(30, 10))
    team.work()
    assert people(team) == [ZOE]
    assert "réussi" in [status for status, _ in team.said(key)]


def test_a_first_mail_that_failed_is_sent_by_its_next_try(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    team.enable("premier-contact")
    key = team.add(status="Nouveau", email=ZOE)
    monkeypatch.setattr(doing, "DEEDS", {})
    team.work()
    monkeypatch.undo()
    team.after(minutes=5)
    team.work()
    assert ([run["status"] for run in team.runs(lead_key=key)], people(team)) == (["échec", "réussi"], [ZOE])


def test_a_first_mail_that_the_server_refused_is_sent_by_a_replay(team: Team) -> None:
    team.enable("premier-contact")
    team.fate = Fate.REFUSED
    key = team.add(status="Nouveau", email=ZOE)
    team.work()
    team.fate = Fate.SENT
    replay(team.crm, "Chef", team.runs(lead_key=key)[0]["key"])
    team.work()
    assert people(team) == [ZOE]


def test_a_mail_that_is_put_off_by_the_server_leaves_at_working_hours(team: Team) -> None:
    team.go_to(datetime(2026, 11, 27, 17, 20, tzinfo=UTC))  # a Friday, 18:20
    team.add(email=ZOE, next_follow_up=date(2026, 11, 27))
    team.enable("relance", existing=True)
    team.fate = Fate.LATER
    team.work()
    team.fate = Fate.SENT
    while not team.left:
        team.after(hours=1)
        team.work()
    assert team.now[0].astimezone(team.crm.region.zone).date() == date(2026, 11, 30)


def test_what_waited_for_too_long_since_it_was_decided_is_missed(team: Team) -> None:
    team.go_to(at(28, 9))
    key = team.add(email=ZOE, next_follow_up=date(2026, 11, 28))
    team.enable("relance")
    team.work()
    team.go_to(datetime(2027, 3, 9, 9, tzinfo=UTC))
    team.work()
    assert (team.left, [status for status, _ in team.said(key)]) == ([], ["manqué"])


# --- switching, files ---


def test_a_changed_rule_can_be_switched_off_and_stays_so_when_its_file_comes_back(team: Team) -> None:
    team.enable("relance")
    team.write("[rules.relance]\nper_day = 3\n")
    disable(team.crm, "Chef", "relance")
    team.write("")
    assert not book(team.crm)["relance"].enabled
    team.add(next_follow_up=DAY)
    team.work()
    assert team.left == []


def test_a_rule_that_is_no_longer_in_the_file_can_be_switched_off(team: Team) -> None:
    team.write('[rules.essai]\ntitle = "Essai"\ndeed = "signaler les doublons"\non = ["contact créé"]\n')
    team.enable("essai")
    team.write("")
    disable(team.crm, "Chef", "essai")
    team.write('[rules.essai]\ntitle = "Essai"\ndeed = "signaler les doublons"\non = ["contact créé"]\n')
    assert not book(team.crm)["essai"].enabled


def test_a_rule_that_is_switched_off_while_the_worker_works_does_nothing_more(team: Team) -> None:
    key = team.add(last_contact=DAY - timedelta(days=20))
    team.enable("sans-nouvelles", existing=True)
    known = book(team.crm)
    disable(team.crm, "Chef", "sans-nouvelles")
    from gnetics.automations.deciding import decide

    decide(team.crm, known)
    doing.do_due(team.crm, known)
    assert (team.runs(), team.lead(key)["next_follow_up"]) == ([], None)


def test_a_rule_whose_template_is_not_there_cannot_be_enabled(team: Team) -> None:
    team.write('[rules.relance]\nmodels = ["a", "b", "c"]\n')
    with pytest.raises(GneticsError, match="pas de modèle «\u00a0a\u00a0»"):
        team.enable("relance")


def test_a_subject_of_a_template_is_one_line(team: Team) -> None:
    folder = Path(team.crm.settings.data_dir) / "modeles"
    folder.mkdir()
    (folder / "premier-contact.txt").write_text("Objet : Bonjour\x0cBcc: x@y.z\n\nTexte de {{ nom }}", "utf-8")
    team.enable("premier-contact")
    team.add(status="Nouveau", email=ZOE)
    team.work()
    read = email.message_from_bytes(team.left[0], policy=policy.default)
    assert (read["Subject"], read["Bcc"]) == ("Bonjour Bcc: x@y.z", None)


def test_a_lead_that_was_blocked_under_another_title_comes_back(team: Team) -> None:
    team.enable("email-a-corriger")
    key = team.add(email=None, status="Qualifié")
    team.work()
    team.write('[rules.email-a-corriger]\ntitle = "Emails faux"\n')
    team.enable("email-a-corriger")
    team.change(key, email=ZOE)
    team.work()
    assert team.lead(key)["status"] == "Qualifié"


# --- people ---


def test_the_log_names_no_lead_of_another_responsable(team: Team) -> None:
    team.add(name="Zoé Client", email=ZOE, owner="Bruno")
    team.enable("doublons")
    key = team.add(name="Zoé Client", email=ZOE, owner="Ana")
    team.work()
    assert team.said(key) == [("réussi", "Doublon possible avec un contact d’un autre responsable (même email)")]


def test_a_rule_that_fails_for_many_leads_is_told_once_a_day(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(6):
        team.add(last_contact=DAY - timedelta(days=20))
    team.enable("sans-nouvelles", existing=True)
    monkeypatch.setattr(doing, "DEEDS", {})
    for _ in range(5):
        team.work()
        team.after(hours=2)
    assert len(team.alarms) == 1


def test_tags_of_a_rule_are_added_whatever_other_tags_resemble_them(team: Team) -> None:
    team.write('[rules.client]\ntitle = "Client"\ndeed = "modifier"\non = ["contact modifié"]\n[rules.client.changes]\ntags = "client"\n')
    team.enable("client")
    key = team.add(tags="ex-client")
    team.change(key, notes="vu")
    team.work()
    assert team.lead(key)["tags"] == "ex-client, client"
    team.change(key, notes="revu")
    team.work()
    assert [status for status, _ in team.said(key)] == ["réussi"]


def test_an_import_is_decided_in_rounds_that_others_can_write_between(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gnetics.automations.deciding.ROUND", 10)
    team.enable("email-a-corriger")
    with team.crm.write("Bruno", Verb.IMPORT) as uow:
        uow.insert_many("leads", [{"name": f"Zoé {n}", "status": "Nouveau"} for n in range(35)], Action.IMPORTED)
        uow.commit()
    team.work()
    assert len(team.runs(status="réussi")) == 35
    assert len({run["queued_at"] for run in team.runs()}) == 1
