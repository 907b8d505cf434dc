"""« Ses leads seulement »: nothing of the others is shown, and none of them is written, whatever the verb."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from gnetics.actions import accounts
from gnetics.actions.bin import delete_lead, restore_lead
from gnetics.actions.consigning import Noted, consign
from gnetics.actions.events import delete_event, mark_done, save_event
from gnetics.actions.leads import restore_field, save_lead
from gnetics.actions.lots import change_leads, delete_leads, tag_leads, undo_lot
from gnetics.actions.merging import merge_leads, undo_merge
from gnetics.actions.notes import add_note
from gnetics.actions.past_imports import undo_import
from gnetics.actions.restoring import restore_version, undo
from gnetics.actions.series import save_occurrence
from gnetics.cli import main
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.domain.series_changes import Scope
from gnetics.errors import Forbidden, NotFound
from gnetics.imports.importer import import_workbook
from gnetics.store import frames, schema
from gnetics.store.crm import Crm
from gnetics.store.frames import Snapshot
from gnetics.store.occurrence_frames import in_frame
from gnetics.store.people import accounts as people
from gnetics.store.reading.bin import binned
from gnetics.store.reading.history import history_of
from gnetics.store.reading.imports import past_imports
from gnetics.store.reading.lots import recent_lots

MINE, ALSO_MINE, THEIRS, ALSO_THEIRS, NOBODYS = range(1, 6)
LEADS = (
    {"name": "Zoé", "owner": "Ana Lopès", "email": "zoe@lumen.fr"},
    {"name": "Ali", "owner": "ANA  LOPES"},
    {"name": "Noé", "owner": "Bruno", "email": "noe@lumen.fr", "phone": "06 12 34 56 78", "amount": 500},
    {"name": "Mia", "owner": "Ana", "notes": "secret"},
    {"name": "Léo"},
)
AT = datetime(2026, 11, 25, 9, tzinfo=UTC)
NOON = {"title": "Point", "starts_at": AT, "ends_at": AT + timedelta(hours=1), "kind": "Appel"}
EVENTS = ((MINE, "Bruno"), (THEIRS, "Ana Lopès"), (None, None), (None, "ana lopes"), (None, "Bruno"))  # (contact, Responsable)


@pytest.fixture
def team(crm: Crm) -> Crm:
    """Ana sees her own leads; Bruno sees all."""
    snapshot = crm.snapshot()
    for lead in LEADS:
        save_lead(crm, "Bruno", None, lead, None, snapshot)
    for key, owner in EVENTS:
        save_event(crm, "Bruno", None, {**NOON, "lead_key": key, "owner": owner}, None, snapshot)
    with crm.write("Bruno", Verb.IMPORT) as uow:
        uow.insert_many(
            "messages", [{"message_id": f"m{key}", "direction": "reçu", "lead_key": key} for key in (MINE, THEIRS, None)], Action.IMPORTED
        )
        uow.insert_many(
            "runs",
            [{"idempotency_key": f"r{key}", "rule": "-", "status": "réussi", "lead_key": key} for key in (MINE, THEIRS)],
            Action.IMPORTED,
        )
        uow.commit()
    with crm.engine.begin() as connection:
        connection.execute(insert(schema.duplicate_pairs), [{"low": MINE, "high": ALSO_MINE}, {"low": MINE, "high": THEIRS}])
    accounts.add(crm, "Bruno", "Chef", "administration", None)
    for name in ("Ana Lopès", "Bruno"):
        accounts.add(crm, "Chef", name, "édition", None)
    accounts.set_own_leads(crm, "Chef", "ana lopes", True)
    return crm


@pytest.fixture
def ana(team: Crm) -> Snapshot:
    return team.snapshot("Ana Lopès")


def seen(snapshot: Snapshot) -> dict[str, list[Any]]:
    return {
        "leads": snapshot.leads.index.tolist(),
        "events": snapshot.events.index.tolist(),
        "messages": snapshot.messages.index.tolist(),
    }


@pytest.mark.parametrize("many", [frames.MANY, 0], ids=["reread", "loaded-anew"])
def test_only_ones_own_leads_are_seen_with_what_is_about_them(team: Crm, ana: Snapshot, many: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frames, "MANY", many)
    assert seen(ana) == {"leads": [MINE, ALSO_MINE], "events": [1, 3, 4], "messages": [1]}
    assert set(ana.journal["entity_key"]) <= {MINE, ALSO_MINE} and ana.pairs.to_numpy().tolist() == [[MINE, ALSO_MINE]]
    before = datetime(2020, 1, 1, tzinfo=UTC)
    save_lead(team, "Bruno", THEIRS, {"amount": 7}, {}, team.snapshot())
    delete_lead(team, "Bruno", ALSO_THEIRS, team.snapshot())
    assert ana.catch_up() == {"leads": 0, "events": 0, "messages": 0, "runs": 0}  # nothing that she sees
    assert set(ana.changes_after(before)["entity_key"]) <= {MINE, ALSO_MINE} and ana.deleted_after(before) == 0
    with pytest.raises(NotFound):
        ana.lead(THEIRS)
    for everything in (team.snapshot("Bruno"), team.snapshot("Chef"), team.snapshot()):
        assert everything.leads.index.tolist() == [MINE, ALSO_MINE, THEIRS, NOBODYS] and everything.deleted_after(before) == 1


def test_an_administrator_sees_all_and_the_switch_counts_at_the_next_refresh(team: Crm, ana: Snapshot) -> None:
    assert [(each.name, each.own_leads) for each in people.accounts(team)] == [("Ana Lopès", True), ("Bruno", False), ("Chef", False)]
    assert team.standing("Ana Lopès").own_leads and not team.standing("Bruno").own_leads
    accounts.set_role(team, "Chef", "Ana Lopès", "administration")
    ana.refresh()
    assert (len(ana.leads), ana.limited) == (5, False)
    accounts.set_role(team, "Chef", "Ana Lopès", "lecture")
    ana.refresh()
    assert (len(ana.leads), ana.limited) == (2, True)
    accounts.set_own_leads(team, "Chef", "Ana Lopès", False)
    ana.refresh()
    assert len(ana.leads) == 5
    warm = team.snapshot()
    accounts.set_own_leads(team, "Chef", "Ana Lopès", True)
    warm.refresh()
    warm.user = "Ana Lopès"  # nothing newer in the store, but now it is known who came
    warm.refresh()
    assert seen(warm)["leads"] == [MINE, ALSO_MINE]


def test_the_command_line_limits_an_account(
    team: Crm, store_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GNETICS_DATABASE_URL", store_url)
    assert [main(["user", "own", "bruno", "on"]), main(["user", "own", "ANA LOPES", "off"]), main(["user", "own", "Zoé", "on"])] == [
        0,
        0,
        1,
    ]
    assert main(["user", "list"]) == 0
    listed = capsys.readouterr().out.splitlines()[-3:]
    assert [line.endswith("ses leads seulement, sans mot de passe") for line in listed] == [False, True, False]
    assert team.standing("Bruno").own_leads and not team.standing("Ana Lopès").own_leads


def test_a_lead_given_to_somebody_leaves_the_view_and_one_received_joins_it(team: Crm, ana: Snapshot) -> None:
    save_lead(team, "Ana Lopès", MINE, {"owner": "Bruno"}, None, ana)
    assert seen(ana) == {"leads": [ALSO_MINE], "events": [3, 4], "messages": []}
    save_lead(team, "Bruno", NOBODYS, {"owner": "ana lopes"}, None, team.snapshot())
    assert ana.catch_up()["leads"] == 1 and seen(ana)["leads"] == [ALSO_MINE, NOBODYS]


def test_an_occurrence_given_to_another_is_not_shown_where_it_was_either(team: Crm, ana: Snapshot) -> None:
    weekly = {**NOON, "lead_key": MINE, "recurrence": "FREQ=WEEKLY;COUNT=3"}
    series = save_event(team, "Bruno", None, weekly, None, team.snapshot()).key
    save_occurrence(team, "Bruno", series, "2026-12-02T10:00:00", Scope.ONE, {"lead_key": THEIRS}, None, team.snapshot())
    ana.refresh()
    shown = in_frame(ana.events, ana.changed_occurrences, AT, AT + timedelta(days=30), team.region)
    assert shown["occurrence"].dropna().tolist() == ["2026-11-25T10:00:00", "2026-12-09T10:00:00"]
    fresh = team.snapshot("Ana Lopès")
    assert fresh.changed_occurrences == ana.changed_occurrences == {series: {"2026-12-02T10:00:00"}}
    with pytest.raises(Forbidden):
        save_occurrence(team, "Ana Lopès", series, "2026-12-02T10:00:00", Scope.ONE, {"title": "Revue"}, None, ana)


def test_a_new_lead_is_ones_own(team: Crm, ana: Snapshot) -> None:
    key = save_lead(team, "Ana Lopès", None, {"name": "Eva"}, None, ana).key
    assert ana.lead(key)["owner"] == "Ana Lopès"
    with pytest.raises(Forbidden, match="responsable"):
        save_lead(team, "Ana Lopès", None, {"name": "Eva", "owner": "Bruno"}, None, ana)
    team.set_sync(False, "Chef")
    assert save_lead(team, "Ana Lopès", None, {"name": "Ugo"}, None, ana).key in ana.leads.index


def test_no_verb_writes_another_ones_lead(team: Crm, ana: Snapshot) -> None:
    me, every = "Ana Lopès", team.snapshot()
    amount = save_lead(team, "Bruno", THEIRS, {"amount": 7}, {}, every)
    lot = change_leads(team, "Bruno", [MINE, THEIRS], {"source": "Salon"}, every)
    merged = merge_leads(team, "Bruno", [THEIRS, ALSO_THEIRS], {}, {}, every)
    delete_lead(team, "Bruno", NOBODYS, every)
    line = int(history_of(team, THEIRS).query("field == 'amount'")["key"].iloc[0])
    assert amount.rev and lot.rev
    before = [seen(every), every.leads.to_csv(), len(history_of(team, THEIRS))]
    verbs: tuple[Callable[[], object], ...] = (
        lambda: save_lead(team, me, THEIRS, {"amount": 9}, {"amount": 1}, ana),  # not even a conflict, which tells values
        lambda: save_lead(team, me, THEIRS, {"owner": me}, {}, ana),
        lambda: delete_lead(team, me, THEIRS, ana),
        lambda: restore_lead(team, me, NOBODYS, ana),
        lambda: undo(team, me, THEIRS, amount.rev or 0, ana),
        lambda: restore_field(team, me, line, ana),
        lambda: restore_version(team, me, line, ana),
        lambda: change_leads(team, me, [MINE, THEIRS], {"source": "Web"}, ana),
        lambda: tag_leads(team, me, [MINE, THEIRS], "vip", True, ana),
        lambda: delete_leads(team, me, [MINE, THEIRS], ana),
        lambda: undo_lot(team, me, lot.rev or 0, ana),
        lambda: merge_leads(team, me, [MINE, THEIRS], {}, {}, ana),
        lambda: undo_merge(team, me, THEIRS, merged.rev, ana),
        lambda: save_event(team, me, None, {**NOON, "lead_key": THEIRS}, None, ana),
        lambda: save_event(team, me, 1, {"lead_key": THEIRS}, None, ana),
        lambda: save_event(team, me, 2, {"title": "x"}, None, ana),
        lambda: mark_done(team, me, 2, ana),
        lambda: delete_event(team, me, 5, ana),
        lambda: consign(team, me, THEIRS, Noted("Appel", "Joint", ""), {}, None, ana),
    )
    for verb in verbs:
        with pytest.raises(Forbidden, match="un autre responsable"):
            verb()
    with pytest.raises(NotFound):
        add_note(team, me, THEIRS, "x", ana)
    every.refresh()
    assert [seen(every), every.leads.to_csv(), len(history_of(team, THEIRS))] == before


def test_ones_own_leads_are_written_as_ever(team: Crm, ana: Snapshot) -> None:
    me = "Ana Lopès"
    lot = change_leads(team, me, [MINE, ALSO_MINE], {"source": "Web"}, ana)
    change_leads(team, "Bruno", [THEIRS], {"source": "Salon"}, team.snapshot())
    assert [each.who for each in recent_lots(team, me)] == [me] and len(recent_lots(team, "Chef")) == 2
    assert lot.rev and undo_lot(team, me, lot.rev, ana) == []
    merged = merge_leads(team, me, [MINE, ALSO_MINE], {}, {}, ana)
    assert undo_merge(team, me, MINE, merged.rev, ana) == [] and len(ana.leads) == 2
    event = save_event(
        team, me, None, {**NOON, "lead_key": MINE, "owner": me, "starts_at": AT - timedelta(days=2), "ends_at": AT}, None, ana
    )
    mark_done(team, me, event.key, ana)
    assert str(ana.lead(MINE)["last_contact"]) == "2026-11-23"
    consign(team, me, MINE, Noted("Visite", "Joint", ""), {"status": "Contacté"}, None, ana)
    assert str(ana.lead(MINE)["last_contact"]) == "2026-11-24"
    delete_lead(team, me, MINE, ana)
    delete_lead(team, "Bruno", THEIRS, team.snapshot())
    assert [binned(team, name, 9)[1] for name in (me, "Bruno")] == [1, 2] and binned(team, me, 9)[0][0]["key"] == MINE
    restore_lead(team, me, MINE, ana)
    assert MINE in ana.leads.index


FILE = """ID Lead;Nom;Email;Responsable
L-000001;Zoé B;;
L-000003;Noé B;;
;Noé C;noe@lumen.fr;
;Eva;;
;Ugo;;Bruno
"""


def test_an_import_refuses_the_rows_of_others_and_says_why(team: Crm, ana: Snapshot) -> None:
    me = "Ana Lopès"
    report = import_workbook(team, me, FILE.encode(), "f.csv")
    reasons = report.sheets[0].refusals
    assert (report.taken, report.updated, report.refused) == (1, 1, 3), reasons
    assert sorted(reasons) == [3, 4, 6] and all("responsable" in reason for reason in reasons.values())
    ana.refresh()
    assert ana.leads["name"].tolist() == ["Zoé B", "Ali", "Eva"] and ana.leads["owner"].iloc[-1] == me
    theirs = import_workbook(team, "Bruno", b"ID Lead;Nom\nL-000003;No\n", "g.csv")
    assert [len(past_imports(team, name)) for name in (me, "Bruno")] == [1, 2] and theirs.number
    with pytest.raises(Forbidden):
        undo_import(team, me, theirs.number)
    assert len(past_imports(replace(team, trusted=True), me)) == 2  # the command line sees all
    assert undo_import(team, me, report.number or 0).removed == 1


def test_undoing_an_import_does_not_name_the_contact_of_another_that_has_a_merged_one(team: Crm) -> None:
    me = "Ana Lopès"
    report = import_workbook(team, me, b"Nom\nEva\n", "f.csv")
    merge_leads(team, "Bruno", [THEIRS, 6], {"owner": THEIRS}, {}, team.snapshot())
    (kept,) = undo_import(team, me, report.number or 0).kept
    assert str(kept) == "Eva\u00a0: fusionné depuis avec une autre fiche, qui garde ce qu’il a apporté."


EVENTS_FILE = "UID;Titre;Date;Début;Fin;ID Lead\na@x;Appel;25/11/2026;10:00;11:00;L-000001\nb@x;Appel;25/11/2026;10:00;11:00;L-000003\n"


def test_an_import_of_events_takes_those_of_ones_own_leads(team: Crm, ana: Snapshot) -> None:
    report = import_workbook(team, "Ana Lopès", EVENTS_FILE.encode(), "Événements.csv")
    assert (report.taken, report.refused) == (1, 1)


def test_that_a_contact_exists_elsewhere_is_all_that_is_told(team: Crm, ana: Snapshot) -> None:
    assert ana.elsewhere("noe@lumen.fr", "+33612345678") == ["email_fold", "phone_e164"]
    assert ana.elsewhere("zoe@lumen.fr", None) == ana.elsewhere(None, None) == ana.elsewhere("personne@lumen.fr", "+33600000000") == []
    assert team.snapshot("Bruno").elsewhere("noe@lumen.fr", None) == []
