"""Calendars and activities of other programs come in when and with whom they were, once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from gnetics.imports.importer import import_workbook
from gnetics.imports.report import Report
from gnetics.store.crm import Crm
from gnetics.store.schema import events, leads

ACTIVITIES = (
    "Activity - ID,Activity - Subject,Activity - Type,Activity - Due date,Activity - Due time,Activity - Duration,Activity - Done,"
    "Activity - Note,Activity - Assigned to user,Person - ID,Person - Name,Person - Email\n"
)

# the number under which an older version, which read a midnight as a day more, kept the row of the test below
OLDER = "import-31ddec5d3e20ea2c10f9b32dc186dd497bad5c2d4f138d4180fca6b933457348"


def take(crm: Crm, text: str) -> Report:
    return import_workbook(crm, "Léa", text.encode(), "essai.csv")


def told(report: Report) -> list[tuple[int, str, str]]:
    return [(problem.line, problem.column, problem.value) for problem in report.problems]


def stored(crm: Crm) -> list[tuple[Any, ...]]:
    """(title, first day, last day or minutes) of each event, in the zone of the region."""
    found: list[tuple[Any, ...]] = []
    with crm.read() as connection:
        for row in connection.execute(select(events).order_by(events.c.key)).mappings():
            start, end = (row[name].astimezone(crm.region.zone) for name in ("starts_at", "ends_at"))
            if row["all_day"]:
                found.append((row["title"], start.date(), end.date() - timedelta(days=1)))
            else:
                found.append((row["title"], f"{start:%d/%m/%Y %H:%M}", (end - start) // timedelta(minutes=1)))
    return found


def linked(crm: Crm) -> dict[str, str | None]:
    """The name of the contact of each event, by title."""
    with crm.read() as connection:
        query = select(events.c.title, leads.c.name).join_from(events, leads, events.c.lead_key == leads.c.key, isouter=True)
        return dict(connection.execute(query).all())


CALENDARS = {
    "outlook fr": "Objet,Début,Début,Fin,Fin,Journée entière,Rappel actif/inactif,Date de rappel,Heure du rappel,Emplacement\n"
    "Visite,7/12/2026,09:00:00,7/12/2026,10:30:00,Faux,Vrai,7/12/2026,08:45:00,Lyon\n"
    "Salon,8/12/2026,00:00:00,11/12/2026,00:00:00,Vrai,Faux,,,\n",
    "outlook fr, other titles": "Objet;Début;Heure de début;Fin;Heure de fin;Journée entière\n"
    "Visite;7/12/2026;09:00:00;7/12/2026;10:30:00;Faux\nSalon;8/12/2026;00:00:00;11/12/2026;00:00:00;Vrai\n",
    "an hour": "Objet;Date;Heure;Date de fin;Heure de fin;Journée entière\n"
    "Visite;07/12/2026;09h;07/12/2026;10:30;Faux\nSalon;08/12/2026;00:00;11/12/2026;00:00;Vrai\n",
    "dates": "Objet;Date de début;Heure de début;Date de fin;Heure de fin;Journée entière\n"
    "Visite;07/12/2026;09:00;07/12/2026;10:30;Faux\nSalon;08/12/2026;00:00;11/12/2026;00:00;Vrai\n",
    "outlook en": "Subject,Start Date,Start Time,End Date,End Time,All day event,Location\n"
    "Visite,2026-12-07,09:00:00,2026-12-07,10:30:00,False,Lyon\nSalon,2026-12-08,00:00:00,2026-12-11,00:00:00,True,\n",
    "google": "Subject,Start Date,Start Time,End Date,End Time,All Day Event,Description,Location\n"  # its last day is written, no hour
    "Visite,2026-12-07,09:00,2026-12-07,10:30,False,,Lyon\nSalon,2026-12-08,,2026-12-10,,True,,\n",
}


@pytest.mark.parametrize("calendar", CALENDARS)
def test_a_calendar_comes_in_as_it_stood(crm: Crm, calendar: str) -> None:
    report = take(crm, CALENDARS[calendar])
    assert (report.taken, report.refused) == (2, 0)
    assert stored(crm) == [("Visite", "07/12/2026 09:00", 90), ("Salon", date(2026, 12, 8), date(2026, 12, 10))]
    assert take(crm, CALENDARS[calendar]).unchanged == 2


def test_a_day_that_ends_at_its_own_midnight_is_that_day(crm: Crm) -> None:
    titles = "Objet;Date de début;Heure de début;Date de fin;Heure de fin;Journée entière"
    take(crm, f"{titles}\nInventaire;21/04/2026;00:00;21/04/2026;00:00;Vrai\n")
    assert stored(crm) == [("Inventaire", date(2026, 4, 21), date(2026, 4, 21))]


def test_an_agenda_without_ends_counts_an_hour_and_says_so_or_the_whole_day(crm: Crm) -> None:
    report = take(crm, "Objet,Début\nVisite,07/12/2026 09:00\nSalon,08/12/2026\nAppel,09/12/2026 14h\n")
    assert (report.taken, report.refused) == (3, 0)
    assert stored(crm) == [
        ("Visite", "07/12/2026 09:00", 60), ("Salon", date(2026, 12, 8), date(2026, 12, 8)), ("Appel", "09/12/2026 14:00", 60),
    ]  # fmt: skip
    assert told(report) == [(2, "Fin", "")]


def test_a_place_is_in_the_description(crm: Crm) -> None:
    take(crm, "Objet;Date;Début;Fin;Description;Emplacement\nVisite;07/12/2026;9h;10h;Apporter le devis;Lyon\n")
    with crm.read() as connection:
        assert connection.execute(select(events.c.description)).scalar() == "Apporter le devis\nLieu\u00a0: Lyon"


def test_an_event_of_before_is_the_same_though_its_end_was_read_otherwise(crm: Crm) -> None:
    titles = "Objet;Date de début;Heure de début;Date de fin;Heure de fin;Journée entière"
    text = f"{titles};Lieu\nInventaire;21/04/2026;00:00;22/04/2026;00:00;Vrai;Lyon\n"
    take(crm, text)
    with crm.read() as connection:
        assert connection.execute(select(events.c.uid)).scalar() == OLDER


def test_activities_join_the_people_of_the_same_program(crm: Crm) -> None:
    take(crm, "Person - ID,Person - Name,Person - Email\n7,Anne Petit,anne@atelier.example\n8,Luc Roy,\n9,Luc Roy,\n")
    rows = [
        "1,Premier appel,Call,2026-03-04,10:30,00:20,Done,Deux fours,Zoé,7,Anne Petit,",
        "2,Par email,Meeting,2026-03-05,14:00,01:00,To do,,Zoé,,A. Petit,ANNE@atelier.example",
        "3,Par nom,Lunch,2026-03-06,,,To do,,Zoé,,PETIT Anne,",
        "4,Deux Luc,Call,2026-03-07,,,Done,,Zoé,,Luc Roy,",
        "5,Un Luc,Call,2026-03-08,,,Done,,Zoé,9,Luc Roy,",
        "6,Inconnue,Deadline,2026-03-09,09:00,,Done,,Zoé,99,Nadia Chérif,",
        "7,Un autre nom,Call,2026-03-10,,,Done,,Zoé,7,Gaspard Noël,",
    ]
    text = ACTIVITIES + "\n".join(rows)
    report = take(crm, text)
    assert (report.taken, report.refused) == (7, 0)
    assert linked(crm) == {
        "Premier appel": "Anne Petit", "Par email": "Anne Petit", "Par nom": "Anne Petit", "Deux Luc": None, "Un Luc": "Luc Roy",
        "Inconnue": None, "Un autre nom": None,
    }  # fmt: skip
    assert [each for each in told(report) if each[1] == "Contact"] == [
        (5, "Contact", "Luc Roy"), (7, "Contact", "Nadia Chérif"), (8, "Contact", "Gaspard Noël"),
    ]  # fmt: skip
    assert stored(crm)[0] == ("Premier appel", "04/03/2026 10:30", 20)
    with crm.read() as connection:
        said = {row.title: (row.kind, row.done, row.description) for row in connection.execute(select(events))}
    assert said["Premier appel"] == ("Appel", True, "Deux fours")
    assert said["Par nom"] == ("Rendez-vous", False, None)
    assert said["Inconnue"] == ("Autre", True, "Type\u00a0: Deadline")
    assert (7, "Fin", "") in told(report)  # no length is known, an hour is counted
    assert take(crm, text).unchanged == 7


def test_an_activity_that_changed_there_changes_here(crm: Crm) -> None:
    take(crm, ACTIVITIES + "1,Appel,Call,2026-03-04,10:30,00:20,To do,,Zoé,,,")
    report = take(crm, ACTIVITIES + "1,Appel,Call,2026-03-05,11:00,00:20,Done,,Zoé,,,")
    assert (report.taken, report.updated) == (0, 1)
    assert stored(crm) == [("Appel", "05/03/2026 11:00", 20)]


def test_the_number_of_another_program_is_another_persons(crm: Crm) -> None:
    take(crm, "Record ID,First Name,Last Name,Email,Lifecycle Stage\n7,Anne,Petit,anne@atelier.example,lead\n")
    take(crm, ACTIVITIES + "1,Appel,Call,2026-03-04,10:30,00:20,Done,,Zoé,7,,")
    assert linked(crm) == {"Appel": None}
