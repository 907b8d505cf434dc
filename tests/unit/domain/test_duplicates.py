"""Who is one person and who is not: the words of each verdict, and how often it is right on a corpus drawn anew at each run."""

from __future__ import annotations

import re
from random import Random, SystemRandom
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnetics.domain import companies, emails
from gnetics.domain.duplicates import near_pairs, verdict
from gnetics.domain.folding import fold
from gnetics.domain.names import alike
from gnetics.domain.regions import REGIONS
from gnetics.metrics.duplicates import CROWD, pairs, twins
from gnetics.store.derived import derived
from tests.unit.domain.duplicate_corpus import Corpus, corpus

COLUMNS = ["email_fold", "phone_e164", "name_fold", "company_fold", "email_domain", "lead_id", "deal_of"]


def folded(**lead: Any) -> dict[str, Any]:
    return derived(
        "leads", {"status": None, "source": None, **dict.fromkeys(("name", "company", "email", "phone")), **lead}, REGIONS["FR"], {}
    )


def said(one: dict[str, Any], other: dict[str, Any]) -> tuple[str, str] | None:
    found = verdict(folded(**one), folded(**other))
    return (found.kind, found.reason) if found else None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jean Dupont", "DUPONT Jean"),
        ("Jean Dupont", "Jean Dupond"),
        ("Jean-Marc Lefèvre", "Jean Marc Lefevbre"),
        ("Hélène Béranger", "Helene Berranger"),
        ("Kerstin Lindqvist", "Lindqvsit Kerstin"),
        ("Jeanmarc Lefèvre", "Jean-Marc Lefèvre"),
        ("Jean-Pierre Martin", "MARTIN Jean Pierre"),
    ],
)
def test_slips_accents_and_turned_names_are_one_name(one: str, other: str) -> None:
    assert alike(fold(one), fold(other)) and alike(fold(other), fold(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Julie Martin", "Julien Martin"),
        ("Marc Duval", "Marie Duval"),
        ("Jean-Marc Petit", "Jean-Pierre Petit"),
        ("Paul Roy", "Paul Rey"),
        ("Jean Dupont", "Jean Durand"),
        ("Louis Morel", "Louise Morel"),
        ("", "Louise Morel"),
    ],
)
def test_siblings_and_colleagues_are_not_one_name(one: str, other: str) -> None:
    assert not alike(fold(one), fold(other))


def test_each_verdict_says_why() -> None:
    zoe = {"name": "Zoé Lefèvre", "company": "Lumen", "email": "zoe@lumen.fr", "phone": "01 99 00 10 10"}
    assert said(zoe, {"name": "Z", "email": "ZOE@lumen.fr"}) == ("certain", "même email")
    assert said(zoe, {"name": "Lefevre Zoe", "phone": "+33199001010"}) == ("certain", "même téléphone")
    assert said(zoe, {"name": "Z. Lefèvre", "phone": "+33199001010"}) == ("certain", "même téléphone")
    assert said(zoe, {"company": "Lumen", "phone": "+33199001010"}) == ("certain", "même téléphone")
    assert said(zoe, {"name": "Hugo Petit", "phone": "+33199001010"}) == ("partagé", "même téléphone, autre nom")
    assert said(zoe, {"name": "Noé Lefèvre", "phone": "+33199001010"}) == ("partagé", "même téléphone, autre nom")
    assert said(zoe, {"name": "zoe lefevre", "company": "LUMEN"}) == ("probable", "même nom et même entreprise")
    assert said(zoe, {"name": "Zoé Lefèbvre", "email": "z.l@lumen.fr"}) == ("probable", "noms semblables, même domaine lumen.fr")
    assert said(zoe, {"name": "Lefebvre Zoé", "company": "LUMEN"}) == ("probable", "noms semblables, même entreprise")
    assert said(zoe, {"name": "Noé Lefèvre", "company": "LUMEN"}) is None
    assert said(zoe, {"name": "Zoé Lefèvre", "company": "Ailleurs", "email": "zoe@ailleurs.fr"}) is None
    assert said({"name": "Zoé"}, {"name": "Zoé"}) is None


@pytest.mark.parametrize("company", ["SARL Alpha Bois", "Alpha-Bois S.A.R.L.", "ALPHA BOIS (SAS)", "Alpha Bois, Ltd."])
def test_a_legal_form_parts_nobody(company: str) -> None:
    one, other = {"name": "Sylvain Dupré", "company": "Alpha Bois"}, {"name": "DUPRE SYLVAIN", "company": company}
    assert said(one, other | {"name": "SYLVAIN DUPRE"}) == ("probable", "même nom et même entreprise")
    assert said(one, other) == ("probable", "noms semblables, même entreprise")


@pytest.mark.parametrize(
    ("one", "other"), [("SARL", "SAS"), ("Alpha Bois", "Bêta Bois"), ("Alpha", "Alpha Bois"), ("Groupe SA Nord", "Groupe Nord")]
)
def test_two_companies_are_two(one: str, other: str) -> None:
    assert said({"name": "Sylvain Dupré", "company": one}, {"name": "Sylvain Dupré", "company": other}) is None


@pytest.mark.parametrize("email", ["norapetitjean@gmail.com", "nora.petitjean+crm@gmail.com", "NoraPetitjean@googlemail.com"])
def test_dots_and_labels_of_an_address_part_nobody(email: str) -> None:
    nora = {"name": "Nora Petitjean", "email": "nora.petitjean@gmail.com"}
    assert said(nora, {"name": "N. Petitjean", "email": email}) == ("certain", "même boîte email")
    assert said(nora, {"name": "Yannis Caron", "email": email}) == ("partagé", "même boîte commune, autre nom")


def test_dots_count_where_the_mail_server_counts_them() -> None:
    assert said({"name": "Nora Petit", "email": "nora.petit@alba.fr"}, {"name": "Nora Petit", "email": "norapetit@alba.com"}) is None
    assert said({"name": "Nora Petit", "email": "nora@alba.fr"}, {"name": "Nora Petit", "email": "nora+crm@alba.fr"}) is not None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Dr. Anne Pic", "Anne Pic"),
        ("Mme PIC Anne", "Anne Pic"),
        ("Pieter van der Linden", "Pieter Linden"),
        ("Jean de La Roche", "Jean Laroche"),
    ],
)
def test_titles_and_particles_part_nobody(one: str, other: str) -> None:
    assert said({"name": one, "company": "Alba"}, {"name": other, "company": "Alba"}) == ("probable", "noms semblables, même entreprise")


def test_a_particle_alone_is_a_surname() -> None:
    assert said({"name": "Marie Le", "company": "Alba"}, {"name": "Marie", "company": "Alba"}) is None


def framed(made: Corpus) -> tuple[pd.DataFrame, pd.DataFrame]:
    rows = {key: folded(**lead) | {"lead_id": None, "deal_of": None} for key, lead in made.leads.items()}
    real = pd.DataFrame.from_dict(rows, orient="index")[COLUMNS].astype("str").where(lambda kept: kept != "None")
    by_domain: dict[str, dict[int, str]] = {}
    for key, row in rows.items():
        if row["email_domain"] and row["name_fold"]:
            by_domain.setdefault(row["email_domain"], {})[key] = row["name_fold"]
    near = sorted({pair for names in by_domain.values() for pair in near_pairs(names, names.keys())})
    return real, pd.DataFrame(near, columns=["low", "high"], dtype="int64")


@pytest.fixture(scope="module")
def drawn() -> tuple[int, Corpus]:
    seed = SystemRandom().randrange(10**9)
    return seed, corpus(Random(seed), 3_000)


def test_duplicates_are_found_and_others_left_alone(drawn: tuple[int, Corpus], record_property: Any) -> None:
    seed, made = drawn
    print(f"corpus seed {seed}: {len(made.leads)} leads, {len(made.same)} pairs")
    found = {(pair.low, pair.high) for pair in pairs(*framed(made)) if pair.verdict.kind != "partagé"}
    right = len(found & made.same)
    precision, recall = right / len(found), right / len(made.same)
    print(f"precision {precision:.4f}, recall {recall:.4f}")
    wrong = [tuple(made.leads[key] for key in pair) for pair in sorted(found - made.same)[:10]]
    missed = [tuple(made.leads[key] for key in pair) for pair in sorted(made.same - found)[:10]]
    assert precision >= 0.99, (seed, precision, wrong)
    assert recall >= 0.97, (seed, recall, missed)


def test_a_lead_alone_is_told_the_same_as_the_whole_base(drawn: tuple[int, Corpus]) -> None:
    seed, made = drawn
    real, near = framed(made)
    everything: dict[int, set[tuple[int, str]]] = {}
    for pair in pairs(real, near):
        everything.setdefault(pair.low, set()).add((pair.high, pair.verdict.reason))
        everything.setdefault(pair.high, set()).add((pair.low, pair.verdict.reason))
    rows = {key: folded(**lead) | {"key": key} for key, lead in list(made.leads.items())[:300]}
    for key, found in twins(real, list(rows.values())).items():
        assert {(twin.key, twin.verdict.reason) for twin in found} == everything.get(key, set()), (seed, made.leads[key])


def test_every_writing_of_a_company_and_of_a_mailbox_is_looked_for() -> None:
    made = Corpus({}, set())
    for company in ("Sncf", "SNCF S.A.", "Alpha Bois", "SARL Alpha-Bois"):
        made.add(name="Dupont Jean", company=company)
    for email in ("a.dupont@gmail.com", "adupont+x@googlemail.com", "jean+crm@lys.fr", "jean@lys.fr"):
        made.add(name="Dupond Jean", email=email)
    real, near = framed(made)
    wanted: dict[int, set[tuple[int, str]]] = {key: set() for key in made.leads}
    for pair in pairs(real, near):
        wanted[pair.low].add((pair.high, pair.verdict.reason))
        wanted[pair.high].add((pair.low, pair.verdict.reason))
    assert sum(map(len, wanted.values())) == 8
    for key, lead in made.leads.items():
        assert {(twin.key, twin.verdict.reason) for twin in twins(real, [folded(**lead) | {"key": key}])[key]} == wanted[key]


def test_a_company_of_thousands_is_no_company() -> None:
    made = Corpus({}, set())
    for number in range(CROWD - 1):
        made.add(name=f"Personne{number:04d} Nom{number:04d}", company="Particulier")
    made.add(name="Dupont Jean", company="PARTICULIER")
    jean = folded(name="Jean Dupond", company="particulier") | {"key": 0}
    for found in ([("probable", CROWD)], []):
        real, _near = framed(made)
        assert [(twin.verdict.kind, twin.key) for twin in twins(real, [jean])[0]] == found
        made.add(name="Quelqu'un", company="Particulier")


def test_a_switchboard_of_hundreds_is_not_compared_pair_by_pair() -> None:
    made = Corpus({}, set())
    for number in range(3_000):
        made.add(name=f"Personne{number:04d} Nom{number:04d}", phone="01 99 00 10 10")
    assert len(pairs(*framed(made))) <= 5 * 3_000


@given(
    st.lists(st.sampled_from(["alpha", "bois", "sarl", "sa", "et", "and", "s.a.", "-", "&", "’", "é", "2", "", "北京"]), max_size=5).map(
        " ".join
    )
)
def test_a_company_that_nothing_marks_as_changing_is_as_it_is(text: str) -> None:
    name = fold(text) or ""
    assert re.search(companies.CHANGING, name) or companies.plain(name) == name


@given(st.from_regex(r"[a-z.+]{1,8}@(gmail|googlemail|free|g)\.(com|fr)", fullmatch=True))
def test_an_address_that_nothing_marks_as_changing_is_as_it_is(address: str) -> None:
    assert re.search(emails.CHANGING, address) or emails.mailbox(address) == address
