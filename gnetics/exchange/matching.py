"""Which stored lead a row of a file speaks of: by its ID Lead, its fingerprint, then its email, then its phone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from gnetics.domain.folding import fold
from gnetics.store.schema import leads

ELSEWHERE = "Ce contact existe déjà chez un autre responsable\u00a0: demandez à votre administrateur."
_BY = {"email_fold": "cet email", "phone_e164": "ce téléphone"}


@dataclass(frozen=True)
class Match:
    """`key` None: nobody known. `as_is`: the row was imported once, and what people did to it since is kept.

    `refusal` says why the row cannot be taken.
    """

    key: int | None = None
    as_is: bool = False
    refusal: str = ""


class StoredLeads:
    """The leads as they are before the import; a row of the file never stands for another row of the file.

    `named` gives the line of each ID Lead of the file: whoever it names is not reached by the email or phone of another line.
    `owner` is the only Responsable whose leads may be changed; None: all.
    """

    def __init__(self, connection: Connection, named: Mapping[str, int], owner: str | None = None) -> None:
        self._by_id: dict[str, int] = {}
        self._by_origin: dict[str, int] = {}
        self._by_contact: dict[str, dict[str, list[int]]] = {name: defaultdict(list) for name in _BY}
        self._names: dict[int, frozenset[str]] = {}
        self._numbered: set[int] = set()
        self._foreign: set[int] = set()
        self._merged: set[int] = set()
        columns = [
            leads.c[name]
            for name in ("key", "lead_id", "origin", "name_fold", "email_fold", "phone_e164", "owner", "deleted", "merged_into")
        ]
        for key, lead_id, origin, name, email, phone, held_by, deleted, into in connection.execute(select(*columns)):
            if owner is not None and fold(held_by) != owner:
                self._foreign.add(key)
            if lead_id is not None:
                self._by_id[lead_id] = key
                self._numbered.add(key)
            if origin is not None:
                self._by_origin[origin] = key
            if into is not None:
                self._merged.add(key)
            if deleted:
                continue
            self._names[key] = frozenset((name or "").split())
            if email:
                self._by_contact["email_fold"][email].append(key)
            if phone:
                self._by_contact["phone_e164"][phone].append(key)

        self._lines = {self._by_id[lead_id]: line for lead_id, line in named.items() if lead_id in self._by_id}

    def find(self, line: int, row: dict[str, Any], kept: dict[str, Any]) -> Match:
        """`kept` are the row's derived columns."""
        match = self._known(row) or self._reached(kept)
        if match.key in self._foreign:
            return Match(refusal=ELSEWHERE)
        if match.key is None or match.refusal or match.as_is:
            return match
        before = self._lines.setdefault(match.key, line)
        if before != line:
            return Match(refusal=f"Cette ligne désigne le même contact que la ligne {before}\u00a0: réunissez-les, ou donnez leur ID Lead.")
        return match

    def present(self, key: int) -> bool:
        """Whether it is among the contacts; one in the bin comes back with the file, as a new one would."""
        return key in self._names

    def numbered(self, key: int) -> bool:
        return key in self._numbered

    def merged(self, key: int) -> bool:
        """Whether another lead took it over."""
        return key in self._merged

    def _known(self, row: dict[str, Any]) -> Match | None:
        if (key := self._by_id.get(row.get("lead_id", ""))) is not None:
            return Match(key)
        key = self._by_origin.get(row.get("origin", ""))
        return None if key is None else Match(key, as_is=True)

    def _reached(self, kept: dict[str, Any]) -> Match:
        for column, said in _BY.items():
            found = self._by_contact[column].get(kept[column] or "", [])
            alike = [key for key in found if self._alike(key, kept["name_fold"])]
            if len(alike) > 1 or (column == "email_fold" and len(found) > 1 and not alike):
                return Match(refusal=f"{len(found)} contacts ont {said}\u00a0: donnez l’ID Lead de celui dont il s’agit.")
            if column == "email_fold" and len(found) == 1:
                return Match(found[0])
            if alike:  # colleagues may share a switchboard: a phone alone never names somebody else
                return Match(alike[0])
        return Match()

    def _alike(self, key: int, name: str | None) -> bool:
        known, words = self._names[key], frozenset((name or "").split())
        return not known or not words or bool(known & words)
