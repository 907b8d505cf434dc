"""A whole workbook goes into either database, once, and leaves it as it was when it is only rehearsed."""

from __future__ import annotations

from gnetics.demo import workbook as demo_workbook
from gnetics.imports.importer import import_workbook
from gnetics.store.crm import Crm


def test_the_demo_workbook_is_taken_once(crm: Crm) -> None:
    data = demo_workbook.content()
    rehearsed = import_workbook(crm, "Léa", data, "demo.xlsx", dry_run=True)
    assert crm.snapshot().leads.empty
    first = import_workbook(crm, "Léa", data, "demo.xlsx")
    assert (first.taken, first.refused) == (rehearsed.taken, 0)
    rev = crm.latest_rev()
    again = import_workbook(crm, "Léa", data, "demo.xlsx")
    assert (again.taken, again.updated, again.unchanged) == (0, 0, first.taken)
    assert crm.latest_rev() == rev
