"""A configuration file in TOML whose errors say their line."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gnetics.errors import GneticsError

FORM = 'une ligne par réglage, comme « port = 8900 » ou « user = "Ana" »'
UNREADABLE = "{}\u00a0: ce fichier ne peut pas être lu (est-ce un fichier, et ses droits le permettent-ils\u00a0?)."


@dataclass(frozen=True)
class ConfigFile:
    """What it says, and where; no repr has its content, which may be secret."""

    name: str = ""
    text: str = field(default="", repr=False)
    values: dict[str, Any] = field(default_factory=dict, repr=False)

    def place(self, *keys: str) -> str:
        """Of a key, by the tables that it is in and its own name; « gnetics.toml, ligne 3 »."""
        return _place(self.name, line_of(self.text, *keys))


def read(path: Path) -> ConfigFile:
    """GneticsError, with the line where there is one, for what cannot be read; of the path it tells the file's name only."""
    text = _text(path)
    try:
        return ConfigFile(path.name, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        told = re.search(r"at line (\d+)", str(error))
        line = int(told[1]) if told else _last(text)  # else it says « at end of document »: the last setting has no end
    raise _unreadable(path.name, line)


def line_of(text: str, *keys: str) -> int:
    """Where TOML first speaks of this key: its own line, dotted or not, else the header of its table."""
    for line, said in _statements(text):
        if _has(said, keys):
            return line
    raise KeyError(keys)


def _text(path: Path) -> str:
    try:
        if not path.is_file():  # a folder; a pipe would be waited for
            raise GneticsError(UNREADABLE.format(path.name))
        content = path.read_bytes()
    except OSError as error:
        raise GneticsError(UNREADABLE.format(path.name)) from error
    try:
        return content.decode().replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
    raise _unreadable(path.name, line)


def _statements(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each header and each setting, on the line where it begins, as the tables it makes; an unfinished one says nothing.

    No beginning of a statement is one, so a statement ends with the first line that makes it readable.
    """
    header, begin, lines = "", 0, text.split("\n")
    for end in range(1, len(lines) + 1):
        statement = "\n".join(lines[begin:end])
        try:
            said = tomllib.loads(header + statement)
        except tomllib.TOMLDecodeError:
            continue
        yield begin + 1, said
        begin = end
        if statement.lstrip().startswith("["):
            header = statement + "\n"
    if begin < len(lines):
        yield begin + 1, {}


def _last(text: str) -> int:
    return max(line for line, _ in _statements(text))


def _has(said: Any, keys: tuple[str, ...]) -> bool:
    for key in keys:
        if not isinstance(said, dict) or key not in said:
            return False
        said = said[key]
    return True


def _place(name: str, line: int) -> str:
    return f"{name}, ligne {line}"


def _unreadable(name: str, line: int) -> GneticsError:
    return GneticsError(f"{_place(name, line)}\u00a0: illisible\u00a0; {FORM}.")
