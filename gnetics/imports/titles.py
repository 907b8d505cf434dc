"""What the title of a column says, however it was written: folded, glued, in camel case, with a unit or a prefix."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from gnetics.domain.sheets import DEAL, FIRST_NAME, FOREIGN, LEADS, TABLES, Column, Table, header_key

_CAMEL = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[A-ZÀ-Þ])(?=[A-ZÀ-Þ][a-zà-ÿ])")
_BRACKETS = re.compile(r"[()\[\]]")
_UNITS = frozenset(["ht", "ttc", "k", "ke", "keur", "eur", "euro", "euros", "usd", "cad", "chf", "gbp"])  # behind a title of money
_SMALL = frozenset(["de", "du", "des", "d", "en", "la", "le", "l", "the", "of", "s"])
# Whose the rest of a title is: « Personne - Téléphone », « Statut du prospect », « Primary email ».
_OF_A_PERSON = frozenset(
    ["personne", "person", "contact", "lead", "prospect", "piste", "client", "customer", "primary", "main", "principal", "principale"]
)
_OF_A_DEAL = frozenset(["affaire", "deal", "opportunite", "opportunity", "transaction"])
_OF_A_COMPANY = frozenset(["organisation", "organization", "entreprise", "societe", "company", "account", "compte"])
_NAMES = frozenset(["nom", "name"])
_CALLED = _NAMES | {"titre", "title"}
_PERSONS_OWN = frozenset(["name", FIRST_NAME.key, "job_title", "email", "phone", "lead_id", FOREIGN.key])  # never a deal's
LONGEST = 200  # characters of a title


class Found(NamedTuple):
    """The column that a title names; of several of one column, the lowest `rank` is preferred."""

    column: Column
    rank: int


def title_key(text: str) -> str:
    """As `header_key`, with what is in parentheses, and words glued in camel case apart."""
    return header_key(_BRACKETS.sub(" ", _CAMEL.sub(" ", text)))


def _titles_of(table: Table) -> dict[str, Found]:
    """Every title, with its words apart and glued; also without its small words, as `_by_parts` asks."""
    known: dict[str, Found] = {}
    for column in table.columns:
        for rank, title in enumerate((*column.titles, column.key)):
            key = header_key(title)
            for form in (key, key.replace(" ", ""), " ".join(word for word in key.split() if word not in _SMALL)):
                if form and table.by_header.get(form, column) is column:
                    known.setdefault(form, Found(column, rank))
    return known


_TITLES = {table.kind: _titles_of(table) for table in TABLES}


@lru_cache(maxsize=4096)  # asked of each cell of the first rows, by each kind of sheet
def found(kind: str, text: str) -> Found | None:
    """What the title names in the table of that kind."""
    if len(text) > LONGEST:
        return None
    titles = _TITLES[kind]
    for key in (title_key(text), header_key(text), header_key(_CAMEL.sub(" ", text))):
        if known := titles.get(key) or titles.get(key.replace(" ", "")):
            return known
    return next(_by_parts(text, titles), None) if kind == LEADS.kind else None


def _by_parts(text: str, titles: dict[str, Found]) -> Iterator[Found]:
    """Without the unit of an amount; without whose it is, as long as a deal's or a company's is not taken for a person's."""
    words = [word for word in title_key(text).split() if word not in _SMALL]
    while words and words[-1] in _UNITS:
        words.pop()
    whole = titles.get(" ".join(words))
    if whole and whole.column.kind == "money":
        yield whole
    for whose, rest in (words[:1], words[1:]), (words[-1:], words[:-1]):
        known = titles.get(" ".join(rest))
        if _OF_A_COMPANY.issuperset(whose) and _NAMES.issuperset(rest) and rest:
            yield titles[header_key("Entreprise")]
        elif _OF_A_DEAL.issuperset(whose) and _CALLED.issuperset(rest) and rest:
            yield titles[header_key(DEAL.label)]
        elif known and (_OF_A_PERSON.issuperset(whose) or (_OF_A_DEAL.issuperset(whose) and known.column.key not in _PERSONS_OWN)):
            yield known
