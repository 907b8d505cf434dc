"""A lead in the list: its card, its row in a table."""

from __future__ import annotations

from datetime import date

import pandas as pd

from gnetics import texts
from gnetics.domain import leads, values
from gnetics.domain.fields import BY_KEY, LEAD_FIELDS
from gnetics.domain.regions import Region
from gnetics.pages.contacts.sheet_rows import link
from gnetics.pages.contacts.shown import ONE_NAME, ContactIndex
from gnetics.pages.contacts.widgets.contacts_grid import LeadCard
from gnetics.pages.contacts.widgets.status_tables import StatusColumn
from gnetics.widgets import codec, lead_rows
from gnetics.widgets.lead_rows import Row

NUMERIC = {"money", "percent", "score"}


def records(index: ContactIndex, leads: pd.DataFrame) -> list[Row]:
    """Rows of contacts réels to show: a source, a person by their one name; `doubled` when it may be a duplicate."""
    rows = codec.records(leads)
    for row, twice in zip(rows, index.doubled(leads.index), strict=True):
        row |= {name: index.one_name(name, row[name]) for name in ONE_NAME} | {"doubled": twice}
    return rows


def card(row: Row, today: date, region: Region) -> LeadCard:
    """What a card shows; a missing field reads as an action."""
    title = leads.title(row)
    company = values.text_of(row, "company")
    action, reason, _ = leads.next_action(row, today)
    wanted = leads.missing(row)
    return {
        "ref": lead_rows.reference(row),
        "title": title,
        "subtitle": company if company != title else values.text_of(row, "job_title"),
        "initials": leads.initials(row),
        "email": "" if values.text_of(row, "email") == title else values.text_of(row, "email"),
        "missing": wanted[0] if wanted else "",
        "status": lead_rows.status_word(row),
        "source": values.text_of(row, "source"),
        "owner": values.text_of(row, "owner") or texts.NO_OWNER,
        "amount": values.show("money", row["amount"], region),
        "late": leads.lateness(row, today),
        "call": link(BY_KEY["phone"], row),
        "write": link(BY_KEY["email"], row),
        "doubled": row["doubled"],
        "erased": bool(row["erased_at"]),
        "action": action,
        "reason": reason,
    }


def columns() -> list[StatusColumn]:
    return [{"key": field.key, "label": field.label, "num": field.kind in NUMERIC} for field in LEAD_FIELDS]


def cells(row: Row, today: date, region: Region) -> list[str]:
    """Every field as text, in the order of `columns`; the derived ones when nothing was set by hand."""
    derived = {
        "stage": leads.stage(row)[0],
        "next_action": leads.next_action(row, today)[0],
        "score": values.show("score", row["any_score"], region),
    }
    return [(derived.get(field.key) or values.show(field.kind, row[field.key], region))[:200].replace("\n", " ") for field in LEAD_FIELDS]
