"""What the first values of a sheet of leads say of its columns, where their titles do not decide."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from gnetics.domain import emails, lead_ids, phones
from gnetics.domain.folding import fold
from gnetics.domain.regions import Region
from gnetics.domain.sheets import FIRST_NAME, FOREIGN, FULL_NAME, LEAD_ID, LEADS, Column
from gnetics.errors import Unreadable
from gnetics.imports.layouts import UNKNOWN, Layout
from gnetics.imports.titles import found, title_key
from gnetics.imports.workbook import Cell

_NAME, _COMPANY = LEADS.by_header["nom"], LEADS.by_header["entreprise"]
_NEITHER = "Ce n’est ni le nom complet ni l’entreprise\u00a0: cette colonne n’est pas importée."
_PLAIN = (0, len(_NAME.titles))  # ranks of « Nom » and « Name », which may be anybody's, a company's too
# Words of a title whose values are somebody else's, or are no way to reach anybody.
_NOT_THEIRS = frozenset([
    "responsable", "commercial", "commerciale", "vendeur", "proprietaire", "owner", "assigne", "assigned", "user", "utilisateur", "manager",
    "gestionnaire", "assistant", "assistante", "parrain", "createur", "auteur", "cree", "created", "modifie", "modified", "by", "par",
    "fax", "telecopie", "siren", "siret", "tva", "vat", "iban",
])  # fmt: skip


def settled(layout: Layout, region: Region) -> Layout:
    """The layout of a sheet of leads as its values make it."""
    return _reached(_names_apart(_surnames(_with_our_numbers(layout))), region)


def _with_our_numbers(layout: Layout) -> Layout:
    """A column titled « ID » or « Référence » holds ID Leads when its first values all have their form, and no column is titled so."""
    if LEAD_ID in layout.columns.values() or FOREIGN not in layout.columns.values():
        return layout
    place = next(place for place, column in layout.columns.items() if column is FOREIGN)
    first = layout.first_values(place)
    if not first or not all(lead_ids.number_of(str(cell).strip()) for cell in first):
        return layout
    return replace(layout, columns=layout.columns | {place: LEAD_ID})


def _surnames(layout: Layout) -> Layout:
    """« Nom du contact » beside « Prénom du contact » is the surname, when it never says the first name."""
    firsts = layout.places(FIRST_NAME.key)
    for place in layout.places(FULL_NAME.key) if firsts and not layout.places(_NAME.key) else ():
        agree = [_share_words(row, place, firsts) for row in layout.first_rows if _filled(row, [place]) and _filled(row, firsts)]
        if agree and not any(agree):
            return _read_as(layout, place, _NAME)
    return layout


def _names_apart(layout: Layout) -> Layout:
    """« Name » beside a first and a last name is both of them, or the company; so is « Nom » beside « Nom du contact »."""
    titles = layout.sheet.head[layout.header_at][1]
    plain = [place for place in layout.places(_NAME.key) if (known := found(LEADS.kind, str(titles[place]))) and known.rank in _PLAIN]
    families = [place for place in layout.places(_NAME.key) if place not in plain]
    firsts, fulls = layout.places(FIRST_NAME.key), layout.places(FULL_NAME.key)
    persons = [*firsts, *families] if firsts and families else fulls if not firsts else []
    if not plain or not persons:
        return layout
    place = plain[0]
    agree = [_share_words(row, place, persons) for row in layout.first_rows if _filled(row, [place]) and _filled(row, persons)]
    if all(agree):
        return _read_as(layout, place, FULL_NAME) if firsts else layout
    if not any(agree) and not layout.places(_COMPANY.key):
        return _read_as(layout, place, _COMPANY, guessed=True)
    if not firsts:
        return layout
    columns = {each: column for each, column in layout.columns.items() if each != place}
    return replace(layout, columns=columns, ignored=layout.ignored | {place: (layout.names[place], _NEITHER)})


def _share_words(row: list[Cell], place: int, persons: Iterable[int]) -> bool:
    words = set(_words(row[place]))
    return any(own and words.issuperset(own) for own in (_words(row[each]) for each in persons if each < len(row)))


def _words(cell: Cell) -> list[str]:
    return [] if cell is None else (fold(str(cell)) or "").replace("-", " ").split()


def _filled(row: list[Cell], places: Iterable[int]) -> bool:
    return any(place < len(row) and row[place] is not None for place in places)


def _read_as(layout: Layout, place: int, column: Column, guessed: bool = False) -> Layout:
    """Behind the columns that a title made that field's."""
    columns = {each: known for each, known in layout.columns.items() if each != place} | {place: column}
    ignored = {each: why for each, why in layout.ignored.items() if each != place}
    return replace(layout, columns=columns, ignored=ignored, guessed=layout.guessed | ({place} if guessed else set()))


def _reached(layout: Layout, region: Region) -> Layout:
    """A column whose title says nothing, and whose first values are all emails or telephones, when no other has any."""
    for key, reads in (("email", _is_email), ("phone", lambda cell: _is_phone(cell, region))):
        if not layout.places(key) and (place := _all(layout, reads)) is not None:
            layout = _read_as(layout, place, LEADS.by_header[key], guessed=True)
    return layout


def _all(layout: Layout, reads: Callable[[Cell], bool]) -> int | None:
    for place, (title, reason) in layout.ignored.items():
        if reason != UNKNOWN or _NOT_THEIRS.intersection(title_key(title).split()):
            continue
        first = layout.first_values(place)
        if first and all(map(reads, first)):
            return place
    return None


def _is_email(cell: Cell) -> bool:
    try:
        return isinstance(cell, str) and bool(emails.parse(cell))
    except Unreadable:
        return False


def _is_phone(cell: Cell, region: Region) -> bool:
    """As people write one: digits alone may number anything."""
    try:
        return isinstance(cell, str) and cell.strip()[:1] in ("0", "+", "(") and bool(phones.parse(cell, region))
    except Unreadable:
        return False
