"""A team's own store, begun with its first file: made aside, then put at once where it is served instead of the demo."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace

from gnetics.domain.rights import Verb
from gnetics.errors import Refused
from gnetics.settings import Settings
from gnetics.store import scratch
from gnetics.store.crm import Crm, create_crm, open_crm
from gnetics.store.people.handing_over import hand_over
from gnetics.store.sqlite_file import put

_FIXED = (
    "Vous êtes dans la démonstration, et les données réelles ne s’y mêlent pas. Le réglage GNETICS_DATABASE_URL la désigne\u00a0: "
    "retirez-le, ou donnez-lui l’adresse de votre base, puis lancez «\u00a0gnetics import CLASSEUR\u00a0»."
)
_BEGUN = "Votre base vient d’être créée\u00a0: rafraîchissez la page, puis importez-y ce fichier."


def require_first_store(crm: Crm, user: str) -> None:
    """Raises Forbidden or Refused when this person may not begin the team's own store from a page of the demo."""
    crm.require(user, Verb.ACCOUNTS)
    if crm.settings.database_url:
        raise Refused({"": _FIXED})


@dataclass(frozen=True)
class FirstStore:
    """Empty at first, and nobody's until it is kept."""

    crm: Crm
    settings: Settings  # of where it will be

    def keep(self) -> None:
        """Put it where it is served; raises Refused when one came there meanwhile."""
        self.crm.close()
        held = os.open(self.settings.data_dir, os.O_RDONLY | os.O_DIRECTORY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX)  # two pages may begin at once
            if self.settings.real_store.exists():
                raise Refused({"": _BEGUN})
            put(self.crm.settings.real_store, self.settings.real_store)
        finally:
            os.close(held)


@contextmanager
def first_store(settings: Settings, user: str, *, trusted: bool = False) -> Iterator[FirstStore]:
    """A new store beside the place of the real one, with the accounts of the demo; gone at the end unless it was kept."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with scratch.folder(settings.data_dir, ".import-") as folder:
        crm = create_crm(replace(settings, data_dir=folder, database_url=""), "real", trusted=trusted)
        try:
            if settings.demo_store.exists():
                with closing(open_crm(replace(settings, database_url=f"sqlite:///{settings.demo_store}"), migrate=True)) as demo:
                    hand_over(demo, crm, user)
            yield FirstStore(crm, settings)
        finally:
            crm.close()
