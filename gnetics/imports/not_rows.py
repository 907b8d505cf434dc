"""Lines among the rows of a sheet that are no rows of it: totals, footers, the titles said again."""

from __future__ import annotations

import re
from dataclasses import dataclass

from gnetics.domain.folding import fold
from gnetics.domain.sheets import FIRST_NAME, FULL_NAME, Column
from gnetics.imports.layouts import Layout
from gnetics.imports.titles import found, title_key
from gnetics.imports.workbook import Cell

TITLES_AGAIN = "Les titres sont répétés sur cette ligne\u00a0: ce n’est pas un contact."
OTHER_TITLES = "D’autres titres commencent un autre tableau à cette ligne\u00a0: mettez-le dans un fichier à part."
BELOW = "Cette ligne est sous d’autres titres, ceux de la ligne {}\u00a0: mettez ce tableau dans un fichier à part."
FOOTER = "Ligne de bas de page\u00a0: ce n’est pas un contact."
ALONE = "Une seule case, sous une colonne qui ne nomme personne\u00a0: ce n’est pas un contact."
TOTAL = "Ligne de total\u00a0: ce n’est pas un contact."
_TOTAL = re.compile(r"(?:(?:grand|sous|sub)[ -]?)?tota(?:l|ux)(?: general| generaux| ht| ttc)?|somme|sum")
_TOTAL_OF = re.compile(rf"(?:{_TOTAL.pattern})\b.*")  # « Sous-total Karim », of a line that names nobody
_COUNT = "[0-9]+ (?:contact|ligne|client|prospect|lead|affaire|row|record|deal)s?"
_FOOTER = re.compile(
    r"(?:copyright|\(c\)|©|tous droits reserves|all rights reserved|confidential\b|confidentiel\b|informations? confidentielles?\b"
    r"|(?:generated|exported|printed|created) (?:by|on|at|from)\b|(?:genere|exporte|imprime|edite)e? (?:par|le|depuis)\b"
    r"|(?:fin|end) (?:du|de|of)\b|nombre d(?:e |')|(?:total )?(?:records?|rows?)(?: count)?\s*:).*"
    rf"|page [0-9]+(?: (?:of|sur|/) ?[0-9]+)?|(?:total\s*:?\s*)?{_COUNT}",
    re.DOTALL,
)
_TOTALS_BEGIN = "TtSsGg"
_NUMBER = re.compile(rf"[-+(]?[0-9][0-9\s.,]*(?:[€$£%]|eur|euros?|ht|ttc|\s)*\)?|{_COUNT}", re.IGNORECASE)
_FEW = 3  # cells filled of a footer; of titles, those that begin another table


@dataclass(frozen=True)
class NotRows:
    """Of one sheet; asked of each of its lines, most of which are known by one cell."""

    titles: list[Cell]
    said: frozenset[str]  # the titles of such a sheet, and its own
    layout: Layout
    naming: frozenset[int]  # places of the columns that name somebody

    @classmethod
    def of(cls, layout: Layout) -> NotRows:
        titles = layout.sheet.head[layout.header_at][1]
        said = {title for column in layout.table.columns for title in column.titles} | {str(cell) for cell in titles if cell is not None}
        naming = frozenset(layout.places("name", "company", "email", "lead_id", FIRST_NAME.key, FULL_NAME.key))
        return cls(titles, frozenset(title.strip().casefold() for title in said), layout, naming)

    def why(self, row: list[Cell], from_text: bool) -> str:
        """Why the line is none, "" for a row; it has something in it."""
        cell = row[0] if row[0] is not None else next(cell for cell in row if cell is not None)
        if isinstance(cell, str) and cell.strip().casefold() in self.said and (titles := self._titles(row)):
            return titles
        filled = len(row) - row.count(None)
        if not isinstance(cell, str) or (filled > _FEW and cell[0] not in _TOTALS_BEGIN):
            return ""
        if filled <= _FEW and _FOOTER.fullmatch(fold(cell) or ""):
            return FOOTER
        if from_text and len(row) == 1 and len(self.titles) > 2 and 0 not in self.naming:
            return ALONE
        if filled > 1 and self._is_total(row, (fold(cell) or "").rstrip(" :")):
            return TOTAL
        return ""

    def _titles(self, row: list[Cell]) -> str:
        """Which titles the cells are, however they are written; "" when some are none."""
        filled = [(place, cell) for place, cell in enumerate(row) if cell is not None]
        if all(self._is_title_of(place, cell) for place, cell in filled) and len(filled) > 1:
            return TITLES_AGAIN
        known = {self._column(cell) for _, cell in filled}
        return OTHER_TITLES if None not in known and len(known) >= _FEW else ""

    def _is_title_of(self, place: int, cell: Cell) -> bool:
        title = self.titles[place] if place < len(self.titles) else None
        if title is None or not isinstance(cell, str):
            return False
        return cell == title or title_key(cell) == title_key(str(title)) or self._column(cell) == self.layout.columns.get(place, "")

    def _column(self, cell: Cell) -> Column | None:
        known = found(self.layout.table.kind, cell.strip()) if isinstance(cell, str) else None
        return known and known.column

    def _is_total(self, row: list[Cell], text: str) -> bool:
        """Of a line that names somebody, the word has to be alone: « Total » is a company too."""
        names = any(place < len(row) and row[place] is not None for place in self.naming)
        if not (_TOTAL if names else _TOTAL_OF).fullmatch(text):
            return False
        others = [cell for cell in row if cell is not None][1:]
        return all(not isinstance(cell, str) or _NUMBER.fullmatch(cell.strip()) for cell in others)
