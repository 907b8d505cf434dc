"""Tables of the configuration file that have one entry per name, as [mail.boxes.ana]: each entry is read into the dataclass of its kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, get_type_hints

from gnetics.domain.quoting import quote
from gnetics.errors import GneticsError
from gnetics.settings.calendar import CalendarAccount
from gnetics.settings.config_file import ConfigFile
from gnetics.settings.credentials import TOLD, WAYS, Credential
from gnetics.settings.mailbox import MailBox
from gnetics.settings.source import Source
from gnetics.settings.values import Given, Unfit, convert, variable

Keys = tuple[str, ...]  # where something is: the tables that it is in, and its own name
TABLES: dict[str, tuple[Keys, type[Any]]] = {  # by their attribute in Settings
    "mail_boxes": (("mail", "boxes"), MailBox),
    "sources": (("sources",), Source),
    "calendars": (("calendars",), CalendarAccount),
}
NAME = re.compile("[a-z0-9_-]+")  # a variable of the environment has it
NAMED = "un nom de table est fait de lettres minuscules sans accent, de chiffres, de «\u00a0-\u00a0» et de «\u00a0_\u00a0»"


def read(file: ConfigFile, environ: Mapping[str, str]) -> dict[str, Any]:
    """The entries by attribute, as tuples in the order of the file; GneticsError has the line of what is wrong."""
    return {attribute: tuple(_entries(file, environ, place, kind)) for attribute, (place, kind) in TABLES.items()}


def check_known(file: ConfigFile, settings: Iterable[str]) -> None:
    """GneticsError names what is neither one of these settings nor in our tables."""
    if found := _unknown(file.values, {*((key,) for key in settings), *(place for place, _ in TABLES.values())}):
        raise _not_known(file, found)


def passwords(settings: Any) -> set[str]:
    """The variables of the environment that may hold one, for the entries of these settings."""
    secret = [(attribute, place) for attribute, (place, kind) in TABLES.items() if _has_credential(kind)]
    return {variable(*place, each.name, TOLD) for attribute, place in secret for each in getattr(settings, attribute)}


def _has_credential(kind: type[Any]) -> bool:
    return any(each.name == "credential" for each in fields(kind))


def _unknown(values: Mapping[str, Any], known: set[Keys], above: Keys = ()) -> Keys:
    """The first one, or () when there is none."""
    for key, value in values.items():
        here = (*above, key)
        if here in known:
            continue
        if not isinstance(value, dict) or all(place[: len(here)] != here for place in known):
            return here
        if found := _unknown(value, known, here):
            return found
    return ()


def _entries(file: ConfigFile, environ: Mapping[str, str], place: Keys, kind: type[Any]) -> Iterator[Any]:
    seen = set[str]()
    for name, values in _table(file, place).items():
        given = Given(name, None, file, place)
        if not NAME.fullmatch(name):
            raise given.refused(NAMED)
        if variable(name) in seen:
            raise given.refused("une autre table a le même nom, à un tiret près")
        seen.add(variable(name))
        yield _entry(file, environ, (*place, name), values, kind)


def _table(file: ConfigFile, place: Keys) -> Mapping[str, Any]:
    """Of tables by name, or empty."""
    found = file.values
    for key in place:
        found = found.get(key, {})
    values = found if isinstance(found, dict) else {"": found}
    for name, entry in values.items():
        if not isinstance(entry, dict):
            *tables, key = (*place, name) if name else place
            raise Given(key, None, file, tuple(tables)).refused(f"donnez une table par nom, comme [{'.'.join(place)}.ana]")
    return values


def _entry(file: ConfigFile, environ: Mapping[str, str], place: Keys, values: Mapping[str, Any], kind: type[Any]) -> Any:
    columns = {each.name: each for each in fields(kind) if each.name not in ("name", "credential")}
    shown = {name for name, column in columns.items() if column.repr}
    given = {key: Given(key, value, file, place, secret=key not in shown) for key, value in values.items()}
    secret = _has_credential(kind)
    if secret and TOLD in given:
        ways = f"{', '.join(WAYS)} ou la variable {variable(*place, TOLD)}"
        raise given[TOLD].refused(f"un mot de passe n’est pas écrit dans ce fichier\u00a0; donnez {ways}")
    if unknown := next((key for key in given if key not in {*columns, *(WAYS if secret else ())}), None):
        raise _not_known(file, (*place, unknown))
    hints = get_type_hints(kind)
    read = {key: convert(each, hints[key]) for key, each in given.items() if key in columns}
    if secret:
        read["credential"] = _credential(given, environ, place)
    try:
        return kind(name=place[-1], **read)
    except Unfit as error:
        raise given.get(error.key, Given(place[-1], None, file, place[:-1])).refused(str(error)) from None


def _credential(given: Mapping[str, Given], environ: Mapping[str, str], place: Keys) -> Credential | None:
    """The environment wins, blank too: so kernels are told of none."""
    told = environ.get(variable(*place, TOLD))
    if told is not None:
        return Credential(Given(TOLD, told, tables=place, secret=True)) if told else None
    ways = [replace(given[key], value=value) for key in WAYS if key in given and (value := convert(given[key], str))]
    if len(ways) > 1:
        raise ways[1].refused(f"ce secret est aussi donné par {ways[0].word}\u00a0; gardez l’un des deux")
    return Credential(ways[0]) if ways else None


def _not_known(file: ConfigFile, keys: Keys) -> GneticsError:
    return GneticsError(f"{file.place(*keys)}\u00a0: réglage inconnu {quote('.'.join(keys))}.")
