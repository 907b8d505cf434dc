"""What a page may say to its kernel: each message is checked before anything else reads it.

Our pages send nothing that is refused here. What a person can send without meaning to, half a character (some keyboards type an emoji
in two steps), is replaced instead.
"""

from __future__ import annotations

import json
import math
import re
import struct
from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise
from typing import Any

from jupyter_server.services.kernels.connection.base import serialize_binary_message, serialize_msg_to_ws_v1

LARGEST = 4 << 20  # bytes of a message: an import sends slices of one MiB
LARGEST_TEXT = 1 << 20  # bytes of its JSON: read in a tenth of a second at worst, in which the server answers nobody
MOST_BUFFERS = 16
DEEPEST, MOST_BRACKETS = (
    32,
    50_000,
)  # lists and objects within each other; in all, and brackets of texts (each list costs Python's collector)
LONGEST_INTEGER = 22  # digits: JavaScript writes larger numbers as 1e+22
CHANNEL = "shell"
COMMS = ("comm_open", "comm_msg", "comm_close")
TYPES = (*COMMS, "comm_info_request", "kernel_info_request")  # all that a page of widgets needs
COMM = r"[\w-]{1,64}"  # the name of one
PARTS = ("header", "parent_header", "metadata", "content")
FIELDS = {  # of a header; nothing that jupyter_client would take for a date, save the date
    "msg_id": r"[\w.-]{1,64}",
    "msg_type": "|".join(TYPES),
    "session": r"[\w.-]{1,64}",
    "username": r"[\w .@-]{0,64}",
    "version": r"5(\.\d{1,2}){0,2}",  # of any other, jupyter_client would rewrite the message, whatever it holds
    "date": r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z?)?",
}
_HALVES = re.compile(r"\\u[dD][89a-fA-F]")  # of characters, which in UTF-8 can stand in JSON only so


class Malformed(Exception):
    """`why` is one of few words, for the measures: size, frame, json, depth, message, header."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def checked(frame: str | bytes, v1: bool) -> str | bytes:
    """The message to pass on to the kernel; raises Malformed. `v1`: by that subprotocol, else as JSON, with or without buffers."""
    if len(frame) > LARGEST:
        raise Malformed("size")
    if v1:
        return _checked_v1(frame)
    return _checked_text(frame) if isinstance(frame, str) else _checked_binary(frame)


def _checked_v1(frame: str | bytes) -> bytes:
    if not isinstance(frame, bytes):
        raise Malformed("frame")
    channel, *parts = _cut(frame, "<Q", least=2 + len(PARTS), ends=True)
    if channel != CHANNEL.encode():
        raise Malformed("message")
    texts, buffers = parts[: len(PARTS)], parts[len(PARTS) :]
    if sum(map(len, texts)) > LARGEST_TEXT:
        raise Malformed("size")
    said = [_read(text) for text in texts]
    _check(*said)
    if not any(map(_has_halves, texts)):
        return frame
    whole = [*(_whole(each).encode() for each in said), *buffers]
    return serialize_msg_to_ws_v1(whole, CHANNEL)  # type: ignore[no-any-return]


def _checked_text(frame: str) -> str:
    message = _message(frame)
    return _whole(message) if _has_halves(frame) else frame


def _checked_binary(frame: bytes) -> bytes:
    text, *buffers = _cut(frame, "!I", least=1, ends=False)
    message = _message(text)
    if not _has_halves(text):
        return frame
    return serialize_binary_message(json.loads(_whole(message)) | {"buffers": buffers})  # type: ignore[no-any-return]


def _cut(frame: bytes, form: str, least: int, ends: bool) -> list[bytes]:
    """The parts of a frame that begins with the count of its offsets and the offsets; `ends`: the last one is where the last part ends."""
    size = struct.calcsize(form)
    if len(frame) < size:
        raise Malformed("frame")
    (count,) = struct.unpack_from(form, frame)
    if not least <= count <= least + MOST_BUFFERS or len(frame) < size * (1 + count):
        raise Malformed("frame")
    offsets = [*struct.unpack_from(f"{form[0]}{count}{form[1]}", frame, size), *(() if ends else (len(frame),))]
    if offsets[0] != size * (1 + count) or offsets[-1] != len(frame) or offsets != sorted(offsets):
        raise Malformed("frame")
    return [frame[start:stop] for start, stop in pairwise(offsets)]


def _message(text: str | bytes) -> dict[str, Any]:
    """A message that is one JSON object."""
    message = _read(text)
    if not isinstance(message, dict) or not message.keys() <= {*PARTS, "channel", "buffers"}:
        raise Malformed("message")
    if message.get("channel") != CHANNEL or message.get("buffers", []) != []:
        raise Malformed("message")
    _check(*(message.get(part) for part in PARTS))
    return message


def _check(header: Any, parent: Any, metadata: Any, content: Any) -> None:
    if parent != {} or not isinstance(metadata, dict) or not isinstance(content, dict):  # no page answers to a message of its kernel
        raise Malformed("message")
    if not isinstance(header, dict) or not header.keys() <= {*FIELDS, "subshell_id"} or header.get("subshell_id") is not None:
        raise Malformed("header")
    for name, form in FIELDS.items():
        if not isinstance(header.get(name), str) or not re.fullmatch(form, header[name], re.ASCII):
            raise Malformed("header")
    if header["date"]:
        try:
            datetime.fromisoformat(header["date"])
        except ValueError:
            raise Malformed("header") from None
    if header["msg_type"] in COMMS:
        _check_comm(content)


def _check_comm(content: dict[str, Any]) -> None:
    name = content.get("comm_id")
    if not isinstance(name, str) or not re.fullmatch(COMM, name, re.ASCII) or not isinstance(content.get("data"), dict):
        raise Malformed("message")
    if not isinstance(content.get("target_name", ""), str):
        raise Malformed("message")


def _read(text: str | bytes) -> Any:
    if len(text) > LARGEST_TEXT:
        raise Malformed("size")
    try:
        text = text if isinstance(text, str) else text.decode()
    except ValueError:
        raise Malformed("json") from None
    brackets = text.count("[") + text.count("{")
    if brackets > MOST_BRACKETS:
        raise Malformed("size")
    try:
        value = _NUMBERS_OF_JAVASCRIPT.decode(text)
    except (ValueError, RecursionError):
        raise Malformed("json") from None
    if brackets > DEEPEST and _is_deep(value):
        raise Malformed("depth")
    return value


def _is_deep(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [inner for each in level for inner in _within(each)]
        if not level:
            return False
    return any(isinstance(each, (dict, list)) for each in level)


def _within(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _has_halves(text: str | bytes) -> bool:
    return _HALVES.search(text if isinstance(text, str) else text.decode()) is not None


def _whole(value: Any) -> str:
    """As JSON, with U+FFFD for each half of a character that stands alone."""
    return json.dumps(value, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _integer(digits: str) -> int:
    if len(digits) > LONGEST_INTEGER:
        raise ValueError(digits[:LONGEST_INTEGER])
    return int(digits)


def _real(digits: str) -> float:
    if math.isinf(value := float(digits)):
        raise ValueError(digits[:LONGEST_INTEGER])
    return value


def _no_number(word: str) -> None:
    raise ValueError(word)


_NUMBERS_OF_JAVASCRIPT = json.JSONDecoder(parse_int=_integer, parse_float=_real, parse_constant=_no_number)
