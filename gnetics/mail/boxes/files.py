"""A mailbox in files: it is read and nothing else, so no lock, no flag and no name changes."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from gnetics.domain.quoting import quote
from gnetics.errors import MailError
from gnetics.mail.boxes import formats
from gnetics.mail.boxes.source import INBOX, LARGEST, Fetched, Folder, Listing, chosen, is_sent
from gnetics.settings.mailbox import Format, MailBox

CONSTANT = 1  # numbers keep their meaning


class FileSource:
    """A folder is opened anew each time that it is listed."""

    def __init__(self, box: MailBox) -> None:
        assert box.format
        self._box, self._path, self._format = box, Path(box.path), box.format
        self._listed: dict[str, tuple[formats.Held, Mapping[int, Any]]] = {}

    def folders(self) -> list[Folder]:
        with self._reading():
            names = formats.folders(self._path, self._format)
        found = (Folder(each, is_sent(self._path.stem if each == INBOX else each)) for each in names)
        return chosen(found, self._box.folders, self._box.name)

    def mark(self, folder: Folder) -> Hashable | None:
        """Of an mbox, which is read whole to be listed; of folders the listing is the names that are there."""
        if self._format is not Format.MBOX:
            return None
        with self._reading():
            found = self._path.stat()
        return found.st_size, found.st_mtime_ns, found.st_ino

    def listing(self, folder: Folder) -> Listing:
        if earlier := self._listed.pop(folder.name, None):
            earlier[0].close()
        with self._reading():
            held = formats.folders(self._path, self._format)[folder.name]()
            self._listed[folder.name] = held, held.keys()
        return Listing(folder, CONSTANT, list(self._listed[folder.name][1]))

    def messages(self, listing: Listing, uids: Iterable[int]) -> Iterator[Fetched]:
        held, keys = self._listed[listing.folder.name]
        for uid in uids:
            try:
                size, content = held.read(keys[uid])
            except (KeyError, FileNotFoundError):  # gone
                continue
            except OSError as error:
                yield Fetched(uid, failure=_why(error))
            else:
                yield Fetched(uid, size, _headers(content)) if size > LARGEST else Fetched(uid, len(content), content)

    def close(self) -> None:
        for held, _ in self._listed.values():
            held.close()
        self._listed.clear()

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except (OSError, formats.Alien) as error:
            raise MailError(f"La boîte {quote(self._box.name)} n’est pas lisible\u00a0: {_why(error)}") from error


def _headers(content: bytes) -> bytes:
    return content.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


def _why(error: OSError | formats.Alien) -> str:
    match error:
        case formats.Alien():
            return f"ce n’est pas une boîte au format {error}."
        case FileNotFoundError():
            return "elle n’existe pas, ou son dossier nous est fermé."
        case PermissionError():
            return "ses droits ne le permettent pas."
    return f"le système répond «\u00a0{error.strerror}\u00a0»."
