"""A mail taken apart, up to limits: one made to exhaust whoever reads it is read as far as they go."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email.feedparser import BytesFeedParser
from email.message import Message
from email.policy import Compat32, Policy
from itertools import islice

PARTS, NESTING, LINES = 200, 50, 500_000  # lines: 38 MB of base64
LONGEST = 100_000  # characters of a header
PARAMETERS = 4_000  # and of one with parameters: their numbers go through int(), which refuses 4,300 digits
OPAQUE = "application/octet-stream"
_BREAK = re.compile(rb"\r\n?|\n")

TOO_MANY = f"Cet email a plus de {PARTS} parties\u00a0: les suivantes ne sont pas lues."
TOO_DEEP = f"Des parties imbriquées à plus de {NESTING} niveaux ne sont pas lues."
TOO_LONG = "Cet email a plus de 500\u202f000 lignes\u00a0: la suite n’est pas lue."


class Part(Message):
    """One that knows how deep it lies, and looks like a file where that is too deep."""

    depth = 0

    def attach(self, payload: Message) -> None:  # type: ignore[override]
        if isinstance(payload, Part):
            payload.depth = self.depth + 1
        super().attach(payload)

    def get_content_type(self) -> str:
        return super().get_content_type() if self.depth < NESTING else OPAQUE


def parse(content: bytes, flaws: list[str]) -> Part:
    """Its headers give their text as it came, with a surrogate for each byte that is not ASCII."""
    made: list[Part] = []

    def make(policy: Policy) -> Part:
        if len(made) == PARTS:
            raise _TooMany
        made.append(Part(policy))
        return made[-1]

    parser = BytesFeedParser(make, policy=_AS_IT_CAME)  # type: ignore[arg-type]  # typeshed forgets that it may make subclasses
    made.clear()  # the parser has tried its factory
    if end := next(islice(_BREAK.finditer(content), LINES, None), None):
        flaws.append(TOO_LONG)
        content = content[: end.start()]
    try:
        parser.feed(content)
        parser.close()
    except _TooMany:
        flaws.append(TOO_MANY)
    if any(part.depth >= NESTING for part in made):
        flaws.append(TOO_DEEP)
    return made[0]


def children(part: Message) -> list[Part]:
    """Those of a multipart, the mail within a mail, the groups of fields of a report."""
    payload = part.get_payload() if part.is_multipart() else []
    return [each for each in payload if isinstance(each, Part)] if isinstance(payload, list) else []


def walk(part: Part) -> Iterator[Part]:
    """This part and those below, except what an enclosed mail holds."""
    yield part
    if part.get_content_type() != "message/rfc822":
        for each in children(part):
            yield from walk(each)


def content_of(part: Message) -> bytes:
    """What a part that has none below it holds, decoded."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def source(part: Part) -> bytes:
    """As it is written: email.generator raises on parts that came with bytes out of place."""
    return _written(part).encode("utf-8", "surrogateescape")


def _written(part: Part) -> str:
    head = "".join(f"{name}: {value}\n" for name, value in part.items())
    inside = [_written(each) for each in children(part)]
    if boundary := (part.get_boundary() or "").encode(errors="replace").decode():
        inside = [*(f"--{boundary}\n{each}\n" for each in inside), f"--{boundary}--\n"] if inside else []
    came = part._payload  # type: ignore[attr-defined]  # get_payload would decode it
    return f"{head}\n{came if isinstance(came, str) else ''.join(inside)}"


class _TooMany(Exception):
    pass


class _AsItCame(Compat32):
    """Neither the defect-prone Header objects of its parent nor the parsers of policy.default, ten times slower."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        return value[: PARAMETERS if name.lower().startswith("content-") else LONGEST].replace("\0", "")


_AS_IT_CAME = _AsItCame()
