"""In a published analysis `open_crm` is whoever opened the page: what they see, from the store that is served, and nothing written."""

from __future__ import annotations

import os

from gnetics.errors import Refused
from gnetics.settings import VISITOR

READS_ONLY = "Une analyse publiée lit la base sans y écrire\u00a0: retirez write=True."
ITS_VISITOR = "Une analyse publiée montre ce que voit la personne qui l’ouvre\u00a0: retirez as_user=…"
ITS_STORE = "Une analyse publiée lit la base du CRM, et aucune autre\u00a0: appelez open_crm() sans adresse ni fichier."


class _Kernel:
    """What this process, which runs one analysis, has read."""

    rev: int | None = None


def visitor(where: object, write: bool, as_user: str | None) -> str | None:
    """Who sees: in a published analysis its visitor, « » standing for whoever publishes it; elsewhere `as_user`. Raises Refused."""
    person = os.environ.get(VISITOR)
    if person is None:
        return as_user
    for asked, sentence in ((write, READS_ONLY), (as_user is not None, ITS_VISITOR), (where is not None, ITS_STORE)):
        if asked:
            raise Refused({"": sentence})
    return person or None


def note(rev: int) -> None:
    """A store was read, as it was after that transaction."""
    _Kernel.rev = rev


def read_rev() -> int | None:
    """The revision that was read last; None before any."""
    return _Kernel.rev
