"""All that is held of one person, as a JSON file for programs and as a page to read or print."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from gnetics.domain.fields import BY_KEY
from gnetics.domain.person_held import LABELS, Chapter
from gnetics.domain.regions import Region
from gnetics.domain.typography import counted
from gnetics.exports.printed import printed
from gnetics.exports.tables import Column, Document, Section, Table

_COLUMNS = (Column("Champ"), Column("Valeur", "long_text"))


def person_json(called: str, chapters: Sequence[Chapter], now: datetime) -> bytes:
    """`rows` are the person's own, `mentions` the texts of others that name them or how to reach them."""
    held = {each.name: {"rows": list(each.rows), "mentions": list(each.mentions)} for each in chapters}
    said = {"person": called, "at": now.isoformat(timespec="seconds"), "held": held}
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def person_page(called: str, chapters: Sequence[Chapter], now: datetime, colours: Mapping[str, str], region: Region) -> bytes:
    """`colours` as `printed` takes them."""
    facts = (("Personne", called), ("Fait le", f"{now:%d/%m/%Y à %H:%M}"))
    return printed(Document("Tout ce que nous savons", facts, tuple(map(_section, chapters)), ()), colours, region)


def _section(chapter: Chapter) -> Section:
    own = [_table(chapter, f"{chapter.title} {place}", row) for place, row in enumerate(chapter.rows, 1)]
    cited = [_table(chapter, f"Cité {place}", row) for place, row in enumerate(chapter.mentions, 1)]
    said = [counted(len(own), "ligne")] if own else []
    said += [f"cité dans {counted(len(cited), 'ligne d’autrui', 'lignes d’autrui')}"] if cited else []
    return Section(chapter.name, chapter.title, (" ; ".join(said),), (*own, *cited))


def _table(chapter: Chapter, title: str, row: Mapping[str, Any]) -> Table:
    return Table(title, _COLUMNS, [(_label(chapter.name, name), str(value)) for name, value in row.items()])


def _label(table: str, name: str) -> str:
    return BY_KEY[name].label if table == "leads" and name in BY_KEY else LABELS.get(name, name)
