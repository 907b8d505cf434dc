"""A server that refuses, is silent, cuts its answers or tells of somebody else: a sentence says so, nothing is lost or doubled."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from gnetics.actions.events import delete_event
from gnetics.calendars import dav
from gnetics.calendars.dav import Server
from gnetics.calendars.syncing import sync
from gnetics.errors import CalendarError
from gnetics.settings.calendar import CalendarAccount
from gnetics.settings.credentials import Credential
from gnetics.settings.values import Given
from gnetics.store.crm import Crm
from tests import faulty
from tests.faulty import AGAIN, ENDLESS, HALF, NOTHING, UNHEARD, Faulty
from tests.radicale import PASSWORD, USER, Client, Radicale
from tests.store.calendars.conftest import account_of
from tests.store.calendars.test_syncing import change, made, quiet, text, there

pytestmark = pytest.mark.costly


@pytest.fixture
def bad(phone: Client) -> Iterator[Faulty]:
    with faulty.proxy(phone.url) as running:
        yield running


@pytest.fixture
def account(bad: Faulty) -> CalendarAccount:
    return account_of(bad.url)


PART = ("HTTP/1.1 200 OK", "HTTP/1.1 507 Insufficient Storage")
READING, WRITING = ("REPORT", "PROPFIND"), ("PUT", "DELETE")
CASES: list[tuple[int | str | tuple[str, ...], tuple[str, ...], str]] = [
    (401, READING, "refuse le nom ou le mot de passe"),
    (403, WRITING, "ne permet pas cette action"),
    (412, WRITING, "change sans cesse"),
    (500, WRITING, "répond «\u00a0500\u00a0»"),
    (507, WRITING, "n’a plus de place"),
    (HALF, READING, "ne répond pas, ou s’interrompt"),
    (NOTHING, READING, "ne répond pas, ou s’interrompt"),
    (UNHEARD, WRITING, "ne répond pas, ou s’interrompt"),
    (("/ana/", "/bruno/"), READING, "pour un autre agenda"),
    (("END:VEVENT", ""), READING, "un texte coupé"),
]
FURTHER: list[tuple[int | str | tuple[str, ...], tuple[str, ...], str]] = [
    (401, WRITING, "refuse le nom ou le mot de passe"),
    (403, READING, "ne permet pas cette action"),
    (404, READING, "n’a pas d’agenda à cette adresse"),
    (500, READING, "répond «\u00a0500\u00a0»"),
    (NOTHING, WRITING, "ne répond pas, ou s’interrompt"),
    ((*PART, "sync-token>", "autre>"), READING, "qu’une partie de l’agenda"),
    (("multistatus", "html"), READING, "autre chose qu’un agenda"),
    (("calendar-data", "autre"), READING, "un texte coupé"),
]


@pytest.mark.parametrize(
    ("fault", "methods", "said"), [*CASES, *(pytest.param(*case, marks=pytest.mark.soak) for case in FURTHER)], ids=str
)
def test_a_server_that_answers_badly_costs_nothing(
    crm: Crm, account: CalendarAccount, phone: Client, bad: Faulty, fault: int | str | tuple[str, ...], methods: tuple[str, ...], said: str
) -> None:
    for number in range(5):
        phone.put(f"{number}.ics", text(f"{number}@x", f"Réunion {number}"))
    sync(crm, account)
    change(crm, there(crm)["Réunion 0"]["key"], place="Lyon")
    delete_event(crm, "Ana", there(crm)["Réunion 1"]["key"], crm.snapshot())
    made(crm, "Ici")
    phone.edit("2.ics", "SUMMARY:Réunion 2", "SUMMARY:Réunion 2 bis")
    with bad.answers(fault, *methods):
        for _ in range(2):
            tally = None
            try:
                tally = sync(crm, account)
            except CalendarError as error:
                sentence = str(error)
            else:
                sentence = " ".join(tally.refused)
            assert said in sentence and PASSWORD not in sentence and "S3cret" not in sentence
            assert len(there(crm)) == 5
    sync(crm, account)
    assert sorted(there(crm)) == ["Ici", "Réunion 0", "Réunion 2 bis", "Réunion 3", "Réunion 4"]
    assert len(phone.names()) == 5 and "LOCATION:Lyon" in phone.read("0.ics")
    assert quiet(crm, account)


def test_a_server_of_somebody_else_s_events_stops_everything(crm: Crm, account: CalendarAccount, phone: Client, bad: Faulty) -> None:
    for number in range(5):
        phone.put(f"{number}.ics", text(f"{number}@x", f"Réunion {number}"))
    sync(crm, account)
    other = Client(phone.url.replace("agenda-", "voisin-"))
    other.make()
    for number in range(5):
        other.put(f"{number}.ics", text(f"{number}@voisin", f"Voisin {number}"))
    bad.instead = (phone.url.split("/")[-2], other.url.split("/")[-2])
    with pytest.raises(CalendarError, match=r"5.événements sur 5 ne sont plus sur le serveur"):
        sync(crm, account)
    assert len(there(crm)) == 5 and len(other.names()) == 5


def test_a_server_that_nobody_answers_for_or_a_wrong_password_is_said_without_the_password(crm: Crm, phone: Client) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        account = account_of(f"http://127.0.0.1:{silent.getsockname()[1]}/")
        with pytest.raises(CalendarError, match="ne répond pas"):
            sync(crm, account)
    assert PASSWORD not in repr(Server(account)) and PASSWORD not in repr(account)
    with pytest.raises(CalendarError, match="pas de secret"):
        sync(crm, replace(account_of(phone.url), credential=None))


def test_a_server_leads_to_its_only_calendar_and_lists_them_when_there_are_several(caldav: Radicale, phone: Client) -> None:
    client = Client(f"{caldav.url}{USER}/")
    assert client.ask("PROPFIND", "", "", Depth="0").status_code == 207
    server = Server(account_of(phone.url))
    assert server.calendar() == phone.url and server.asked == 1
    Client(phone.url.replace("agenda-", "encore-")).make()
    with pytest.raises(CalendarError, match=r"plusieurs agendas.*«.Équipe.» http://127.0.0.1"):
        Server(account_of(caldav.url)).calendar()


def test_a_redirection_is_followed_on_the_same_server_only_and_the_password_goes_nowhere_else(
    crm: Crm, account: CalendarAccount, phone: Client, bad: Faulty
) -> None:
    phone.put("a.ics", text("a@x", "Réunion"))
    with faulty.proxy(phone.url) as other:
        bad.moved = {"/ici/": urlsplit(phone.url).path, "/ailleurs/": other.url, "/rond/": "/rond/"}
        at = bad.url.removesuffix(urlsplit(phone.url).path)
        assert Server(account_of(f"{at}/ici/")).calendar() == bad.url
        assert sync(crm, account_of(f"{at}/ici/")).came == 1
        with pytest.raises(CalendarError, match="vers un autre serveur"):
            sync(crm, account_of(f"{at}/ailleurs/", "ailleurs"))
        assert not other.asked
        with pytest.raises(CalendarError, match="sans fin"):
            sync(crm, account_of(f"{at}/rond/", "rond"))


def test_a_server_without_tokens_is_compared_whole_each_time(crm: Crm, account: CalendarAccount, phone: Client, bad: Faulty) -> None:
    bad.unknown = b"sync-collection"
    for number in range(4):
        phone.put(f"{number}.ics", text(f"{number}@x", f"Réunion {number}"))
    assert sync(crm, account).came == 4
    phone.delete("0.ics")
    phone.edit("1.ics", "SUMMARY:Réunion 1", "SUMMARY:Réunion bis")
    change(crm, there(crm)["Réunion 2"]["key"], place="Lyon")
    tally = sync(crm, account)
    assert (tally.went, tally.changed, tally.sent) == (1, 1, 1) and tally.asked <= 5
    assert quiet(crm, account)


def test_a_server_that_says_no_etag_is_read_once_more_and_nothing_is_written_over(
    crm: Crm, account: CalendarAccount, phone: Client, bad: Faulty
) -> None:
    bad.hidden = "ETag"
    key = made(crm, "Ici")
    sync(crm, account)
    (name,) = phone.names()
    phone.edit(name, "SUMMARY:Ici", "SUMMARY:Ici\r\nLOCATION:Paris")
    change(crm, key, description="Apporter le devis")
    sync(crm, account)
    assert there(crm)["Ici"]["place"] == "Paris" and "DESCRIPTION:Apporter le devis" in phone.read(name)
    sync(crm, account)
    assert quiet(crm, account) and len(phone.names()) == len(there(crm)) == 1


def test_a_token_of_an_hour_is_asked_for_again_when_it_is_refused(phone: Client, tmp_path: Path, bad: Faulty) -> None:
    command = tmp_path / "token"
    command.write_text("#!/bin/sh\ndate +%s%N\n")
    command.chmod(0o700)
    account = replace(account_of(bad.url), credential=Credential(Given("token_command", str(command), secret=True)))
    with bad.answers(401, "PROPFIND"), pytest.raises(CalendarError, match="refuse le nom ou le mot de passe"):
        Server(account).calendar()
    assert len(bad.asked) == 2 and len(set(bad.signed)) == 2 and all(each.startswith("Bearer ") for each in bad.signed)


def test_a_part_of_a_listing_is_not_taken_for_the_whole(crm: Crm, account: CalendarAccount, phone: Client, bad: Faulty) -> None:
    for number in range(10):
        phone.put(f"{number}.ics", text(f"{number}@x", f"Réunion {number}"))
    sync(crm, account)
    bad.unknown = b"sync-collection"  # a server without tokens
    with bad.answers(("/0.ics</href>", "/</href>", *PART), "PROPFIND"), pytest.raises(CalendarError, match="qu’une partie de l’agenda"):
        sync(crm, account)
    assert len(there(crm)) == 10
    assert sync(crm, account).went == 0


def test_a_part_that_never_brings_anything_new_is_left_for_a_listing(
    crm: Crm, account: CalendarAccount, phone: Client, bad: Faulty
) -> None:
    for number in range(3):
        phone.put(f"{number}.ics", text(f"{number}@x", f"Réunion {number}"))
    sync(crm, account)
    phone.edit("1.ics", "SUMMARY:Réunion 1", "SUMMARY:Réunion bis")
    bad.asked.clear()
    with bad.answers(AGAIN, "REPORT"), pytest.raises(CalendarError):  # it answers no question about contents either
        sync(crm, account)
    assert bad.asked[:3] == ["REPORT", "REPORT", "PROPFIND"] and len(bad.asked) == 4
    assert sync(crm, account).changed == 1 and sorted(there(crm)) == ["Réunion 0", "Réunion 2", "Réunion bis"]


@pytest.mark.parametrize(
    ("bound", "value", "fault"),
    [("PARTS", 5, ENDLESS), ("ALL_BYTES", 2_000, ENDLESS), ("ALL_SECONDS", 0.0, ("é", "é")), ("LARGEST", 100, ("é", "é"))],
)
def test_a_server_without_end_is_refused_and_loses_nothing(
    crm: Crm,
    account: CalendarAccount,
    phone: Client,
    bad: Faulty,
    monkeypatch: pytest.MonkeyPatch,
    bound: str,
    value: float,
    fault: str | tuple[str, ...],
) -> None:
    phone.put("a.ics", text("a@x", "Réunion"))
    sync(crm, account)
    made(crm, "Ici")
    with monkeypatch.context() as patched, bad.answers(fault, "REPORT"):
        patched.setattr(dav, bound, value)
        with pytest.raises(CalendarError, match="répond trop longuement"):
            sync(crm, account)
    assert len(bad.asked) < 20 and sorted(there(crm)) == ["Ici", "Réunion"]
    assert sync(crm, account).sent == 1 and quiet(crm, account)
