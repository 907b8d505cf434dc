"""What somebody wrote for a setting, read as its type, or refused with the place where it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from types import UnionType
from typing import Any, get_args

from gnetics.domain.quoting import quote
from gnetics.errors import GneticsError
from gnetics.settings.config_file import ConfigFile

YES, NO = {"1", "true", "on", "oui", "yes"}, {"0", "false", "off", "non", "no"}
SHORTEST, LONGEST = 1, 10_080  # minutes; the longest is a week
UNWRITTEN = re.compile("[\0-\x1f\x7f\ud800-\udfff]")  # control characters; bytes that are no UTF-8
EXPECTED = {bool: "oui ou non", int: "un nombre entier", tuple[str, ...]: 'une liste de textes comme ["a", "b"]'}


@dataclass(frozen=True)
class Given:
    """What somebody wrote for a setting, or for a way to a secret, and where: in these tables of this file, else in the environment."""

    key: str
    value: Any = field(repr=False)
    file: ConfigFile | None = None
    tables: tuple[str, ...] = ()
    secret: bool = False  # no sentence shows it

    @property
    def word(self) -> str:
        return ".".join((*self.tables, self.key)) if self.file else variable(*self.tables, self.key)

    def refused(self, why: str) -> GneticsError:
        """In one sentence that says where to correct it."""
        place = f"{self.file.place(*self.tables, self.key)}, réglage" if self.file else "Réglage"
        return GneticsError(f"{place} {self.word}\u00a0: {why}.")

    def unfit(self, expected: str) -> GneticsError:
        shown = "la valeur" if self.secret else quote(str(self.value).encode(errors="replace").decode())
        return self.refused(f"{shown} n’est pas {expected}")


class Unfit(Exception):
    """Why values do not make an entry of a table; `key` is the one at fault, "" for the whole entry."""

    def __init__(self, key: str, why: str) -> None:
        super().__init__(why)
        self.key = key


def require_minutes(every: int) -> None:
    """Of what the worker does again and again; raises Unfit."""
    if not SHORTEST <= every <= LONGEST:
        raise Unfit("every_minutes", f"donnez de {SHORTEST} à {LONGEST} minutes")


def variable(*words: str) -> str:
    """Of the environment."""
    return f"GNETICS_{'_'.join(words).upper().replace('-', '_')}"


def convert(given: Given, kind: Any) -> Any:
    """The value as its type, from the text of the environment or from what TOML has for it."""
    value = given.value
    if isinstance(kind, UnionType):  # with None, for what nobody wrote
        return convert(given, get_args(kind)[0])
    if kind == tuple[str, ...]:
        return _texts(given)
    if kind is not str and type(value) is kind:
        return value
    if kind is str and type(value) is int:  # as anybody writes `region_first_weekday = 0`
        value = str(value)
    if not isinstance(value, str) or UNWRITTEN.search(value):
        raise given.unfit(EXPECTED.get(kind, "un texte"))
    text = value.strip()
    if kind is bool and text.lower() in YES | NO:
        return text.lower() in YES
    if kind is int and re.fullmatch(r"-?[0-9]{1,9}", text):
        return int(text)
    if kind in (bool, int):
        raise given.unfit(EXPECTED[kind])
    if issubclass(kind, StrEnum) and text not in list(kind):
        raise given.unfit(" ou ".join(kind))
    return kind(value)


def _texts(given: Given) -> tuple[str, ...]:
    value = given.value
    if not isinstance(value, list) or not all(isinstance(each, str) and each.strip() and not UNWRITTEN.search(each) for each in value):
        raise given.unfit(EXPECTED[tuple[str, ...]])
    return tuple(value)
