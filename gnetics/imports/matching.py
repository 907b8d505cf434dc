"""Which stored lead a row of a file speaks of: by its ID Lead, its foreign key, its fingerprint, then its email, then its phone.

Only what one person has is believed: an ID Lead or the number in a known program, unless name and email both say otherwise;
somebody's own email, unless the name does. What several may have (a mailbox « contact@ », a telephone, a number whose program is
not known) tells who it is only with the same full name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from itertools import chain
from typing import Any, NamedTuple

from sqlalchemy import Column, Connection, select

from gnetics.domain import companies
from gnetics.domain.emails import is_shared, mailbox
from gnetics.domain.folding import fold
from gnetics.domain.leads import title
from gnetics.domain.names import one_person, same_full_name
from gnetics.domain.quoting import quote
from gnetics.imports.lead_rows import Identity, LeadRow
from gnetics.imports.programs import PROGRAMS
from gnetics.store.foreign_keys import ForeignKey
from gnetics.store.person.digests import Known, What
from gnetics.store.schema import foreign_keys, leads

ELSEWHERE = "Ce contact existe déjà chez un autre responsable\u00a0: demandez à votre administrateur."
ANONYMOUS = "La personne de cet ID Lead a été effacée\u00a0: sa fiche ne change plus."
_OTHER_NAME = "Cet email est celui de {}, qui a un autre nom\u00a0: donnez le même si c’est une seule personne, sinon un autre email."
_READ = tuple(leads.c[name] for name in ("key", "lead_id", "origin", "owner", "deleted", "merged_into", "erased_at"))
_OF_PERSON = tuple(leads.c[name] for name in ("key", "name_fold", "email_fold", "company_fold", "phone_e164"))


class Match(NamedTuple):
    """`key` None: nobody known. `as_is`: the row was imported once, and what people did to it since is kept.

    `refusal` says why the row cannot be taken; `like` whom it may speak of all the same, which a person may know; `erased`: it may be
    somebody who was, then.
    """

    key: int | None = None
    as_is: bool = False
    refusal: str = ""
    like: int | None = None
    erased: datetime | None = None


class _Person(NamedTuple):
    name: str | None
    email: str | None
    company: str | None
    phone: str | None


class StoredLeads:
    """The leads as they are before the import; a row of the file never stands for another row of the file.

    `named` gives the line of each identity of the file: whoever it names is not reached by the email or phone of another line.
    `owner` is the only Responsable whose leads may be changed; None: all.
    """

    def __init__(self, connection: Connection, named: Mapping[Identity, int], owner: str | None = None) -> None:
        self._connection = connection
        self._by_id: dict[str, int] = {}
        self._by_origin: dict[str, int] = {}
        self._by_foreign: dict[ForeignKey, list[int]] = defaultdict(list)
        self._numbered: set[int] = set()
        self._elsewhere: set[int] = set()
        self._deleted: set[int] = set()
        self._anonymous: set[int] = set()
        self._erased = Known(connection)
        self._into: dict[int, int] = {}
        for key, lead_id, origin, held_by, deleted, into, erased_at in self._rows(_READ):
            if erased_at is not None:
                self._anonymous.add(key)
            if owner is not None and fold(held_by) != owner:
                self._elsewhere.add(key)
            if lead_id is not None:
                self._by_id[lead_id] = key
                self._numbered.add(key)
            if origin is not None:
                self._by_origin[origin] = key
            if into is not None:
                self._into[key] = into
            if deleted:
                self._deleted.add(key)
        for source, value, key in connection.execute(select(foreign_keys.c.source, foreign_keys.c.value, foreign_keys.c.lead_key)):
            self._by_foreign[source, value].append(self._living(key))
        found = ((self._named(identity), line) for identity, line in named.items())
        self._lines = {key: line for key, line in found if key is not None}

    def _rows(self, columns: Sequence[Column[Any]]) -> Iterator[Any]:
        """Of all leads; a million at once would not fit, and one by one takes twice the time."""
        return chain.from_iterable(self._connection.execute(select(*columns)).partitions(10_000))

    @cached_property
    def _people(self) -> dict[int, _Person]:
        """Read only when a row needs them: of a file that comes again, none may."""
        return {row[0]: _Person._make(row[1:]) for row in self._rows(_OF_PERSON)}

    @cached_property
    def _by_email(self) -> dict[str | None, list[int]]:
        return self._having(lambda person: person.email)

    @cached_property
    def _by_mailbox(self) -> dict[str | None, list[int]]:
        return self._having(lambda person: person.email and mailbox(person.email))

    @cached_property
    def _by_phone(self) -> dict[str | None, list[int]]:
        return self._having(lambda person: person.phone)

    def _having(self, what: Callable[[_Person], str | None]) -> dict[str | None, list[int]]:
        """The present leads by something that they have."""
        found: dict[str | None, list[int]] = defaultdict(list)
        for key, person in self._people.items():
            if key not in self._deleted and (had := what(person)):
                found[had].append(key)
        return found

    def remember(self) -> None:
        """Read what the rows to come are compared with; to be called before something is written."""
        _ = self._people

    def find(self, row: LeadRow, same: bool | None = None) -> Match:
        """`same`: what a person said of a row that may speak of a lead, None for nothing."""
        match = self._known(row) or self._reached(row.kept)
        if same is not None and match.like is not None:
            match = Match(match.like if same else None)
        if match.key is None and not match.refusal and same is not False and (erased := self._erased_at(row.kept)):
            return Match(
                refusal=f"Cette personne a été effacée le {erased:%d/%m/%Y}\u00a0: elle ne revient que si vous le dites.", erased=erased
            )
        if match.key in self._elsewhere:
            return Match(refusal=ELSEWHERE)
        if match.key in self._anonymous:
            return Match(refusal=ANONYMOUS)
        if match.key is None or match.refusal or match.as_is:
            return match
        before = self._lines.setdefault(match.key, row.line)
        if before != row.line:
            return Match(refusal=f"Cette ligne désigne le même contact que la ligne {before}\u00a0: réunissez-les, ou donnez leur ID Lead.")
        return match

    def _erased_at(self, kept: Mapping[str, Any]) -> datetime | None:
        return self._erased.erased(What.ADDRESS, kept["email_fold"]) or self._erased.erased(What.PHONE, kept["phone_e164"])

    def of_id(self, row: LeadRow) -> int | None:
        """Whose the row's ID Lead is."""
        return self._by_id.get(row.values.get("lead_id", ""))

    def present(self, key: int) -> bool:
        """Whether it is among the contacts; one in the bin comes back with the file, as a new one would."""
        return key not in self._deleted

    def numbered(self, key: int) -> bool:
        return key in self._numbered

    def merged(self, key: int) -> bool:
        """Whether another lead took it over."""
        return key in self._into

    def phone(self, key: int) -> str | None:
        """Its E.164."""
        return self._people[key].phone

    def may_be_called(self, key: int, foreign: ForeignKey) -> bool:
        """Whether that foreign key is news of the lead; the number of a known program is one lead's only."""
        known = self._by_foreign.get(foreign, ())
        return not known if foreign[0] in PROGRAMS else key not in known

    def _living(self, key: int) -> int:
        while key in self._into:
            key = self._into[key]
        return key

    def _named(self, identity: Identity) -> int | None:
        if isinstance(identity, str):
            return self._by_id.get(identity)
        return next(iter(self._by_foreign.get(identity, ())), None)

    def _known(self, row: LeadRow) -> Match | None:
        if (key := self.of_id(row)) is not None:
            return self._unless_another(key, row.kept, "L’ID Lead", row.values["lead_id"])
        for source, value in row.foreign:
            found = self._by_foreign.get((source, value), [])
            if source in PROGRAMS and found:
                return self._unless_another(found[0], row.kept, "Le numéro", value)
            if (stored := self._by_id.get(value)) is not None:  # as the ID Lead it is in a store of before
                found = [*found, self._living(stored)]
            agreeing = {key for key in found if self._agrees(key, row.kept)}
            if len(agreeing) == 1:
                return Match(agreeing.pop())
        key = self._by_origin.get(row.values.get("origin", ""))
        return None if key is None else Match(key, as_is=True)

    def _unless_another(self, key: int, kept: Mapping[str, Any], said: str, value: str) -> Match:
        person, email = self._people[key], kept["email_fold"]
        if not email or not person.email or email == person.email or one_person(person.name, kept["name_fold"]):
            return Match(key)
        theirs = f"{said} {quote(value)} est celui de {{}}"
        return self._refused(key, f"{theirs}, dont ni le nom ni l’email ne sont ceux de cette ligne\u00a0: corrigez-le, ou videz-le.")

    def _agrees(self, key: int, kept: Mapping[str, Any]) -> bool:
        """Whether a number that may be anybody's is this lead's, by its name, else its email or company."""
        person, name, email = self._people[key], kept["name_fold"], kept["email_fold"]
        if person.name and name:
            return same_full_name(person.name, name) or (bool(email) and email == person.email and one_person(person.name, name))
        return (bool(email) and email == person.email) or companies.same(kept["company_fold"], person.company)

    def _reached(self, kept: Mapping[str, Any]) -> Match:
        email = kept["email_fold"]
        having = {"cet email": self._by_email.get(email, []), "ce téléphone": self._by_phone.get(kept["phone_e164"], [])}
        if having["cet email"] and not is_shared(email):
            return self._owner_of(having["cet email"], kept["name_fold"])
        having["cet email"] = having["cet email"] or (self._by_mailbox.get(mailbox(email), []) if email else [])
        for said, found in having.items():
            if alike := [key for key in found if self._same(key, kept)]:
                return self._only(alike, found, said)
        return Match()

    def _owner_of(self, found: list[int], name: str | None) -> Match:
        """Whose the email is that one person has."""
        alike = [key for key in found if one_person(self._people[key].name, name)]
        return self._only(alike, found, "cet email") if alike or len(found) > 1 else self._refused(found[0], _OTHER_NAME, found[0])

    def _only(self, alike: list[int], found: list[int], said: str) -> Match:
        if len(alike) == 1:
            return Match(alike[0])
        return Match(refusal=f"{len(found)} contacts ont {said}\u00a0: donnez l’ID Lead de celui dont il s’agit.")

    def _same(self, key: int, kept: Mapping[str, Any]) -> bool:
        """Whether two leads that share a mailbox or a telephone are one: by their full names, two companies by theirs."""
        person = self._people[key]
        if person.name or kept["name_fold"]:
            return same_full_name(person.name, kept["name_fold"])
        return companies.same(person.company, kept["company_fold"])

    def _refused(self, key: int, sentence: str, like: int | None = None) -> Match:
        if key in self._elsewhere:
            return Match(refusal=ELSEWHERE)
        wanted = [leads.c[name] for name in ("name", "company", "email", "lead_id")]
        stored = self._connection.execute(select(*wanted).where(leads.c.key == key)).mappings().one()
        return Match(refusal=sentence.replace("{}", quote(title(dict(stored)))), like=like)
