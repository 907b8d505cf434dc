"""Who comes to an event: kept as JSON [[address, name, PARTSTAT], …].

A person writes « Zoé Client <zoe@client.fr>, paul@autre.fr ».
"""

from __future__ import annotations

import json
import re

from gnetics.domain import emails
from gnetics.domain.events import NO_ANSWER
from gnetics.domain.folding import fold
from gnetics.domain.values import clean
from gnetics.errors import Unreadable

MOST = 200
ANSWERS = {"ACCEPTED": "accepté", "DECLINED": "refusé", "TENTATIVE": "peut-être", "DELEGATED": "délégué"}
_NOT_ANSWERED = "sans réponse"
_TOO_MANY = f"Un événement a {MOST} participants au plus."
_ONE = re.compile(r'(?:"[^"\n]*"|<[^<>\n]*>|[^,;\n])+')  # between commas that no name has within its quotes
_SEPARATING = re.compile(r'[,;<>"]')
_LONGEST_NAME = 200


def answered(kept: str | None) -> list[str]:
    """« Zoé Client (accepté) »."""
    return [f"{name or address} ({ANSWERS.get(answer, _NOT_ANSWERED)})" for address, name, answer in json.loads(kept or "[]")]


def written(kept: str | None) -> str:
    """As a person types them."""
    return ", ".join(f"{_quoted(name)} <{address}>" if name else address for address, name, _ in json.loads(kept or "[]"))


def read(text: str, kept: str | None) -> str | None:
    """What was typed, each once, with the answers that those of `kept` gave; raises Unreadable for what is no address."""
    known = {fold(address): (name, answer) for address, name, answer in json.loads(kept or "[]")}
    found: dict[str | None, list[str]] = {}
    for each in _ONE.findall(text):
        if not each.strip():
            continue
        typed, _, box = each.strip().removesuffix(">").rpartition("<")
        address = emails.parse(box)
        name, answer = known.get(fold(address), ("", NO_ANSWER))
        found.setdefault(fold(address), [address, clean(typed.strip().strip('"'))[:_LONGEST_NAME] or name or "", answer])
    if len(found) > MOST:
        raise Unreadable(_TOO_MANY)
    return json.dumps(list(found.values()), ensure_ascii=False) if found else None


def _quoted(name: str) -> str:
    return f'"{name.replace(chr(34), chr(39))}"' if _SEPARATING.search(name) else name
