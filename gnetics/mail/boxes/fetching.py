"""Messages by number, in batches that fit in memory; one that cannot be read does not stop the others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from gnetics.mail.boxes.source import LARGEST, Fetched

BATCH, BATCH_BYTES = 200, 8 << 20
SIZE, WHOLE, HEADERS = "(UID RFC822.SIZE)", "(UID BODY.PEEK[])", "(UID BODY.PEEK[HEADER])"
UID, OCTETS = re.compile(rb"\bUID (\d+)"), re.compile(rb"\bRFC822\.SIZE (\d+)")


class NotFetched(Exception):
    """Why a server that answers did not give these messages."""


Answer = list[Any]  # what imaplib makes of it: lines, and pairs of a line and the bytes that it announces
Fetch = Callable[[Sequence[int], str], Answer]  # these numbers, these parts; raises NotFetched


def messages(fetch: Fetch, uids: Iterable[int]) -> Iterator[Fetched]:
    """As Source.messages."""
    rest = iter(uids)
    while batch := list(islice(rest, BATCH)):
        for some, answer in _answers(fetch, batch, SIZE):
            if isinstance(answer, str):
                yield Fetched(some[0], failure=answer)
            else:
                sizes = _sizes(answer)
                yield from _contents(fetch, {uid: sizes[uid] for uid in some if uid in sizes})


def _contents(fetch: Fetch, sizes: Mapping[int, int]) -> Iterator[Fetched]:
    for group in _groups(sizes):
        what = HEADERS if sizes[group[0]] > LARGEST else WHOLE
        for some, answer in _answers(fetch, group, what):
            if isinstance(answer, str):
                yield Fetched(some[0], sizes[some[0]], failure=answer)
            else:
                found = _bytes(answer)
                yield from (Fetched(uid, sizes[uid], found[uid]) for uid in some if uid in found)


def _answers(fetch: Fetch, uids: Sequence[int], what: str) -> Iterator[tuple[Sequence[int], Answer | str]]:
    """For all of them, else for the halves of those that fail together; for one that fails alone, why."""
    try:
        found = fetch(uids, what)
    except NotFetched as error:
        middle = len(uids) // 2
        if not middle:
            yield uids, str(error)
            return
    else:
        yield uids, found
        return
    yield from _answers(fetch, uids[:middle], what)
    yield from _answers(fetch, uids[middle:], what)


def _groups(sizes: Mapping[int, int]) -> Iterator[list[int]]:
    """Of BATCH_BYTES at most, or one message."""
    group, total = list[int](), 0
    for uid, size in sizes.items():
        total += size
        if group and total > BATCH_BYTES:
            yield group
            group, total = [], size
        group.append(uid)
    if group:
        yield group


def _sizes(answer: Answer) -> dict[int, int]:
    found = ((UID.search(line), OCTETS.search(line)) for line in answer if isinstance(line, bytes))
    return {int(uid[1]): int(size[1]) for uid, size in found if uid and size}


def _bytes(answer: Answer) -> dict[int, bytes]:
    """A message's number stands before its bytes or after them."""
    found = {}
    for item, following in zip(answer, [*answer[1:], b""], strict=True):
        if isinstance(item, tuple):
            line, content = item
            if uid := UID.search(line) or (UID.search(following) if isinstance(following, bytes) else None):
                found[int(uid[1])] = content
    return found
