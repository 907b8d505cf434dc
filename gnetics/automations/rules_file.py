"""The rules: those that come with the product, changed and completed by automations.toml of the data folder; faults have their line."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_type_hints

from gnetics.automations import condition
from gnetics.automations.condition import Condition
from gnetics.automations.rule import Rule
from gnetics.domain.quoting import quote
from gnetics.errors import GneticsError
from gnetics.settings import config_file
from gnetics.settings.config_file import ConfigFile
from gnetics.settings.values import Given, Unfit, convert

FILE = "automations.toml"
BUILT_IN = Path(__file__).parent / "built_in.toml"
TABLE = "rules"
NAME = re.compile("[a-z0-9-]{1,40}")
MOST = 100
_TABLES = ("where", "changes", "sources")  # keys that are tables themselves
_KINDS = {key: kind for key, kind in get_type_hints(Rule).items() if key not in ("name", "digest", *_TABLES)}
_NUMBERS = tuple(key for key, kind in _KINDS.items() if kind == tuple[int, ...])


def rules(data_dir: Path | None) -> list[Rule]:
    """In the order of the files, ours first, and alone without a folder; GneticsError has the line of what is wrong."""
    own = [data_dir / FILE] if data_dir else []
    files = [config_file.read(path) for path in (BUILT_IN, *filter(Path.exists, own))]
    tables: dict[str, dict[str, tuple[Any, ConfigFile]]] = {}
    told: dict[str, ConfigFile] = {}  # the last file that has it
    for file in files:
        for name, values in _tables(file).items():
            told[name] = file
            tables.setdefault(name, {}).update({key: (value, file) for key, value in values.items()})
    if len(tables) > MOST:
        raise GneticsError(f"{FILE}\u00a0: {MOST} règles au plus.")
    found = [_rule(name, values, told[name]) for name, values in tables.items()]
    _check_titles(found, files[-1])
    return found


def _check_titles(found: list[Rule], file: ConfigFile) -> None:
    """The log tells rules apart by their title."""
    names: dict[str, str] = {}
    for rule in found:
        if (other := names.setdefault(rule.title, rule.name)) != rule.name:
            changed = next(each for each in (rule.name, other) if each in file.values[TABLE])
            raise Given(changed, None, file, (TABLE,)).refused(f"une autre règle a déjà le titre «\u00a0{rule.title}\u00a0»")


def _tables(file: ConfigFile) -> Mapping[str, Mapping[str, Any]]:
    for key in file.values:
        if key != TABLE:
            raise GneticsError(f"{file.place(key)}\u00a0: {quote(key)} n’est pas une table comme [{TABLE}.relance].")
    found = file.values.get(TABLE, {})
    if not isinstance(found, dict):
        raise GneticsError(f"{file.place(TABLE)}\u00a0: donnez une table par règle, comme [{TABLE}.relance].")
    for name, values in found.items():
        if not isinstance(values, dict) or not NAME.fullmatch(name):
            raise GneticsError(
                f"{file.place(TABLE, name)}\u00a0: {quote(name)} n’est pas une règle\u00a0; son nom a des lettres minuscules sans accent, "
                "des chiffres et des tirets."
            )
    return found


def _rule(name: str, values: Mapping[str, tuple[Any, ConfigFile]], last: ConfigFile) -> Rule:
    read: dict[str, Any] = {}
    for key, (value, file) in values.items():
        given = Given(key, value, file, (TABLE, name))
        if key in _TABLES:
            read[key] = _entries(given)
        elif key not in _KINDS:
            raise GneticsError(f"{file.place(TABLE, name, key)}\u00a0: réglage inconnu {quote(f'{TABLE}.{name}.{key}')}.")
        else:
            read[key] = _numbers(given) if key in _NUMBERS else convert(given, _KINDS[key])
    for needed in ("title", "deed"):
        if needed not in read:
            raise Given(name, None, last, (TABLE,)).refused(f"il manque «\u00a0{needed}\u00a0»")
    said = json.dumps({key: value for key, (value, _) in values.items()}, sort_keys=True, ensure_ascii=False)
    try:
        return Rule(name=name, digest=hashlib.sha256(said.encode()).hexdigest(), **read)
    except Unfit as error:
        value, file = values.get(error.key, (None, last))
        keys = (TABLE, name, error.key) if error.key in values else (TABLE, name)
        raise Given(keys[-1], value, file, keys[:-1]).refused(str(error)) from None


def _entries(given: Given) -> Any:
    """Of a table within a rule: conditions by field, else texts by key."""
    if not isinstance(given.value, dict):
        raise given.unfit("une table")
    found: list[Condition] = []
    for key, value in given.value.items():
        inner = Given(key, value, given.file, (*given.tables, given.key))
        if given.key != "where":
            if not isinstance(value, str) or not value.strip():
                raise inner.unfit("un texte")
            continue
        try:
            found.append(condition.read(key, value))
        except Unfit as error:
            raise inner.refused(str(error)) from None
    return tuple(found) if given.key == "where" else dict(given.value)


def _numbers(given: Given) -> tuple[int, ...]:
    value = given.value
    if not isinstance(value, list) or not all(type(each) is int for each in value):
        raise given.unfit("une liste de nombres comme [4, 7]")
    return tuple(value)
