"""No file of the repository holds what only its owner may know."""

from __future__ import annotations

import re
from itertools import chain
from pathlib import Path

import pytest

from gnetics.settings import PROJECT

SHAPES = {
    "private key": rb"-----BEGIN [A-Z ]*PRIVATE KEY-----",
    "key of a cloud": rb"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\bAIza[0-9A-Za-z_-]{35}\b",
    "token of a forge or a chat": rb"\bgh[pousr]_[0-9A-Za-z]{36}\b|\bgithub_pat_\w{60}|\bglpat-[\w-]{20}\b|\bxox[abprs]-[\w-]{10}",
    "token of a service": rb"\bsk-[0-9A-Za-z_-]{32}|\bSG\.[\w-]{22}\.[\w-]{43}\b",
    "signed token": rb"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}",
    "Argon2 hash": rb"\$argon2id?\$v=\d+\$m=\d+,t=\d+,p=\d+\$[\w+/]{20,}\$",
    "password in an address": rb"\b(?:postgresql|postgres|https?|imaps?|smtps?)://[^\s:/@\"'{}<>]+:(?![{<$*])[^\s@/\"'{}<>]{12,}@",
}


FOLDERS = (".ci", "deploy", "gnetics", "notebooks", "tests")
OWN = "gnetics.toml"  # of one machine, never in the repository


def _files() -> list[Path]:
    inside = chain.from_iterable((PROJECT / folder).rglob("*") for folder in FOLDERS)
    return [each for each in chain(PROJECT.iterdir(), inside) if each.is_file() and "__pycache__" not in each.parts and each.name != OWN]


@pytest.mark.parametrize("kind", SHAPES)
def test_no_file_holds_a_secret(kind: str) -> None:
    shape = re.compile(SHAPES[kind])
    assert [file for file in _files() if shape.search(file.read_bytes())] == []


def test_the_shapes_would_be_seen() -> None:
    samples = {
        "private key": b"-----BEGIN " + b"RSA PRIVATE KEY-----",
        "key of a cloud": b"AKIA" + b"A" * 16,
        "token of a forge or a chat": b"ghp_" + b"a" * 36,
        "token of a service": b"sk-" + b"a" * 32,
        "signed token": b"eyJ" + b"a" * 12 + b".eyJ" + b"b" * 12 + b"." + b"c" * 12,
        "Argon2 hash": b"$argon2id$" + b"v=19$m=65536,t=3,p=4$" + b"a" * 22 + b"$",
        "password in an address": b"postgresql://crm:" + b"s" * 14 + b"@base/crm",
    }
    assert [kind for kind, shape in SHAPES.items() if not re.search(shape, samples[kind])] == []
