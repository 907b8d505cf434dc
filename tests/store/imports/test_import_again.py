"""A file that comes again: a row that says nothing new is known at once, and ends as it would have, had it been looked at whole."""

from __future__ import annotations

import pytest

from gnetics.actions.leads import save_lead
from gnetics.domain.rights import Verb
from gnetics.imports.importer import import_workbook
from gnetics.imports.lead_writing import LeadWriting
from gnetics.imports.plan import Asked, Mode
from gnetics.imports.report import Report
from gnetics.store.crm import Crm

TITLES = "ID Lead;Nom;Email;Téléphone;Statut;Prochaine relance;Montant;Notes\n"
FIRST = (
    "A1;Anne Petit;anne@lumen.fr;06 12 34 56 78;Nouveau;2026-12-01;12;Dit oui\n"
    "A2;Bob Roux;bob@lumen.fr;;Contacté;31/02/2026;;\n"
    "A3;Zoé Blanc;zoe@lumen.fr;;Tiède;;beaucoup;\n"
    "A4;Paul Noir;paul@;;;;;\n"
    ";Sans numéro;sans@lumen.fr;;;;;\n"
)
LATER = {
    "the same": FIRST,
    "less": "A1;Anne Petit;;;;;;\nA2;;bob@lumen.fr;;;;;\n",
    "more": FIRST.replace("A4;Paul Noir;paul@;;", "A4;Paul Noir;paul@;06 12 34 56 79;Qualifié"),
    "what could not be read": FIRST.replace("31/02/2026", "28/02/2026").replace("beaucoup", "5"),
    "somebody else": FIRST.replace("Anne Petit;anne@lumen.fr", "Zoé Blanc;zoe@lumen.fr"),
    "twice": FIRST + "A1;Anne Petit;;;;;;\n;Anne Petit;anne@lumen.fr;;;;;\n",
    "several in a cell": FIRST.replace("anne@lumen.fr", "anne@lumen.fr ; anne@petit.fr"),
}


def take(crm: Crm, rows: str, mode: Mode = "both", dry_run: bool = False) -> Report:
    return import_workbook(crm, "Léa", (TITLES + rows).encode(), "essai.csv", dry_run, asked=Asked(mode))


@pytest.mark.parametrize("rows", LATER.values(), ids=LATER)
def test_a_row_known_at_once_ends_as_one_looked_at_whole(crm: Crm, rows: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def agrees() -> None:
        for mode in ("both", "create", "update"):
            known = take(crm, rows, mode, dry_run=True)
            with monkeypatch.context() as patched:
                patched.setattr(LeadWriting, "_said_already", lambda *_: set())
                assert known == take(crm, rows, mode, dry_run=True)

    take(crm, FIRST)
    agrees()
    save_lead(crm, "alice", 1, {"name": "Anne Grand", "notes": "Dit non"}, None, crm.snapshot())
    agrees()
    with crm.write("alice", Verb.SAVE_LEAD) as uow:
        uow.delete("leads", 1)
        uow.delete("leads", 3)
        uow.commit()
    agrees()


def test_the_same_file_again_changes_nothing_and_tells_the_same(crm: Crm) -> None:
    first = take(crm, FIRST)
    before = crm.latest_rev()
    again = take(crm, FIRST)
    assert (again.unchanged, again.updated, again.taken, crm.latest_rev()) == (5, 0, 0, before)
    assert again.problems == first.problems


def test_a_contact_in_the_bin_comes_back_with_the_file_that_says_the_same(crm: Crm) -> None:
    take(crm, FIRST)
    with crm.write("alice", Verb.SAVE_LEAD) as uow:
        uow.delete("leads", 1)
        uow.commit()
    assert take(crm, FIRST).taken == 1 and not crm.snapshot().leads.empty
