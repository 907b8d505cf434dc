"""Who synchronises, when, and what is told of it: the worker every few minutes, `gnetics calendar sync` at once, each in the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import RowMapping, select

from gnetics.calendars.planned import sync_due
from gnetics.cli import main
from gnetics.clock import fixed
from gnetics.domain.accesses import WORKER
from gnetics.operations.calendar_work import calendar_findings, sync_calendars
from gnetics.settings import CONFIG
from gnetics.settings.calendar import CalendarAccount
from gnetics.store import access_log
from gnetics.store.crm import Crm
from gnetics.store.schema import runs
from tests import faulty
from tests.faulty import NOTHING
from tests.radicale import PASSWORD, USER, Client, Radicale
from tests.store.calendars.test_syncing import change, made, text, there

pytestmark = pytest.mark.costly


def later(crm: Crm, minutes: int) -> Crm:
    return replace(crm, clock=fixed(crm.clock.instant() + timedelta(minutes=minutes), crm.region.zone))


def told(crm: Crm) -> Sequence[RowMapping]:
    with crm.read() as connection:
        return connection.execute(select(runs).where(runs.c.rule == "Agenda «\u00a0pro\u00a0»").order_by(runs.c.key)).mappings().all()


def test_the_worker_synchronises_what_is_due_and_the_log_tells_what_came_and_went(crm: Crm, phone: Client) -> None:
    phone.put("a.ics", text("a@x", "Réunion"))
    made(crm, "Ici")
    assert [sync_due(later(crm, minutes)) for minutes in (0, 4, 5)] == [1, 0, 1]
    (run,) = told(crm)
    assert (run["status"], run["subject"], run["triggered_by"]) == ("réussi", "1\u00a0événement reçu, 1\u00a0envoyé", "Planificateur")
    with crm.read() as connection:
        assert {(line.what, line.place, line.rows) for line in access_log.lines(connection)} == {
            ("import", WORKER, 1),
            ("export", WORKER, 1),
        }
    (finding,) = calendar_findings(later(crm, 6))
    assert finding.fine and "synchronisé le 24/11/2026" in finding.sentence
    (finding,) = calendar_findings(later(crm, 300))
    assert not finding.fine and "pour la dernière fois" in finding.sentence


def test_what_stands_in_the_way_is_told_once_and_what_waited_goes_when_it_is_over(
    crm: Crm, phone: Client, caldav: Radicale, account: CalendarAccount
) -> None:
    made(crm, "Ici")
    caldav.stop()
    try:
        for minutes in (0, 5, 10):
            sync_due(later(crm, minutes))
    finally:
        caldav.start()
    (run,) = told(crm)
    assert run["status"] == "échec" and "ne répond pas" in run["error"] and PASSWORD not in run["error"]
    (finding,) = calendar_findings(later(crm, 10))
    assert not finding.fine and "ne répond pas" in finding.sentence
    sync_due(later(crm, 15))
    assert told(crm)[1]["subject"] == "1\u00a0envoyé" and len(phone.names()) == 1


def test_a_calendar_that_cannot_be_read_holds_up_no_other(crm: Crm, phone: Client, account: CalendarAccount) -> None:
    phone.put("a.ics", text("a@x", "Réunion"))
    with faulty.proxy(phone.url) as bad, bad.answers(NOTHING, "REPORT"):
        crm = replace(crm, settings=replace(crm.settings, calendars=(replace(account, name="cassé", url=bad.url), account)))
        assert sync_due(crm) == 2
    assert list(there(crm)) == ["Réunion"] and [run["status"] for run in told(crm)] == ["réussi"]


def test_without_synchronisation_calendars_wait_and_a_worker_that_stops_begins_none(crm: Crm, phone: Client) -> None:
    phone.put("a.ics", text("a@x", "Réunion"))
    crm.set_sync(False, "root")
    assert sync_calendars(crm, lambda: False) == 0
    crm.set_sync(True, "root")
    assert sync_calendars(crm, lambda: True) == 0
    assert sync_calendars(crm, lambda: False) == 1 and list(there(crm)) == ["Réunion"]


@pytest.fixture
def command(crm: Crm, phone: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "gnetics.toml"
    file.write_text(f"[calendars.pro]\nurl = '{phone.url}'\nuser = '{USER}'\n", "utf-8")
    monkeypatch.setenv(CONFIG, str(file))
    monkeypatch.setenv("GNETICS_DATABASE_URL", crm.engine.url.render_as_string(hide_password=False))
    monkeypatch.setenv("GNETICS_CALENDARS_PRO_PASSWORD", PASSWORD)


@pytest.mark.usefixtures("command")
def test_the_command_previews_synchronises_and_says_why_it_cannot(
    crm: Crm, phone: Client, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    made(crm, "Ici")
    assert main(["calendar", "sync", "--preview"]) == 0
    assert capsys.readouterr().out == "pro : à faire : 1\u00a0envoyé\n" and not phone.names()
    assert main(["calendar", "sync", "pro"]) == 0
    assert capsys.readouterr().out == "pro : 1\u00a0envoyé\n"
    assert main(["calendar", "sync"]) == 0
    assert capsys.readouterr().out == "pro : rien de nouveau\n"
    phone.delete(phone.names()[0])
    assert main(["calendar", "sync"]) == 1
    assert "--confirm" in capsys.readouterr().err
    assert main(["calendar", "sync", "--confirm"]) == 0
    assert capsys.readouterr().out == "pro : 1\u00a0retiré d’ici\n" and not there(crm)
    monkeypatch.setenv("GNETICS_CALENDARS_PRO_PASSWORD", "S3cret faux")
    assert main(["calendar", "sync"]) == 1
    said = capsys.readouterr()
    assert "refuse le nom ou le mot de passe" in said.err and "S3cret" not in said.out + said.err
    assert main(["calendar", "sync", "autre"]) == 1


def test_much_that_comes_at_once_is_read_in_a_process_of_its_own(crm: Crm, phone: Client) -> None:
    phone.put("long.ics", text("a@x", "Longue", f"DESCRIPTION:{'mot ' * 20_000}"))
    phone.put("b.ics", text("b@x", "Réunion"))
    sync_due(crm)
    rows = there(crm)
    assert len(rows["Longue"]["description"]) == 5_000
    change(crm, rows["Longue"]["key"], place="Lyon")
    sync_due(later(crm, 5))
    assert len(phone.read("long.ics")) > 80_000 and "LOCATION:Lyon" in phone.read("long.ics"), "what was too long for us is not cut there"
