"""Text that another program kept as HTML: what it shows, without its tags and entities."""

from __future__ import annotations

import html
import re

_TAGS = (
    "a abbr address article b big blockquote body br center code col dd div dl dt em font form h1 h2 h3 h4 h5 h6 head hr html i img ins "
    "label li link meta o:p ol p pre s section small span strong style sub sup table tbody td tfoot th thead title tr tt u ul"
).replace(" ", "|")
# a tag that a text is laid out with: « <script> », « <3 », « a < b », « <hier> » and « Nom <a@b.fr> » say what they say
_TAG = re.compile(rf"</?({_TAGS})(?:\s[^<>]*)?/?>", re.IGNORECASE)
_UNSEEN = re.compile(r"<!--|<(style|head)(?:\s[^<>]*)?>", re.IGNORECASE)
_END = {kind: re.compile(rf"</{kind}\s*>", re.IGNORECASE) for kind in ("style", "head")} | {"": re.compile("-->")}
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")  # « AT&T » and « R&D » have no semicolon
_OF_LINES = frozenset(["br", "div", "p", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "table", "ul", "ol"])
_TIMES = 2  # an export of an export has its entities written over again


def plain(text: str) -> str:
    """What the text shows; lines stay lines."""
    if "<" in text:
        text = _untagged(text)
    if "&" in text:
        for _ in range(_TIMES):
            text = _ENTITY.sub(_letter, text)
        text = _untagged(text)
    return text


def _letter(match: re.Match[str]) -> str:
    return html.unescape(match[0]).replace("\u00a0", " ")


def _untagged(text: str) -> str:
    return _TAG.sub(_between, _seen(text)) if "<" in text else text


def _seen(text: str) -> str:
    """Without comments and styles; found one by one, since a text may open a million of them and close none."""
    kept, at = [], 0
    while (begun := _UNSEEN.search(text, at)) and (ended := _END[(begun[1] or "").lower()].search(text, begun.end())):
        kept.append(text[at : begun.start()])
        at = ended.end()
    return "".join([*kept, text[at:]])


def _between(match: re.Match[str]) -> str:
    """A line ends with its tag, before which most programs put no other sign of it."""
    ends = match[1].lower() == "br" or match[0].startswith("</")
    return "\n" if ends and match[1].lower() in _OF_LINES else ""
