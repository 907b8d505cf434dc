"""The formats of mailboxes in files: the folders that they have, and the messages of each, by numbers that stay.

A number is a digest of what stays when a message is read or the file is compacted: a Maildir's unique name, the name of an .eml, and in an
mbox, where messages have no name and change their place, the message itself.
"""

from __future__ import annotations

import mailbox
import re
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing, suppress
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol

from imap_tools.imap_utf7 import utf7_decode

from gnetics.mail.boxes.source import INBOX, LARGEST
from gnetics.settings.mailbox import Format

OF_PROGRAMS = re.compile(  # what mail programs add to the messages that they keep in a file, and change there
    rb"^(?:Status|X-Status|X-Keywords|X-UID|X-Mozilla-(?:Status2?|Keys)|Content-Length):.*\n(?:[ \t].*\n)*", re.IGNORECASE | re.MULTILINE
)
QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)  # in an mbox, where a line « From … » begins a message


class Alien(Exception):
    """What is there has not this format."""


class Held(Protocol):
    """The messages of one folder, as it was when it was opened."""

    def keys(self) -> Mapping[int, Any]:
        """What each is found by, by its number, in the order of the folder."""

    def read(self, key: Any) -> tuple[int, bytes]:
        """Its size there, and the message as it was sent, cut when it is too large; KeyError or FileNotFoundError when it is gone."""

    def close(self) -> None: ...


class Maildir:
    def __init__(self, path: Path) -> None:
        if not (path / "cur").is_dir():
            raise Alien(Format.MAILDIR)
        self._box = mailbox.Maildir(path, create=False)

    def keys(self) -> Mapping[int, str]:
        return {number(key.encode("utf-8", "surrogateescape")): key for key in sorted(self._box.keys())}  # a name begins with its time

    def read(self, key: str) -> tuple[int, bytes]:
        with closing(self._box.get_file(key)) as file:
            return _part(file)

    def close(self) -> None:
        self._box.close()


class Eml:
    def __init__(self, path: Path) -> None:
        if not path.is_dir():
            raise Alien(Format.EML)
        self._path = path

    def keys(self) -> Mapping[int, Path]:
        files = sorted(each for each in self._path.iterdir() if each.suffix.lower() == ".eml")
        return {number(each.name.encode("utf-8", "surrogateescape")): each for each in files}

    def read(self, key: Path) -> tuple[int, bytes]:
        with key.open("rb") as file:
            return _part(file)

    def close(self) -> None:
        """Nothing is open."""


class Mbox:
    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise Alien(Format.MBOX)
        with path.open("rb") as file:
            if file.read(5) not in (b"", b"From "):
                raise Alien(Format.MBOX)
        self._box = mailbox.mbox(path, create=False)

    def keys(self) -> Mapping[int, tuple[str, int]]:
        seen, found = Counter[int](), {}
        for key in self._box.iterkeys():
            digest = number(self._part(key)[1])
            found[number(b"%d %d" % (digest, seen[digest]))] = key, digest  # the same message may be there twice
            seen[digest] += 1
        return found

    def read(self, key: tuple[str, int]) -> tuple[int, bytes]:
        size, content = self._part(key[0])
        if number(content) != key[1]:  # the file was compacted meanwhile
            raise KeyError(key)
        return size, content

    def _part(self, key: str) -> tuple[int, bytes]:
        with closing(self._box.get_file(key)) as file:
            size, content = _part(file)
        return size, QUOTED.sub(rb"\1", content)

    def close(self) -> None:
        self._box.close()


def number(name: bytes) -> int:
    """Of 63 bits, as a column of whole numbers holds."""
    return int.from_bytes(blake2b(name, digest_size=8).digest(), "big") >> 1


def folders(path: Path, form: Format) -> Mapping[str, Callable[[], Held]]:
    """How each is opened, by its name."""
    path.stat()  # an OSError when it is not there
    match form:
        case Format.MBOX:
            return {INBOX: partial(Mbox, path)}
        case Format.MAILDIR:
            inner = sorted(each for each in path.glob(".*") if (each / "cur").is_dir())
            return {INBOX: partial(Maildir, path)} | {_readable(each.name[1:]): partial(Maildir, each) for each in inner}
        case Format.EML:
            inner = sorted({each.parent for each in path.rglob("*") if each.suffix.lower() == ".eml"} - {path})
            return {INBOX: partial(Eml, path)} | {str(each.relative_to(path)): partial(Eml, each) for each in inner}


def _readable(name: str) -> str:
    """A folder's name in a Maildir is written as IMAP does, in ASCII."""
    with suppress(ValueError):
        name = utf7_decode(name.encode("ascii"))
    return name.replace(".", "/")


def _part(file: Any) -> tuple[int, bytes]:
    """With the line ends of the wire, so that a message is the same bytes in every format and on a server."""
    size = file.seek(0, 2) or file.tell()  # mailbox's own files answer None
    file.seek(0)
    text = file.read(LARGEST + 1).replace(b"\r\n", b"\n")
    end = text.find(b"\n\n") + 1 or len(text)
    content = (OF_PROGRAMS.sub(b"", text[:end]) + text[end:]).replace(b"\n", b"\r\n")
    return size, content
