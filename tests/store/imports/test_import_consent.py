"""What other programs say of consent fills ours, is told, and never gives back what somebody took back."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from gnetics.actions.leads import save_lead
from gnetics.domain.fields import LEAD_FIELDS
from gnetics.domain.sheets import OPT_IN, OPT_OUT
from gnetics.exports.csv_file import csv_file
from gnetics.exports.lead_table import lead_table
from gnetics.imports.importer import import_workbook
from gnetics.imports.plan import Asked
from gnetics.imports.report import Report
from gnetics.store.crm import Crm
from gnetics.store.schema import leads

DONE, LEFT, REFUSED = "donné", "retiré", "refusé"


def take(crm: Crm, *lines: str, **asked: Any) -> Report:
    return import_workbook(crm, "Léa", "\n".join(lines).encode(), "essai.csv", asked=Asked(**asked))


def stored(crm: Crm, *names: str) -> list[Any]:
    with crm.read() as connection:
        rows = connection.execute(select(*(leads.c[name] for name in names)).where(~leads.c.deleted).order_by(leads.c.key)).all()
    return [row[0] if len(names) == 1 else tuple(row) for row in rows]


@pytest.mark.parametrize("title", [OPT_OUT.label, *OPT_OUT.headers, "Has Opted Out of Email", "Do Not Call", "Désabonné(e)", "donotemail"])
def test_yes_in_a_column_of_opting_out_is_a_consent_taken_back_and_no_says_nothing(crm: Crm, title: str) -> None:
    report = take(crm, f"Nom;{title}", "Zoé;Oui", "Léo;Non", "Ana;", "Max;TRUE", "Lise;0", "Noé;n/a")
    assert stored(crm, "consent") == [LEFT, None, None, LEFT, None, None]
    assert stored(crm, "consent_source")[:2] == [f"import\u00a0: {title}", None]
    (told,) = [problem for problem in report.problems if problem.column == title]
    assert (told.line, told.value) == (1, "") and "oui veut dire «\u00a0retiré\u00a0»" in told.reason


@pytest.mark.parametrize("title", [OPT_IN.label, *OPT_IN.headers])
def test_a_column_of_opting_in_says_yes_or_no(crm: Crm, title: str) -> None:
    report = take(crm, f"Nom;{title}", "Zoé;Oui", "Léo;Non", "Ana;", "Max;Unsubscribed")
    assert stored(crm, "consent") == [DONE, REFUSED, None, LEFT]
    assert [problem.column for problem in report.problems] == [title]


@pytest.mark.parametrize(
    ("word", "consent"),
    [
        ("donné", DONE),
        ("DONNE", DONE),
        ("oui", DONE),
        ("opt-in", DONE),
        ("non", REFUSED),
        ("Refusé", REFUSED),
        ("opt-out", LEFT),
        ("-", None),
    ],
)
def test_the_words_of_a_consent(crm: Crm, word: str, consent: str | None) -> None:
    assert take(crm, "Nom;Consentement", f"Zoé;{word}").problems == []
    assert stored(crm, "consent") == [consent]


def test_a_word_that_nobody_knows_is_told_and_kept_beside_the_field(crm: Crm) -> None:
    report = take(crm, "Nom;Désabonné;Base légale", "Zoé;peut-être;amitié")
    reasons = {(problem.column, problem.value): problem.reason for problem in report.problems if problem.value}
    assert reasons.keys() == {("Désinscrit", "peut-être"), ("Base légale", "amitié")}
    assert "consentement, contrat, obligation légale" in reasons["Base légale", "amitié"]
    assert stored(crm, "consent", "legal_basis", "unread") == [(None, None, '{"consent": "peut-être", "legal_basis": "amitié"}')]


@pytest.mark.parametrize(
    ("word", "basis"),
    [
        ("Intérêt légitime", "intérêt légitime"),
        ("Legitimate interest – prospect/lead", "intérêt légitime"),
        ("Performance of a contract", "contrat"),
        ("CONTRAT", "contrat"),
        ("mission d'interet public", "mission d’intérêt public"),
    ],
)
def test_a_legal_basis_is_read_in_french_and_english(crm: Crm, word: str, basis: str) -> None:
    take(crm, "Nom;Base légale", f"Zoé;{word}")
    assert stored(crm, "legal_basis") == [basis]


@pytest.mark.parametrize("columns", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 3, 0, 1)])
def test_of_several_columns_the_most_restrictive_is_kept_whatever_their_order(crm: Crm, columns: tuple[int, ...]) -> None:
    rows = [("Email Opt Out", "Do Not Call", "Newsletter", "Nom"), ("non", "oui", "oui", "Zoé"), ("non", "non", "oui", "Léo")]
    take(crm, *(";".join(row[place] for place in columns) for row in rows))
    assert sorted(stored(crm, "name", "consent")) == [("Léo", DONE), ("Zoé", LEFT)]


def test_the_day_of_an_opt_out_is_its_date(crm: Crm) -> None:
    take(crm, "Nom;Désinscrit le;Opt-in;Consentement le", "Zoé;03/02/2026;oui;01/01/2025", "Léo;;oui;01/01/2025")
    assert stored(crm, "consent", "consent_on") == [(LEFT, date(2026, 2, 3)), (DONE, None)]


def test_a_column_can_be_named_one_of_consent_by_hand(crm: Crm) -> None:
    take(crm, "Nom;Colonne 12", "Zoé;oui", columns={"Colonne 12": "opt_out"})
    assert stored(crm, "consent") == [LEFT]


def test_a_file_does_not_give_back_what_was_taken_back_and_says_so(crm: Crm) -> None:
    snapshot = crm.snapshot()
    lead = {"name": "Zoé", "email": "zoe@client.example", "consent": LEFT, "consent_on": date(2026, 3, 1)}
    save_lead(crm, "Ana", None, lead, None, snapshot)
    report = take(crm, "Nom;Email;Opt-in;Fonction", "Zoé;zoe@client.example;oui;Gérante")
    assert stored(crm, "consent", "consent_on", "consent_source", "job_title") == [(LEFT, date(2026, 3, 1), "saisi à la main", "Gérante")]
    assert "le contact a retiré son consentement le 01/03/2026" in report.problems[-1].reason
    take(crm, "Nom;Email;Consentement;Consentement le", "Zoé;zoe@client.example;donné;01/02/2026")
    assert stored(crm, "consent") == [LEFT]
    take(crm, "Nom;Email;Consentement;Consentement le", "Zoé;zoe@client.example;donné;01/04/2026")
    assert stored(crm, "consent", "consent_on", "consent_source") == [(DONE, date(2026, 4, 1), None)]


def test_the_day_and_the_source_of_another_consent_do_not_stay(crm: Crm) -> None:
    first = ["Nom;Email;Consentement;Consentement le;Source du consentement", "Zoé;zoe@client.example;donné;01/02/2026;formulaire"]
    take(crm, *first)
    take(crm, "Nom;Email;Opt-in", "Zoé;zoe@client.example;oui")
    assert stored(crm, "consent", "consent_on", "consent_source") == [(DONE, date(2026, 2, 1), "formulaire")]
    again = take(crm, "Nom;Email;Désabonné", "Zoé;zoe@client.example;oui")
    assert stored(crm, "consent", "consent_on", "consent_source") == [(LEFT, None, "import\u00a0: Désabonné")]
    assert again.updated == 1
    assert take(crm, "Nom;Email;Désabonné", "Zoé;zoe@client.example;oui").unchanged == 1


def test_an_export_of_before_the_field_is_still_known_as_ours(crm: Crm) -> None:
    snapshot = crm.snapshot()
    save_lead(crm, "Ana", None, {"name": "n/a", "company": "Lumen"}, None, snapshot)
    older = snapshot.real.drop(columns=[field.key for field in LEAD_FIELDS if field.section == "Consentement"])
    report = import_workbook(crm, "Léa", csv_file(lead_table(older), crm.region), "contacts.csv")
    assert (report.unchanged, report.problems) == (1, []), "« n/a » is a name there"


def test_an_imported_history_tells_consents(crm: Crm) -> None:
    save_lead(crm, "Ana", None, {"name": "Zoé"}, None, crm.snapshot())
    report = take(
        crm,
        "ID Lead;Date;Champ;Avant;Après",
        "L-000001;01/02/2026 10:00;Consentement;;Donné",
        "L-000001;02/02/2026 10:00;Consentement;;oubli",
    )
    assert (report.taken, report.refused) == (1, 1)


@pytest.mark.parametrize(
    ("title", "word", "expected"), [("Newsletter", "oui", "donné"), ("Newsletter", "non", None), ("Abonné", "désabonné", "retiré")]
)
def test_who_is_no_subscriber_of_a_newsletter_has_refused_nothing(crm: Crm, title: str, word: str, expected: str | None) -> None:
    take(crm, f"Nom;{title}", f"Zoé;{word}")
    assert stored(crm, "consent") == [expected]
