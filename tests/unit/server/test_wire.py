"""Messages of a page to its kernel: what is passed on can be read by everything after it, whatever came."""

from __future__ import annotations

import json
import struct
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jupyter_client.session import Session
from jupyter_server.services.kernels.connection.base import (
    deserialize_binary_message,
    deserialize_msg_from_ws_v1,
    serialize_binary_message,
    serialize_msg_to_ws_v1,
)

from gnetics.server import wire
from gnetics.server.wire import Malformed, checked

HEADER = {"msg_id": "1", "msg_type": "comm_msg", "session": "s", "username": "", "version": "5.2", "date": "2026-11-29T12:21:35.452Z"}
CONTENT = {"comm_id": "c", "data": {"method": "update", "state": {"text": "été 😀", "number": 1.5}, "buffer_paths": []}}
TEXT = st.text(st.characters(), max_size=20)  # halves of characters too


def values(numbers: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    leaves = st.none() | st.booleans() | TEXT | numbers
    return st.recursive(leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=10)


ANY = values(st.integers(-(10**25), 10**25) | st.floats())
OF_JAVASCRIPT = values(st.integers(1 - 10**21, 10**21 - 1) | st.floats(allow_nan=False, allow_infinity=False))


def said(**parts: Any) -> dict[str, Any]:
    return {"header": HEADER, "parent_header": {}, "metadata": {}, "content": CONTENT, "channel": "shell", "buffers": []} | parts


def by_v1(message: dict[str, Any]) -> bytes:
    parts = [json.dumps(message[part]).encode() for part in wire.PARTS]
    return bytes(serialize_msg_to_ws_v1([*parts, *message["buffers"]], message["channel"]))


def by_text(message: dict[str, Any]) -> str:
    return json.dumps(message)


def by_binary(message: dict[str, Any]) -> bytes:
    return bytes(serialize_binary_message(message))


Write = Callable[[dict[str, Any]], str | bytes]
WAYS: dict[str, tuple[Write, bool]] = {
    "v1": (by_v1, True),
    "text": (by_text, False),
    "binary": (by_binary, False),
}


def heard(passed: str | bytes, v1: bool) -> dict[str, Any]:
    """The message as Jupyter's server and then the kernel read it; fails where one of them would."""
    session = Session(key=b"k")
    if v1:
        assert isinstance(passed, bytes)
        channel, parts = deserialize_msg_from_ws_v1(passed)
        assert channel == "shell"
        wired = [session.sign(parts[:4]), *parts]
    else:
        message = deserialize_binary_message(passed) if isinstance(passed, bytes) else json.loads(passed)
        assert message.pop("channel") == "shell"
        wired = [*session.serialize(message)[1:], *message.get("buffers", [])]
    read: dict[str, Any] = Session(key=b"k").deserialize(wired)
    json.dumps(read["content"], allow_nan=False, ensure_ascii=False).encode()
    hash((read["header"]["msg_id"], read["header"]["msg_type"], read["header"].get("subshell_id"), read["content"].get("comm_id")))
    return read


@pytest.mark.parametrize("way", WAYS)
@given(state=st.dictionaries(TEXT, OF_JAVASCRIPT, max_size=5), buffers=st.lists(st.binary(max_size=20), max_size=3))
def test_what_a_page_says_arrives_as_it_is_save_halves_of_characters(way: str, state: dict[str, Any], buffers: list[bytes]) -> None:
    write, v1 = WAYS[way]
    buffers = [] if way == "text" else buffers
    content = {"comm_id": "c", "data": {"method": "update", "state": state, "buffer_paths": []}}
    frame = write(said(content=content, buffers=buffers))
    passed = checked(frame, v1)
    read = heard(passed, v1)
    assert read["content"] == json.loads(
        json.dumps(content, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )
    assert [bytes(each) for each in read["buffers"]] == buffers
    assert passed is frame or "\\ud" in json.dumps(state)


@pytest.mark.parametrize("v1", [True, False])
@given(frame=st.binary(max_size=300) | st.text(st.characters(codec="utf-8"), max_size=300))
def test_any_bytes_are_passed_on_readable_or_refused(v1: bool, frame: str | bytes) -> None:
    try:
        passed = checked(frame, v1)
    except Malformed:
        return
    heard(passed, v1)


@pytest.mark.filterwarnings("ignore:Interpreting naive datetime:DeprecationWarning")  # a damaged date may be one without its zone
@pytest.mark.parametrize("way", WAYS)
@given(data=st.data())
def test_a_message_damaged_anywhere_is_passed_on_readable_or_refused(way: str, data: st.DataObject) -> None:
    write, v1 = WAYS[way]
    frame = write(said(buffers=[] if way == "text" else [b"12", b""]))
    place = data.draw(st.integers(0, len(frame) - 1))
    end = data.draw(st.integers(place, min(len(frame), place + 9)))
    if isinstance(frame, str):
        damaged: str | bytes = frame[:place] + data.draw(st.text(st.characters(codec="utf-8"), max_size=5)) + frame[end:]
    else:
        damaged = frame[:place] + data.draw(st.binary(max_size=9)) + frame[end:]
    try:
        passed = checked(damaged, v1)
    except Malformed:
        return
    heard(passed, v1)


@pytest.mark.parametrize("way", WAYS)
@given(name=st.sampled_from([*HEADER, "subshell_id"]), value=ANY)
def test_a_header_with_anything_in_it_is_passed_on_readable_or_refused(way: str, name: str, value: Any) -> None:
    write, v1 = WAYS[way]
    try:
        passed = checked(write(said(header=HEADER | {name: value})), v1)
    except Malformed:
        return
    header = heard(passed, v1)["header"]
    assert header["msg_type"] in wire.TYPES
    assert all(
        each is None or not isinstance(each, str) or (each.isascii() and (each == "" or each.isprintable())) for each in header.values()
    )


@pytest.mark.parametrize(
    ("v1", "frame", "why"),
    [
        (False, b"\x7f\xff\xff\xff", "frame"),
        (False, b"\xff\xff\xff\xff", "frame"),
        (False, b"\0\0\0\0", "frame"),
        (False, b"\0\0\0\1\0\0\0\0", "frame"),
        (True, struct.pack("<Q", 40_000_000), "frame"),
        (True, struct.pack("<Q", 2**63 - 1), "frame"),
        (True, by_text(said()), "frame"),
        (False, "\ud800", "json"),
        (True, b"\0" * (wire.LARGEST + 1), "size"),
        (False, " " * (wire.LARGEST_TEXT + 1), "size"),
        (True, by_v1(said(content=CONTENT | {"more": "x" * wire.LARGEST_TEXT})), "size"),
        (True, by_v1(said(channel="control")), "message"),
        (False, by_text(said(channel=None)), "message"),
        (False, by_text(said(buffers=["x"])), "message"),
        (False, by_text(said(parent_header=HEADER)), "message"),
        (True, by_v1(said(content=[])), "message"),
        (True, by_v1(said(content={"data": {}})), "message"),
        (True, by_v1(said(content=CONTENT | {"comm_id": ["c"]})), "message"),
        (True, by_v1(said(content={"comm_id": "c", "data": [1]})), "message"),
        (True, by_v1(said(header=HEADER | {"msg_type": "execute_request"})), "header"),
        (True, by_v1(said(header=HEADER | {"msg_type": "comm_msg\n"})), "header"),
        (True, by_v1(said(header=HEADER | {"msg_id": "x" * 65})), "header"),
        (True, by_v1(said(header=HEADER | {"date": "2026-02-30T00:00:00Z"})), "header"),
        (True, by_v1(said(header=HEADER | {"more": ""})), "header"),
        *((True, by_v1(said(header=HEADER | {"version": version})), "header") for version in ("", ".", "4.1", "5.", "6.0")),
        (True, by_v1(said(content=CONTENT | {"more": json.loads("[" * 40 + "]" * 40)})), "depth"),
        (False, "[" * wire.MOST_BRACKETS, "json"),
        (False, "[" * (wire.MOST_BRACKETS + 1), "size"),
    ],
)
def test_what_no_page_says_is_refused_for_what_it_is(v1: bool, frame: str | bytes, why: str) -> None:
    with pytest.raises(Malformed) as refused:
        checked(frame, v1)
    assert refused.value.why == why


@pytest.mark.parametrize("leaf", ["0,", '"\\ud800",', "1.5,", '"[",' * 9 + "[]" + ',"x"' * 200 + ","])
def test_the_largest_text_is_looked_at_in_a_fraction_of_a_second(leaf: str) -> None:
    content = '{"a":[' + leaf * ((wire.LARGEST_TEXT - 500) // len(leaf)) + "0]}"
    parts = [json.dumps(HEADER | {"msg_type": "kernel_info_request"}), "{}", "{}", content]
    frame = bytes(serialize_msg_to_ws_v1([part.encode() for part in parts], "shell"))
    start = time.process_time()
    checked(frame, True)
    assert time.process_time() - start < 0.5
