"""Participants of an event, as they are kept and as a person types them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gnetics.domain.events import NO_ANSWER
from gnetics.domain.participants import MOST, answered, read, written
from gnetics.domain.values import clean
from gnetics.errors import Unreadable

MANY = [f"a{number}@b.fr" for number in range(MOST + 1)]
ZOE = '[["zoe@client.fr", "Zoé Client", "ACCEPTED"]]'


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", None),
        (" , ;\n", None),
        ("zoe@client.fr", [["zoe@client.fr", "", NO_ANSWER]]),
        ("Zoé Client <zoe@client.fr>; paul@autre.fr", [["zoe@client.fr", "Zoé Client", NO_ANSWER], ["paul@autre.fr", "", NO_ANSWER]]),
        ('"Client, Zoé" <zoe@client.fr>\npaul@autre.fr', [["zoe@client.fr", "Client, Zoé", NO_ANSWER], ["paul@autre.fr", "", NO_ANSWER]]),
        ("mailto:zoe@client.fr, ZOE@client.fr", [["zoe@client.fr", "", NO_ANSWER]]),
    ],
)
def test_what_is_typed_is_read_each_once(typed: str, found: list[list[str]] | None) -> None:
    assert json.loads(read(typed, None) or "null") == found


def test_who_answered_keeps_the_answer_and_the_name() -> None:
    kept = read("paul@autre.fr, Zoe@Client.fr", ZOE)
    assert json.loads(kept or "") == [
        ["paul@autre.fr", "", NO_ANSWER],
        ["Zoe@client.fr", "Zoé Client", "ACCEPTED"],
    ]
    assert answered(ZOE) == ["Zoé Client (accepté)"] and answered(None) == []


@pytest.mark.parametrize("typed", ["Zoé", "zoe@client.fr paul@autre.fr", "zoe@", "Zoé <>", ", ".join(MANY)])
def test_what_is_no_address_is_refused_and_so_are_too_many(typed: str) -> None:
    with pytest.raises(Unreadable):
        read(typed, None)


NAMES = st.text(st.characters(exclude_characters='"', exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp"]), max_size=40).map(clean)


@given(st.lists(st.tuples(NAMES, st.sampled_from(["ACCEPTED", "DECLINED", NO_ANSWER])), max_size=4))
def test_what_is_kept_is_written_such_that_it_reads_the_same(people: list[tuple[str, str]]) -> None:
    kept = json.dumps([[f"p{place}@client.fr", name, answer] for place, (name, answer) in enumerate(people)], ensure_ascii=False)
    assert json.loads(read(written(kept), kept) or "[]") == json.loads(kept)
