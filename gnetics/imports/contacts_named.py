"""Whom an event is about, when another program names them: by its number, else an email, else a full name that one contact has."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from sqlalchemy import Connection, select

from gnetics.domain.emails import is_shared
from gnetics.domain.folding import fold
from gnetics.domain.names import one_person, same_full_name, words
from gnetics.store.schema import foreign_keys, leads

_NOBODY = "Aucun contact n’est connu sous ce nom, cet email ou ce numéro\u00a0: l’événement n’est lié à personne."
_SEVERAL = "Plusieurs contacts sont connus sous ce nom\u00a0: l’événement n’est lié à personne, choisissez lequel dans Calendrier."
_ANOTHER = "Ce numéro ou cet email est celui d’un contact qui a un autre nom\u00a0: l’événement n’est lié à personne."


class Named(NamedTuple):
    """What a row says of the contact."""

    number: str | None = None
    email: str | None = None
    name: str | None = None

    @property
    def shown(self) -> str:
        return self.name or self.email or self.number or ""


class ContactsNamed:
    """The contacts of the store, asked only when a row names one; `program` is whose the numbers are."""

    def __init__(self, connection: Connection, program: str) -> None:
        self._connection, self._program = connection, program
        self._names: dict[int, str | None] | None = None
        self._numbers: dict[str, int] = {}
        self._by_email: dict[str | None, list[int]] = defaultdict(list)
        self._by_name: dict[str, list[int]] = defaultdict(list)

    def find(self, named: Named) -> tuple[int | None, str]:
        """(key of the contact, or why there is none)."""
        if not named.shown:
            return None, ""
        names = self._known()
        name, email = fold(named.name), fold(named.email)
        key = self._numbers.get(named.number or "")
        if key is not None:
            return (key, "") if one_person(names[key], name) else (None, _ANOTHER)
        if email and (found := self._by_email.get(email, [])):
            alike = [key for key in found if (same_full_name if is_shared(email) else one_person)(names[key], name)]
            return (alike[0], "") if len(alike) == 1 else (None, _SEVERAL if alike else _ANOTHER)
        found = self._by_name.get(_sorted(name), []) if name else []
        return (found[0], "") if len(found) == 1 else (None, _SEVERAL if found else _NOBODY)

    def _known(self) -> dict[int, str | None]:
        if self._names is not None:
            return self._names
        self._names, into, present = {}, dict[int, int](), set[int]()
        columns = [leads.c[name] for name in ("key", "name_fold", "email_fold", "deleted", "merged_into")]
        for key, name, email, deleted, merged in self._connection.execute(select(*columns)):
            self._names[key] = name
            if merged is not None:
                into[key] = merged
            if not deleted:
                present.add(key)
                self._by_email[email].append(key)
                self._by_name[_sorted(name)].append(key)
        numbered = select(foreign_keys.c.value, foreign_keys.c.lead_key).where(foreign_keys.c.source == self._program)
        for value, key in self._connection.execute(numbered):
            while key in into:
                key = into[key]
            if key in present:
                self._numbers[value] = key
        return self._names


def _sorted(name: str | None) -> str:
    return " ".join(sorted(words(name or "").split()))
