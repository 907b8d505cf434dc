"""Columns of yes and no (« Désabonné », « Do Not Call », « Opt-in ») as the consent of a lead; what is known is not weakened by a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from gnetics.domain import dates
from gnetics.domain.consent import FOLLOWING_CONSENT, Consent, prevails, strength
from gnetics.domain.quoting import quote
from gnetics.domain.sheets import OPT_IN, OPT_OUT, OPT_OUT_ON, SUBSCRIBED
from gnetics.store.duplicates import chunks
from gnetics.store.schema import leads

if TYPE_CHECKING:
    from gnetics.imports.layouts import Layout
    from gnetics.imports.lead_rows import LeadRow, StoreRow
    from gnetics.imports.reading import Row, SheetReading

TELLING = {
    OPT_OUT.key: "Lue comme un consentement\u00a0: oui veut dire «\u00a0retiré\u00a0», non ne dit rien.",
    OPT_IN.key: "Lue comme un consentement\u00a0: oui veut dire «\u00a0donné\u00a0», non «\u00a0refusé\u00a0».",
    SUBSCRIBED.key: "Lue comme un consentement\u00a0: oui veut dire «\u00a0donné\u00a0», non ne dit rien.",
    OPT_OUT_ON.key: "Lue comme un consentement\u00a0: une date veut dire «\u00a0retiré\u00a0» ce jour-là.",
}
_OLDER = "{told} n’est pas pris\u00a0: le contact a {known}{day}. Changez-le sur la fiche s’il est revenu sur son choix."
_TITLES = 150  # characters of the titles in a source


def tell(reading: SheetReading) -> str:
    """Say in the report how such columns are read; the source of what they say, "" when the sheet has none."""
    for title, key in _titles(reading.layout):
        reading.problem(reading.layout.header_line, title, "", TELLING[key])
    return _source(reading.layout)


def _titles(layout: Layout) -> list[tuple[str, str]]:
    """Of such columns, each with its column's key."""
    return [(layout.names[place], column.key) for place, column in layout.columns.items() if column.key in TELLING]


def _source(layout: Layout) -> str:
    titles = ", ".join(title for title, _ in _titles(layout))
    return f"import\u00a0: {titles[:_TITLES]}" if titles else ""


def settle(row: Row, source: str) -> None:
    """The consent of a row is the most restrictive of all that its cells say."""
    for key in TELLING:
        if raw := row.unread.pop(key, None):
            row.unread.setdefault("consent", raw)
    left_on = row.values.pop(OPT_OUT_ON.key, None)
    told = [row.values.pop(key, None) for key in (OPT_OUT.key, OPT_IN.key, SUBSCRIBED.key)]
    known = row.values.get("consent")
    consent = max(known, *told, Consent.WITHDRAWN.value if left_on else None, key=strength)
    if consent == known:
        return
    row.values |= {"consent": consent, "consent_source": source}
    row.values.pop("consent_on", None)  # of another consent
    if left_on and consent == Consent.WITHDRAWN:
        row.values["consent_on"] = left_on


def follow(connection: Connection, reading: SheetReading, rows: Mapping[int, LeadRow], asked: Mapping[int, StoreRow]) -> None:
    """What to write over stored leads: an older or weaker consent of the file is left aside, and told."""
    telling = [key for key, row in asked.items() if "consent" in row]
    source = _source(reading.layout) if telling else ""
    names = ("key", "consent", *FOLLOWING_CONSENT)
    for some in chunks(telling):
        for stored in connection.execute(select(*(leads.c[name] for name in names)).where(leads.c.key.in_(some))).mappings():
            _follow(reading, rows[stored["key"]].line, asked[stored["key"]], dict(stored), source)


def _follow(reading: SheetReading, line: int, row: StoreRow, stored: Mapping[str, Any], source: str) -> None:
    if row["consent"] == stored["consent"]:
        if stored["consent_source"] and row.get("consent_source") == source:
            del row["consent_source"]  # what is known of it says more
    elif prevails(row, stored):
        for name in FOLLOWING_CONSENT:
            row.setdefault(name, None)
    else:
        day = f" le {dates.show(stored['consent_on'], reading.region)}" if stored["consent_on"] else ""
        known = f"{stored['consent']} son consentement"
        reading.problem(line, "Consentement", row["consent"], _OLDER.format(told=quote(row["consent"]), known=known, day=day))
        for name in ("consent", *FOLLOWING_CONSENT):
            row.pop(name, None)
