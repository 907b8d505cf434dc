"""Which notebooks of the analysts are pages: those whose file is, byte for byte, the one that was published."""

from __future__ import annotations

import hashlib
import re
from dataclasses import astuple, dataclass, fields
from datetime import datetime
from pathlib import Path

from sqlalchemy import delete, insert, select

from gnetics.domain.rights import Verb
from gnetics.errors import NotFound
from gnetics.settings import Settings
from gnetics.store.crm import Crm
from gnetics.store.schema import analyses

FOLDER = "analyses"  # below notebooks/
ENDING = ".ipynb"
NAME = r"[A-Za-z0-9_-]{1,80}"  # of such a file: it stands in an address as it is
LARGEST = 4 << 20  # bytes; without its outputs a notebook is a hundredth of that


@dataclass(frozen=True)
class Analysis:
    """As it was published."""

    name: str
    title: str
    author: str
    published_at: datetime
    digest: str


def folder(settings: Settings) -> Path:
    return settings.notebooks_dir / FOLDER


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def recorded(crm: Crm) -> list[Analysis]:
    """All that were published, by title, whatever became of their files."""
    with crm.read() as connection:
        rows = connection.execute(select(*(analyses.c[each.name] for each in fields(Analysis)))).all()
    return sorted((Analysis(*row) for row in rows), key=lambda each: (each.title.casefold(), each.name))


def published(crm: Crm) -> list[Analysis]:
    """Those that are pages now, by title."""
    return [each for each in recorded(crm) if content_of(crm.settings, each) is not None]


def content_of(settings: Settings, analysis: Analysis) -> bytes | None:
    """The file that was published; None once it is another one, or gone."""
    file = folder(settings) / f"{analysis.name}{ENDING}"
    if not re.fullmatch(NAME, analysis.name) or not file.is_file():
        return None
    try:
        with file.open("rb") as opened:
            content = opened.read(LARGEST)
    except OSError:
        return None
    return content if digest_of(content) == analysis.digest else None


def record(crm: Crm, analysis: Analysis) -> None:
    """From now on it is a page, in the name of its author."""
    with crm.write(analysis.author, Verb.PUBLISH) as uow:
        before = uow.connection.execute(select(analyses.c.digest).where(analyses.c.name == analysis.name)).scalar()
        uow.connection.execute(delete(analyses).where(analyses.c.name == analysis.name))
        names = (each.name for each in fields(Analysis))
        uow.connection.execute(insert(analyses), dict(zip(names, astuple(analysis), strict=True)))
        uow.note_setting(f"analyse {analysis.name}", before, analysis.digest)
        uow.commit_all()


def forget(crm: Crm, user: str, name: str) -> None:
    """It is no page any more; its file stays."""
    with crm.write(user, Verb.PUBLISH) as uow:
        before = uow.connection.execute(select(analyses.c.digest).where(analyses.c.name == name)).scalar()
        if before is None:
            raise NotFound(f"L’analyse «\u00a0{name}\u00a0» n’est pas publiée.")
        uow.connection.execute(delete(analyses).where(analyses.c.name == name))
        uow.note_setting(f"analyse {name}", before, None)
        uow.commit_all()
