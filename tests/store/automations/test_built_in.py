"""Each rule that comes with the product: when it fires, when it does not, and what it says of it."""

from __future__ import annotations

import email
from datetime import UTC, date, datetime, timedelta
from email import policy
from typing import Any

import pytest

from gnetics.actions.series import save_occurrence
from gnetics.automations.trying import preview
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.domain.series_changes import Scope
from gnetics.store.reading.lots import recent_lots
from tests.store.automations.conftest import BRUNO, Team

pytestmark = pytest.mark.costly
DAY = date(2026, 11, 24)


def ago(days: int) -> date:
    return DAY - timedelta(days=days)


def text(content: bytes) -> str:
    return str(email.message_from_bytes(content, policy=policy.default).get_content())


def subject(content: bytes) -> str:
    return str(email.message_from_bytes(content, policy=policy.default)["Subject"])


# --- relance ---


@pytest.mark.parametrize(
    ("lead", "became"),
    [
        ({"next_follow_up": DAY}, [("réussi", "Où en êtes-vous\u00a0?")]),
        ({"next_follow_up": DAY, "company": "Lumen"}, [("réussi", "Où en êtes-vous chez Lumen\u00a0?")]),
        ({"next_follow_up": DAY + timedelta(days=1)}, []),
        ({"next_follow_up": None}, []),
        ({"next_follow_up": DAY, "status": "Perdu"}, []),
        ({"next_follow_up": DAY, "status": "Nouveau"}, []),
        ({"next_follow_up": ago(30)}, [("réussi", "Où en êtes-vous\u00a0?")]),
        ({"next_follow_up": ago(31)}, [("manqué", "L’échéance du 24/10/2026 était passée depuis 31\u00a0jours.")]),
        ({"next_follow_up": DAY, "email": None}, [("ignoré", "Le contact n’a pas d’adresse email valide.")]),
        (
            {"next_follow_up": DAY, "email": "zoe@client.example", "consent": "retiré"},
            [("ignoré", "Rien n’est envoyé à zoe@client.example\u00a0: le contact a retiré son consentement.")],
        ),
        ({"next_follow_up": DAY, "consent": "donné"}, [("réussi", "Où en êtes-vous\u00a0?")]),
        ({"next_follow_up": DAY, "name": None, "company": "Lumen"}, [("ignoré", "Il manque le nom du contact.")]),
        ({"next_follow_up": DAY, "owner": None}, [("ignoré", "Le contact n’a pas de responsable, au nom de qui écrire.")]),
        ({"next_follow_up": DAY, "owner": "Chef"}, [("ignoré", "Le responsable, Chef, n’a pas de compte avec une adresse email.")]),
        ({"next_follow_up": DAY, "owner": "ANA"}, [("réussi", "Où en êtes-vous\u00a0?")]),
    ],
)
def test_a_follow_up_that_is_due_is_written(team: Team, lead: dict[str, Any], became: list[tuple[str, str]]) -> None:
    key = team.add(**lead)
    team.enable("relance", existing=True)
    team.work()
    assert [(status, (said or "").replace(" ?", "\u00a0?")) for status, said in team.said(key)] == became
    assert len(team.left) == sum(status == "réussi" for status, _ in became)


# --- premier contact ---


@pytest.mark.parametrize(
    ("lead", "status"),
    [
        ({"status": "Nouveau"}, ["réussi"]),
        ({"status": "Contacté"}, []),
        ({"status": "Nouveau", "email": "pas une adresse"}, []),
        ({"status": "Nouveau", "last_contact": DAY}, []),
    ],
)
def test_a_new_lead_is_written_to_once(team: Team, lead: dict[str, Any], status: list[str]) -> None:
    team.enable("premier-contact")
    key = team.add(**lead)
    team.work()
    assert [run["status"] for run in team.runs(lead_key=key)] == status
    team.change(key, notes="vu")
    team.work()
    assert len(team.runs(lead_key=key)) == len(status)


def test_leads_of_an_import_are_written_to_by_no_rule_that_does_not_say_so(team: Team) -> None:
    team.enable("premier-contact")
    with team.crm.write("Bruno", Verb.IMPORT) as uow:
        rows = [{"name": f"Zoé {n}", "email": f"z{n}@client.example", "status": "Nouveau", "owner": "Ana"} for n in range(5)]
        uow.insert_many("leads", rows, Action.IMPORTED)
        uow.commit()
    team.work()
    assert (team.runs(), team.left) == ([], [])


# --- sans nouvelles, clôture dépassée, purge ---


@pytest.mark.parametrize(
    ("name", "lead", "after"),
    [
        ("sans-nouvelles", {"last_contact": ago(14)}, {"next_follow_up": DAY}),
        ("sans-nouvelles", {"last_contact": ago(13)}, {}),
        ("sans-nouvelles", {"last_contact": ago(40), "next_follow_up": DAY + timedelta(days=3)}, {}),
        ("sans-nouvelles", {"last_contact": ago(14), "status": "Clos"}, {}),
        ("cloture-depassee", {"expected_close": ago(1)}, {"next_follow_up": DAY, "next_action": "Revoir la date de clôture"}),
        ("cloture-depassee", {"expected_close": DAY}, {}),
        ("cloture-depassee", {"expected_close": ago(9), "status": "Clos"}, {}),
        ("purge-a-reconfirmer", {"last_contact": ago(1096), "tags": "salon"}, {"tags": "salon, À reconfirmer"}),
        ("purge-a-reconfirmer", {"last_contact": ago(1095)}, {}),
        ("purge-a-reconfirmer", {"last_contact": ago(1096), "status": "Clos"}, {}),
    ],
)
def test_a_date_that_has_come_changes_a_lead_which_can_be_taken_back(
    team: Team, name: str, lead: dict[str, Any], after: dict[str, Any]
) -> None:
    key = team.add(**lead)
    before = team.lead(key)
    team.enable(name, existing=True)
    team.work()
    now = team.lead(key)
    assert {each: now[each] for each in now if now[each] != before[each]}.keys() - {
        "rev",
        "updated_at",
        "search",
        "score_fit",
    } == after.keys()
    assert {each: now[each] for each in after} == after
    assert [run["status"] for run in team.runs(lead_key=key)] == (["réussi"] if after else [])
    assert [(lot.count, lot.who) for lot in recent_lots(team.crm, "Chef")] == (
        [(1, f"Règle «\u00a0{team.runs()[0]['rule']}\u00a0»")] if after else []
    )


def test_what_a_rule_changed_is_not_a_contact(team: Team) -> None:
    key = team.add(last_contact=ago(20))
    team.enable("sans-nouvelles", existing=True)
    team.work()
    assert team.lead(key)["last_contact"] == ago(20)


# --- doublons ---


def test_a_lead_that_resembles_another_is_flagged_and_nothing_changes(team: Team) -> None:
    first = team.add(name="Zoé Client", email="zoe@client.example")
    team.enable("doublons")
    second = team.add(name="Zoe Client", email="zoe@client.example")
    other = team.add(name="Léo Autre")
    team.work()
    ((status, said),) = team.said(second)
    assert (status, said) == ("réussi", "Doublon possible avec Zoé Client (même email)")
    assert team.said(other) == []
    assert team.said(first) == []
    assert recent_lots(team.crm, "Chef") == []


def test_a_telephone_that_others_share_is_no_duplicate_and_the_log_says_why(team: Team) -> None:
    team.add(name="Zoé Client", phone="+33 1 44 55 66 77")
    team.enable("doublons")
    second = team.add(name="Marc Tiers", phone="01 44 55 66 77")
    team.work()
    assert team.said(second) == [("ignoré", "Il partage un téléphone ou une boîte commune avec d’autres, sous un autre nom.")]


# --- email à corriger ---


def test_a_lead_without_a_valid_email_is_to_correct_and_comes_back_to_what_it_was(team: Team) -> None:
    team.enable("email-a-corriger")
    key = team.add(email=None, status="Qualifié")
    fine = team.add()
    team.work()
    assert team.lead(key)["status"] == "À corriger"
    assert team.said(key) == [("réussi", "L’email manque.")]
    assert team.said(fine) == []
    team.change(key, email="zoe@client.example")
    team.work()
    assert team.lead(key)["status"] == "Qualifié"
    assert team.said(key)[1:] == [("réussi", "L’email est de nouveau valide.")]
    assert {run["status"] for run in team.runs()} == {"réussi"}  # neither turn set the rule off again


def test_what_a_person_blocked_a_person_unblocks(team: Team) -> None:
    team.enable("email-a-corriger")
    key = team.add(email=None, status="Qualifié")
    team.work()
    team.change(key, status="En suivi")
    team.change(key, status="À corriger", previous_status="En suivi")
    team.work()
    team.change(key, email="zoe@client.example")
    team.work()
    assert team.lead(key)["status"] == "À corriger"


def test_a_closed_lead_stays_closed_whatever_its_email(team: Team) -> None:
    team.enable("email-a-corriger")
    key = team.add(email="n’importe quoi", status="Clos")
    team.work()
    assert (team.lead(key)["status"], team.said(key)) == ("Clos", [])


# --- responsable ---

SHARED = '[rules.responsable]\npeople = ["Ana", "bruno"]\n[rules.responsable.sources]\n"Salon" = "Bruno"\n'


def test_leads_without_a_responsable_go_to_whose_source_it_is_else_to_each_in_turn_who_are_told_once(team: Team) -> None:
    team.write(SHARED)
    team.enable("responsable")
    keys = [team.add(owner=None, source=source) for source in ("SALON", None, "Web", None, None)]
    mine = team.add(owner="Bruno")
    team.work()
    assert [team.lead(key)["owner"] for key in keys] == ["Bruno", "Ana", "Bruno", "Ana", "Bruno"]
    assert team.said(mine) == []
    assert sorted(subject(content) for content in team.left) == ["2\u00a0contacts vous sont confiés", "3\u00a0contacts vous sont confiés"]
    assert any(team.lead(keys[0])["name"] in text(content) for content in team.left if BRUNO.encode() in content)
    last = team.add(owner=None)
    team.work()
    assert team.lead(last)["owner"] == "Ana"  # after Bruno


def test_a_person_without_account_gets_nothing_and_the_log_says_it(team: Team) -> None:
    team.write('[rules.responsable]\npeople = ["Personne"]\n')
    team.enable("responsable")
    key = team.add(owner=None)
    team.work()
    assert team.said(key) == [("ignoré", "Il n’y a pas de compte actif «\u00a0Personne\u00a0».")]


# --- rappel d’un rendez-vous ---


def event(team: Team, lead: int | None, at: datetime, **values: Any) -> int:
    with team.crm.write("Ana", Verb.SAVE_EVENT) as uow:
        given = {"title": "Démonstration", "kind": "Visio", "owner": "Ana", "uid": f"u{at}{lead}{values}", "lead_key": lead}
        key = uow.insert("events", {**given, "starts_at": at, "ends_at": at + timedelta(hours=1), **values})
        uow.commit()
    return key


TOMORROW = datetime(2026, 11, 25, 8, tzinfo=UTC)  # 9:00 in Paris, in 23 hours


def test_a_meeting_is_recalled_to_the_lead_the_day_before_and_again_when_it_moves(team: Team) -> None:
    lead = team.add(name="Zoé Client")
    team.enable("rappel-rendez-vous")
    key = event(team, lead, TOMORROW, video_url="https://visio.example/1")
    event(team, lead, TOMORROW + timedelta(days=3))
    event(team, lead, TOMORROW, kind="Autre")
    event(team, None, TOMORROW)
    event(team, lead, TOMORROW, cancelled=True)
    team.work()
    (content,) = team.left
    assert subject(content) == "Rappel : Démonstration, mercredi 25 novembre à 9\u00a0h"
    assert "https://visio.example/1" in text(content)
    with team.crm.write("Ana", Verb.SAVE_EVENT) as uow:
        uow.update("events", key, {"starts_at": TOMORROW + timedelta(minutes=30), "ends_at": TOMORROW + timedelta(hours=2)})
        uow.commit()
    team.work()
    assert subject(team.left[1]) == "Rappel : Démonstration, mercredi 25 novembre à 9\u00a0h\u00a030"
    team.work()
    assert len(team.left) == 2


def test_each_occurrence_of_a_series_is_recalled_once_even_when_it_is_changed(team: Team) -> None:
    lead = team.add(name="Zoé Client")
    team.enable("rappel-rendez-vous")
    weekly = {"recurrence": "FREQ=WEEKLY", "wall_start": "2026-11-18T09:00:00", "wall_end": "2026-11-18T10:00:00", "zone": "Europe/Paris"}
    key = event(team, lead, TOMORROW - timedelta(days=7), **weekly)
    team.go_to(TOMORROW - timedelta(hours=23))
    team.work()
    assert [subject(content) for content in team.left] == ["Rappel : Démonstration, mercredi 25 novembre à 9\u00a0h"]
    event(team, lead, TOMORROW, series_key=key, occurrence="2026-11-25T09:00:00", title="Revue")
    team.work()
    assert len(team.left) == 1
    team.go_to(TOMORROW + timedelta(days=6, hours=1))
    team.work()
    assert [subject(content) for content in team.left[1:]] == ["Rappel : Démonstration, mercredi 2 décembre à 9\u00a0h"]


def test_what_was_recalled_is_not_again_once_the_following_are_a_series_of_their_own(team: Team) -> None:
    lead = team.add(name="Zoé Client")
    team.enable("rappel-rendez-vous")
    weekly = {"recurrence": "FREQ=WEEKLY", "wall_start": "2026-11-18T09:00:00", "wall_end": "2026-11-18T10:00:00", "zone": "Europe/Paris"}
    key = event(team, lead, TOMORROW - timedelta(days=7), **weekly)
    team.go_to(TOMORROW - timedelta(hours=23))
    team.work()
    assert len(team.left) == 1
    snapshot = team.crm.snapshot()
    following = save_occurrence(team.crm, "Ana", key, "2026-11-25T09:00:00", Scope.FOLLOWING, {"place": "Lyon"}, None, snapshot)
    assert following.key != key
    team.work()
    assert len(team.left) == 1
    # nor when one of it is changed apart, or the series is cut once more
    alone = save_occurrence(team.crm, "Ana", following.key, "2026-11-25T09:00:00", Scope.ONE, {"place": "Nice"}, None, snapshot)
    team.work()
    assert (alone.key != following.key, len(team.left)) == (True, 1)
    team.go_to(TOMORROW + timedelta(days=6, hours=1))
    team.work()
    assert [subject(content) for content in team.left[1:]] == ["Rappel : Démonstration, mercredi 2 décembre à 9\u00a0h"]


def test_a_meeting_that_was_recalled_is_not_again_when_the_rule_has_other_hours(team: Team) -> None:
    lead = team.add()
    team.enable("rappel-rendez-vous")
    event(team, lead, TOMORROW)
    team.work()
    team.write("[rules.rappel-rendez-vous]\nhours = 48\n")
    team.enable("rappel-rendez-vous")
    later = event(team, lead, TOMORROW + timedelta(days=1))
    team.work()
    assert later
    assert len(team.left) == 2
    assert [status for status, _ in team.said(lead)] == ["réussi", "ignoré", "réussi"]


def test_a_meeting_that_began_while_nothing_ran_is_told_as_missed(team: Team) -> None:
    lead = team.add()
    team.enable("rappel-rendez-vous")
    event(team, lead, TOMORROW)
    team.after(days=1)
    team.work()
    assert team.said(lead) == [("manqué", "Le rendez-vous avait déjà commencé.")]
    assert team.left == []


def test_a_preview_of_reminders_shows_those_to_come_not_those_that_are_over(team: Team) -> None:
    lead = team.add(name="Zoé Client")
    event(team, lead, TOMORROW - timedelta(days=3))
    event(team, lead, TOMORROW + timedelta(days=3))
    event(team, lead, TOMORROW + timedelta(days=30))
    found = preview(team.crm, "rappel-rendez-vous")
    assert found.count is None
    (run,) = found.first
    assert (run["status"], run["subject"]) == ("simulé", "Rappel : Démonstration, samedi 28 novembre à 9\u00a0h")
    assert team.runs() == []


# --- mail du matin ---


def test_a_preview_of_the_mornings_mail_shows_the_next_one_of_each_person(team: Team) -> None:
    team.go_to(datetime(2026, 11, 27, 18, tzinfo=UTC))  # a Friday evening
    team.add(name="Zoé Client", next_follow_up=DAY, last_contact=ago(1))
    found = preview(team.crm, "mail-du-matin")
    assert [(run["lead_label"], run["status"], f"{run['due_at']:%a %d}") for run in found.first] == [
        ("Ana", "simulé", "Mon 30"),
        ("Bruno", "ignoré", "Mon 30"),
    ]
    assert "1\u00a0contact à suivre" in found.first[0]["subject"]
    assert (team.runs(), team.left) == ([], [])


def test_each_salesperson_is_told_their_day_once_each_working_morning(team: Team) -> None:
    team.enable("mail-du-matin")
    team.add(name="Zoé Client", next_follow_up=DAY, last_contact=ago(1))
    event(team, None, datetime(2026, 11, 25, 13, tzinfo=UTC), title="Point d’équipe")
    team.go_to(datetime(2026, 11, 25, 6, 31, tzinfo=UTC))  # 7:31
    team.work()
    (content,) = team.left
    assert subject(content) == "Votre journée : 1\u00a0contact à suivre, 1\u00a0nouveau contact, 1\u00a0rendez-vous".replace(
        " :", "\u00a0:"
    )
    said = text(content)
    assert "Zoé Client" in said
    assert "en retard de 1\u00a0jour" in said
    assert "- 14:00\u00a0: Point d’équipe" in said
    bruno = [run for run in team.runs() if run["lead_label"] == "Bruno"]
    assert [(run["status"], run["reason"]) for run in bruno] == [("ignoré", "Il n’y a rien à dire aujourd’hui.")]
    team.work()
    assert len(team.left) == 1
    assert [run["status"] for run in team.runs(lead_label="Ana")] == ["réussi"]


def test_a_morning_that_was_told_is_not_again_when_the_rule_has_another_hour(team: Team) -> None:
    team.enable("mail-du-matin")
    team.add(next_follow_up=DAY, last_contact=ago(1))
    team.go_to(datetime(2026, 11, 25, 6, 31, tzinfo=UTC))
    team.work()
    team.write('[rules.mail-du-matin]\nat = "09:00"\n')
    team.enable("mail-du-matin")
    team.go_to(datetime(2026, 11, 25, 8, 1, tzinfo=UTC))
    team.work()
    assert len(team.left) == 1
    assert [(run["status"], run["reason"]) for run in team.runs(lead_label="Ana")][1:] == [
        ("ignoré", "Cela a déjà été fait, avant que la règle ne change.")
    ]
    team.after(days=1)
    team.work()
    assert len(team.left) == 2


def test_mornings_on_which_nothing_ran_are_told_as_missed_and_week_ends_are_none(team: Team) -> None:
    team.enable("mail-du-matin")
    team.go_to(datetime(2026, 12, 1, 8, tzinfo=UTC))  # a Tuesday later
    team.work()
    ana = [(run["status"], run["reason"]) for run in team.runs(lead_label="Ana")]
    days = ["25/11/2026", "26/11/2026", "27/11/2026", "30/11/2026"]
    assert ana[:-1] == [("manqué", f"Rien ne tournait le {day}.") for day in days]
    assert ana[-1][0] == "ignoré"
