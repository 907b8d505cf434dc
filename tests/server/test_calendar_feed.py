"""A calendar at a secret address: for whoever has it, as its person sees it, as long as that person may enter."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from icalendar import Calendar
from sqlalchemy import select

from gnetics import settings as settings_module
from gnetics.actions import accounts, calendar_feed
from gnetics.domain.history import Action
from gnetics.domain.rights import Verb
from gnetics.errors import Forbidden, Refused
from gnetics.store.crm import Crm, open_crm
from gnetics.store.schema import feeds, history
from tests.probes import write_probe
from tests.served import Answer, Served, serve

OURS = {"dans un mois", "d’Ana", "de Bruno", "il y a un an", "dans deux ans"}


@pytest.fixture(scope="module")
def store(copy_of_demo: Callable[[], str]) -> str:
    return copy_of_demo()


@pytest.fixture(scope="module")
def crm(store: str) -> Iterator[Crm]:
    with closing(open_crm(settings_module.load({"GNETICS_DATABASE_URL": store}), trusted=True)) as opened:
        for name in ("Ana", "Bruno"):
            accounts.add(opened, "Léa", name, "édition" if name == "Ana" else "lecture", None)
        with opened.write("Léa", Verb.SAVE_EVENT) as uow:
            days = {
                "dans un mois": (30, None),
                "d’Ana": (3, "Ana"),
                "de Bruno": (3, "Bruno"),
                "il y a un an": (-365, None),
                "dans deux ans": (730, None),
            }
            rows: list[dict[str, Any]] = []
            for title, (day, owner) in days.items():
                start = uow.now + timedelta(days=day)
                rows.append({"uid": title, "title": title, "owner": owner, "starts_at": start, "ends_at": start + timedelta(hours=1)})
            uow.insert_many("events", rows, Action.CREATED)
            uow.commit()
        yield opened


@pytest.fixture(scope="module")
def server(crm: Crm, store: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("feed")
    write_probe(folder, "accueil")
    with serve(folder / "log", notebooks_dir=str(folder), database_url=store, pools="") as served:
        yield served


def titles(answer: Answer) -> set[str]:
    return OURS & {str(event["SUMMARY"]) for event in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_whoever_has_the_address_reads_two_months_back_and_a_year_ahead(server: Served, crm: Crm) -> None:
    answer = server.get(calendar_feed.give(crm, "Léa", "Ana"))
    assert titles(answer) == {"dans un mois", "d’Ana", "de Bruno"}
    assert answer.headers["Content-Type"] == "text/calendar;charset=utf-8"
    assert "Set-Cookie" not in answer.headers


def test_what_nobody_changed_since_is_not_sent_again(server: Served, crm: Crm) -> None:
    path = calendar_feed.give(crm, "Léa", "Ana")
    first = server.get(path)
    for known in ({"If_None_Match": first.headers["Etag"]}, {"If_Modified_Since": first.headers["Last-Modified"]}):
        again = server.get(path, **known)
        assert (again.status, again.content) == (304, b"")
    assert server.get(path, If_None_Match='"autre"', If_Modified_Since=first.headers["Last-Modified"]).status == 200
    head = server.get(path, "HEAD")
    assert (head.status, head.content, head.headers["Etag"]) == (200, b"", first.headers["Etag"])


def test_it_is_only_read(server: Served, crm: Crm) -> None:
    path = calendar_feed.give(crm, "Léa", "Ana")
    assert {server.get(path, method).status for method in ("POST", "PUT", "DELETE", "PATCH")} == {405}


def test_a_person_of_their_own_leads_shows_no_more_by_it(server: Served, crm: Crm) -> None:
    path = calendar_feed.give(crm, "Léa", "Bruno")
    accounts.set_own_leads(crm, "Léa", "Bruno", True)
    assert titles(server.get(path)) == {"dans un mois", "de Bruno"}
    accounts.set_own_leads(crm, "Léa", "Bruno", False)


def test_an_address_ends_when_it_is_revoked_or_renewed_or_its_account_disabled(server: Served, crm: Crm) -> None:
    first = calendar_feed.give(crm, "Léa", "Bruno")
    second = calendar_feed.give(crm, "Léa", "Bruno")
    assert [server.get(path).status for path in (first, second)] == [404, 200]
    accounts.set_disabled(crm, "Léa", "Bruno", True)
    assert server.get(second).status == 404
    accounts.set_disabled(crm, "Léa", "Bruno", False)
    assert server.get(second).status == 200
    calendar_feed.revoke(crm, "Léa", "Bruno")
    assert server.get(second).status == 404


def test_a_wrong_secret_is_no_page_and_is_counted(server: Served) -> None:
    for secret in ("x" * 22, "x", "..", "\0" * 8, "é" * 5):
        assert server.get(f"calendrier/{quote(secret)}.ics").status == 404
    assert 'gnetics_refusals_total{place="calendar",reason="secret"}' in server.get("metrics").body


def test_the_secret_is_nowhere_but_with_its_person(server: Served, crm: Crm, store: str) -> None:
    path = calendar_feed.give(crm, "Léa", "Ana")
    secret = path.removeprefix("calendrier/").removesuffix(".ics")
    server.get(path)
    assert secret not in server.log.read_text("utf-8")
    with crm.read() as connection:
        kept = "\n".join(map(str, [*connection.execute(select(feeds)), *connection.execute(select(history))]))
    assert "Ana" in kept and secret not in kept


def test_each_person_gives_only_their_own(server: Served, crm: Crm, store: str) -> None:
    with closing(open_crm(settings_module.load({"GNETICS_DATABASE_URL": store}))) as opened:
        assert server.get(calendar_feed.give(opened, "Bruno", "Bruno")).status == 200
        with pytest.raises(Forbidden):
            calendar_feed.give(opened, "Bruno", "Ana")
        with pytest.raises((Forbidden, Refused)):
            calendar_feed.give(opened, "Inconnu", "Inconnu")
