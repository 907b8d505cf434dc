"""`gnetics.open_crm`: a store by its address, its file, or the settings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from gnetics import settings as settings_module
from gnetics.analysis import visiting
from gnetics.analysis.opened import OpenCrm, Scope
from gnetics.errors import StoreError
from gnetics.store import crm as store


def open_crm(where: str | Path | None = None, *, write: bool = False, as_user: str | None = None, euros: bool = True) -> OpenCrm:
    """The store at an address (`postgresql://…`, `sqlite:///…`) or in a file; None takes that of the settings, as the server does.

    `as_user` sees what that person sees on the pages: their own leads only, where their account is limited to them. `write` lets
    `crm.writing(…)` change contacts. `euros` False leaves amounts in cents, as the store has them. Raises StoreError in one sentence.
    In a published analysis only `euros` may be given: it reads what its visitor sees.

    >>> crm = open_crm()
    >>> len(crm.leads.gn.real) == crm.figures.contacts().value
    True
    """
    person = visiting.visitor(where, write, as_user)
    settings = settings_module.load()
    if where is not None:
        settings = replace(settings, database_url=_address(where))
    crm = store.open_crm(settings)
    user = person or ""
    try:
        if person is not None and (refusal := crm.standing(person).refusal):
            raise StoreError(refusal)
        snapshot = crm.snapshot(user)
        visiting.note(snapshot.rev)
        return OpenCrm(crm, Scope(snapshot), user, write, euros)
    except BaseException:
        crm.close()
        raise


def _address(where: str | Path) -> str:
    if isinstance(where, str) and "://" in where:
        return where
    path = Path(where).expanduser().resolve()
    if not path.is_file():
        raise StoreError(
            f"Il n’y a pas de base «\u00a0{path.name}\u00a0» à cet endroit\u00a0: donnez un fichier .db ou une adresse postgresql://…"
        )
    return f"sqlite:///{path}"
