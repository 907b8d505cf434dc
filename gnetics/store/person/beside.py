"""The digests of who was erased, beside the store and beside its backups: whichever of them is put back, they are erased again.

A line of the file is: which key it is of, the digest, when. Without the key, which stands in the store and its backups, it tells nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

from sqlalchemy import Connection
from sqlalchemy.engine import URL

from gnetics.settings import Settings
from gnetics.store import about
from gnetics.store.crm import Crm
from gnetics.store.person import digests
from gnetics.store.person.digests import Erased
from gnetics.store.schema import instant

FILE = "gnetics-effacements.txt"
_FOLDERS = "backup_folders"  # of meta: where backups were made


def note_everywhere(crm: Crm) -> list[str]:
    """Write all that the store knows beside it and where backups were made: the folders where it could not be written."""
    with crm.read() as connection:
        key, erased, backups = digests.key_of(connection), digests.every(connection), folders_of(connection)
    if not erased:
        return []
    failed = []
    for folder in dict.fromkeys([store_folder(crm.engine.url, crm.settings), *backups]):
        try:
            write(folder, key, erased)
        except OSError:
            failed.append(str(folder))
    return failed


def write(folder: Path, key: str, erased: Collection[Erased]) -> None:
    """What the folder's file says already stays in it."""
    file, name = folder / FILE, _name(key)
    lines = dict.fromkeys([*_lines(file), *(f"{name} {each.digest} {instant(each.at)}" for each in erased)])
    with NamedTemporaryFile("w", dir=folder, prefix=".effacements-", delete=False) as part:  # only its owner reads it
        part.write("".join(f"{line}\n" for line in lines))
        part.flush()
        os.fsync(part.fileno())
    Path(part.name).replace(file)


def read(folders: Iterable[Path], key: str) -> list[Erased]:
    """All that these folders know of the store with that key."""
    split = (line.split() for folder in folders for line in _lines(folder / FILE))
    return [Erased(words[1], datetime.fromisoformat(words[2])) for words in split if len(words) == 3 and words[0] == _name(key)]


def store_folder(url: URL, settings: Settings) -> Path:
    """Beside a SQLite file; else the data folder."""
    return Path(str(url.database)).absolute().parent if url.get_backend_name() == "sqlite" else settings.data_dir


def folders_of(connection: Connection) -> list[Path]:
    """Where backups were made."""
    said = about.read(connection, _FOLDERS)
    return [Path(each) for each in json.loads(said)] if said else []


def remember_folder(connection: Connection, folder: Path) -> None:
    """A backup is made there; the caller commits."""
    folders = dict.fromkeys([*map(str, folders_of(connection)), str(folder)])
    about.write(connection, _FOLDERS, json.dumps(list(folders)))


def _name(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:12]


def _lines(file: Path) -> list[str]:
    with suppress(FileNotFoundError):
        return file.read_text("utf-8").splitlines()
    return []
