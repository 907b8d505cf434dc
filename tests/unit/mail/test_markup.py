"""HTML becomes what its reader would see."""

from __future__ import annotations

import pytest

from gnetics.mail.reading.markup import slimmed, text_of


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Bonjour <b>Paul</b></p><div>Merci<br>Claire</div>", "Bonjour Paul\n\nMerci\nClaire"),
        ("Bon<span>jour</span>&nbsp;: l&rsquo;été", "Bonjour : l’été"),
        ("<a href='https://x.fr/?t=1'>notre devis</a>", "notre devis"),
        ("<ul><li>un<li>deux</ul><ol><li value='²'>trois</ol>", "* un\n* deux\n1. trois"),
        ("<table><tr><td>Prix<td>5 €<tr><td>Délai<td>2 j</table>", "Prix 5 €\nDélai 2 j"),
        ("<script>alert(1)</script><style>p{}</style><title>t</title><img src='https://x.fr/p.gif' alt='pixel'>vu", "vu"),
        ("<p style='DISPLAY : none'>caché</p><p hidden>caché</p><p>vu", "vu"),
        ("<p>a<!-- commentaire -->b<?xml:namespace prefix = o />c", "abc"),
        ("<?xml version='1.0' encoding='iso-8859-1'?><p>été", "été"),
        (
            "<p>Bonjour</p><blockquote>cité<blockquote>deux fois</blockquote>encore</blockquote>écrit",
            "Bonjour\n\n> cité\n> deux fois\n> encore\nécrit",
        ),
        ("<blockquote style='margin:0 0 0 40px;border:none'>en retrait</blockquote>", "en retrait"),
        ("<p style='margin-top:99999999em;padding-left:99999999em'>ici", "ici"),
        ("<p style='margin-top:" + "9" * 500 + "em'>ici", "ici"),
        ("a\ue000b\ue001c", "abc"),
        ("", ""),
        ("<!-- rien -->", ""),
    ],
)
def test_what_a_reader_sees(html: str, text: str) -> None:
    assert text_of(html) == text


@pytest.mark.parametrize("depth", [10, 255, 600, 2_000, 50_000])
def test_any_depth_is_read(depth: int) -> None:
    assert text_of("<div>" * depth + "cœur" + "</div>" * depth).strip() == "cœur"
    assert text_of("<script>alert(1)</script>" + "<b>" * depth + "cœur").strip() == "cœur"


def test_a_picture_written_in_the_page_weighs_nothing() -> None:
    assert slimmed("<p>Bonjour <img src='data:" + "A" * 5_000 + "'>Paul") == "<p>Bonjour Paul"


def test_a_long_cell_above_many_short_ones_takes_no_room() -> None:
    cells = "<table><tr><td>" + "a" * 50_000 + "<tr><td>b" * 20_000 + "</table>"
    assert len(text_of(cells)) < 100_000
