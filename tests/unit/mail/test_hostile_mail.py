"""Mail made to harm: no exception, no minute lost, and what was not read is told."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnetics.mail.reading import bodies, parts
from gnetics.mail.reading.letter import Letter, read
from tests.growth import is_linear

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
HEAD = b"From: a@b.fr\n"
PIECES = [
    b"\n", b"\n\n", b"\r", b"\0", b"(", b'"', b"<", b">", b";", b"a", b"@b.fr",
    b"\xff\xfe", b"\xed\xa0\x80", b"=?utf-8?q?", b"?=", b"=?x?b?=C3?=",
    b"From: ", b"To: ((((", b"Subject: ", b"Date: Mon, 30 Nov 99999 99:99:99 +9999", b"Message-ID: <", b"Auto-Submitted: ",
    b"Return-Path: <>\n", b"Subject: Undelivered Mail\n", b"X-Failed-Recipients: ((\n",
    b"Content-Type: multipart/mixed; boundary=a\n", b"Content-Type: multipart/alternative; boundary=b\n",
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=a\n", b"--a\n", b"--b\n", b"--a--\n",
    b"Content-Type: message/rfc822\n\n", b"Content-Type: message/delivery-status\n\n",
    b"Final-Recipient: rfc822; a@b.fr\nAction: failed\n", b"Content-Type: text/html\n", b"Content-Type: text/calendar\n\nMETHOD:",
    b"Content-Type: text/plain; charset*=\0''utf-8\n", b"; charset=undefined", b"; name*0*=x''%ff; name*1=",
    b"Content-Transfer-Encoding: base64\n", b"Content-Transfer-Encoding: x-uuencode\n\nbegin 666 a\n",
    b"Content-Disposition: attachment; filename=\n", b"<blockquote>", b"<table><td>", b"&#xD800;", b"> ",
    b"Le 5 mars 2026 \xe0 10:00 a@b.fr a \xe9crit :\n", b"De : a@b.fr\nObjet : b\nDate : 10:00\n", b"-- \n",
]  # fmt: skip


def as_parts(*each: bytes) -> bytes:
    return HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n" + b"".join(b"--x\n" + part + b"\n" for part in each) + b"--x--\n"


def check(content: bytes) -> Letter:
    """Read, with nothing in it that a database or a header would refuse."""
    found = read(content, NOW)
    names = (each.name for each in found.attachments)
    lines = [found.subject, found.message_id, found.drop_reason, found.sender.name, *names, *found.flaws]
    assert not any(mark in line for line in lines for mark in "\n\r\0")
    for text in (found.text, found.quoted, *lines):
        assert "\0" not in text
        text.encode()
    for each in found.attachments:
        assert len(each.content()) == each.size
    return found


@given(st.binary())
def test_any_bytes_are_read(content: bytes) -> None:
    check(content)


@given(st.lists(st.sampled_from(PIECES), max_size=40).map(b"".join))
def test_any_pieces_of_mail_are_read(content: bytes) -> None:
    check(content)


@given(st.binary())
def test_any_body_of_any_encoding_is_read(content: bytes) -> None:
    for encoding in (b"base64", b"quoted-printable", b"x-uuencode", b"8bit"):
        check(HEAD + b"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: " + encoding + b"\n\n" + content)


def nested(levels: int) -> bytes:
    opened = (b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level) for level in range(levels))
    return HEAD + b"".join(opened) + b"\ncoeur\n"


def test_parts_nested_too_deeply_are_told() -> None:
    assert check(nested(10)).flaws == ()
    assert check(nested(2_000)).flaws == (parts.TOO_DEEP,)


def test_mails_enclosed_too_deeply_are_told() -> None:
    assert parts.TOO_DEEP in check(HEAD + b"Content-Type: message/rfc822\n\n" * 2_000).flaws


def test_too_many_parts_are_told_and_the_first_are_read() -> None:
    found = check(as_parts(b"\nBonjour", *[b"Content-Type: image/png\n\nPNG"] * 5_000))
    assert (found.text, found.flaws) == ("Bonjour", (parts.TOO_MANY,))
    assert len(found.attachments) == parts.PARTS - 2  # the mail itself, its text


def test_a_text_too_long_is_cut_and_told() -> None:
    found = check(HEAD + b"\n" + b"Bonjour Paul. " * 20_000)
    assert len(found.text) == bodies.TEXT and found.flaws == (bodies.TOO_LONG,)


def test_a_page_too_long_is_cut_and_told() -> None:
    found = check(HEAD + b"Content-Type: text/html\n\n" + b"<p></p>" * 100_000)
    assert found.flaws == (bodies.TOO_LONG,)


def test_too_many_lines_are_told() -> None:
    assert parts.TOO_LONG in check(HEAD + b"\n" + b"a\n" * 600_000).flaws


def test_thirty_megabytes_are_read() -> None:
    file = b"Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n" + (b"QUJD" * 19 + b"\n") * 400_000
    found = check(as_parts(b"\nBonjour", file))
    assert (found.text, found.flaws) == ("Bonjour", ())
    assert found.attachments[0].size == 57 * 400_000


def test_a_bounce_that_returns_thirty_megabytes_is_known() -> None:
    notice = b"Hi. This is the qmail-send program at b.fr.\n\n<c@d.fr>:\nuser unknown\n\n--- Below is your mail\n\n"
    bounce = check(
        b"From: MAILER-DAEMON@b.fr\nSubject: failure notice\n\n" + notice + b"QUJD" * 19 + b"\n" * 5 + b"a, b\n" * 400_000
    ).bounce
    assert bounce and bounce.failed == ("c@d.fr",)


NOTICE = b"From: <>\nSubject: failure notice\n\n"
MADE: dict[str, Callable[[int], bytes]] = {
    "Le": lambda count: HEAD + b"\n" + b"Le " * count,
    "lines of Le": lambda count: HEAD + b"\n" + b"Le\n" * count,
    "De": lambda count: HEAD + b"\n" + b"De :\n" * count,
    "De an address": lambda count: HEAD + b"\n" + b"De : a@b.fr\n" * count,
    "subject": lambda count: HEAD + b"Subject: " + b"=?utf-8?q?" * count + b"\n\n",
    "recipients": lambda count: HEAD + b"To: " + b"<a@b.fr>," * count + b"\n\n",
    "brackets": lambda count: HEAD + b"To: " + b"(" * count + b"a" * count + b"\n\n",
    "references": lambda count: HEAD + b"References: " + b"<" * count + b"a" * count + b"\n\n",
    "headers": lambda count: HEAD + b"X-A: b\n" * count + b"\n",
    "cells": lambda count: HEAD + b"Content-Type: text/html\n\n<table><tr>" + b"<td>a" * count,
    "quotes": lambda count: HEAD + b"Content-Type: text/html\n\n" + b"<blockquote>a</blockquote>" * count,
    "attributes": lambda count: HEAD + b"Content-Type: text/html\n\n<a " + b" ".join(b"b%d" % each for each in range(count)) + b">",
    "report": lambda count: b"From: MAILER-DAEMON@b.fr\nContent-Type: message/delivery-status\n\n" + b"Action: failed\n\n" * count,
    "notice": lambda count: NOTICE + b"This is a delivery failure notification message\n-- " + b"a" * count,
    "commas": lambda count: NOTICE + b"failed " + b"," * count,
    "wish": lambda count: HEAD + b"Subject: ne souhaite plus " + b"des " * count + b"\n\n",
}  # fmt: skip


@pytest.mark.parametrize("name", MADE)
def test_a_longer_mail_takes_as_long_for_each_part(name: str) -> None:
    check(MADE[name](10))
    assert is_linear(lambda count: read(MADE[name](count), NOW), 1_250)
