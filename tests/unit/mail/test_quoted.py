"""What somebody wrote stays, what mail programs put below goes: the shapes of those in use in France, and what only looks like one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gnetics.mail.reading.quoted import part
from tests import real_files
from tests.growth import is_linear

WRITTEN = (Path(__file__).parent / "replies.txt").read_text("utf-8")
CASES = re.findall(r"@@@ ([^\n]*)\n(.*?)\n@@@ mail\n(.*?)\n(?=@@@|\Z)", WRITTEN, re.DOTALL)
REPLIES = {path.stem: path for path in real_files.of("replies")}
FRENCH = (
    "email_9", "email_10", "email_11", "email_customer_quote_header_3", "email_fr_multiline", "email_french_2",
    "email_french_dash_separator", "email_ios_outlook_fr", "email_tricky_5_mixed_languages",
)  # fmt: skip
LATIN = "et mollis ligula rutrum quis. Fusce sed odio id arcu varius aliquet nec nec nibh."  # the last line of most of them


@pytest.mark.parametrize(("written", "mail"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_somebody_wrote_is_parted_from_what_is_quoted(written: str, mail: str) -> None:
    assert part(mail).written == written


@given(st.lists(st.sampled_from([line for case in CASES for line in case[2].split("\n")]), max_size=60).map("\n".join))
@example("\n".join(case[2] for case in CASES))
def test_no_line_is_lost(mail: str) -> None:
    parted = part(mail)
    kept = f"{parted.written}\n{parted.quoted}".split("\n")
    assert sorted(filter(None, kept)) == sorted(line.rstrip() for line in mail.split("\n") if line.strip())


@pytest.mark.skipif(not REPLIES, reason="the folder of real files is not here")
@pytest.mark.parametrize("name", FRENCH)
def test_real_french_replies(name: str) -> None:
    written = part(REPLIES[name].read_text("utf-8")).written
    assert written.removesuffix("\n\n====").endswith((LATIN, "merci d'avance")) and written.count("\n") < 8


LINES = ["Le ", "Le\n", "De :\n", "De : a@b.fr\n", "-- \n", "-- \n\n\n\n", "> \n", "Le 5 mars 2026 à 10:00 a@b.fr\n", "-----", "a écrit "]


@pytest.mark.parametrize("lines", LINES)
def test_a_longer_text_takes_as_long_for_each_line(lines: str) -> None:
    part(lines)  # what is compiled once
    assert is_linear(lambda count: part(lines * count), 500)
