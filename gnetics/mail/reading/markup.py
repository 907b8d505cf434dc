"""HTML as the text that a person sees: no script, no picture, nothing hidden; each line of a quote is marked."""

from __future__ import annotations

import re
from copy import copy
from html import unescape

from inscriptis.css_profiles import STRICT_CSS_PROFILE
from inscriptis.html_engine import Inscriptis
from inscriptis.html_properties import Display
from inscriptis.model.config import ParserConfig
from inscriptis.model.html_element import HtmlElement
from inscriptis.model.tag import CustomHtmlTagHandlerMapping
from lxml import etree
from lxml.html import HtmlElement as Element
from lxml.html import HTMLParser, document_fromstring

_START, _END = "\ue000", "\ue001"  # of a quote; for private use, so nobody's
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.IGNORECASE)
_LONG_TAG = re.compile(r"<[^<>]{2000,}>?")  # a picture written in it; attributes by the thousand, which take libxml2 seconds
_TAG = re.compile(r"<[^<>]*>")
_SCRIPT = re.compile(r"<(script|style)\b(?:[^<]|<(?!/\1))*", re.IGNORECASE)
_INDENTED = re.compile(r"border\s*:\s*(?:none|0)", re.IGNORECASE)  # what Gmail and Apple write for an indent
# cells follow each other: padded columns make a gigabyte of a long cell above many short ones
_CELL, _ROW, _LIST = HtmlElement(suffix=" "), HtmlElement(display=Display.block), HtmlElement(display=Display.block)
_LAYOUT = STRICT_CSS_PROFILE | {"td": _CELL, "th": _CELL, "tr": _ROW, "table": _ROW, "ul": _LIST, "ol": _LIST, "hr": _ROW}
_NO_TABLES = CustomHtmlTagHandlerMapping(dict.fromkeys(("table", "tr", "td", "th")), dict.fromkeys(("table", "td", "th")))


def slimmed(markup: str) -> str:
    """Without what only weighs, so that a limit falls on what is read."""
    return _LONG_TAG.sub("", markup)


def text_of(markup: str) -> str:
    """Nothing for what has no text; only the layout is lost where elements are nested too deeply."""
    parser = HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)  # huge: nested 255 times and more
    source = markup.replace(_START, "").replace(_END, "")
    try:
        tree = document_fromstring(source.encode(), parser=parser)
    except etree.ParserError:
        return ""
    _simplify(tree)
    config = ParserConfig(css=_LAYOUT | {"body": copy(_LAYOUT["body"])}, custom_html_tag_handler_mapping=_NO_TABLES)
    try:
        text = Inscriptis(tree, config).get_text()
    except RecursionError:
        text = unescape(_TAG.sub(" ", _SCRIPT.sub("", source)))
    return _marked(text)


def _simplify(tree: Element) -> None:
    """Attributes go: they may ask for a million blank lines."""
    for each in tree.iter("*"):
        style = each.get("style", "")
        quotes = each.tag == "blockquote" and not _INDENTED.search(style)
        hidden = _HIDDEN.search(style) or "hidden" in each.attrib
        each.attrib.clear()
        if hidden:
            each.set("style", "display:none")
        if quotes:
            each.text = _START + (each.text or "")
            if len(each):
                each[-1].tail = (each[-1].tail or "") + _END
            else:
                each.text += _END


def _marked(text: str) -> str:
    lines, depth = [], 0
    for line in text.split("\n"):
        quoted = depth > 0 or _START in line
        depth += line.count(_START) - line.count(_END)
        line = line.replace(_START, "").replace(_END, "").rstrip()
        lines.append(f"> {line}".rstrip() if quoted else line)
    return re.sub("\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
