"""Search, filters, counts and order of Contacts."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest

from gnetics import texts
from gnetics.domain.folding import fold
from gnetics.domain.journey import overdue_days
from gnetics.domain.leads import derive
from gnetics.domain.regions import REGIONS, Region
from gnetics.domain.statuses import LABELS, UNKNOWN
from gnetics.pages.contacts import list_rows
from gnetics.pages.contacts.doubts import Doubts
from gnetics.pages.contacts.facets import FACETS, NO_SOURCE, NO_TAG
from gnetics.pages.contacts.shown import COLUMNS, ContactFilters, ContactIndex
from gnetics.pages.contacts.sorts import SORTABLE, sort_of, turned
from gnetics.widgets import codec

FR = REGIONS["FR"]
TODAY = date(2026, 11, 24)  # a Tuesday
TEXTS = ("name", "company", "email", "phone", "status", "source", "owner", "tags", "notes", "job_title", "lead_id", "deal_of")
CHOICES = ("consent", "legal_basis")
MAILS = pd.DataFrame({"direction": [], "kind": []}, dtype="str").assign(
    at=pd.to_datetime([], utc=True), lead_key=pd.array([], dtype="Int64")
)
PAIRS_KEPT = pd.DataFrame({"low": [], "high": []}, dtype="int64")
FOLDS = ("name", "company", "email", "source")
DAYS = ("next_follow_up", "last_contact", "created_at", "expected_close", "erased_at")


def frame(*rows: dict[str, Any]) -> pd.DataFrame:
    made = pd.DataFrame(index=pd.RangeIndex(1, len(rows) + 1, name="key"))
    for name in (*TEXTS, *CHOICES):
        made[name] = pd.array([row.get(name) for row in rows], dtype="str")
    for name in FOLDS:
        made[f"{name}_fold"] = pd.array([fold(row.get(name)) for row in rows], dtype="str")
    for name, given in (("amount", "amount"), ("any_score", "score")):
        made[name] = pd.array([row.get(given) for row in rows], dtype="Int64")
    for name in DAYS:
        made[name] = pd.DatetimeIndex([row.get(name) for row in rows])
    derived = [derive({name: row.get(name) for name in TEXTS}, FR) for row in rows]
    made["real"] = True
    for name in ("email_check", "phone_e164"):
        made[name] = pd.array([each[name] for each in derived], dtype="str")
    made["search"] = pd.array([each["search"] for each in derived], dtype="str")
    return made


def indexed(*rows: dict[str, Any]) -> ContactIndex:
    return index_of(frame(*rows))


def index_of(real: pd.DataFrame, earlier: ContactIndex | None = None, region: Region = FR) -> ContactIndex:
    return ContactIndex(real, Doubts(real, MAILS, PAIRS_KEPT, TODAY, region.zone), TODAY, region, earlier)


@pytest.fixture
def index() -> ContactIndex:
    return indexed(
        {"name": "Zoé Lefèvre", "status": "Clos", "source": "Salon", "owner": "Ana", "amount": 500, "next_follow_up": "2026-11-30"},
        {
            "name": "Alice Durand",
            "status": "Nouveau",
            "source": "salon ",
            "owner": "Sam",
            "amount": 900,
            "next_follow_up": "2026-11-01",
        },
        {"name": "Léo Martin", "status": "Inédit", "source": None, "owner": None},
    )


def filters(**chosen: Any) -> ContactFilters:
    made = ContactFilters()
    for name, value in chosen.items():
        setattr(made, name, value)
    return made


@pytest.mark.parametrize("text", ["zoe", "ZOÉ", "lefevre zoé", "Lefèvre"])
def test_search_ignores_accents_case_and_order(index: ContactIndex, text: str) -> None:
    assert list(index.select(filters(text=text))) == [1]


def test_a_regex_in_the_search_is_plain_text(index: ContactIndex) -> None:
    assert len(index.select(filters(text=".*"))) == 0


def test_spellings_of_a_source_are_one_value_with_its_count(index: ContactIndex) -> None:
    facet = {value.label.strip(): value.count for value in index.facet("source", filters())}
    assert facet == {"Salon": 2, NO_SOURCE: 1}


def test_statuses_are_all_listed_in_funnel_order_then_the_unknown(index: ContactIndex) -> None:
    assert [value.label for value in index.facet("statut", filters())] == [*LABELS, UNKNOWN]


def test_a_facet_counts_under_the_other_filters_only(index: ContactIndex) -> None:
    chosen = filters(chosen={"statut": ["Clos"]})
    assert {v.label: v.count for v in index.facet("statut", chosen)}["Nouveau"] == 1
    assert {v.label: v.count for v in index.facet("responsable", chosen)} == {"Ana": 1}


def test_counts_add_up_to_what_is_shown(index: ContactIndex) -> None:
    assert sum(v.count for v in index.facet("statut", filters())) == len(index.select(filters()))


def test_the_oldest_follow_up_comes_first_and_none_last(index: ContactIndex) -> None:
    assert list(index.select(filters())) == [2, 1, 3]
    assert list(index.select(filters(sort="montant"))) == [2, 1, 3]


def test_blank_owner_can_be_filtered(index: ContactIndex) -> None:
    assert list(index.select(filters(chosen={"responsable": [texts.NO_OWNER]}))) == [3]


def test_the_address_keeps_the_filters() -> None:
    made = filters(text="zoé", chosen={"statut": ["Clos", "En suivi"], "etiquette": ["a|b", "c\\d"]}, sort="-company", page=3)
    made.view, made.columns = "table", ["name", "notes"]
    again = ContactFilters()
    again.from_query(made.to_query())
    assert again.to_query() == made.to_query() and again.active
    assert again.chosen == made.chosen and (again.view, again.columns, again.sort) == ("table", ["name", "notes"], "-company")
    assert "p" not in made.to_view()


@pytest.mark.parametrize(
    "query", [{"p": "-1"}, {"p": "x"}, {"tri": "drop table"}, {"statut": ""}, {"vue": "x", "col": "x|\\"}, {"p": "9" * 5000 + "x"}]
)
def test_a_wrong_address_falls_back_to_the_defaults(query: dict[str, str]) -> None:
    made = ContactFilters()
    made.from_query(query)
    assert made.to_query() == {} and not made.active


def test_an_empty_store_has_no_row_and_no_error() -> None:
    assert len(indexed().select(filters(text="a"))) == 0


PAIRS = [
    ("l’été", "Fête de l'été"),
    ("l’ete", "Fête de l’Été"),
    ("L'ETE", "fete de l’été"),
    ("coeur", "Cœur de ville"),
    ("cœur", "COEUR DE VILLE"),
    ("lefevre", "Lefèvre"),
    ("LEFÈVRE", "lefevre"),
    ("jean-pierre", "Jean Pierre Petit"),
    ("jean pierre", "Jean‑Pierre Petit"),
    ("béranger côté", "Cote Beranger"),
    ("cre\u0301ation", "Création du Midi"),  # the accent as a sign of its own
    ("strasse", "Große Straße"),
]
PHONE = "06 12 34 56 78"
WRITINGS = [
    "+33 6 12 34 56 78", "+33612345678", "0033 6 12 34 56 78", "0033612345678", "0612345678", "06 12 34 56 78", "06.12.34.56.78",
    "06-12-34-56-78", "+33 (0)6 12 34 56 78", "(06) 12 34 56 78", "06\u00a012\u202f34", "6 12 34", "33 6 12",
    "+33 6 12", "0612", "0033 6", "06 12", "12345678",
]  # fmt: skip


@pytest.mark.parametrize(("typed", "kept"), PAIRS)
def test_spellings_of_a_name_are_one_for_the_search(typed: str, kept: str) -> None:
    assert list(indexed({"name": "Autre"}, {"company": kept}).select(filters(text=typed))) == [2]


@pytest.mark.parametrize("kept", [PHONE, "+33 6 12 34 56 78", "0033612345678", "06.12.34.56.78"])
@pytest.mark.parametrize("typed", WRITINGS)
def test_writings_of_a_phone_are_one_for_the_search(typed: str, kept: str) -> None:
    index = indexed({"name": "Autre", "phone": "07 98 00 00 01"}, {"name": "Zoé", "phone": kept})
    assert list(index.select(filters(text=typed))) == [2]
    assert list(index.select(filters(text=f"zoe {typed}"))) == [2]


def test_pieces_of_a_phone_are_not_found_in_any_order() -> None:
    assert len(indexed({"phone": "06 12 34 56 78"}).select(filters(text="34 12 06"))) == 0


@pytest.mark.parametrize("text", ["salon de lyon", "rappeler", "L-000042", "ana@exemple.fr", "06 99", "12 11"])
def test_notes_id_email_and_a_phone_that_is_no_valid_number_are_searched(text: str) -> None:
    lead = {"notes": "Salon de Lyon, rappeler le 12 11", "lead_id": "L-000042", "email": "ana@exemple.fr", "phone": "06 99"}
    assert list(indexed({"name": "Autre"}, lead).select(filters(text=text))) == [2]


def counts(index: ContactIndex, facet: str, **chosen: list[str]) -> dict[str, int]:
    return {value.label: value.count for value in index.facet(facet, filters(chosen=chosen)) if value.count}


def test_follow_ups_are_late_as_the_cards_say() -> None:
    days = ["2026-11-23", "2026-11-24", "2026-11-29", "2026-11-30", None]
    rows = [{"name": "a", "status": "En suivi", "next_follow_up": day} for day in days]
    rows += [
        {"name": "b", "status": "Contacté", "last_contact": "2026-11-10"},  # a fortnight without news
        {"name": "c", "status": "Clos", "next_follow_up": "2026-11-01"},  # nothing to do any more
    ]
    index = indexed(*rows)
    assert counts(index, "relance") == {"En retard": 2, "Aujourd’hui": 1, "Cette semaine": 1, "Plus tard": 1, "Aucune": 2}
    late = [bool(overdue_days(row, TODAY)) for row in codec.records(index.real)]
    assert [key in index.select(filters(chosen={"relance": ["retard"]})) for key in index.real.index] == late


def test_the_week_ends_where_the_region_says() -> None:
    row = {"name": "a", "status": "Nouveau", "next_follow_up": "2026-11-29"}  # a Sunday
    assert index_of(frame(row), region=REGIONS["CA-QC"]).facet("relance", filters())[3].count == 1


def test_closings_are_counted_by_month_as_the_forecast_does() -> None:
    days = ["2025-12-31", "2026-10-31", "2026-11-01", "2026-11-30", "2026-12-01", "2027-01-01", "2027-12-24", None]
    rows = [{"name": "a", "status": "En suivi", "expected_close": day} for day in days]
    index = indexed(*rows, {"name": "b", "status": "Clos", "expected_close": "2026-11-30"})
    assert counts(index, "cloture") == {"En retard": 3, "Ce mois-ci": 1, "Le mois prochain": 1, "Plus tard": 2, "Aucune": 2}


def test_amounts_scores_and_dates_are_counted_by_range() -> None:
    index = indexed(
        {"name": "a", "amount": None, "score": None, "status": "Nouveau", "created_at": "2026-11-24"},
        {"name": "b", "amount": 0, "score": 0, "status": "Clos", "created_at": "2026-11-17", "last_contact": "2026-11-16"},
        {"name": "c", "amount": 99_999, "score": 24, "last_contact": "2026-08-01"},
        {"name": "d", "amount": 100_000, "score": 25, "status": "Perdu"},
        {"name": "e", "amount": 10**12, "score": 100, "last_contact": "2026-11-30"},
    )
    euros = "\u00a0€"
    assert counts(index, "montant") == {
        "Sans montant": 1, f"Moins de 1\u202f000{euros}": 2, f"1\u202f000 à 5\u202f000{euros}": 1, f"100\u202f000{euros} et plus": 1,
    }  # fmt: skip
    assert counts(index, "score") == {"Non noté": 1, "0 à 24": 2, "25 à 49": 1, "75 à 100": 1}
    assert counts(index, "cree") == {"7 derniers jours": 2, "Non renseignée": 3}
    assert counts(index, "contact") == {
        "Sans contact": 1, "7 derniers jours": 1, "Il y a 8 à 30 jours": 1, "Plus ancien": 1, "Non renseigné": 1,
    }  # fmt: skip


def test_a_contact_is_counted_under_each_of_its_tags() -> None:
    index = indexed({"tags": "VIP, export"}, {"tags": "vip"}, {"name": "sans"}, {"tags": "export, vip, Vip"})
    assert counts(index, "etiquette") == {"VIP": 3, "export": 2, NO_TAG: 1}
    assert list(index.select(filters(chosen={"etiquette": ["export", "sans etiquette"]}))) == [1, 4]
    assert list(index.select(filters(chosen={"etiquette": [NO_TAG]}))) == [3]


def test_what_is_to_be_checked_is_what_the_quality_rules_find() -> None:
    index = indexed(
        {"name": "Ana Roy", "email": "ana@roy.fr", "status": "Nouveau", "last_contact": "2026-11-01"},
        {"name": "A. Roy", "email": "Ana@Roy.fr", "status": "Clos", "created_at": "2020-01-01"},
        {"name": "Zoé Petit", "email": "zoe@", "status": "Perdu", "created_at": "2020-01-01"},
    )
    assert counts(index, "verifier") == {
        "Doublon possible": 2,
        "Email à corriger": 1,
        "Sans nouvelles (3 ans)": 1,
        "Sans base légale": 3,
    }
    assert list(index.select(filters(chosen={"verifier": ["doublon"]}))) == [1, 2]
    assert list(index.select(filters(chosen={"verifier": ["doublon", "silence"]}))) == [1, 2, 3]
    assert index.doubled(index.real.index) == [True, True, False]


def test_a_doubt_is_settled_by_the_change_that_settles_it() -> None:
    rows = [{"name": "Ana", "email": "ana@roy.fr"}, {"name": "Ana", "email": "ana@roy.fr"}, {"name": "Zoé", "email": "zoe@"}]
    earlier = indexed(*rows)
    counts(earlier, "verifier")
    rows[1]["email"], rows[2]["email"] = "ana@durand.fr", "zoe@petit.fr"
    fresh = index_of(frame(*rows), earlier)
    assert {value.value: value.count for value in fresh.facet("verifier", filters())} == {"doublon": 0, "email": 0, "silence": 0, "base": 3}


def test_a_source_and_a_person_are_shown_by_their_most_frequent_spelling() -> None:
    index = indexed(
        {"source": "SALON", "owner": "léa martin"}, {"source": " salon", "owner": "Léa Martin"}, {"source": "Salon", "owner": None},
        {"source": "Salon", "owner": "Léa  Martin "}, {"source": None, "owner": "Léa Martin"},
    )  # fmt: skip
    shown = list_rows.records(index, index.real)
    assert [row["source"] for row in shown] == ["Salon", "Salon", "Salon", "Salon", None]
    assert [row["owner"] for row in shown] == ["Léa Martin", "Léa Martin", None, "Léa Martin", "Léa Martin"]
    assert (index.known("source", 9), index.known("owner", 9)) == (["Salon"], ["Léa Martin"])


def test_an_id_lead_is_sorted_as_its_number_is_read() -> None:
    index = indexed({"lead_id": "L-10"}, {"lead_id": "L-000009"}, {"lead_id": "AB-3"}, {"lead_id": "L-2"}, {"name": "sans"})
    assert list(index.select(filters(sort="lead_id"))) == [3, 4, 2, 1, 5]
    assert list(index.select(filters(sort="-lead_id"))) == [1, 2, 4, 3, 5]


def test_consents_are_filtered_in_the_order_of_their_choices() -> None:
    index = indexed({"consent": "retiré"}, {"name": "Zoé"}, {"consent": "donné", "legal_basis": "contrat"}, {"consent": "retiré"})
    assert counts(index, "consentement") == {"Donné": 1, "Retiré": 2, "Non renseigné": 1}
    assert list(index.select(filters(chosen={"consentement": ["retiré"]}))) == [1, 4]
    assert list(index.select(filters(chosen={"base": ["contrat"]}))) == [3]


@pytest.mark.parametrize("facet", [key for key, _ in FACETS if key != "etiquette"])
def test_each_value_of_a_facet_keeps_as_many_contacts_as_it_says(index: ContactIndex, facet: str) -> None:
    for value in index.facet(facet, filters()):
        assert len(index.select(filters(chosen={facet: [value.value]}))) == value.count


def test_all_facets_at_once_are_the_facets_one_by_one(index: ContactIndex) -> None:
    chosen = filters(text="o", chosen={"statut": ["Clos"], "source": ["salon"]})
    together = index.facets(chosen, index.matching(chosen))
    assert together == {facet: index.facet(facet, chosen) for facet, _ in FACETS}


def test_an_index_keeps_from_the_earlier_one_only_what_did_not_change() -> None:
    rows = [{"name": "Zoé", "status": "Clos", "amount": 5}, {"name": "Ana", "status": "Nouveau", "amount": 7}]
    earlier = indexed(*rows)
    for sort in ("nom", "montant"):
        earlier.select(filters(sort=sort))
    before = earlier.facet("source", filters())
    assert counts(earlier, "statut") == {"Clos": 1, "Nouveau": 1}
    rows[0] |= {"status": "Perdu", "name": "Aa"}
    fresh = index_of(frame(*rows), earlier)
    assert counts(fresh, "statut") == {"Perdu": 1, "Nouveau": 1}
    assert fresh.facet("source", filters()) == before
    assert list(fresh.select(filters(sort="nom"))) == [1, 2]
    assert list(fresh.select(filters(sort="montant"))) == [2, 1]
    shorter = index_of(frame(rows[1]), fresh)
    assert list(shorter.select(filters(sort="nom"))) == [1]


@pytest.mark.parametrize("key", ["company", "-company", "status", "notes", "phone", "lead_id", "-amount"])
def test_a_table_is_sorted_by_any_field_both_ways_blanks_last(key: str) -> None:
    index = indexed(
        {"company": "Étoile", "status": "Clos", "notes": "b", "phone": "2", "lead_id": "L-2", "amount": 3},
        {"name": "vide"},
        {"company": "atelier", "status": "Nouveau", "notes": "Â", "phone": "1", "lead_id": "L-1", "amount": 1},
    )
    assert list(index.select(filters(sort=key))) == ([1, 3, 2] if key.startswith("-") else [3, 1, 2])


def test_a_click_on_a_header_sorts_then_turns_the_order() -> None:
    named = sort_of("relance")
    assert named
    first = sort_of(turned(named, "company"))
    assert first and (first.key, first.words) == ("company", "entreprise de A à Z")
    second = sort_of(turned(first, "company"))
    assert second and (second.key, second.ascending) == ("-company", False)
    assert turned(first, "name") == "nom", "an order that has a name keeps it"


def test_every_field_that_can_be_sorted_is_a_column_and_the_derived_ones_cannot() -> None:
    assert set(COLUMNS) <= set(SORTABLE) and sort_of("stage") is None and sort_of("-next_action") is None
