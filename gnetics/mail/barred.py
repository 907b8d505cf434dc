"""Whom nothing is sent to, whoever asks for it: the list of oppositions, and leads that refused or took back their consent."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, or_, select

from gnetics.domain.consent import BARRING, REASONS
from gnetics.domain.folding import fold
from gnetics.mail import suppressions
from gnetics.store.schema import leads

NOBODY = 0  # no lead's key: a mail that is for none of them, to people who may each be one
IN_BIN = " (sa fiche est dans la corbeille)"
LISTED = " «\u00a0gnetics oppositions\u00a0» en montre la liste."


def among(connection: Connection, addresses: Collection[str], lead_key: int | None) -> dict[str, str]:
    """Those of these addresses that nothing is sent to, and why, as the end of a sentence.

    `lead_key`: whom the mail is for; whoever said no is written to at no address. Without one it is told to one of ours,
    and only the list counts.
    """
    return _refusing(connection, addresses, lead_key) | _erased(connection, addresses, lead_key) | suppressions.among(connection, addresses)


def why(connection: Connection, addresses: Collection[str], lead_key: int | None) -> str:
    """One sentence that refuses a mail; "" when it may be sent."""
    if not (found := among(connection, addresses, lead_key)):
        return ""
    address, reason = next(iter(found.items()))
    return f"Rien n’est envoyé à {address}\u00a0: {reason}." + (LISTED if suppressions.among(connection, [address]) else "")


def _erased(connection: Connection, addresses: Collection[str], lead_key: int | None) -> dict[str, str]:
    """Nothing is sent to a lead that is nobody's any more, whatever the address."""
    erased = lead_key is not None and connection.execute(select(leads.c.erased_at).where(leads.c.key == lead_key)).scalar()
    return dict.fromkeys((fold(each) or "" for each in addresses), "la personne a été effacée") if erased else {}


def _refusing(connection: Connection, addresses: Collection[str], lead_key: int | None) -> dict[str, str]:
    folded = list(dict.fromkeys(each for address in addresses if (each := fold(address))))
    if lead_key is None or not folded:
        return {}
    said_no = select(leads.c.email_fold, leads.c.consent, leads.c.deleted).where(
        leads.c.consent.in_(BARRING), leads.c.merged_into.is_(None)
    )
    found = connection.execute(said_no.where(or_(leads.c.key == lead_key, leads.c.email_fold.in_(folded)))).all()
    return {
        row.email_fold if row.email_fold in folded else folded[0]: REASONS[row.consent] + (IN_BIN if row.deleted else "")
        for row in sorted(found, key=lambda row: not row.deleted)  # what is still there says it last
    }
